//! The simulator that a command starts in place of Azure DevOps.

use clap::Args;
#[cfg(feature = "simulator")]
use clap::builder::PathBufValueParser;
#[cfg(feature = "simulator")]
use clap::builder::TypedValueParser as _;

#[cfg(feature = "simulator")]
use crate::cli::output::help_text::SIMULATOR;
#[cfg(feature = "simulator")]
use crate::cli::output::stderr;
#[cfg(feature = "simulator")]
use crate::contract::Error;
#[cfg(feature = "simulator")]
use crate::setup::Simulation;
#[cfg(feature = "simulator")]
use crate::setup::WorldSource;

/// The simulator that a command starts
#[derive(Args)]
pub(in crate::cli) struct SimulatorArguments {
    /// Use a simulator that the command starts; nothing leaves the machine
    #[cfg(feature = "simulator")]
    #[arg(long, help_heading = SIMULATOR)]
    simulate: bool,
    /// The world file of the simulator, or examples: the world in which every example of an action succeeds
    #[cfg(feature = "simulator")]
    #[arg(long, value_name = "FILE", requires = "simulate", help_heading = SIMULATOR, value_parser = PathBufValueParser::new().map(WorldSource::named))]
    world: Option<WorldSource>,
}

impl SimulatorArguments {
    /// Starts the simulator with the world of the examples if no world is named
    pub(in crate::cli) fn or_examples(self) -> Self {
        #[cfg(feature = "simulator")]
        return SimulatorArguments { world: self.world.or(Some(WorldSource::Examples)), ..self };
        #[cfg(not(feature = "simulator"))]
        self
    }

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
        let simulation = match &self.world {
            Some(world) => world.start().await?,
            None => Simulation::start(None).await?,
        };
        Ok(Some(simulation.reporting(stderr::line)))
    }
}
