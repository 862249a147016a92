//! String.uppercase and String.lowercase.

use crate::contract::Error;
use crate::contract::Value;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::nodes::compute::Compute;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::Expr;

/// Writes a text in capital letters
#[derive(Debug)]
pub(crate) struct Uppercase {
    source: Expr,
}

/// Writes a text in small letters
#[derive(Debug)]
pub(crate) struct Lowercase {
    source: Expr,
}

impl Compute for Uppercase {
    const PACKAGE: &'static str = "String";
    const COMMAND: &'static str = "uppercase";
    const RESULT: Expected = Expected::Text;
    const EXAMPLE: &'static str = r#"{ "commandName": "uppercase", "packageName": "String", "attributes": [
    { "name": "sourceString", "value": { "type": "STRING", "expression": "$text$" } } ],
  "returnTo": { "type": "VARIABLE", "variableName": "text" } }"#;

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        Some(Uppercase { source: checker.given_or_empty(raw, "sourceString")? })
    }

    fn compute(&self, frame: &Frame<'_>) -> Result<Value, Error> {
        Ok(frame.scope.masked(self.source.text(&frame.scope)?).to_uppercase().into())
    }
}

impl Compute for Lowercase {
    const PACKAGE: &'static str = "String";
    const COMMAND: &'static str = "lowercase";
    const RESULT: Expected = Expected::Text;
    const EXAMPLE: &'static str = r#"{ "commandName": "lowercase", "packageName": "String", "attributes": [
    { "name": "sourceString", "value": { "type": "STRING", "expression": "$text$" } } ],
  "returnTo": { "type": "VARIABLE", "variableName": "text" } }"#;

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        Some(Lowercase { source: checker.given_or_empty(raw, "sourceString")? })
    }

    fn compute(&self, frame: &Frame<'_>) -> Result<Value, Error> {
        Ok(frame.scope.masked(self.source.text(&frame.scope)?).to_lowercase().into())
    }
}
