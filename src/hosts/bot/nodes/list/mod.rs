//! Nodes of the package List. The items of a list are counted from 0, as in `$list[0]$`.

mod add_item;
mod assign;
mod clear;
mod get;
mod items;
mod join;
mod remove;
mod set;
mod size;

pub(crate) use add_item::AddItem;
pub(crate) use assign::AssignList;
pub(crate) use clear::ClearList;
pub(crate) use get::GetItem;
pub(crate) use join::JoinList;
pub(crate) use remove::RemoveItem;
pub(crate) use set::SetItem;
pub(crate) use size::ListSize;
