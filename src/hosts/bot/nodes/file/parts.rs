//! File.getName and File.getPath: the name of a file, and its folder.

use crate::contract::Error;
use crate::contract::Value;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::nodes::compute::Compute;
use crate::hosts::bot::nodes::file::paths::folder_and_name;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::Expr;

/// The name of a file
#[derive(Debug)]
pub(crate) struct GetName {
    source: Expr,
}

/// The folder of a file
#[derive(Debug)]
pub(crate) struct GetPath {
    source: Expr,
}

impl Compute for GetName {
    const PACKAGE: &'static str = "File";
    const COMMAND: &'static str = "getName";
    const RESULT: Expected = Expected::Text;
    const EXAMPLE: &'static str = r#"{ "commandName": "getName", "packageName": "File", "attributes": [
    { "name": "sourceFile", "value": { "type": "FILE", "expression": "$file$" } } ],
  "returnTo": { "type": "VARIABLE", "variableName": "text" } }"#;

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        Some(GetName { source: checker.required(raw, "sourceFile", Expected::Text)? })
    }

    fn compute(&self, frame: &Frame<'_>) -> Result<Value, Error> {
        Ok(folder_and_name(&self.source.text(&frame.scope)?).1.into())
    }
}

impl Compute for GetPath {
    const PACKAGE: &'static str = "File";
    const COMMAND: &'static str = "getPath";
    const RESULT: Expected = Expected::Text;
    const EXAMPLE: &'static str = r#"{ "commandName": "getPath", "packageName": "File", "attributes": [
    { "name": "sourceFile", "value": { "type": "FILE", "expression": "$file$" } } ],
  "returnTo": { "type": "VARIABLE", "variableName": "text" } }"#;

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        Some(GetPath { source: checker.required(raw, "sourceFile", Expected::Text)? })
    }

    fn compute(&self, frame: &Frame<'_>) -> Result<Value, Error> {
        Ok(folder_and_name(&self.source.text(&frame.scope)?).0.into())
    }
}
