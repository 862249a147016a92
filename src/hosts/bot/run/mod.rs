//! Runs a checked bot.

mod active_run;
mod bot;
mod engine;
mod flow;
mod frame;
mod node;
mod open_tables;
mod program;
mod runner;
mod summary;

pub(crate) use active_run::ActiveRun;
pub(crate) use bot::Bot;
pub(crate) use engine::Engine;
pub(crate) use flow::Failed;
pub(crate) use flow::Flow;
pub(crate) use flow::Running;
pub(crate) use frame::Frame;
pub(crate) use frame::RunNodes;
pub(crate) use frame::run_bot;
pub(crate) use node::Node;
pub(crate) use node::RunNode;
pub(crate) use node::finished;
pub(crate) use node::leave;
pub(crate) use node::part;
pub(crate) use node::run_block;
pub(crate) use node::session_steps;
pub(crate) use node::waiting;
pub(crate) use open_tables::OpenTables;
pub use program::Program;
pub use runner::run;
pub use runner::run_until;
pub use summary::Summary;
pub(crate) use summary::Totals;
