//! A column of a table, by its position or its name, and the order and text of its cells.

use std::cmp::Ordering;

use crate::contract::Dictionary;
use crate::contract::Error;
use crate::contract::Number;
use crate::contract::Value;
use crate::hosts::bot::check::Checker;
use crate::hosts::bot::format::RawNode;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::Expr;
use crate::hosts::bot::values::VariableScope;

/// A column as a node names it
#[derive(Debug)]
pub(super) enum Column {
    Index(Expr),
    Name(Expr),
}

/// A column whose name or position is known
pub(super) enum ColumnPlace {
    /// Counted from 0; negative for none
    Index(i64),
    Name(String),
}

impl Column {
    /// Reads a column: `option` has the word for a position, in `columnIndex`, or the one for a name, in `columnName`
    pub(super) fn read(
        checker: &mut Checker<'_>,
        raw: &RawNode,
        option: &str,
        [index, name]: [&str; 2],
    ) -> Option<Self> {
        match raw.attribute(option).map_or("", |found| found.value.string.as_str()) {
            word if word == index => {
                checker.required(raw, "columnIndex", Expected::Number).map(Column::Index)
            }
            word if word == name => checker.required(raw, "columnName", Expected::Text).map(Column::Name),
            word => checker.unknown_word(option, word, &[index, name]),
        }
    }

    pub(super) fn place(&self, scope: &VariableScope) -> Result<ColumnPlace, Error> {
        match self {
            Column::Index(index) => index.whole_number(scope, "\"columnIndex\"").map(ColumnPlace::Index),
            Column::Name(name) => name.text(scope).map(ColumnPlace::Name),
        }
    }
}

impl ColumnPlace {
    /// Returns the cell of a row; `None` if the row has no such column
    pub(super) fn cell<'a>(&self, row: &'a Value) -> Option<&'a Value> {
        let cells = row.as_dictionary()?;
        match self {
            ColumnPlace::Index(index) => usize::try_from(*index).ok().and_then(|at| cells.values().nth(at)),
            ColumnPlace::Name(name) => cells.get(name),
        }
    }

    /// The same, to change the cell
    pub(super) fn cell_mut<'a>(&self, cells: &'a mut Dictionary) -> Option<&'a mut Value> {
        match self {
            ColumnPlace::Index(index) => {
                usize::try_from(*index).ok().and_then(|at| cells.values_mut().nth(at))
            }
            ColumnPlace::Name(name) => cells.get_mut(name),
        }
    }
}

/// Returns the text of a cell, which is equal for the number 3 and the text `3`
pub(super) fn cell_text(cell: &Value) -> String {
    match cell {
        Value::Null => String::new(),
        Value::Text(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Boolean(flag) => flag.to_string(),
        other => serde_json::to_string(other).unwrap_or_default(),
    }
}

/// What a row is sorted by: numbers by size, before texts by their characters; empty cells first
#[derive(Debug, PartialEq)]
pub(super) enum SortKey {
    Empty,
    Number(Number),
    Text(String),
}

impl SortKey {
    pub(super) fn of(cell: &Value) -> Self {
        match cell {
            Value::Number(number) => SortKey::Number(*number),
            cell => match cell_text(cell) {
                text if text.is_empty() => SortKey::Empty,
                text => SortKey::Text(text),
            },
        }
    }

    pub(super) fn order(&self, other: &SortKey) -> Ordering {
        match (self, other) {
            (SortKey::Number(one), SortKey::Number(other)) => one.to_decimal().total_cmp(&other.to_decimal()),
            (SortKey::Text(one), SortKey::Text(other)) => one.cmp(other),
            _ => self.rank().cmp(&other.rank()),
        }
    }

    fn rank(&self) -> u8 {
        match self {
            SortKey::Empty => 0,
            SortKey::Number(_) => 1,
            SortKey::Text(_) => 2,
        }
    }
}
