//! String.length: counts the characters of a text.

use crate::contract::Error;
use crate::contract::Value;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::nodes::compute::Compute;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::Expr;
use crate::hosts::bot::values::expression::count;

/// Counts the characters of a text
#[derive(Debug)]
pub(crate) struct Length {
    source: Expr,
}

impl Compute for Length {
    const PACKAGE: &'static str = "String";
    const COMMAND: &'static str = "length";
    const RESULT: Expected = Expected::Number;
    const EXAMPLE: &'static str = r#"{ "commandName": "length", "packageName": "String", "attributes": [
    { "name": "sourceString", "value": { "type": "STRING", "expression": "$text$" } } ],
  "returnTo": { "type": "VARIABLE", "variableName": "count" } }"#;

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        Some(Length { source: checker.given_or_empty(raw, "sourceString")? })
    }

    fn compute(&self, frame: &Frame<'_>) -> Result<Value, Error> {
        Ok(count(self.source.text(&frame.scope)?.chars().count()))
    }
}
