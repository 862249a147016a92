//! A lost response of a change while another call of the same user makes a similar one.

use azdo_bot::contract::ErrorCode;
use azdo_simulator::Fault;
use azdo_simulator::Organization;
use azdo_simulator::Pipeline;
use azdo_simulator::Project;
use azdo_simulator::ReleasePipeline;
use azdo_simulator::ReleaseStage;
use azdo_simulator::Stage;
use serde_json::Value;
use serde_json::json;

use crate::flow::support::House;
use crate::flow::support::text;

/// A bot of another process of the same user
async fn rival(house: &House) -> crate::flow::support::Process {
    let process = house.another_process(false);
    process.connect().await;
    process
}

/// Returns how many succeeded; all others are unknown or real refusals
fn successes(outcomes: Vec<azdo_bot::contract::Outcome>, what: &str) -> usize {
    let failed = |outcome: &azdo_bot::contract::Outcome| match outcome {
        Ok(_) => false,
        Err(failure) => {
            let code = failure.error.code();
            let known = [ErrorCode::ServiceOutcomeUnknown, ErrorCode::ResourceConflict];
            assert!(known.contains(&code), "{what}: {:?}", failure.error);
            true
        }
    };
    outcomes.iter().filter(|outcome| !failed(outcome)).count()
}

#[tokio::test]
async fn the_losing_commit_never_returns_the_winning_one() {
    for other_process in [false, true] {
        // The refusal is lost, or the request never arrives.
        for lost in
            [Fault::on("POST */pushes").after(1).lose_answer(), Fault::on("POST */pushes").after(1).refuse()]
        {
            let house = House::connected().await;
            let rival = rival(&house).await;
            house.simulator.fault(Fault::on("GET */refs").together(2));
            house.simulator.fault(lost);
            let commit = |file: &str| json!({ "repository": "site", "branch": "main", "message": "same", "files": { file: "same" } });
            let mine = house.execute(&house.root, "commitFiles", commit("a.md"));
            let theirs = async {
                match other_process {
                    true => rival.execute("commitFiles", commit("b.md")).await,
                    false => house.execute(&house.root, "commitFiles", commit("b.md")).await,
                }
            };
            let (mine, theirs) = tokio::join!(mine, theirs);
            assert_eq!(successes(vec![mine, theirs], "commitFiles"), 1, "other process: {other_process}");
            let commits = house.ok("listCommits", json!({ "repository": "site" })).await;
            let made = crate::flow::files::column(&commits, "commits", "message");
            assert_eq!(made.iter().filter(|message| *message == "same").count(), 1);
        }
    }
}

#[tokio::test]
async fn trailers_distinguish_equal_commits_of_two_processes() {
    let house = House::connected().await;
    let (one, two) = (house.another_process(true), house.another_process(true));
    one.connect().await;
    two.connect().await;
    let commit = json!({ "repository": "site", "branch": "main", "message": "m", "files": { "a.md": "a" } });
    house.simulator.fault(Fault::on("POST */pushes").lose_answer());
    let success = one.execute("commitFiles", commit.clone()).await.expect("it is found by its mark");
    assert!(success.warnings.is_empty(), "{:?}", success.warnings);

    let commit = json!({ "repository": "site", "branch": "main", "message": "m", "files": { "a.md": "b" } });
    house.simulator.fault(Fault::on("GET */refs").together(2));
    house.simulator.fault(Fault::on("POST */pushes").after(1).refuse());
    let (mine, theirs) =
        tokio::join!(one.execute("commitFiles", commit.clone()), two.execute("commitFiles", commit));
    assert_eq!(successes(vec![mine, theirs], "commitFiles"), 1);
    let read = json!({ "repository": "site", "path": "/a.md" });
    assert_eq!(text(&house.ok("getRepositoryFile", read).await, "content"), "b");
}

/// Two requests that differ in one input, their path, and the initial state
fn rivals() -> Vec<(&'static str, &'static str, Value, Value)> {
    let both = |action, place, common: Value, mine: Value, theirs: Value| {
        let with = |more: Value| {
            let mut all = common.clone();
            for (name, value) in more.as_object().expect("inputs are an object") {
                all[name] = value.clone();
            }
            all
        };
        (action, place, with(mine), with(theirs))
    };
    let run = || json!({ "pipeline": "staged" });
    let item = || json!({ "type": "Bug", "title": "same" });
    let push =
        || json!({ "repository": "site", "branch": "main", "message": "same", "files": { "a.md": "same" } });
    let request = || json!({ "repository": "site", "sourceBranch": "topic", "title": "same" });
    let change = || json!({ "id": 1, "title": "same" });
    let items = "workitems/*";
    vec![
        both("runPipeline", "runs", run(), json!({}), json!({ "stagesToSkip": ["Test"] })),
        both("runPipeline", "runs", run(), json!({}), json!({ "branch": "topic" })),
        both("runPipeline", "runs", run(), json!({}), json!({ "variables": { "system.debug": "true" } })),
        both(
            "runPipeline",
            "runs",
            run(),
            json!({}),
            json!({ "templateParameters": { "environment": "x" } }),
        ),
        both("createWorkItem", items, item(), json!({}), json!({ "description": "other" })),
        both("createWorkItem", items, item(), json!({}), json!({ "state": "Active" })),
        both("createWorkItem", items, item(), json!({}), json!({ "assignedTo": "Bot Runner" })),
        both("createWorkItem", items, item(), json!({}), json!({ "tags": ["other"] })),
        both("createWorkItem", items, item(), json!({}), json!({ "areaPath": "Fabrikam\\Web" })),
        both("createWorkItem", items, item(), json!({}), json!({ "iterationPath": "Fabrikam\\One" })),
        both(
            "createWorkItem",
            items,
            item(),
            json!({}),
            json!({ "fields": { "Microsoft.VSTS.Common.Priority": 1 } }),
        ),
        both("createWorkItem", items, item(), json!({}), json!({ "fields": { "System.History": "other" } })),
        both("updateWorkItem", items, change(), json!({}), json!({ "comment": "other" })),
        both("updateWorkItem", items, change(), json!({}), json!({ "state": "Active" })),
        both("updateWorkItem", items, change(), json!({ "comment": "one" }), json!({ "comment": "other" })),
        both(
            "commitFiles",
            "pushes",
            push(),
            json!({}),
            json!({ "message": "same\n\nbut not below the first line" }),
        ),
        both("commitFiles", "pushes", push(), json!({}), json!({ "files": { "a.md": "other" } })),
        both("commitFiles", "pushes", push(), json!({}), json!({ "delete": ["/README.md"] })),
        both("commitFiles", "pushes", push(), json!({}), json!({ "rename": { "/README.md": "/x.md" } })),
        both("createPullRequest", "pullrequests", request(), json!({}), json!({ "description": "other" })),
        both("createPullRequest", "pullrequests", request(), json!({}), json!({ "title": "other" })),
        both("createPullRequest", "pullrequests", request(), json!({}), json!({ "isDraft": true })),
        both("commentOnPullRequest", "threads", json!({ "id": 1, "text": "same" }), json!({}), json!({})),
        both(
            "commentOnPullRequest",
            "threads",
            json!({ "id": 1, "text": "same" }),
            json!({}),
            json!({ "isResolved": true }),
        ),
        both(
            "createRelease",
            "releases",
            json!({ "releasePipeline": "deploy", "run": 1 }),
            json!({}),
            json!({}),
        ),
        both(
            "createClassicPipeline",
            "definitions",
            json!({ "name": "new", "repository": "site" }),
            json!({ "steps": [{ "script": "one" }] }),
            json!({ "steps": [{ "script": "other" }] }),
        ),
        both(
            "copyPipeline",
            "definitions",
            json!({ "pipeline": "1", "name": "new" }),
            json!({}),
            json!({ "variables": { "a": "b" } }),
        ),
        both(
            "editPipeline",
            "definitions/1",
            json!({ "pipeline": "1" }),
            json!({ "variables": { "a": "b" } }),
            json!({ "variables": { "a": "c" } }),
        ),
        both(
            "createReleasePipeline",
            "definitions",
            json!({ "name": "new", "pipeline": "site" }),
            json!({ "stages": ["A"] }),
            json!({ "stages": ["B"] }),
        ),
        both(
            "editReleasePipeline",
            "release/definitions",
            json!({ "releasePipeline": "deploy" }),
            json!({ "variables": { "a": "b" } }),
            json!({ "variables": { "a": "c" } }),
        ),
    ]
}

/// Returns a fixture with all resources that the rivals use
async fn furnished() -> House {
    let deploy = ReleasePipeline::named("deploy", "site").stage(ReleaseStage::named("Test"));
    let staged = Pipeline::named("staged").on("site", "/azure-pipelines.yml");
    let staged = staged.stage(Stage::named("Build").steps(2)).stage(Stage::named("Test").steps(2));
    let site = Project::with_site("Fabrikam").release_pipeline(deploy).pipeline(staged);
    let house = House::with(
        crate::flow::support::world().organization(Organization::named("fabrikam").project(site)),
    )
    .await;
    house.connect_root().await;
    let files = json!({ "repository": "site", "branch": "topic", "message": "t", "files": { "t.md": "t" } });
    for branch in ["topic", "other"] {
        house.ok("createBranch", json!({ "repository": "site", "branch": branch })).await;
    }
    house.ok("commitFiles", files).await;
    house
        .ok("createPullRequest", json!({ "repository": "site", "sourceBranch": "other", "title": "open" }))
        .await;
    house.ok("createWorkItem", json!({ "type": "Bug", "title": "first" })).await;
    house.ok("runPipeline", json!({ "pipeline": "1" })).await;
    house
}

#[tokio::test]
async fn a_request_that_never_arrived_is_not_settled_with_the_change_of_a_rival() {
    for (action, place, mine, theirs) in rivals() {
        let what = format!("{action} {mine} against {theirs}");
        let house = furnished().await;
        let rival = rival(&house).await;
        // The second one to arrive is lost, whichever it is.
        for method in ["POST", "PATCH", "PUT"] {
            house.simulator.fault(Fault::on(&format!("{method} */{place}")).after(1).refuse());
        }
        let (mine, theirs) =
            tokio::join!(house.execute(&house.root, action, mine), rival.execute(action, theirs));
        assert_eq!(successes(vec![mine, theirs], &what), 1, "{what}");
    }
}

#[tokio::test]
async fn equal_calls_of_one_process_never_report_more_changes_than_were_made() {
    let rows = [
        ("runPipeline", "runs", json!({ "pipeline": "1" })),
        ("createWorkItem", "workitems/*", json!({ "type": "Bug", "title": "same" })),
        (
            "commitFiles",
            "pushes",
            json!({ "repository": "site", "branch": "main", "message": "m", "files": { "a": "b" } }),
        ),
        ("createBranch", "refs", json!({ "repository": "site", "branch": "new" })),
        (
            "createPullRequest",
            "pullrequests",
            json!({ "repository": "site", "sourceBranch": "topic", "title": "t" }),
        ),
        ("updateWorkItem", "workitems/1", json!({ "id": 1, "revision": 1, "comment": "c" })),
    ];
    for (action, place, inputs) in rows {
        for lost in [0, 1] {
            let house = furnished().await;
            let method = if action == "updateWorkItem" { "PATCH" } else { "POST" };
            house.simulator.fault(Fault::on(&format!("{method} */{place}")).after(lost).refuse());
            let call = || house.execute(&house.root, action, inputs.clone());
            let (one, two) = tokio::join!(call(), call());
            assert_eq!(successes(vec![one, two], action), 1, "{action}: only one of them arrived");
        }
    }
}
