//! Bot files in the Automation 360 format: reads, checks and runs a flow for developing it.
//!
//! [`load`] reads a bot file with its child bots and finds everything that would keep it from running,
//! each with its place. What it gives back says what the flow needs, and holds the program that [`run`]
//! runs. In production the flow runs in the platform that owns it; `docs/hosts/bot-files.md` says what
//! this host knows of the format.

mod analysis;
mod checker;
mod expr;
mod expression;
mod file;
mod folder;
mod load;
mod location;
mod nodes;
mod observer;
mod origins;
mod program;
mod run;
mod screen;
mod session_flow;
mod tokens;
mod values;
mod variable_check;
mod variable_scope;
mod variables;

pub use analysis::Analysis;
pub use analysis::CredentialSource;
pub use analysis::CredentialUse;
pub use analysis::NodeNeeds;
pub use load::LoadOptions;
pub use load::load;
pub use location::Fault;
pub use location::FlowWarning;
pub use location::Location;
pub use observer::ActionCall;
pub use observer::Event;
pub use observer::Observer;
pub use observer::Unobserved;
pub use program::Program;
pub use run::Summary;
pub use run::run;
pub use run::run_until;
pub use screen::HasRoom;
pub use screen::JsonLines;
pub use screen::Screen;
