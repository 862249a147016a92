//! Reads, checks and runs bot files in the Automation 360 format, to develop a flow.
//!
//! [`load()`] reads a bot file with its child bots and finds everything that would prevent it from running,
//! each with its location. The analysis that it returns has the needs of the flow, and the program that [`run()`]
//! runs. In production, the flow runs in its own platform; `docs/hosts/bot-files.md` lists what
//! this host supports of the format.

mod check;
mod finding;
mod folder;
mod format;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod fuzzing;
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
pub use check::BotOutline;
pub use check::CredentialSource;
pub use check::CredentialUse;
pub use check::NodeNeeds;
pub use check::NodeOrganizations;
pub use check::OutlineKind;
pub use check::OutlineRow;
pub use check::OutlineSession;
pub use check::SessionStep;
pub use check::UNSUPPORTED_PACKAGE;
pub use finding::Fault;
pub use finding::FlowWarning;
pub use load::LoadOptions;
pub use load::load;
pub use location::Location;
pub use nodes::ExampleKind;
pub use nodes::FormatExample;
pub use nodes::format_examples;
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
