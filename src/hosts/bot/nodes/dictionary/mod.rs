//! Nodes of the package Dictionary.

mod assign;
mod get;
mod keys;
mod put;
mod remove;
mod size;

pub(crate) use assign::AssignDictionary;
pub(crate) use get::Get;
pub(crate) use put::Put;
pub(crate) use remove::Remove;
pub(crate) use size::Size;
