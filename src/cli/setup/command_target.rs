//! Runs a probe against the service, or against a simulator that the command starts.

use crate::cli::output::fail::Fail;
use crate::cli::output::stderr;
use crate::cli::setup::connect_arguments::ConnectArguments;
use crate::cli::setup::connect_arguments::ProbeConnection;
use crate::cli::setup::connect_arguments::SimulatedTarget;
use crate::cli::setup::probe::Probe;
use crate::cli::setup::simulator_arguments::SimulatorArguments;
use crate::contract::Error;
use crate::contract::Needs;
use crate::setup::Configuration;
#[cfg(feature = "simulator")]
use crate::setup::Simulation;

/// The service or the simulator that a command connects to
pub(in crate::cli) struct CommandTarget {
    /// The connection to open
    pub(in crate::cli) connection: ProbeConnection,
    /// The simulator, if there is one
    #[cfg(feature = "simulator")]
    pub(in crate::cli) simulation: Option<Simulation>,
}

impl CommandTarget {
    /// Starts the simulator, if it is used, and finds out what to connect to
    ///
    /// Errors: those of the world file, and `input.invalid` for a value that is missing or not valid.
    pub(in crate::cli) async fn of(
        simulator: &SimulatorArguments,
        arguments: &ConnectArguments,
        configuration: &Configuration,
    ) -> Result<Self, Fail> {
        #[cfg(feature = "simulator")]
        let simulation = simulator.start().await?;
        #[cfg(feature = "simulator")]
        let simulated = simulation.as_ref().and_then(|simulation| {
            let (organization, project) = simulation.first_project()?;
            Some(SimulatedTarget { organization, project })
        });
        #[cfg(not(feature = "simulator"))]
        let (simulated, _) = (None::<SimulatedTarget>, simulator);
        let connection = arguments.target(configuration, simulated)?;
        Ok(CommandTarget {
            connection,
            #[cfg(feature = "simulator")]
            simulation,
        })
    }

    /// Runs the probe; the outer error is one of the command line or the operator's file
    pub(in crate::cli) async fn probe(
        &self,
        configuration: &Configuration,
        needs: &[Needs],
    ) -> Result<Result<Probe, Error>, Fail> {
        let connection = &self.connection;
        #[cfg(feature = "simulator")]
        if let Some(simulation) = &self.simulation {
            return Ok(connection.probe(simulation.network_options(), &*simulation.tokens(), needs).await);
        }
        if let Some(warning) = connection.organization.plain_http_warning() {
            stderr::warn(&warning);
        }
        let vault = configuration.credential_resolver()?.trusting(connection.credential.clone());
        Ok(connection.probe(configuration.network_options()?, &vault, needs).await)
    }
}
