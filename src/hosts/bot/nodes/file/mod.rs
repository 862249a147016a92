//! Nodes of the package File. Files are only in the folders that the operator allows.

mod assign;
mod copy;
mod create;
mod delete;
mod parts;
mod paths;
mod rename;

pub(crate) use assign::AssignFile;
pub(crate) use copy::CopyFiles;
pub(crate) use create::CreateFile;
pub(crate) use delete::DeleteFiles;
pub(crate) use parts::GetName;
pub(crate) use parts::GetPath;
pub(crate) use rename::RenameFiles;
