//! List.assign: sets a list variable.

use crate::contract::Error;
use crate::contract::Value;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::nodes::compute::Compute;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::Expr;

/// Assigns a list to a variable
#[derive(Debug)]
pub(crate) struct AssignList {
    source: Expr,
}

impl Compute for AssignList {
    const PACKAGE: &'static str = "List";
    const COMMAND: &'static str = "assign";
    const RESULT: Expected = Expected::List;
    const EXAMPLE: &'static str = r#"{ "commandName": "assign", "packageName": "List", "attributes": [
    { "name": "sourceList", "value": { "type": "LIST", "list": [
        { "type": "STRING", "string": "first" }, { "type": "STRING", "string": "second" } ] } } ],
  "returnTo": { "type": "VARIABLE", "variableName": "list" } }"#;

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        // An empty list is a valid value.
        let source = match raw.attribute("sourceList") {
            Some(found) if !found.value.is_given() => Some(Expr::Constant(Value::List(Vec::new()))),
            _ => checker.required(raw, "sourceList", Expected::List),
        };
        Some(AssignList { source: source? })
    }

    fn compute(&self, frame: &Frame<'_>) -> Result<Value, Error> {
        self.source.list(&frame.scope).map(Value::List)
    }
}
