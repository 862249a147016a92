//! DataTable.removeDuplicateRows: leaves the first of equal rows.

use std::collections::HashSet;

use crate::contract::Error;
use crate::contract::Value;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::nodes::compute::Compute;
use crate::hosts::bot::nodes::data_table::column::cell_text;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::values::Expected;

/// Removes each row that is equal to an earlier one
#[derive(Debug)]
pub(crate) struct RemoveDuplicateRows {
    variable: String,
}

impl Compute for RemoveDuplicateRows {
    const PACKAGE: &'static str = "DataTable";
    const COMMAND: &'static str = "removeDuplicateRows";
    const RESULT: Expected = Expected::Any;
    const EXAMPLE: &'static str = r#"{ "commandName": "removeDuplicateRows", "packageName": "DataTable",
  "attributes": [ { "name": "table", "value": { "type": "VARIABLE", "variableName": "table" } } ] }"#;

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        let variable = checker.required_variable(raw, "table", Expected::Table);
        checker.changes(&variable);
        Some(RemoveDuplicateRows { variable: variable? })
    }

    fn compute(&self, frame: &Frame<'_>) -> Result<Value, Error> {
        frame.scope.change(&self.variable, |value| {
            if let Value::List(rows) = value {
                let mut seen = HashSet::new();
                rows.retain(|row| {
                    let cells = row.as_dictionary().map(|cells| cells.values().map(cell_text).collect());
                    seen.insert(cells.unwrap_or_else(|| vec![cell_text(row)]))
                });
            }
            Ok(Value::Null)
        })
    }
}
