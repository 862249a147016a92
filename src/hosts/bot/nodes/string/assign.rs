//! String.assign: sets a text variable.

use crate::contract::Error;
use crate::contract::Value;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::nodes::compute::Compute;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::Expr;

/// Assigns a text to a variable
#[derive(Debug)]
pub(crate) struct AssignString {
    source: Expr,
}

impl Compute for AssignString {
    const PACKAGE: &'static str = "String";
    const COMMAND: &'static str = "assign";
    const RESULT: Expected = Expected::Text;
    const EXAMPLE: &'static str = r#"{ "commandName": "assign", "packageName": "String", "attributes": [
    { "name": "sourceString", "value": { "type": "STRING", "expression": "$text$ and $record{name}$" } } ],
  "returnTo": { "type": "VARIABLE", "variableName": "text" } }"#;

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        let source = checker.given_or_empty(raw, "sourceString")?;
        if source.only_reference().is_some() {
            checker.outputs.copied_into(&checker.place, &raw.return_to.variable_name);
        }
        Some(AssignString { source })
    }

    fn compute(&self, frame: &Frame<'_>) -> Result<Value, Error> {
        self.source.text(&frame.scope).map(Value::Text)
    }
}
