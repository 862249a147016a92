//! DataTable.setCellValue: sets a cell.

use crate::contract::Error;
use crate::contract::Value;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::nodes::compute::Compute;
use crate::hosts::bot::nodes::data_table::column::Column;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::Expr;
use crate::hosts::bot::values::check_nesting;
use crate::hosts::bot::values::expression_error;

/// Sets a cell
#[derive(Debug)]
pub(crate) struct SetCell {
    variable: String,
    row: Expr,
    column: Column,
    cell: Expr,
}

impl Compute for SetCell {
    const PACKAGE: &'static str = "DataTable";
    const COMMAND: &'static str = "setCellValue";
    const RESULT: Expected = Expected::Any;
    const EXAMPLE: &'static str = r#"{ "commandName": "setCellValue", "packageName": "DataTable", "attributes": [
    { "name": "table", "value": { "type": "VARIABLE", "variableName": "table" } },
    { "name": "rowPosition", "value": { "type": "NUMBER", "number": "0" } },
    { "name": "columnType", "value": { "type": "STRING", "string": "colName" } },
    { "name": "columnName", "value": { "type": "STRING", "string": "Name" } },
    { "name": "value", "value": { "type": "STRING", "expression": "$text$" } } ] }"#;

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        let variable = checker.required_variable(raw, "table", Expected::Table);
        let row = checker.required(raw, "rowPosition", Expected::Number);
        let column = Column::read(checker, raw, "columnType", ["colIndex", "colName"]);
        let cell = match raw.attribute("value") {
            Some(found) if !found.value.is_given() && found.value.kind == "STRING" => {
                Some(Expr::Constant("".into()))
            }
            _ => checker.required(raw, "value", Expected::Any),
        };
        checker.changes(&variable);
        Some(SetCell { variable: variable?, row: row?, column: column?, cell: cell? })
    }

    fn compute(&self, frame: &Frame<'_>) -> Result<Value, Error> {
        let scope = &frame.scope;
        let cell = self.cell.value(scope)?;
        check_nesting(&self.variable, &cell, 2)?;
        let row = self.row.whole_number(scope, "\"rowPosition\"")?;
        let column = self.column.place(scope)?;
        scope.change(&self.variable, |value| {
            let Value::List(rows) = value else { return Err(no_cell(&self.variable)) };
            let found = usize::try_from(row).ok().and_then(|row| rows.get_mut(row));
            let Some(Value::Dictionary(cells)) = found else { return Err(no_cell(&self.variable)) };
            match column.cell_mut(cells) {
                Some(place) => *place = cell,
                None => return Err(no_cell(&self.variable)),
            }
            Ok(Value::Null)
        })
    }
}

fn no_cell(variable: &str) -> Error {
    expression_error(format!("${variable}$ has no cell in this row and column"))
}
