//! Nodes of the package Folder. Folders are only below those that the operator allows.

mod create;
mod delete;

pub(crate) use create::CreateFolder;
pub(crate) use delete::DeleteFolder;
