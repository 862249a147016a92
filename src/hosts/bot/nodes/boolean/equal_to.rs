//! Boolean.equalTo: compares two booleans.

use crate::contract::Error;
use crate::contract::Value;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::nodes::compute::Compute;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::Expr;

/// Compares two booleans
#[derive(Debug)]
pub(crate) struct EqualTo {
    source: Expr,
    other: Expr,
}

impl Compute for EqualTo {
    const PACKAGE: &'static str = "Boolean";
    const COMMAND: &'static str = "equalTo";
    const RESULT: Expected = Expected::Boolean;
    const EXAMPLE: &'static str = r#"{ "commandName": "equalTo", "packageName": "Boolean", "attributes": [
    { "name": "source", "value": { "type": "VARIABLE", "variableName": "flag" } },
    { "name": "checkSource", "value": { "type": "BOOLEAN", "boolean": true } } ],
  "returnTo": { "type": "VARIABLE", "variableName": "flag" } }"#;

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        let source = checker.required(raw, "source", Expected::Boolean);
        let other = checker.required(raw, "checkSource", Expected::Boolean);
        Some(EqualTo { source: source?, other: other? })
    }

    fn compute(&self, frame: &Frame<'_>) -> Result<Value, Error> {
        Ok((self.source.boolean(&frame.scope)? == self.other.boolean(&frame.scope)?).into())
    }
}
