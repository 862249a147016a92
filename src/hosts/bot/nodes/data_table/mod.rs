//! Nodes of the package DataTable. A table is a list of records, whose rows and columns are counted from 0.

mod assign;
mod column;
mod count;
mod insert_row;
mod join;
mod remove_duplicates;
mod set_cell;
mod sort;
mod write_to_file;

pub(crate) use assign::AssignTable;
pub(crate) use count::ColumnCount;
pub(crate) use count::RowCount;
pub(crate) use insert_row::InsertRow;
pub(crate) use join::JoinTables;
pub(crate) use remove_duplicates::RemoveDuplicateRows;
pub(crate) use set_cell::SetCell;
pub(crate) use sort::SortTable;
pub(crate) use write_to_file::WriteToFile;
