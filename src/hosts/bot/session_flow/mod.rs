//! Whether the sessions that a flow uses can be open: each is followed through the tree of bots, in the order of the flow.
//!
//! A flow's nodes become steps ([`step`]), which are followed with sets of what may be true of every name and
//! session variable ([`state`], [`names`]): what two ways lead to is joined where they meet, a loop goes round until
//! nothing is new, and a child bot is followed with what its parent hands over. A node that fails on every way, or in
//! every run, is a fault; one that fails on some ways is warned about. The rules of names, scopes and variables are those of the room `sessions`.

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
pub(super) use step::Does;
pub(super) use step::FlowStep;
pub(super) use step::FlowTarget;
pub(super) use step::Given;
pub(super) use step::IfExists;
pub(super) use step::Rounds;
pub(super) use step::RunChild;
pub(super) use step::WantedSession;
