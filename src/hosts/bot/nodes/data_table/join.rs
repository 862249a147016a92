//! DataTable.join: joins the rows of two tables whose cells in one column are equal.

use std::collections::HashMap;

use crate::contract::Dictionary;
use crate::contract::Error;
use crate::contract::Value;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::nodes::compute::Compute;
use crate::hosts::bot::nodes::data_table::column::ColumnPlace;
use crate::hosts::bot::nodes::data_table::column::cell_text;
use crate::hosts::bot::run::Frame;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::Expr;
use crate::hosts::bot::values::columns;
use crate::hosts::bot::values::expression_error;

/// Joins two tables
#[derive(Debug)]
pub(crate) struct JoinTables {
    first: Side,
    second: Side,
    /// Whether rows of the first table without a partner are kept
    keeps_first: bool,
    /// Whether rows of the second table without a partner are kept
    keeps_second: bool,
}

/// One of the two tables, and the column that is compared
#[derive(Debug)]
struct Side {
    table: Expr,
    column: Expr,
}

impl Compute for JoinTables {
    const PACKAGE: &'static str = "DataTable";
    const COMMAND: &'static str = "join";
    const RESULT: Expected = Expected::Table;
    const EXAMPLE: &'static str = r#"{ "commandName": "join", "packageName": "DataTable", "attributes": [
    { "name": "firstTable", "value": { "type": "VARIABLE", "variableName": "table" } },
    { "name": "firstColumnName", "value": { "type": "STRING", "string": "Name" } },
    { "name": "secondTable", "value": { "type": "VARIABLE", "variableName": "table" } },
    { "name": "secondColumnName", "value": { "type": "STRING", "string": "Name" } },
    { "name": "joinType", "value": { "type": "STRING", "string": "INNER_JOIN" } } ],
  "returnTo": { "type": "VARIABLE", "variableName": "table" } }"#;

    fn read(checker: &mut Checker<'_>, raw: &RawNode) -> Option<Self> {
        let mut side = |table: &str, column: &str| {
            let table = checker.required(raw, table, Expected::Table);
            let column = checker.required(raw, column, Expected::Text);
            Some(Side { table: table?, column: column? })
        };
        let first = side("firstTable", "firstColumnName");
        let second = side("secondTable", "secondColumnName");
        let kept = match raw.attribute("joinType").map_or("", |found| found.value.string.as_str()) {
            "INNER_JOIN" => Some((false, false)),
            "LEFT_JOIN" => Some((true, false)),
            "RIGHT_JOIN" => Some((false, true)),
            "FULL_JOIN" => Some((true, true)),
            other => checker.unknown_word(
                "joinType",
                other,
                &["INNER_JOIN", "LEFT_JOIN", "RIGHT_JOIN", "FULL_JOIN"],
            ),
        };
        let (keeps_first, keeps_second) = kept?;
        Some(JoinTables { first: first?, second: second?, keeps_first, keeps_second })
    }

    /// The rows are in the order of the first table, then those of the second one without a partner
    fn compute(&self, frame: &Frame<'_>) -> Result<Value, Error> {
        let first = self.first.read(frame)?;
        let second = self.second.read(frame)?;
        let names = columns(first.names().chain(second.names()), first.width() + second.width());
        let mut partners: HashMap<&str, Vec<usize>> = HashMap::new();
        for (at, key) in second.keys.iter().enumerate() {
            partners.entry(key).or_default().push(at);
        }
        let joined = |one: Option<usize>, other: Option<usize>| {
            let cells = first.cells(one).chain(second.cells(other));
            Value::Dictionary(names.iter().cloned().zip(cells).collect())
        };
        let mut rows = Vec::new();
        let mut is_joined = vec![false; second.rows.len()];
        for (at, key) in first.keys.iter().enumerate() {
            match partners.get(key.as_str()) {
                Some(found) => {
                    rows.extend(found.iter().map(|other| joined(Some(at), Some(*other))));
                    found.iter().for_each(|other| is_joined[*other] = true);
                }
                None if self.keeps_first => rows.push(joined(Some(at), None)),
                None => {}
            }
        }
        if self.keeps_second {
            let alone = is_joined.iter().enumerate().filter(|(_, is_joined)| !**is_joined);
            rows.extend(alone.map(|(other, _)| joined(None, Some(other))));
        }
        Ok(Value::List(rows))
    }
}

/// The rows of a table, each with its cell in the column that is compared
struct Rows {
    rows: Vec<Dictionary>,
    keys: Vec<String>,
}

impl Side {
    fn read(&self, frame: &Frame<'_>) -> Result<Rows, Error> {
        let name = self.column.text(&frame.scope)?;
        let (mut rows, mut keys) = (Vec::new(), Vec::new());
        let place = ColumnPlace::Name(name);
        for row in self.table.list(&frame.scope)? {
            let key = place.cell(&row).map(cell_text);
            let (Some(key), Value::Dictionary(cells)) = (key, row) else {
                return Err(expression_error("a row of a table to join has no such column"));
            };
            keys.push(key);
            rows.push(cells);
        }
        Ok(Rows { rows, keys })
    }
}

impl Rows {
    fn names(&self) -> impl Iterator<Item = &str> {
        self.rows.first().into_iter().flat_map(|row| row.iter().map(|(name, _)| name))
    }

    fn width(&self) -> usize {
        self.rows.first().map_or(0, Dictionary::len)
    }

    /// Returns the cells of a row, or as many empty ones
    fn cells(&self, row: Option<usize>) -> impl Iterator<Item = Value> {
        let row = row.and_then(|at| self.rows.get(at));
        let mut cells = row.into_iter().flat_map(|row| row.values().cloned());
        (0..self.width()).map(move |_| cells.next().unwrap_or_else(|| "".into()))
    }
}
