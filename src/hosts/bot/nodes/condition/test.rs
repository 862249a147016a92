//! A test of a condition: what each kind of test implements, and how its parts are read.

use std::fmt;
use std::time::Duration;

use crate::contract::Error;
use crate::contract::did_you_mean;
use crate::contract::nearest;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::format::RawAttribute;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::Expr;
use crate::hosts::bot::values::parse_boolean;

/// A test of a condition
pub(crate) trait Test: fmt::Debug + Send + Sync {
    /// Returns whether the test passes now
    ///
    /// Errors: those of evaluating its parts.
    fn passes(&self, frame: &Frame<'_>) -> Result<bool, Error>;

    /// Returns how long to wait for the test to pass
    ///
    /// Errors: those of evaluating the time.
    fn patience(&self, _frame: &Frame<'_>) -> Result<Duration, Error> {
        Ok(Duration::ZERO)
    }
}

/// A kind of test in the table of conditions
pub(crate) struct ConditionType {
    /// The package of the condition
    pub(crate) package: &'static str,
    /// Its names; the first is the one that was seen most
    pub(crate) names: &'static [&'static str],
    /// A condition of this kind in a bot file
    pub(crate) example: &'static str,
    /// Reads a test; `None` if it has faults, which are reported
    pub(crate) read: fn(&mut Checker<'_>, &RawAttribute) -> Option<Box<dyn Test>>,
}

/// Returns the operator of a condition; `None` if it has none that is known, which is reported with the usual ones
pub(super) fn operator<T>(
    checker: &mut Checker<'_>,
    raw: &RawAttribute,
    named: impl FnOnce(&str) -> Option<T>,
    usual: &[&str],
) -> Option<T> {
    let Some(given) = raw.attributes.named("operator").map(|found| found.value.string.as_str()) else {
        return checker.missing(&raw.attributes, "operator");
    };
    let found = named(given);
    if found.is_none() {
        let hint = did_you_mean(nearest(given, usual.iter().copied()));
        let usual = usual.join(", ");
        checker.unsupported::<()>(format!("the operator of this condition is not one of {usual}{hint}"));
    }
    found
}

/// Reads an operand of a test, which may be an empty text; a boolean may be written as a text
pub(super) fn part(
    checker: &mut Checker<'_>,
    raw: &RawAttribute,
    name: &str,
    expected: Expected,
) -> Option<Expr> {
    let Some(value) = raw.attributes.named(name).map(|found| &found.value) else {
        return checker.missing(&raw.attributes, name);
    };
    match (expected, parse_boolean(&value.string)) {
        (Expected::Text, _) if !value.is_given() => Some(Expr::Constant("".into())),
        (Expected::Boolean, Some(flag)) if value.kind == "STRING" => Some(Expr::Constant(flag.into())),
        _ => checker.value(name, value, expected),
    }
}
