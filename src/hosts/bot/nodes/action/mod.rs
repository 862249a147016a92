//! The actions of this package as nodes.

mod action_node;
mod fields;
mod outlet;
mod read;
mod run;
mod session_step;

pub(crate) use action_node::ActionNode;
