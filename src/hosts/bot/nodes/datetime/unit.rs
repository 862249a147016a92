//! The units of time that nodes of the package Datetime add and count.

use jiff::Span;
use jiff::Unit;

use crate::contract::Error;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::values::expression_error;

/// Reads the unit of a node
pub(super) fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Unit> {
    let name = raw.attribute("unit").map_or("", |found| found.value.string.as_str());
    Some(match name {
        "MILLISECONDS" => Unit::Millisecond,
        "SECONDS" => Unit::Second,
        "MINUTES" => Unit::Minute,
        "HOURS" => Unit::Hour,
        "" | "DAYS" => Unit::Day,
        "WEEKS" => Unit::Week,
        "MONTHS" => Unit::Month,
        "YEARS" => Unit::Year,
        other => {
            let known = ["SECONDS", "MINUTES", "HOURS", "DAYS", "WEEKS", "MONTHS", "YEARS"];
            return checker.unknown_word("unit", other, &known);
        }
    })
}

/// Returns a number of units as a span of time
///
/// Errors: `bot.expression` if the calendar has no such span.
pub(super) fn span(number: i64, unit: Unit) -> Result<Span, Error> {
    let span = Span::new();
    let span = match unit {
        Unit::Millisecond => span.try_milliseconds(number),
        Unit::Second => span.try_seconds(number),
        Unit::Minute => span.try_minutes(number),
        Unit::Hour => span.try_hours(number),
        Unit::Week => span.try_weeks(number),
        Unit::Month => span.try_months(number),
        Unit::Year => span.try_years(number),
        _ => span.try_days(number),
    };
    span.map_err(|_| expression_error("the number of units of time is too large"))
}
