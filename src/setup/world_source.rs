//! The world that a simulator of the command line starts with.

use std::path::PathBuf;

use azdo_simulator::World;

use crate::contract::Error;
use crate::setup::example_world::example_world;
use crate::setup::simulation::Simulation;
use crate::setup::simulation::read_world;

/// The world that `--world` names
#[derive(Clone)]
pub(crate) enum WorldSource {
    /// `examples`: the example of every action succeeds
    Examples,
    /// A world file
    File(PathBuf),
}

impl WorldSource {
    /// Reads the value of `--world`; a file called `examples` is `./examples`
    pub(crate) fn named(value: PathBuf) -> Self {
        if value.as_os_str() == "examples" { WorldSource::Examples } else { WorldSource::File(value) }
    }

    /// Reads or makes the world
    ///
    /// Errors: those of [`Simulation::start`].
    pub(crate) async fn world(&self) -> Result<World, Error> {
        match self {
            WorldSource::Examples => example_world().await,
            WorldSource::File(path) => read_world(path),
        }
    }

    /// Starts a simulator with the world
    ///
    /// Errors: those of [`Simulation::start`].
    pub(crate) async fn start(&self) -> Result<Simulation, Error> {
        match self {
            WorldSource::Examples => Simulation::of(example_world().await?, true).await,
            WorldSource::File(path) => Simulation::start(Some(path)).await,
        }
    }
}
