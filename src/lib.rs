//! A bot package for Azure DevOps: connect once, and a whole tree of bots works through the session.
//!
//! The package runs on its own (`azdo-bot run`, `call`, `serve`, …) and within a program that embeds it:
//!
//! ```
#![doc = include_str!("../examples/embed.rs")]
//! ```
//!
//! A [`Package`] starts [bot runs](BotRun), and a bot run executes actions. Connect, the first of them, opens a session that the
//! later ones use. [`catalogue`] describes all actions: their fields, outputs and required permissions. An action
//! that fails returns a [`Failure`], whose [`Error`] has a [code](ErrorCode), a message, and a help that can be followed.
//!
//! # Features
//!
//! | Feature | Default | What it adds |
//! |---|---|---|
//! | `cli` | yes | the program `azdo-bot` |
//! | `simulator` | yes | [`Simulation`], a simulator of Azure DevOps |
//! | `mcp` | yes | the MCP server: the command `azdo-bot mcp` |
//! | `store-exec`, `store-vault`, `store-entra`, `store-keyvault` | yes | credentials from helpers, HashiCorp Vault, Microsoft Entra, Azure Key Vault |
//! | `store-keyring` | no | credentials from the system's keyring |

// The rooms are public for the program, the tests and the benches. They are no part of the library's interface and
// may change in every release.
#[doc(hidden)]
pub mod actions;
#[doc(hidden)]
pub mod audit;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod cli;
#[doc(hidden)]
pub mod contract;
#[doc(hidden)]
pub mod credentials;
#[doc(hidden)]
pub mod devops;
#[doc(hidden)]
pub mod dispatch;
#[doc(hidden)]
pub mod files;
#[doc(hidden)]
pub mod hosts;
#[doc(hidden)]
pub mod package;
#[cfg(feature = "cli")]
mod report;
#[doc(hidden)]
pub mod sessions;
#[doc(hidden)]
pub mod setup;

pub use actions::Effect;
pub use actions::Example;
pub use contract::BotRunId;
pub use contract::ConnectTarget;
pub use contract::Credential;
pub use contract::Dictionary;
pub use contract::Error;
pub use contract::ErrorCode;
pub use contract::Failure;
pub use contract::FlowPlace;
pub use contract::Invocation;
pub use contract::Needs;
pub use contract::OrganizationUrl;
pub use contract::Outcome;
pub use contract::Permission;
pub use contract::Progress;
pub use contract::ProjectName;
pub use contract::Retry;
pub use contract::Scheme;
pub use contract::Scope;
pub use contract::Secret;
pub use contract::SessionHandle;
pub use contract::SessionName;
pub use contract::SessionTarget;
pub use contract::Stated;
pub use contract::Success;
pub use contract::TokenSource;
pub use contract::Value;
pub use contract::Warning;
pub use contract::WarningCode;
pub use package::ActionCard;
pub use package::Attribute;
pub use package::AttributeType;
pub use package::Choice;
pub use package::ChoiceNeeds;
pub use package::FileUse;
pub use package::LostResponse;
pub use package::OutputField;
pub use package::Returns;
pub use package::SessionUse;
pub use setup::BotRun;
pub use setup::DeniedAction;
pub use setup::Lookup;
pub use setup::Package;
pub use setup::PackageBuilder;
#[cfg(feature = "simulator")]
pub use setup::Simulation;

/// Returns the descriptions of all actions, in the order of the reference
pub fn catalogue() -> &'static [&'static ActionCard] {
    package::actions()
}
