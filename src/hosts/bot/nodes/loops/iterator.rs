//! An iterator of a loop: what each kind implements, and how its parts are read.

use std::fmt;

use crate::contract::Error;
use crate::contract::Value;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::format::RawAttribute;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::session_flow::Iterations;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::Expr;

/// The items of a loop, evaluated when it starts
pub(super) type Items<'a> = Box<dyn Iterator<Item = Value> + Send + 'a>;

/// An iterator of a loop
pub(super) trait LoopItems: fmt::Debug + Send + Sync {
    /// Returns the items
    ///
    /// Errors: those of evaluating the fields.
    fn items<'a>(&'a self, frame: &'a Frame<'_>) -> Result<Items<'a>, Error>;

    /// Returns the list whose items they are, if it is one
    fn list(&self) -> Option<&Expr> {
        None
    }

    /// Returns how often the loop runs, as far as it is known before the run
    fn iterations(&self) -> Iterations {
        Iterations { least: 0, most: None }
    }
}

/// A kind of iterator in the table of iterators
pub(crate) struct IteratorType {
    /// The package of the iterator
    pub(crate) package: &'static str,
    /// Its names; the first is the one that was seen most
    pub(crate) names: &'static [&'static str],
    /// The attribute of a loop in a bot file
    pub(crate) example: &'static str,
    /// The type of an item
    pub(super) item: Expected,
    /// Reads the fields; `None` if there are faults, which are reported
    pub(super) read: fn(&mut Checker<'_>, &RawAttribute) -> Option<Box<dyn LoopItems>>,
}

/// Reads a field of an iterator
pub(super) fn part(
    checker: &mut Checker<'_>,
    raw: &RawAttribute,
    name: &str,
    expected: Expected,
) -> Option<Expr> {
    match raw.attributes.named(name).filter(|found| found.value.is_given()) {
        Some(found) => checker.value(name, &found.value, expected),
        None => checker.missing(&raw.attributes, name),
    }
}

/// Returns the name of the first field whose value has one of these types; fields have different names in different files
pub(super) fn field_of_type<'a>(raw: &'a RawAttribute, kinds: &[&str], default: &'a str) -> &'a str {
    let field = raw.attributes.iter().find(|found| kinds.contains(&found.value.kind.as_str()));
    field.map_or(default, |found| found.name.as_str())
}
