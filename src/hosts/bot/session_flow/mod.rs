//! Checks that the sessions that a flow uses are open: follows each session through the tree of bots, in the order of
//! the flow.
//!
//! The nodes of a flow become steps ([`step`]). They are followed with the set of possible states of every name and
//! session variable ([`state`], [`names`]): states are joined where paths meet, a loop is repeated until its state no
//! longer changes, and a child bot is followed with the sessions that its parent passes. A node that fails on every
//! path, or in every run, is a fault; for a node that fails on some paths, there is a warning. The rules of names,
//! scopes and variables are those of `sessions`.

mod children;
mod findings;
mod flow_check;
mod follow;
mod follower;
mod messages;
mod names;
mod sessions;
mod state;
mod step;

pub(super) use flow_check::follow;
pub(super) use names::Access;
pub(super) use step::BotFlow;
pub(super) use step::ChildRun;
pub(super) use step::FlowCatch;
pub(super) use step::FlowStep;
pub(super) use step::FlowTarget;
pub(super) use step::IfExists;
pub(super) use step::Iterations;
pub(super) use step::SessionEffect;
pub(super) use step::SessionInput;
pub(super) use step::WantedSession;
