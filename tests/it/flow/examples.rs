//! Every action's examples run against the simulator.
//!
//! The world of the examples is in `src/setup/examples`, since `call --simulate` starts with it, and the tests of other hosts
//! run the same examples. An example may use the pipeline run 1, which was just started, the run 2, which failed and has the tag `candidate`, the run 3, which
//! waits for an approval, the branches `topic` and `next`, the Git tag `v1.0`, the pull request 1 with its reviewer and thread, the release 1,
//! the work items 1, a bug, and 2, a task that is related to it and has the tag `blocked`, the comment 1 of the bug, the variable group
//! `release settings`, the file `drop.zip`, and the folder `pages`.

use azdo_bot::contract::SessionTarget;
use azdo_bot::package::Returns;
use azdo_bot::package::actions;
use serde_json::json;

use crate::common::examples;
use crate::flow::support::House;
use crate::flow::support::name;

#[tokio::test]
async fn the_examples_of_every_action_run() {
    let house = House::with(examples::world()).await;
    house.connect_root().await;
    for (action, inputs) in examples::calls() {
        house.ok(&action, inputs).await;
    }
    let start = house.simulator.snapshot();
    for card in actions() {
        for example in card.examples() {
            // Two examples may create the same resource or session.
            house.simulator.restore(&start);
            let run = house.child();
            if card.returns != Returns::Session {
                let session = example.inputs["session"].as_str().unwrap_or("Default");
                let target = SessionTarget::Local(name(session));
                house.connect(&run, Some(target), json!({})).await.expect("it connects");
            }
            let outcome = house.execute(&run, &card.name, example.inputs.clone()).await;
            let success = outcome
                .unwrap_or_else(|failure| panic!("{}: {}: {:?}", card.name, example.title, failure.error));
            for name in success.outputs.keys() {
                assert!(
                    card.outputs.iter().any(|output| output.name == *name),
                    "{} returns {name}",
                    card.name
                );
            }
            house.dispatcher.end(&run).expect("it ends");
        }
    }
}
