//! The target of a probe: the service, or a simulator that the command starts.

#[cfg(feature = "simulator")]
use std::path::PathBuf;

use clap::Args;

use crate::cli::output::fail::Fail;
use crate::cli::output::stderr;
use crate::cli::setup::connect_arguments::ProbeConnection;
use crate::cli::setup::probe::Probe;
use crate::contract::Error;
use crate::contract::Needs;
use crate::setup::Configuration;
#[cfg(feature = "simulator")]
use crate::setup::Simulation;

/// The target of a probe
#[derive(Args)]
pub(in crate::cli) struct ProbeTarget {
    /// Use a simulator that the command starts; nothing leaves the machine
    #[cfg(feature = "simulator")]
    #[arg(long)]
    simulate: bool,
    /// The world file of the simulator
    #[cfg(feature = "simulator")]
    #[arg(long, value_name = "FILE", requires_all = ["simulate", "organization_url"])]
    world: Option<PathBuf>,
}

impl ProbeTarget {
    /// Whether the target is a simulator
    pub(in crate::cli) const fn is_simulated(&self) -> bool {
        #[cfg(feature = "simulator")]
        return self.simulate;
        #[cfg(not(feature = "simulator"))]
        false
    }

    /// Runs the probe; the outer error is one of the command line or the operator's file
    pub(in crate::cli) async fn probe(
        &self,
        configuration: &Configuration,
        target: &ProbeConnection,
        needs: &[Needs],
    ) -> Result<Result<Probe, Error>, Fail> {
        #[cfg(feature = "simulator")]
        if self.simulate {
            let simulation = Simulation::start(self.world.as_deref()).await?.reporting(stderr::line);
            return Ok(target.probe(simulation.network_options(), &*simulation.tokens(), needs).await);
        }
        if target.organization.is_plain_http() && !target.organization.is_loopback() {
            stderr::line(&format!(
                "warning: requests to {} are not encrypted: the token can be read on the network",
                target.organization.authority()
            ));
        }
        let vault = configuration.credential_resolver()?.trusting(target.credential.clone());
        Ok(target.probe(configuration.network_options()?, &vault, needs).await)
    }
}
