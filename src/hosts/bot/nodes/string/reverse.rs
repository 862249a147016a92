//! String.reverse: reverses the characters of a text.

use crate::contract::Error;
use crate::contract::Value;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::nodes::compute::Compute;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::Expr;

/// Reverses a text
#[derive(Debug)]
pub(crate) struct Reverse {
    source: Expr,
}

impl Compute for Reverse {
    const PACKAGE: &'static str = "String";
    const COMMAND: &'static str = "reverse";
    const RESULT: Expected = Expected::Text;
    const EXAMPLE: &'static str = r#"{ "commandName": "reverse", "packageName": "String", "attributes": [
    { "name": "sourceString", "value": { "type": "STRING", "expression": "$text$" } } ],
  "returnTo": { "type": "VARIABLE", "variableName": "text" } }"#;

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        Some(Reverse { source: checker.given_or_empty(raw, "sourceString")? })
    }

    fn compute(&self, frame: &Frame<'_>) -> Result<Value, Error> {
        Ok(frame.scope.masked(self.source.text(&frame.scope)?).chars().rev().collect::<String>().into())
    }
}
