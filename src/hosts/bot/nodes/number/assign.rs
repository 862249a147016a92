//! Number.assignToNumber: sets a number variable.

use crate::contract::Error;
use crate::contract::Value;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::nodes::compute::Compute;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::Expr;

/// Assigns a number to a variable
#[derive(Debug)]
pub(crate) struct AssignNumber {
    number: Expr,
}

impl Compute for AssignNumber {
    const PACKAGE: &'static str = "Number";
    const COMMAND: &'static str = "assignToNumber";
    const RESULT: Expected = Expected::Number;
    const EXAMPLE: &'static str = r#"{ "commandName": "assignToNumber", "packageName": "Number", "attributes": [
    { "name": "input", "value": { "type": "NUMBER", "expression": "$count$ * 2 + $text.String:toNumber$" } } ],
  "returnTo": { "type": "VARIABLE", "variableName": "count" } }"#;

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        Some(AssignNumber { number: checker.required(raw, "input", Expected::Number)? })
    }

    fn compute(&self, frame: &Frame<'_>) -> Result<Value, Error> {
        self.number.number(&frame.scope).map(Value::Number)
    }
}
