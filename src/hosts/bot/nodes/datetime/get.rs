//! Datetime.get: returns a part of a date as a number.

use crate::contract::Error;
use crate::contract::Value;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::nodes::compute::Compute;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::Expr;

/// Returns a part of a date
#[derive(Debug)]
pub(crate) struct GetPart {
    source: Expr,
    part: Part,
}

#[derive(Debug, Clone, Copy)]
enum Part {
    Year,
    Month,
    DayOfMonth,
    DayOfWeek,
    DayOfYear,
    Hour,
    Minute,
    Second,
}

impl Compute for GetPart {
    const PACKAGE: &'static str = "Datetime";
    const COMMAND: &'static str = "get";
    const RESULT: Expected = Expected::Number;
    const EXAMPLE: &'static str = r#"{ "commandName": "get", "packageName": "Datetime", "attributes": [
    { "name": "source", "value": { "type": "DATETIME", "expression": "$date$" } },
    { "name": "getOptions", "value": { "type": "STRING", "string": "DAYOFYEAR" } } ],
  "returnTo": { "type": "VARIABLE", "variableName": "count" } }"#;

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        let source = checker.required(raw, "source", Expected::DateTime);
        let part = match raw.attribute("getOptions").map_or("", |found| found.value.string.as_str()) {
            "YEAR" => Part::Year,
            "MONTH" => Part::Month,
            "DAYOFMONTH" | "DAY" => Part::DayOfMonth,
            "DAYOFWEEK" => Part::DayOfWeek,
            "DAYOFYEAR" => Part::DayOfYear,
            "HOUR" => Part::Hour,
            "MINUTE" => Part::Minute,
            "SECOND" => Part::Second,
            other => {
                let known =
                    ["YEAR", "MONTH", "DAYOFMONTH", "DAYOFWEEK", "DAYOFYEAR", "HOUR", "MINUTE", "SECOND"];
                return checker.unknown_word("getOptions", other, &known);
            }
        };
        Some(GetPart { source: source?, part })
    }

    /// A week begins with Monday, which is 1
    fn compute(&self, frame: &Frame<'_>) -> Result<Value, Error> {
        let date = self.source.date(&frame.scope)?;
        let number: i64 = match self.part {
            Part::Year => date.year().into(),
            Part::Month => date.month().into(),
            Part::DayOfMonth => date.day().into(),
            Part::DayOfWeek => date.weekday().to_monday_one_offset().into(),
            Part::DayOfYear => date.day_of_year().into(),
            Part::Hour => date.hour().into(),
            Part::Minute => date.minute().into(),
            Part::Second => date.second().into(),
        };
        Ok(number.into())
    }
}
