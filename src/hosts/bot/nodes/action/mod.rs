//! The actions of this package as nodes.

mod action_node;
mod fields;
mod read;
mod result_target;
mod run;
mod session_effect;

pub(crate) use action_node::ActionNode;
