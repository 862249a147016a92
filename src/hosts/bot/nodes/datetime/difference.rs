//! Datetime.differenceBetweenDates: counts the units of time between two dates.

use jiff::Unit;

use crate::contract::Error;
use crate::contract::Number;
use crate::contract::Value;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::nodes::compute::Compute;
use crate::hosts::bot::nodes::datetime::unit;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::Expr;
use crate::hosts::bot::values::expression_error;

/// Counts the whole units of time from one date to another
#[derive(Debug)]
pub(crate) struct Difference {
    source: Expr,
    target: Expr,
    unit: Unit,
}

impl Compute for Difference {
    const PACKAGE: &'static str = "Datetime";
    const COMMAND: &'static str = "differenceBetweenDates";
    const RESULT: Expected = Expected::Number;
    const EXAMPLE: &'static str = r#"{ "commandName": "differenceBetweenDates", "packageName": "Datetime",
  "attributes": [
    { "name": "source", "value": { "type": "DATETIME", "expression": "$date$" } },
    { "name": "target", "value": { "type": "DATETIME", "expression": "$System:Date$" } },
    { "name": "unit", "value": { "type": "STRING", "string": "DAYS" } } ],
  "returnTo": { "type": "VARIABLE", "variableName": "count" } }"#;

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        let source = checker.required(raw, "source", Expected::DateTime);
        let target = checker.required(raw, "target", Expected::DateTime);
        let unit = unit::read(checker, raw);
        Some(Difference { source: source?, target: target?, unit: unit? })
    }

    fn compute(&self, frame: &Frame<'_>) -> Result<Value, Error> {
        let (source, target) = (self.source.date(&frame.scope)?, self.target.date(&frame.scope)?);
        let counted = || {
            // Days of dates in two zones are counted in one of them.
            let target = target.with_time_zone(source.time_zone().clone());
            source.until((self.unit, &target)).ok()?.total((self.unit, &source)).ok()
        };
        let whole = counted().ok_or_else(|| expression_error("the dates are too far apart"))?.trunc();
        // Units of time between two dates of the calendar fit into 64 bits.
        Ok(Value::Number(Number::Integer(whole as i64)))
    }
}
