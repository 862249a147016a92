//! Nodes of the package Boolean.

mod assign;
mod equal_to;
mod invert;

pub(crate) use assign::AssignBoolean;
pub(crate) use equal_to::EqualTo;
pub(crate) use invert::Invert;
