//! Puts the package together: the operator's file, the environment, credential stores, network and audit file.
//!
//! The command line and every program that embeds the package begin here.

mod authorities;
#[cfg(all(feature = "cli", feature = "simulator"))]
mod bot_test_file;
#[cfg(all(feature = "cli", feature = "simulator"))]
mod bot_test_folder;
mod broker;
mod builder;
mod config;
mod configuration;
mod environment;
#[cfg(all(feature = "cli", feature = "simulator"))]
mod example_world;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod fuzzing;
mod origin;
mod package;
#[cfg(feature = "simulator")]
mod simulation;
#[cfg(all(feature = "cli", feature = "simulator"))]
mod world_source;

pub use crate::dispatch::DeniedAction;
#[cfg(all(feature = "cli", feature = "simulator"))]
pub(crate) use bot_test_file::BotTest;
#[cfg(all(feature = "cli", feature = "simulator"))]
pub(crate) use bot_test_file::BotTestFile;
#[cfg(all(feature = "cli", feature = "simulator"))]
pub(crate) use bot_test_file::Expectation as BotTestExpectation;
#[cfg(all(feature = "cli", feature = "simulator"))]
pub(crate) use bot_test_file::SUFFIX as BOT_TEST_SUFFIX;
#[cfg(all(feature = "cli", feature = "simulator"))]
pub(crate) use bot_test_folder::BotTestFolder;
pub use builder::PackageBuilder;
#[cfg(feature = "cli")]
pub(crate) use config::DEFAULT_PROFILE;
#[cfg(feature = "cli")]
pub(crate) use config::Profile;
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
#[cfg(all(feature = "cli", feature = "simulator"))]
pub(crate) use simulation::save_journal;
#[cfg(feature = "simulator")]
pub(crate) use simulation::save_world;
#[cfg(all(feature = "cli", feature = "simulator"))]
pub(crate) use world_source::WorldSource;
