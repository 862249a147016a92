//! Every action that changes values compares them with the response of the service, and names what did not become as given.

use azdo_bot::actions::CATALOGUE;
use azdo_bot::actions::Effect;
use azdo_bot::contract::Value;
use azdo_bot::contract::WarningCode;
use azdo_simulator::Fault;
use azdo_simulator::Organization;
use azdo_simulator::Pipeline;
use azdo_simulator::Project;
use azdo_simulator::ReleasePipeline;
use azdo_simulator::ReleaseStage;
use azdo_simulator::Resource;
use azdo_simulator::ResourceKind;
use azdo_simulator::Stage;
use azdo_simulator::User;
use serde_json::json;

use crate::flow::support::House;
use crate::flow::support::integer;
use crate::flow::support::world;

/// An action, and what the service does to its response: the request, a part of the body, its replacement, the warning
struct Row {
    action: &'static str,
    inputs: serde_json::Value,
    request: &'static str,
    part: &'static str,
    replacement: &'static str,
    warning: &'static str,
}

fn row(
    action: &'static str,
    inputs: serde_json::Value,
    request: &'static str,
    (part, replacement): (&'static str, &'static str),
    warning: &'static str,
) -> Row {
    Row { action, inputs, request, part, replacement, warning }
}

fn rows() -> Vec<Row> {
    let definition = "PUT */build/definitions/*";
    let release_definition = "PUT */release/definitions";
    let pull_request = "PATCH */pullrequests/*";
    let work_item = "PATCH */workitems/1";
    let status = ("\"queueStatus\":\"", "\"queueStatus\":\"not-");
    vec![
        row(
            "updateRepository",
            json!({ "repository": "other", "newName": "web" }),
            "PATCH */repositories/*",
            ("\"name\":\"web\"", "\"name\":\"site\""),
            "the repository \"other\" was changed, but not as given: newName is \"site\", not \"web\"",
        ),
        row(
            "updatePullRequest",
            json!({ "id": 1, "title": "New" }),
            pull_request,
            ("\"title\":\"New\"", "\"title\":\"Old\""),
            "title is \"Old\", not \"New\"",
        ),
        row(
            "setAutoComplete",
            json!({ "id": 3, "mergeStrategy": "SQUASH" }),
            pull_request,
            ("\"mergeStrategy\":\"squash\"", "\"mergeStrategy\":\"noFastForward\""),
            "mergeStrategy is \"NO_FAST_FORWARD\", not \"SQUASH\"",
        ),
        row(
            "cancelAutoComplete",
            json!({ "id": 3 }),
            pull_request,
            ("\"isDraft\":true", "\"isDraft\":true,\"autoCompleteSetBy\":{\"displayName\":\"Bot Runner\"}"),
            "auto-complete is not cancelled",
        ),
        row(
            "resolvePullRequestThread",
            json!({ "id": 3, "thread": 1 }),
            "PATCH */threads/*",
            ("\"status\":\"fixed\"", "\"status\":\"active\""),
            "status is \"active\", not \"fixed\"",
        ),
        row(
            "addPullRequestReviewer",
            json!({ "id": 3, "reviewer": "Bot Runner", "isRequired": true }),
            "PUT */reviewers/*",
            ("\"isRequired\":true", "\"isRequired\":false"),
            "isRequired is \"false\", not \"true\"",
        ),
        row(
            "voteOnPullRequest",
            json!({ "id": 1, "vote": "APPROVE" }),
            "PUT */reviewers/*",
            ("\"vote\":10", "\"vote\":0"),
            "vote is \"0\", not \"10\"",
        ),
        row(
            "abandonPullRequest",
            json!({ "id": 1 }),
            pull_request,
            ("\"status\":\"abandoned\"", "\"status\":\"active\""),
            "status is \"active\", not \"abandoned\"",
        ),
        row(
            "completePullRequest",
            json!({ "id": 2, "mergeStrategy": "SQUASH" }),
            "GET */pullrequests/2",
            ("\"mergeStrategy\":\"squash\"", "\"mergeStrategy\":\"noFastForward\""),
            "mergeStrategy is \"NO_FAST_FORWARD\", not \"SQUASH\"",
        ),
        row(
            "editPipeline",
            json!({ "pipeline": "site", "newName": "web" }),
            definition,
            ("\"name\":\"web\"", "\"name\":\"old\""),
            "newName is \"old\", not \"web\"",
        ),
        row(
            "editPipeline",
            json!({ "pipeline": "guarded", "variables": { "a": "1" }, "settableVariables": ["a"] }),
            definition,
            ("\"allowOverride\":true", "\"allowOverride\":false"),
            "the variable a is not settable by a run",
        ),
        row(
            "editPipeline",
            json!({ "pipeline": "guarded", "variables": { "a": "2" }, "secretVariables": ["a"] }),
            definition,
            (
                "\"value\":null,\"allowOverride\":true,\"isSecret\":true",
                "\"value\":\"2\",\"allowOverride\":true",
            ),
            "the variable a is not secret",
        ),
        row(
            "editPipeline",
            json!({ "pipeline": "guarded", "removeVariables": ["a"] }),
            definition,
            ("\"variables\":{}", "\"variables\":{\"A\":{\"value\":\"1\"}}"),
            "the variable a is not removed",
        ),
        row("pausePipeline", json!({ "pipeline": "guarded" }), definition, status, "not \"paused\""),
        row("disablePipeline", json!({ "pipeline": "guarded" }), definition, status, "not \"disabled\""),
        row("enablePipeline", json!({ "pipeline": "guarded" }), definition, status, "not \"enabled\""),
        row(
            "editReleasePipeline",
            json!({ "releasePipeline": "deploy", "folder": "\\team" }),
            release_definition,
            ("\"path\":\"\\\\team\"", "\"path\":\"\\\\\""),
            "folder is \"\\\", not \"\\team\"",
        ),
        row(
            "decideReleaseApproval",
            json!({ "decision": "APPROVE" }),
            "PATCH */release/approvals/*",
            ("\"status\":\"approved\"", "\"status\":\"pending\""),
            "decision is \"pending\", not \"approved\"",
        ),
        row(
            "abandonRelease",
            json!({ "id": 1 }),
            "PATCH */release/releases/*",
            ("\"status\":\"abandoned\"", "\"status\":\"active\""),
            "status is \"active\", not \"abandoned\"",
        ),
        row(
            "decidePipelineApproval",
            json!({ "run": 1, "decision": "REJECT" }),
            "PATCH */pipelines/approvals",
            ("\"status\":\"rejected\"", "\"status\":\"approved\""),
            "decision is \"approved\", not \"rejected\"",
        ),
        row(
            "cancelPipelineRun",
            json!({ "id": 2 }),
            "PATCH */build/builds/2",
            ("\"status\":\"cancelling\"", "\"status\":\"inProgress\""),
            "the run is not cancelling",
        ),
        row(
            "authorizePipeline",
            json!({ "pipeline": "guarded", "resourceType": "ENVIRONMENT", "resource": "live" }),
            "PATCH */pipelinepermissions/*",
            ("\"authorized\":true", "\"authorized\":false"),
            "is not authorized",
        ),
        row(
            "updateWorkItem",
            json!({ "id": 1, "title": "New" }),
            work_item,
            ("\"System.Title\":\"New\"", "\"System.Title\":\"Old\""),
            "System.Title is \"Old\", not \"New\"",
        ),
        row(
            "tagPipelineRun",
            json!({ "id": 2, "tags": ["released"] }),
            "POST */builds/*/tags",
            ("\"released\"", "\"other\""),
            "the list of tags is not complete",
        ),
        row(
            "removePipelineRunTag",
            json!({ "id": 2, "tag": "released" }),
            "DELETE */builds/*/tags/*",
            ("\"value\":[]", "\"value\":[\"Released\"]"),
            "the tag is not removed",
        ),
        row(
            "linkWorkItem",
            json!({ "id": 1, "url": "https://example.net/new" }),
            work_item,
            ("example.net/new", "example.net/old"),
            "the link is not there",
        ),
        row(
            "unlinkWorkItem",
            json!({ "id": 1, "url": "https://example.net/new" }),
            work_item,
            ("example.net/first", "example.net/new"),
            "the link is not removed",
        ),
        row(
            "addWorkItemTag",
            json!({ "id": 1, "tag": "blocked" }),
            work_item,
            ("\"System.Tags\":\"blocked\"", "\"System.Tags\":\"free\""),
            "the list of tags is not the requested one",
        ),
        row(
            "removeWorkItemTag",
            json!({ "id": 1, "tag": "blocked" }),
            work_item,
            ("\"System.Title\"", "\"System.Tags\":\"Blocked\",\"System.Title\""),
            "the list of tags is not the requested one",
        ),
        row(
            "editWorkItemComment",
            json!({ "id": 1, "comment": 1, "text": "New", "textFormat": "MARKDOWN" }),
            "PATCH */comments/1",
            ("\"format\":\"markdown\"", "\"format\":\"html\""),
            "textFormat is ",
        ),
        row(
            "updateVariableGroup",
            json!({ "variableGroup": "settings", "description": "New" }),
            "PUT */variablegroups/*",
            ("\"description\":\"New\"", "\"description\":\"Old\""),
            "description is \"Old\", not \"New\"",
        ),
    ]
}

/// The actions that change something without changing a value: they add a commit or a file, remove or start something
const WITHOUT_VALUES: [&str; 6] = [
    "commitFiles",
    "commitFolder",
    "attachFileToWorkItem",
    "deployReleaseStage",
    "removePullRequestReviewer",
    "retryStage",
];

#[test]
fn every_action_that_changes_values_is_tried() {
    for entry in CATALOGUE.iter().flat_map(|group| group.actions) {
        let name = entry.name();
        let is_known = rows().iter().any(|row| row.action == name) || WITHOUT_VALUES.contains(&name.as_str());
        assert!(entry.effect != Effect::Changes || is_known, "{name} changes something and is not tried");
    }
}

/// Two pull requests and a draft with a thread, a run that waits for an approval, another run, a release with an approval,
/// a work item with a link and a comment, a variable group, an environment
async fn house() -> House {
    let guarded = Pipeline::named("guarded")
        .on("site", "/azure-pipelines.yml")
        .stage(Stage::named("Build"))
        .stage(Stage::named("Deploy").approver("Bot Runner"));
    let deploy =
        ReleasePipeline::named("deploy", "site").stage(ReleaseStage::named("Test").approver("Bot Runner"));
    let project = Project::with_site("Fabrikam")
        .pipeline(guarded)
        .release_pipeline(deploy)
        .resource(Resource::named(ResourceKind::Environment, "live"));
    let organization = Organization::named("fabrikam").project(project).user(User::named("Bot Runner"));
    let house = House::with(world().organization(organization)).await;
    house.connect_root().await;
    for branch in ["one", "two"] {
        let create = json!({ "repository": "site", "branch": branch, "fromBranch": "main" });
        house.ok("createBranch", create).await;
        let files = json!({ format!("{branch}.txt"): "text" });
        let commit = json!({ "repository": "site", "branch": branch, "message": "m", "files": files });
        house.ok("commitFiles", commit).await;
        let create = json!({ "repository": "site", "sourceBranch": branch, "title": branch });
        house.ok("createPullRequest", create).await;
    }
    // A draft is not completed by auto-complete.
    house.ok("createBranch", json!({ "repository": "site", "branch": "three", "fromBranch": "one" })).await;
    let draft = json!({ "repository": "site", "sourceBranch": "three", "title": "three", "isDraft": true });
    house.ok("createPullRequest", draft).await;
    house.ok("commentOnPullRequest", json!({ "id": 3, "text": "Why?" })).await;
    house.ok("createRepository", json!({ "name": "other" })).await;
    let run = integer(&house.ok("runPipeline", json!({ "pipeline": "guarded" })).await, "id");
    house.ok("waitForPipelineRun", json!({ "id": run, "stage": "Build" })).await;
    house.ok("runPipeline", json!({ "pipeline": "guarded" })).await;
    house.ok("createWorkItem", json!({ "type": "Bug", "title": "one" })).await;
    house.ok("linkWorkItem", json!({ "id": 1, "url": "https://example.net/first" })).await;
    house.ok("commentOnWorkItem", json!({ "id": 1, "text": "Why?" })).await;
    house.ok("createVariableGroup", json!({ "name": "settings", "variables": { "region": "west" } })).await;
    // A release needs a version of its artifact.
    let run = integer(&house.ok("runPipeline", json!({ "pipeline": "site" })).await, "id");
    house.ok("waitForPipelineRun", json!({ "id": run })).await;
    house.ok("createRelease", json!({ "releasePipeline": "deploy" })).await;
    house
}

#[tokio::test]
async fn what_did_not_become_as_given_is_named_by_every_action_that_changes_values() {
    let house = house().await;
    let mut faults = Vec::new();
    let pending = house.ok("listReleaseApprovals", json!({})).await;
    let Some(Value::List(pending)) = pending.get("approvals") else { panic!("no approvals") };
    let approval = integer(pending[0].as_dictionary().expect("an approval"), "id");
    for Row { action, mut inputs, request, part, replacement, warning } in rows() {
        if action == "decideReleaseApproval" {
            inputs["approval"] = json!(approval);
        }
        let rewrite = move |body: &[u8]| {
            let body = String::from_utf8_lossy(body);
            body.replace(part, replacement).into_bytes()
        };
        // A completion is polled.
        let times = if request.starts_with("GET") { 100 } else { 1 };
        house.simulator.fault(Fault::on(request).times(times).rewrite(rewrite));
        let success = match house.execute(&house.root, action, inputs).await {
            Ok(success) => success,
            Err(failure) => {
                faults.push(format!("{action}: {:?}", failure.error));
                continue;
            }
        };
        let found: Vec<&str> = success
            .warnings
            .iter()
            .filter(|one| one.code == WarningCode::OtherValue)
            .map(|one| one.message.as_str())
            .collect();
        if !matches!(found.as_slice(), [only] if only.contains(warning)) {
            faults.push(format!("{action}: {warning}: {found:?}"));
        }
    }
    assert_eq!(faults, Vec::<String>::new());
}
