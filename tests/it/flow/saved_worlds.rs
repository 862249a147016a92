//! A saved world: it has everything that a flow did, with the same outputs.

use std::path::Path;

use azdo_bot::contract::Dictionary;
use azdo_bot::hosts::bot;
use azdo_bot::hosts::bot::LoadOptions;
use azdo_bot::hosts::bot::Unobserved;
use azdo_simulator::Refusal;
use azdo_simulator::World;
use serde_json::json;

use crate::flow::support::House;
use crate::flow::support::text;
use crate::flow::support::world;

/// Returns a fixture with the world that another one has saved
async fn again(house: &House) -> House {
    let saved = World::from_saved(&house.simulator.saved()).expect("it was just saved");
    let again = House::with(saved).await;
    again.connect_root().await;
    again
}

/// Returns the outputs of an action, without the address of the simulator
async fn outputs_of(house: &House, action: &str, inputs: &serde_json::Value) -> String {
    let outputs = house.ok(action, inputs.clone()).await;
    format!("{outputs:?}").replace(&house.simulator.address().to_string(), "ADDRESS")
}

#[tokio::test]
async fn a_saved_world_has_everything_of_a_release_day() {
    let house = House::with(world()).await;
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/bots/whole-release-day.bot.json");
    let program = bot::load(&file, &LoadOptions::default()).into_program().expect("the bot is valid");
    let summary = bot::run(&program, &house.dispatcher, Dictionary::new(), &Unobserved).await;
    assert!(summary.result.is_ok(), "{:?}", summary.result);

    house.connect_root().await;
    house.ok("runPipeline", json!({ "pipeline": "site" })).await;
    house.ok("createBranch", json!({ "repository": "site", "branch": "kept" })).await;
    let logo = json!({
        "repository": "site", "branch": "kept", "message": "A logo", "binaryFiles": { "/logo.png": "iVBORw0KGgo=" },
    });
    house.ok("commitFiles", logo).await;

    let again = again(&house).await;
    let questions = [
        ("listProjects", json!({})),
        ("getProject", json!({})),
        ("listRepositories", json!({})),
        ("listBranches", json!({ "repository": "site" })),
        ("listCommits", json!({ "repository": "site" })),
        ("listRepositoryFiles", json!({ "repository": "site", "recursive": true })),
        ("getRepositoryFile", json!({ "repository": "site", "path": "/README.md" })),
        ("getRepositoryFile", json!({ "repository": "site", "branch": "kept", "path": "/logo.png" })),
        ("listPullRequests", json!({ "status": "ALL" })),
        ("getPullRequest", json!({ "id": 1 })),
        ("listPipelines", json!({})),
        ("getPipeline", json!({ "pipeline": "site" })),
        ("listPipelineRuns", json!({})),
        ("getPipelineRun", json!({ "id": 1 })),
        ("getPipelineRun", json!({ "id": 2 })),
        ("readPipelineRunLogs", json!({ "id": 1 })),
        ("listArtifacts", json!({ "id": 1 })),
        ("listReleasePipelines", json!({})),
        ("listReleases", json!({})),
        ("getRelease", json!({ "id": 1 })),
        ("getWorkItem", json!({ "id": 1 })),
        ("queryWorkItems", json!({ "query": "SELECT [System.Id], [System.Title] FROM WorkItems" })),
    ];
    for (action, inputs) in &questions {
        let (before, after) =
            (outputs_of(&house, action, inputs).await, outputs_of(&again, action, inputs).await);
        assert_eq!(before, after, "{action} {inputs}");
    }
    let saved = World::from_saved(&house.simulator.saved()).expect("it was just saved");
    let refusing = House::with(saved.refuses(&Refusal::new("Guests have no access."))).await;
    let refused = refusing.connect(&refusing.root, None, json!({})).await.expect_err("it is refused").error;
    assert!(refused.message().ends_with("\"Guests have no access.\""), "{refused}");
    // It continues where it was: numbers are not reused, and the run in progress completes.
    let run = again.ok("waitForPipelineRun", json!({ "id": 2 })).await;
    assert_eq!(text(&run, "result"), "succeeded");
    let next = again.ok("runPipeline", json!({ "pipeline": "site" })).await;
    assert_eq!(crate::flow::support::integer(&next, "id"), 3);
}

#[tokio::test]
async fn a_saved_world_has_no_tokens() {
    let house = House::connected().await;
    let saved = house.simulator.saved();
    for token in [house.simulator.token("fabrikam"), house.simulator.entra_token("fabrikam")] {
        assert!(!saved.contains(&token.expect("every organization has one")));
    }
    assert!(saved.contains("full-access"), "its name is kept, and finds the new one");
    let again = again(&house).await;
    assert_ne!(again.simulator.token("fabrikam"), house.simulator.token("fabrikam"));
}
