//! String.toBoolean: reads a text as a boolean.

use crate::contract::Error;
use crate::contract::Value;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::nodes::compute::Compute;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::Expr;
use crate::hosts::bot::values::expression_error;
use crate::hosts::bot::values::parse_boolean;

/// Reads a text as a boolean
#[derive(Debug)]
pub(crate) struct ToBoolean {
    source: Expr,
}

impl Compute for ToBoolean {
    const PACKAGE: &'static str = "String";
    const COMMAND: &'static str = "toBoolean";
    const RESULT: Expected = Expected::Boolean;
    const EXAMPLE: &'static str = r#"{ "commandName": "toBoolean", "packageName": "String", "attributes": [
    { "name": "sourceString", "value": { "type": "STRING", "expression": "$text$" } } ],
  "returnTo": { "type": "VARIABLE", "variableName": "flag" } }"#;

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        Some(ToBoolean { source: checker.given_or_empty(raw, "sourceString")? })
    }

    fn compute(&self, frame: &Frame<'_>) -> Result<Value, Error> {
        let flag = parse_boolean(&self.source.text(&frame.scope)?);
        flag.map(Value::Boolean).ok_or_else(|| expression_error("\"sourceString\" is not true or false"))
    }
}
