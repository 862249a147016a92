//! A service whose lists are behind its answers: what a lost answer made is not seen at once, and is never made twice.

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

use crate::support::House;
use crate::support::world;

/// Each action that makes something, and where its POST goes
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
        // Not of `site`: within the second that a service's clock shows, an older run would pass for the new one.
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

/// The action in a world in which a new thing stays unseen so long, its first answer being lost; how many POSTs it sent
async fn lost(behind: InvisibleFor, (action, inputs, place): (&str, Value, &str)) -> (Outcome, usize) {
    let deploy = ReleasePipeline::named("deploy", "site").stage(ReleaseStage::named("Test"));
    let other = Pipeline::named("other").on("site", "/azure-pipelines.yml");
    let site = Project::with_site("Fabrikam").pipeline(other).release_pipeline(deploy);
    // The world is made with the switch off and kept, so that what it begins with is seen.
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
async fn what_is_seen_a_moment_later_is_found_or_named() {
    for maker in makers() {
        let action = maker.0;
        let (outcome, posts) = lost(InvisibleFor::Requests(1), maker).await;
        assert_eq!(posts, 1, "{action}");
        // What is known by its name alone may be anybody's: it is named, and not taken.
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
async fn what_stays_unseen_is_unknown_and_not_made_twice() {
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
