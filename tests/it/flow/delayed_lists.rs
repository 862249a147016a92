//! A service whose lists show changes with a delay: a change with a lost response is not visible at once, and is never
//! repeated.

use azdo_bot::contract::ErrorCode;
use azdo_bot::contract::Outcome;
use azdo_simulator::Fault;
use azdo_simulator::InvisibleFor;
use azdo_simulator::Organization;
use azdo_simulator::Pipeline;
use azdo_simulator::Project;
use azdo_simulator::ReleasePipeline;
use azdo_simulator::ReleaseStage;
use serde_json::Value;
use serde_json::json;

use crate::flow::support::House;
use crate::flow::support::world;

/// Each action that creates something, and the path of its POST
fn makers() -> Vec<(&'static str, Value, &'static str)> {
    let files = json!({ "/new.md": "new\n" });
    vec![
        ("createRepository", json!({ "name": "new" }), "repositories"),
        ("createBranch", json!({ "repository": "site", "branch": "new" }), "refs"),
        (
            "commitFiles",
            json!({ "repository": "site", "branch": "main", "message": "new", "files": files }),
            "pushes",
        ),
        (
            "createPullRequest",
            json!({ "repository": "site", "sourceBranch": "next", "title": "new" }),
            "pullrequests",
        ),
        ("commentOnPullRequest", json!({ "id": 1, "text": "new" }), "threads"),
        (
            "createPipeline",
            json!({ "name": "new", "repository": "site", "path": "azure-pipelines.yml" }),
            "pipelines",
        ),
        (
            "createClassicPipeline",
            json!({ "name": "new", "repository": "site", "steps": [{ "script": "make" }] }),
            "definitions",
        ),
        // Not of `site`: the service's clock shows seconds, so within one second an older run would match.
        ("runPipeline", json!({ "pipeline": "other" }), "runs"),
        (
            "createReleasePipeline",
            json!({ "name": "new", "pipeline": "site", "stages": ["Test"] }),
            "definitions",
        ),
        ("createRelease", json!({ "releasePipeline": "deploy", "run": 1 }), "releases"),
        ("createWorkItem", json!({ "type": "Bug", "title": "new" }), "*Bug"),
    ]
}

/// Runs the action in a world that shows new resources with this delay and loses the first response; returns the number
/// of POSTs
async fn lost(behind: InvisibleFor, (action, inputs, place): (&str, Value, &str)) -> (Outcome, usize) {
    let deploy = ReleasePipeline::named("deploy", "site").stage(ReleaseStage::named("Test"));
    let other = Pipeline::named("other").on("site", "/azure-pipelines.yml");
    let site = Project::with_site("Fabrikam").pipeline(other).release_pipeline(deploy);
    // The world is created and saved with the switch off, so that its initial state is visible.
    let before = House::with(world().organization(Organization::named("fabrikam").project(site))).await;
    before.connect_root().await;
    before.ok("runPipeline", json!({ "pipeline": "site" })).await;
    for branch in ["topic", "next"] {
        before.ok("createBranch", json!({ "repository": "site", "branch": branch })).await;
    }
    let open = json!({ "repository": "site", "sourceBranch": "topic", "title": "open" });
    before.ok("createPullRequest", open).await;
    let kept = azdo_simulator::World::from_saved(&before.simulator.saved()).expect("it was just saved");
    let house = House::with(kept.switches(|switches| switches.invisible_for = behind)).await;
    house.connect_root().await;
    house.simulator.clear_journal();
    house.simulator.fault(Fault::on(&format!("POST */{place}")).lose_answer());
    let outcome = house.execute(&house.root, action, inputs).await;
    let asks = |path: &str| path.contains("/wit/wiql") || path.contains("workitemsbatch");
    let posts = house.journal().iter().filter(|entry| entry.method == "POST" && !asks(&entry.path)).count();
    (outcome, posts)
}

#[tokio::test]
async fn a_change_that_shows_with_a_delay_is_found_or_named() {
    for maker in makers() {
        let action = maker.0;
        let (outcome, posts) = lost(InvisibleFor::Requests(1), maker).await;
        assert_eq!(posts, 1, "{action}");
        // Another user may have created a resource that only its name identifies: it is named, and not returned.
        let named = |error: &azdo_bot::contract::Error| error.context_value("candidates").is_some();
        if let Err(failure) = outcome {
            assert!(
                ["createRepository", "createPipeline"].contains(&action) && named(&failure.error),
                "{action}: {:?}",
                failure.error
            );
        }
    }
}

#[tokio::test]
async fn a_change_that_never_shows_stays_unknown_and_is_not_repeated() {
    for behind in [InvisibleFor::Requests(100), InvisibleFor::Time { milliseconds: 3_600_000 }] {
        for maker in makers() {
            let action = maker.0;
            let (outcome, posts) = lost(behind, maker).await;
            assert_eq!(posts, 1, "{action}");
            let error = outcome.map(|success| success.outputs).expect_err(action).error;
            assert_eq!(error.code(), ErrorCode::ServiceOutcomeUnknown, "{action}: {error:?}");
        }
    }
}
