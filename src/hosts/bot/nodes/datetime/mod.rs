//! Nodes of the package Datetime.

mod add;
mod assign;
mod compare;
mod difference;
mod format;
mod get;
mod unit;

pub(crate) use add::Add;
pub(crate) use add::Subtract;
pub(crate) use assign::AssignDate;
pub(crate) use compare::IsAfter;
pub(crate) use compare::IsBefore;
pub(crate) use difference::Difference;
pub(crate) use format::DateToText;
pub(crate) use get::GetPart;
