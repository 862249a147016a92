//! String.toNumber: reads a text as a number.

use crate::contract::Error;
use crate::contract::Value;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::nodes::compute::Compute;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::Expr;
use crate::hosts::bot::values::expression_error;
use crate::hosts::bot::values::parse_number;

/// Reads a text as a number
#[derive(Debug)]
pub(crate) struct ToNumber {
    source: Expr,
}

impl Compute for ToNumber {
    const PACKAGE: &'static str = "String";
    const COMMAND: &'static str = "toNumber";
    const RESULT: Expected = Expected::Number;
    const EXAMPLE: &'static str = r#"{ "commandName": "toNumber", "packageName": "String", "attributes": [
    { "name": "sourceString", "value": { "type": "STRING", "expression": "$text$" } } ],
  "returnTo": { "type": "VARIABLE", "variableName": "count" } }"#;

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        Some(ToNumber { source: checker.given_or_empty(raw, "sourceString")? })
    }

    fn compute(&self, frame: &Frame<'_>) -> Result<Value, Error> {
        let number = parse_number(&self.source.text(&frame.scope)?);
        number.map(Value::Number).ok_or_else(|| expression_error("\"sourceString\" is not a number"))
    }
}
