//! File.assign: sets a file variable.

use crate::contract::Error;
use crate::contract::Value;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::nodes::compute::Compute;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::Expr;

/// Assigns the path of a file to a variable
#[derive(Debug)]
pub(crate) struct AssignFile {
    source: Expr,
}

impl Compute for AssignFile {
    const PACKAGE: &'static str = "File";
    const COMMAND: &'static str = "assign";
    const RESULT: Expected = Expected::Text;
    const EXAMPLE: &'static str = r#"{ "commandName": "assign", "packageName": "File", "attributes": [
    { "name": "sourceFile", "value": { "type": "FILE", "expression": "file://$path$" } } ],
  "returnTo": { "type": "VARIABLE", "variableName": "file" } }"#;

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        Some(AssignFile { source: checker.required(raw, "sourceFile", Expected::Text)? })
    }

    fn compute(&self, frame: &Frame<'_>) -> Result<Value, Error> {
        self.source.text(&frame.scope).map(Value::Text)
    }
}
