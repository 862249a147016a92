//! String.trim: removes white space around a text.

use crate::contract::Error;
use crate::contract::Value;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::nodes::compute::Compute;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::Expr;

/// Removes white space around a text
#[derive(Debug)]
pub(crate) struct Trim {
    source: Expr,
    at_beginning: Expr,
    at_end: Expr,
}

impl Compute for Trim {
    const PACKAGE: &'static str = "String";
    const COMMAND: &'static str = "trim";
    const RESULT: Expected = Expected::Text;
    const EXAMPLE: &'static str = r#"{ "commandName": "trim", "packageName": "String", "attributes": [
    { "name": "sourceString", "value": { "type": "STRING", "expression": "$text$" } },
    { "name": "trimAtBeginning", "value": { "type": "BOOLEAN", "boolean": true } },
    { "name": "trimAtEnd", "value": { "type": "BOOLEAN", "boolean": true } } ],
  "returnTo": { "type": "VARIABLE", "variableName": "text" } }"#;

    /// A file without the two switches trims at both ends
    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        let source = checker.given_or_empty(raw, "sourceString");
        let at_beginning = checker.flag(raw, "trimAtBeginning", true);
        let at_end = checker.flag(raw, "trimAtEnd", true);
        Some(Trim { source: source?, at_beginning: at_beginning?, at_end: at_end? })
    }

    fn compute(&self, frame: &Frame<'_>) -> Result<Value, Error> {
        let text = self.source.text(&frame.scope)?;
        let mut trimmed = text.as_str();
        if self.at_beginning.boolean(&frame.scope)? {
            trimmed = trimmed.trim_start();
        }
        if self.at_end.boolean(&frame.scope)? {
            trimmed = trimmed.trim_end();
        }
        Ok(trimmed.into())
    }
}
