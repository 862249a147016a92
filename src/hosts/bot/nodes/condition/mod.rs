//! Conditions of If, of Loop WHILE and of Wait: each kind of test in its file, chained with AND and OR.

mod boolean;
mod chain;
mod date;
mod number;
mod order_operator;
mod place;
mod table;
mod test;
mod text;

pub(crate) use chain::Condition;
pub(crate) use chain::holds;
pub(crate) use chain::holds_within;
pub(crate) use chain::read;
pub(crate) use table::CONDITION_TYPES;
