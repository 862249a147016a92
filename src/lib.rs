//! A bot package for Azure DevOps: connect once, and a whole tree of bots works through the session.
//!
//! The floor plan, from the ground up; a room imports only rooms above it in this list, as
//! `docs/architecture.md` tells and `tests/house` holds:
//!
//! - [`contract`]: the language of the house: values, invocations, errors, needs, kinds of input
//! - [`files`]: files on this machine
//! - [`devops`]: the road to Azure DevOps
//! - [`credentials`]: where tokens come from
//! - [`sessions`]: run trees and their sessions
//! - [`actions`]: one action, one file
//! - [`dispatch`]: an invocation becomes an outcome
//! - [`package`]: manifest, schemas and reference, read off the actions
//! - [`hosts`]: who calls: bot files, and JSON-RPC for every other runtime
//! - [`cli`]: the commands and their wiring
//!
//! A program that embeds the package makes a [`dispatch::Dispatcher`], starts a bot run, and executes
//! [`contract::Invocation`]s.

pub mod actions;
pub mod cli;
pub mod contract;
pub mod credentials;
pub mod devops;
pub mod dispatch;
pub mod files;
pub mod hosts;
pub mod package;
pub mod sessions;
