//! DataTable.getNumberOfRows and DataTable.getNumberOfColumns.

use crate::contract::Error;
use crate::contract::Value;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::nodes::compute::Compute;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::Expr;
use crate::hosts::bot::values::expression::count;

/// Counts the rows of a table
#[derive(Debug)]
pub(crate) struct RowCount {
    table: Expr,
    /// Whether rows whose cells are all empty are left out
    non_empty: bool,
}

/// Counts the columns of a table
#[derive(Debug)]
pub(crate) struct ColumnCount {
    table: Expr,
}

impl Compute for RowCount {
    const PACKAGE: &'static str = "DataTable";
    const COMMAND: &'static str = "getNumberOfRows";
    const RESULT: Expected = Expected::Number;
    const EXAMPLE: &'static str = r#"{ "commandName": "getNumberOfRows", "packageName": "DataTable", "attributes": [
    { "name": "table", "value": { "type": "VARIABLE", "variableName": "table" } },
    { "name": "rowCountSelection", "value": { "type": "STRING", "string": "nonEmptyRowSelection" } } ],
  "returnTo": { "type": "VARIABLE", "variableName": "count" } }"#;

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        let table = checker.required(raw, "table", Expected::Table);
        let which = raw.attribute("rowCountSelection").map_or("", |found| found.value.string.as_str());
        Some(RowCount { table: table?, non_empty: which == "nonEmptyRowSelection" })
    }

    fn compute(&self, frame: &Frame<'_>) -> Result<Value, Error> {
        let is_empty = |cell: &Value| matches!(cell, Value::Null) || cell.as_text() == Some("");
        let counts = |row: &&Value| {
            !self.non_empty || row.as_dictionary().is_none_or(|cells| !cells.values().all(is_empty))
        };
        self.table.read_list(&frame.scope, |rows| count(rows.iter().filter(counts).count()))
    }
}

impl Compute for ColumnCount {
    const PACKAGE: &'static str = "DataTable";
    const COMMAND: &'static str = "getNumberOfColumns";
    const RESULT: Expected = Expected::Number;
    const EXAMPLE: &'static str = r#"{ "commandName": "getNumberOfColumns", "packageName": "DataTable",
  "attributes": [ { "name": "table", "value": { "type": "VARIABLE", "variableName": "table" } } ],
  "returnTo": { "type": "VARIABLE", "variableName": "count" } }"#;

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        Some(ColumnCount { table: checker.required(raw, "table", Expected::Table)? })
    }

    fn compute(&self, frame: &Frame<'_>) -> Result<Value, Error> {
        let width =
            |rows: &[Value]| rows.first().and_then(Value::as_dictionary).map_or(0, |cells| cells.len());
        self.table.read_list(&frame.scope, |rows| count(width(rows)))
    }
}
