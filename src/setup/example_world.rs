//! The world of the examples: the example of every action succeeds in it.
//!
//! It is described by a world file, and by the calls that make what such a file has no words for: a pull request, runs in
//! progress. The calls run against a simulator of their own, whose state is the world.

use azdo_simulator::World;
use serde_json::Value as Json;

use crate::actions::Polling;
use crate::actions::Services;
use crate::contract::BotRunId;
use crate::contract::Error;
use crate::contract::Invocation;
use crate::contract::Silent;
use crate::contract::Value;
use crate::devops::Network;
use crate::dispatch::Dispatcher;
use crate::files::Folders;
use crate::sessions::Sessions;
use crate::setup::simulation::Simulation;

const WORLD: &str = include_str!("examples/world.toml");
const CALLS: &str = include_str!("examples/calls.json");

/// Returns the world of the examples
///
/// Errors: `input.invalid` if no port is free.
pub(super) async fn example_world() -> Result<World, Error> {
    let world = World::from_toml(WORLD).expect("the tests read it");
    let simulation = Simulation::of(world, false).await?;
    prepare(&simulation).await?;
    Ok(World::from_saved(&simulation.saved()).expect("a simulator saved it"))
}

/// Runs the calls, through a dispatcher without the operator's settings: they are not the user's
async fn prepare(simulation: &Simulation) -> Result<(), Error> {
    let services = Services {
        network: Network::new(simulation.network_options()),
        tokens: simulation.tokens(),
        sessions: Sessions::new(),
        polling: Polling::default(),
        folders: Folders::default(),
        commit_trailer: true,
    };
    let dispatcher = Dispatcher::new(services, None);
    let run = BotRunId::mint();
    dispatcher.start(&run, None)?;
    let connect = serde_json::json!({
        "personalAccessToken": "env:AZDO_PAT",
        "organizationUrl": "https://dev.azure.com/fabrikam",
        "projectName": "Fabrikam",
    });
    let calls: Vec<Json> = serde_json::from_str(CALLS).expect("the tests read it");
    let calls = calls.iter().map(|call| (call["action"].as_str().unwrap_or_default(), &call["inputs"]));
    for (action, inputs) in std::iter::once(("connect", &connect)).chain(calls) {
        let Value::Dictionary(inputs) = Value::from(inputs.clone()) else { continue };
        let invocation = Invocation::new(run.clone(), action, inputs);
        dispatcher.execute(invocation, &Silent).await.map_err(|failure| failure.error)?;
    }
    Ok(())
}
