//! Bot files in the Automation 360 format: reads, checks and runs a flow for developing it.
//!
//! [`load`] reads a bot file with its child bots and finds everything that would keep it from running,
//! each with its place. What it gives back says what the flow needs, and holds the program that [`run`]
//! runs. In production the flow runs in the platform that owns it; `docs/hosts/bot-files.md` says what
//! this host knows of the format.

mod check;
mod finding;
mod folder;
mod format;
mod load;
mod location;
mod nodes;
mod observe;
mod run;
#[cfg(feature = "cli")]
mod screen;
mod session_flow;
mod values;

pub use check::Analysis;
pub use check::CredentialSource;
pub use check::CredentialUse;
pub use check::NodeNeeds;
pub use finding::Fault;
pub use finding::FlowWarning;
pub use load::LoadOptions;
pub use load::load;
pub use location::Location;
pub use observe::ActionCall;
pub use observe::Event;
pub use observe::Observer;
pub use observe::Unobserved;
pub use run::Program;
pub use run::Summary;
pub use run::run;
pub use run::run_until;
#[cfg(feature = "cli")]
pub use screen::HasRoom;
#[cfg(feature = "cli")]
pub use screen::JsonLines;
#[cfg(feature = "cli")]
pub use screen::Screen;
