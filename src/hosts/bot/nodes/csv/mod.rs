//! Nodes of the package CsvTxt, and tables as delimited text.

mod close;
pub(super) mod delimited;
mod open;
mod read;
mod session;

pub(crate) use close::CloseCsv;
pub(crate) use open::OpenCsv;
pub(crate) use read::ReadCsv;
pub(super) use session::session;
