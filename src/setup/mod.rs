//! Puts the package together: the operator's file, the environment, credential stores, network and audit file.
//!
//! The command line and every program that embeds the package begin here.

mod builder;
mod config;
mod configuration;
mod environment;
mod origin;
mod package;
#[cfg(feature = "simulator")]
mod simulation;

pub use crate::dispatch::DeniedAction;
pub use builder::PackageBuilder;
#[cfg(feature = "cli")]
pub(crate) use configuration::Configuration;
#[cfg(feature = "cli")]
pub(crate) use configuration::Overrides;
pub use environment::Lookup;
pub use environment::process_environment;
pub use package::BotRun;
pub use package::Package;
#[cfg(feature = "simulator")]
pub use simulation::Simulation;
#[cfg(feature = "simulator")]
pub(crate) use simulation::read_world;
#[cfg(feature = "simulator")]
pub(crate) use simulation::save_world;
