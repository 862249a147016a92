//! Times that a flow waits: a number of units of time.

use std::time::Duration;

use crate::contract::Error;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::values::Expr;
use crate::hosts::bot::values::expression_error;

/// Reads the unit of time in an attribute; seconds if it is not set
pub(super) fn unit(checker: &mut Checker<'_>, raw: &RawNode, name: &str) -> Option<Duration> {
    match raw.attribute(name).map_or("", |found| found.value.string.as_str()) {
        "MILLISECONDS" => Some(Duration::from_millis(1)),
        "" | "SECONDS" => Some(Duration::from_secs(1)),
        "MINUTES" => Some(Duration::from_secs(60)),
        "HOURS" => Some(Duration::from_secs(3600)),
        other => checker.unknown_word(name, other, &["MILLISECONDS", "SECONDS", "MINUTES", "HOURS"]),
    }
}

/// Evaluates a number of units of time
///
/// Errors: `bot.expression` if it is negative or too long.
pub(super) fn evaluated(number: &Expr, unit: Duration, frame: &Frame<'_>) -> Result<Duration, Error> {
    let number = number.number(&frame.scope)?.to_decimal();
    Duration::try_from_secs_f64(number * unit.as_secs_f64())
        .map_err(|_| expression_error("the delay is negative or too long"))
}
