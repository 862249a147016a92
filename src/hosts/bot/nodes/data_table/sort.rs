//! DataTable.sort: sorts the rows of a table.

use crate::contract::Error;
use crate::contract::Value;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::nodes::compute::Compute;
use crate::hosts::bot::nodes::data_table::column::Column;
use crate::hosts::bot::nodes::data_table::column::SortKey;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::expression_error;

/// Sorts the rows of a table by one column; rows with equal cells keep their order
#[derive(Debug)]
pub(crate) struct SortTable {
    variable: String,
    column: Column,
    is_descending: bool,
}

impl Compute for SortTable {
    const PACKAGE: &'static str = "DataTable";
    const COMMAND: &'static str = "sort";
    const RESULT: Expected = Expected::Any;
    const EXAMPLE: &'static str = r#"{ "commandName": "sort", "packageName": "DataTable", "attributes": [
    { "name": "table", "value": { "type": "VARIABLE", "variableName": "table" } },
    { "name": "sortOptions", "value": { "type": "STRING", "string": "NAME" } },
    { "name": "columnName", "value": { "type": "STRING", "string": "Name" } },
    { "name": "sortType", "value": { "type": "STRING", "string": "DESCENDING" } } ] }"#;

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        let variable = checker.required_variable(raw, "table", Expected::Table);
        let column = Column::read(checker, raw, "sortOptions", ["INDEX", "NAME"]);
        let is_descending = match raw.attribute("sortType").map_or("", |found| found.value.string.as_str()) {
            "" | "ASCENDING" => Some(false),
            "DESCENDING" => Some(true),
            other => checker.unknown_word("sortType", other, &["ASCENDING", "DESCENDING"]),
        };
        checker.changes(&variable);
        Some(SortTable { variable: variable?, column: column?, is_descending: is_descending? })
    }

    fn compute(&self, frame: &Frame<'_>) -> Result<Value, Error> {
        let place = self.column.place(&frame.scope)?;
        frame.scope.change(&self.variable, |value| {
            let no_column = || expression_error(format!("a row of ${}$ has no such column", self.variable));
            let Value::List(rows) = value else { return Err(no_column()) };
            let keys = rows.iter().map(|row| place.cell(row).map(SortKey::of));
            let keys: Vec<SortKey> = keys.collect::<Option<_>>().ok_or_else(no_column)?;
            let mut sorted: Vec<(SortKey, Value)> = keys.into_iter().zip(std::mem::take(rows)).collect();
            sorted.sort_by(|(one, _), (other, _)| {
                let order = one.order(other);
                if self.is_descending { order.reverse() } else { order }
            });
            *rows = sorted.into_iter().map(|(_, row)| row).collect();
            Ok(Value::Null)
        })
    }
}
