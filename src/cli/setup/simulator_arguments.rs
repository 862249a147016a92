//! The simulator that a command starts in place of Azure DevOps.

#[cfg(feature = "simulator")]
use std::path::PathBuf;

use clap::Args;

#[cfg(feature = "simulator")]
use crate::cli::output::help_text::SIMULATOR;
#[cfg(feature = "simulator")]
use crate::cli::output::stderr;
#[cfg(feature = "simulator")]
use crate::contract::Error;
#[cfg(feature = "simulator")]
use crate::setup::Simulation;

/// The simulator that a command starts
#[derive(Args)]
pub(in crate::cli) struct SimulatorArguments {
    /// Use a simulator that the command starts; nothing leaves the machine
    #[cfg(feature = "simulator")]
    #[arg(long, help_heading = SIMULATOR)]
    simulate: bool,
    /// The world file of the simulator
    #[cfg(feature = "simulator")]
    #[arg(long, value_name = "FILE", requires = "simulate", help_heading = SIMULATOR)]
    world: Option<PathBuf>,
}

impl SimulatorArguments {
    /// Whether a simulator is used
    pub(in crate::cli) const fn is_simulated(&self) -> bool {
        #[cfg(feature = "simulator")]
        return self.simulate;
        #[cfg(not(feature = "simulator"))]
        false
    }

    /// Starts the simulator, if it is used
    ///
    /// Errors: those of the world file.
    #[cfg(feature = "simulator")]
    pub(in crate::cli) async fn start(&self) -> Result<Option<Simulation>, Error> {
        if !self.simulate {
            return Ok(None);
        }
        Ok(Some(Simulation::start(self.world.as_deref()).await?.reporting(stderr::line)))
    }
}
