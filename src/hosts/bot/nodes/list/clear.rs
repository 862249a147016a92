//! List.clear: removes all items.

use crate::contract::Error;
use crate::contract::Value;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::nodes::compute::Compute;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::values::Expected;

/// Removes all items of a list
#[derive(Debug)]
pub(crate) struct ClearList {
    variable: String,
}

impl Compute for ClearList {
    const PACKAGE: &'static str = "List";
    const COMMAND: &'static str = "clear";
    const RESULT: Expected = Expected::List;
    const EXAMPLE: &'static str = r#"{ "commandName": "clear", "packageName": "List", "attributes": [
    { "name": "sourceList", "value": { "type": "VARIABLE", "variableName": "list" } } ] }"#;

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        let variable = checker.required_variable(raw, "sourceList", Expected::List);
        checker.changes(&variable);
        Some(ClearList { variable: variable? })
    }

    fn compute(&self, frame: &Frame<'_>) -> Result<Value, Error> {
        frame.scope.set(&self.variable, Value::List(Vec::new()));
        Ok(Value::List(Vec::new()))
    }
}
