//! Nodes of the package DataTable. A table is a list of records, whose rows and columns are counted from 0.

mod assign;
mod count;
mod insert_row;
mod set_cell;
mod write_to_file;

pub(crate) use assign::AssignTable;
pub(crate) use count::ColumnCount;
pub(crate) use count::RowCount;
pub(crate) use insert_row::InsertRow;
pub(crate) use set_cell::SetCell;
pub(crate) use write_to_file::WriteToFile;
