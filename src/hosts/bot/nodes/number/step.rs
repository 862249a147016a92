//! Number.increment and Number.decrement.

use crate::contract::Error;
use crate::contract::Value;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::nodes::compute::Compute;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::Expr;
use crate::hosts::bot::values::expression::add;
use crate::hosts::bot::values::expression::subtract;

/// Adds a number
#[derive(Debug)]
pub(crate) struct Increment {
    number: Expr,
    by: Expr,
}

/// Subtracts a number
#[derive(Debug)]
pub(crate) struct Decrement {
    number: Expr,
    by: Expr,
}

impl Compute for Increment {
    const PACKAGE: &'static str = "Number";
    const COMMAND: &'static str = "increment";
    const RESULT: Expected = Expected::Number;
    const EXAMPLE: &'static str = r#"{ "commandName": "increment", "packageName": "Number", "attributes": [
    { "name": "source", "value": { "type": "NUMBER", "expression": "$count$" } },
    { "name": "by", "value": { "type": "NUMBER", "number": "1" } } ],
  "returnTo": { "type": "VARIABLE", "variableName": "count" } }"#;

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        let number = checker.required(raw, "source", Expected::Number);
        let by = checker.required(raw, "by", Expected::Number);
        Some(Increment { number: number?, by: by? })
    }

    fn compute(&self, frame: &Frame<'_>) -> Result<Value, Error> {
        add(self.number.number(&frame.scope)?, self.by.number(&frame.scope)?).map(Value::Number)
    }
}

impl Compute for Decrement {
    const PACKAGE: &'static str = "Number";
    const COMMAND: &'static str = "decrement";
    const RESULT: Expected = Expected::Number;
    const EXAMPLE: &'static str = r#"{ "commandName": "decrement", "packageName": "Number", "attributes": [
    { "name": "source", "value": { "type": "NUMBER", "expression": "$count$" } },
    { "name": "by", "value": { "type": "NUMBER", "number": "1" } } ],
  "returnTo": { "type": "VARIABLE", "variableName": "count" } }"#;

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        let number = checker.required(raw, "source", Expected::Number);
        let by = checker.required(raw, "by", Expected::Number);
        Some(Decrement { number: number?, by: by? })
    }

    fn compute(&self, frame: &Frame<'_>) -> Result<Value, Error> {
        subtract(self.number.number(&frame.scope)?, self.by.number(&frame.scope)?).map(Value::Number)
    }
}
