//! Every action's examples run against the simulator.

use azdo_bot::package::Returns;
use azdo_bot::package::actions;
use serde_json::json;

use crate::support::House;
use crate::support::releasing;

#[tokio::test]
async fn the_examples_of_every_action_run() {
    for card in actions() {
        for example in card.examples() {
            // A house for each: an example may create what the next one creates too.
            let house = House::with(releasing()).await;
            if card.returns != Returns::Session {
                let target =
                    example.inputs.get("session").and_then(|name| name.as_str()).unwrap_or("Default");
                let target = azdo_bot::contract::SessionTarget::Local(crate::support::name(target));
                house.connect(&house.root, Some(target), json!({})).await.expect("it connects");
                // The examples speak of a run 1 that was just started, and of a run 2 that failed.
                let session = example.inputs.get("session").cloned().unwrap_or(json!("Default"));
                for pipeline in ["site", "release"] {
                    house.ok("runPipeline", json!({ "session": session, "pipeline": pipeline })).await;
                }
                house.ok("waitForPipelineRun", json!({ "session": session, "id": 2 })).await;
            }
            let outcome = house.execute(&house.root, &card.name, example.inputs.clone()).await;
            let success = outcome
                .unwrap_or_else(|failure| panic!("{}: {}: {:?}", card.name, example.title, failure.error));
            for name in success.outputs.keys() {
                assert!(
                    card.outputs.iter().any(|output| output.name == *name),
                    "{} answers {name}",
                    card.name
                );
            }
        }
    }
}
