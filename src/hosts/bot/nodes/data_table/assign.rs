//! DataTable.assign: sets a table variable.

use crate::contract::Error;
use crate::contract::Value;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::nodes::compute::Compute;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::Expr;

/// Assigns a table to a variable
#[derive(Debug)]
pub(crate) struct AssignTable {
    source: Expr,
}

impl Compute for AssignTable {
    const PACKAGE: &'static str = "DataTable";
    const COMMAND: &'static str = "assign";
    const RESULT: Expected = Expected::Table;
    const EXAMPLE: &'static str = r#"{ "commandName": "assign", "packageName": "DataTable", "attributes": [
    { "name": "option", "value": { "type": "STRING", "string": "table" } },
    { "name": "sourceTable", "value": { "type": "TABLE", "table": {
        "schema": [ { "name": "Name", "type": "STRING" }, { "name": "Runs", "type": "NUMBER" } ],
        "rows": [ { "values": [ { "type": "STRING", "string": "site" }, { "type": "NUMBER", "number": "3" } ] } ] } } } ],
  "returnTo": { "type": "VARIABLE", "variableName": "table" } }"#;

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        let source = match raw.attribute("sourceTable") {
            // An empty table is a valid value.
            Some(found) if !found.value.is_given() => Some(Expr::Constant(Value::List(Vec::new()))),
            _ => checker.required(raw, "sourceTable", Expected::Table),
        };
        Some(AssignTable { source: source? })
    }

    fn compute(&self, frame: &Frame<'_>) -> Result<Value, Error> {
        self.source.list(&frame.scope).map(Value::List)
    }
}
