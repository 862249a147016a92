//! Dictionary.size: counts the keys.

use crate::contract::Error;
use crate::contract::Value;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::nodes::compute::Compute;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::Expr;
use crate::hosts::bot::values::expression::count;

/// Counts the keys of a dictionary
#[derive(Debug)]
pub(crate) struct Size {
    source: Expr,
}

impl Compute for Size {
    const PACKAGE: &'static str = "Dictionary";
    const COMMAND: &'static str = "size";
    const RESULT: Expected = Expected::Number;
    const EXAMPLE: &'static str = r#"{ "commandName": "size", "packageName": "Dictionary", "attributes": [
    { "name": "sourceMap", "value": { "type": "VARIABLE", "variableName": "dictionary" } } ],
  "returnTo": { "type": "VARIABLE", "variableName": "count" } }"#;

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        Some(Size { source: checker.required(raw, "sourceMap", Expected::Dictionary)? })
    }

    fn compute(&self, frame: &Frame<'_>) -> Result<Value, Error> {
        Ok(count(self.source.dictionary(&frame.scope)?.len()))
    }
}
