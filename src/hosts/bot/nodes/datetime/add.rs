//! Datetime.add and Datetime.subtract.

use jiff::Unit;

use crate::contract::Error;
use crate::contract::Value;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::nodes::compute::Compute;
use crate::hosts::bot::nodes::datetime::unit;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::Expr;
use crate::hosts::bot::values::dates;
use crate::hosts::bot::values::expression_error;

/// Adds units of time to a date
#[derive(Debug)]
pub(crate) struct Add(Shift);

/// Subtracts units of time from a date
#[derive(Debug)]
pub(crate) struct Subtract(Shift);

#[derive(Debug)]
struct Shift {
    source: Expr,
    number: Expr,
    unit: Unit,
}

impl Shift {
    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        let source = checker.required(raw, "source", Expected::DateTime);
        let number = checker.required(raw, "val", Expected::Number);
        let unit = unit::read(checker, raw);
        Some(Shift { source: source?, number: number?, unit: unit? })
    }

    fn compute(&self, sign: i64, frame: &Frame<'_>) -> Result<Value, Error> {
        let date = self.source.date(&frame.scope)?;
        let number = self.number.whole_number(&frame.scope, "\"val\"")?;
        let span = unit::span(number.saturating_mul(sign), self.unit)?;
        let shifted = date
            .checked_add(span)
            .map_err(|_| expression_error("the calendar does not reach to this date"))?;
        Ok(dates::to_text(&shifted).into())
    }
}

impl Compute for Add {
    const PACKAGE: &'static str = "Datetime";
    const COMMAND: &'static str = "add";
    const RESULT: Expected = Expected::DateTime;
    const EXAMPLE: &'static str = r#"{ "commandName": "add", "packageName": "Datetime", "attributes": [
    { "name": "source", "value": { "type": "DATETIME", "expression": "$System:Date$" } },
    { "name": "val", "value": { "type": "NUMBER", "number": "2" } },
    { "name": "unit", "value": { "type": "STRING", "string": "DAYS" } } ],
  "returnTo": { "type": "VARIABLE", "variableName": "date" } }"#;

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        Shift::read(checker, raw).map(Add)
    }

    fn compute(&self, frame: &Frame<'_>) -> Result<Value, Error> {
        self.0.compute(1, frame)
    }
}

impl Compute for Subtract {
    const PACKAGE: &'static str = "Datetime";
    const COMMAND: &'static str = "subtract";
    const RESULT: Expected = Expected::DateTime;
    const EXAMPLE: &'static str = r#"{ "commandName": "subtract", "packageName": "Datetime", "attributes": [
    { "name": "source", "value": { "type": "DATETIME", "expression": "$date$" } },
    { "name": "val", "value": { "type": "NUMBER", "number": "1" } },
    { "name": "unit", "value": { "type": "STRING", "string": "MONTHS" } } ],
  "returnTo": { "type": "VARIABLE", "variableName": "date" } }"#;

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        Shift::read(checker, raw).map(Subtract)
    }

    fn compute(&self, frame: &Frame<'_>) -> Result<Value, Error> {
        self.0.compute(-1, frame)
    }
}
