//! Boolean.invert: the opposite of a boolean.

use crate::contract::Error;
use crate::contract::Value;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::nodes::compute::Compute;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::Expr;

/// The opposite of a boolean
#[derive(Debug)]
pub(crate) struct Invert {
    source: Expr,
}

impl Compute for Invert {
    const PACKAGE: &'static str = "Boolean";
    const COMMAND: &'static str = "invert";
    const RESULT: Expected = Expected::Boolean;
    const EXAMPLE: &'static str = r#"{ "commandName": "invert", "packageName": "Boolean", "attributes": [
    { "name": "source", "value": { "type": "BOOLEAN", "expression": "$flag$" } } ],
  "returnTo": { "type": "VARIABLE", "variableName": "flag" } }"#;

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        Some(Invert { source: checker.required(raw, "source", Expected::Boolean)? })
    }

    fn compute(&self, frame: &Frame<'_>) -> Result<Value, Error> {
        Ok((!self.source.boolean(&frame.scope)?).into())
    }
}
