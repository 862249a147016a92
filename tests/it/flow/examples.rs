//! Every action's examples run against the simulator.
//!
//! The world and the calls before an example are in files, since the tests of the Robot Framework library run the same
//! examples. An example may use the pipeline run 1, which was just started, the run 2, which failed and has the tag `candidate`, the run 3, which
//! waits for an approval, the branches `topic` and `next`, the Git tag `v1.0`, the pull request 1 with its reviewer and thread, the release 1,
//! the work items 1, a bug, and 2, a task that is related to it and has the tag `blocked`, the comment 1 of the bug, the variable group
//! `release settings`, the file `drop.zip`, and the folder `pages`.

use azdo_bot::contract::SessionTarget;
use azdo_bot::package::Returns;
use azdo_bot::package::actions;
use azdo_simulator::World;
use serde_json::Value;
use serde_json::json;

use crate::flow::support::House;
use crate::flow::support::name;

#[tokio::test]
async fn the_examples_of_every_action_run() {
    let before: Vec<Value> =
        serde_json::from_str(include_str!("examples/before.json")).expect("the calls are JSON");
    for card in actions() {
        for example in card.examples() {
            // One fixture for each: two examples may create the same resource.
            let world = World::from_toml(include_str!("examples/world.toml")).expect("the world is valid");
            let house = House::with(world).await;
            if card.returns != Returns::Session {
                let session = example.inputs["session"].as_str().unwrap_or("Default");
                let target = SessionTarget::Local(name(session));
                house.connect(&house.root, Some(target), json!({})).await.expect("it connects");
                for call in &before {
                    let mut inputs = call["inputs"].clone();
                    inputs["session"] = session.into();
                    house.ok(call["action"].as_str().expect("it has an action"), inputs).await;
                }
            }
            let outcome = house.execute(&house.root, &card.name, example.inputs.clone()).await;
            let success = outcome
                .unwrap_or_else(|failure| panic!("{}: {}: {:?}", card.name, example.title, failure.error));
            for name in success.outputs.keys() {
                assert!(
                    card.outputs.iter().any(|output| output.name == *name),
                    "{} returns {name}",
                    card.name
                );
            }
        }
    }
}
