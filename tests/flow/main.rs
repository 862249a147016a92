//! Actions through the dispatcher against the simulator, over real HTTP: what a flow does and sees.
#![cfg(feature = "simulator")]

mod connecting;
mod examples;
mod pipelines;
mod repositories;
mod requests;
mod scopes;
mod settlement;
mod support;
mod trouble;
