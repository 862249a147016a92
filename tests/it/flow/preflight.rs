//! The intended uses of a flow are checked before any work begins.

use azdo_bot::contract::Dictionary;
use azdo_bot::contract::ErrorCode;
use azdo_bot::contract::Value;
use azdo_simulator::Fault;
use azdo_simulator::Organization;
use azdo_simulator::Permission;
use azdo_simulator::Role;
use azdo_simulator::User;
use serde_json::json;

use crate::flow::support::House;
use crate::flow::support::world;

const EVERYTHING: [&str; 15] = [
    "repositories.read",
    "repositories.write",
    "repositories.manage",
    "pullRequests.contribute",
    "pipelines.view",
    "pipelines.create",
    "pipelines.edit",
    "pipelines.delete",
    "pipelineRuns.view",
    "pipelineRuns.queue",
    "pipelineRuns.stop",
    "releases.view",
    "releases.create",
    "releases.edit",
    "projects.create",
];

async fn house_of(user: User) -> House {
    House::with(world().organization(Organization::fabrikam().user(user))).await
}

fn scoped(scopes: &str) -> serde_json::Value {
    json!({ "insecure": format!("{}{scopes}", azdo_simulator::SCOPES_TOKEN_PREFIX) })
}

fn list(outputs: &Dictionary, name: &str) -> Vec<String> {
    let Some(Value::List(items)) = outputs.get(name) else { panic!("no list {name} in {outputs:?}") };
    items.iter().map(|item| item.as_text().expect("it is a text").to_owned()).collect()
}

#[tokio::test]
async fn connect_with_a_full_list_waits_for_two_round_trips() {
    let house = House::new().await;
    // Each group is held until all of its requests arrive: a single request would never get a response.
    house.simulator.fault(Fault::on("GET /fabrikam/_apis/*").together(2));
    house.simulator.fault(Fault::on("/fabrikam/*").together(4));
    let outcome = house.connect(&house.root, None, json!({ "intendedUsage": EVERYTHING })).await;
    let outcome = outcome.expect("the owner may do everything");
    assert_eq!(outcome.requests, 6);
    let journal = house.journal();
    assert!(journal.iter().all(|entry| entry.overlapped && entry.status == Some(200)), "{journal:#?}");
    let mut second: Vec<&str> = journal[2..].iter().map(|entry| entry.path.as_str()).collect();
    second.sort_by_key(|path| path.split("/_apis/").nth(1));
    let areas: Vec<&str> = second.iter().filter_map(|path| path.split("/_apis/").nth(1)).collect();
    assert_eq!(
        areas,
        [
            "build/definitions",
            "git/pullrequests",
            "release/definitions",
            "security/permissionevaluationbatch"
        ]
    );
}

#[tokio::test]
async fn only_the_areas_of_the_needs_are_requested() {
    let house = House::new().await;
    let usage = json!({ "intendedUsage": ["pipelineRuns.view"] });
    let outcome = house.connect(&house.root, None, usage).await.expect("it connects");
    assert_eq!(list(&outcome.outputs, "unknown"), Vec::<String>::new(), "permission granted, scope seen");
    let requests = house.requests();
    assert_eq!(requests.len(), 4, "{requests:?}");
    assert!(requests.iter().any(|request| request.ends_with("/_apis/build/definitions")), "{requests:?}");
}

#[tokio::test]
async fn what_is_denied_fails_connect_with_one_error_and_no_session() {
    let house = house_of(User::named("Ann").role(Role::Reader)).await;
    let usage =
        json!({ "intendedUsage": ["repositories.read", "repositories.manage", "pipelineRuns.queue"] });
    let error = house.connect(&house.root, None, usage).await.expect_err("a reader may not").error;
    assert_eq!(error.code(), ErrorCode::PermissionDenied);
    insta::assert_snapshot!(format!("{}\n{}", error.message(), error.help_text()));
    assert_eq!(house.error("listRepositories", json!({})).await.code(), ErrorCode::SessionNotFound);
}

#[tokio::test]
async fn a_missing_scope_is_reported_as_one_error() {
    let house = House::new().await;
    let inputs = json!({
        "personalAccessToken": scoped("vso.code"),
        "intendedUsage": ["repositories.read", "pipelines.view", "pipelineRuns.queue"]
    });
    let error = house.connect(&house.root, None, inputs).await.expect_err("no build scope").error;
    assert_eq!(error.code(), ErrorCode::AuthScopeMissing);
    insta::assert_snapshot!(format!("{}\n{}", error.message(), error.help_text()));
}

#[tokio::test]
async fn uses_that_cannot_be_checked_do_not_fail_and_are_listed() {
    let house = House::new().await;
    // The batch declares no scope: the service refuses it for a token with custom scopes.
    let inputs = json!({
        "personalAccessToken": scoped("vso.code_write"),
        "intendedUsage": ["repositories.read", "repositories.write"]
    });
    let outcome = house.connect(&house.root, None, inputs).await.expect("an unknown result is no error");
    assert_eq!(
        list(&outcome.outputs, "unknown"),
        [
            "repositories.read: the permission is unknown; the token scope \"Code (read)\" is seen",
            "repositories.write: the permission is unknown; the token scope \"Code (read and write)\" is read seen",
        ]
    );
}

#[tokio::test]
async fn a_lost_batch_is_retried_and_one_without_a_response_is_unknown() {
    let house = House::new().await;
    let batch = "POST */permissionevaluationbatch";
    let usage = json!({ "intendedUsage": ["repositories.manage"] });
    house.simulator.fault(Fault::on(batch).lose_answer());
    let outcome = house.connect(&house.root, None, usage.clone()).await.expect("the batch only reads");
    assert_eq!(outcome.requests, 5, "two, a read, and the batch twice");

    house.simulator.fault(Fault::on(batch).answer(403, &[], ""));
    let again = json!({ "ifSessionExists": "REUSE", "intendedUsage": ["repositories.manage"] });
    let outcome = house.connect(&house.root, None, again).await.expect("an unknown result is no error");
    let unknown = list(&outcome.outputs, "unknown");
    assert!(unknown[0].contains("the permission is unknown"), "{unknown:?}");
}

#[tokio::test]
async fn one_granted_spelling_of_a_permission_is_enough() {
    // The strict world knows the spelling without the colon, which is requested last.
    let usage = || json!({ "intendedUsage": ["projects.create"] });
    let house = House::new().await;
    assert!(house.connect(&house.root, None, usage()).await.is_ok());
    let house = house_of(User::named("Ann").without(Permission::CreateProjects)).await;
    let error = house.connect(&house.root, None, usage()).await.expect_err("it is denied").error;
    assert!(error.help_text().contains("Organization settings > Permissions"), "{}", error.help_text());
}

#[tokio::test]
async fn a_deny_on_one_repository_does_not_show_at_project_level() {
    let house = house_of(User::named("Ann").without_in("site", Permission::GenericContribute)).await;
    let usage = json!({ "intendedUsage": ["repositories.write"] });
    assert!(house.connect(&house.root, None, usage).await.is_ok());
    let commit = json!({ "repository": "site", "branch": "main", "message": "m", "files": { "/a": "a" } });
    assert_eq!(house.error("commitFiles", commit).await.code(), ErrorCode::PermissionDenied);
}

#[tokio::test]
async fn check_session_returns_the_same_evidence() {
    let house = house_of(User::named("Ann").role(Role::Contributor)).await;
    house.connect_root().await;
    let usage =
        json!({ "intendedUsage": ["repositories.read", "repositories.write", "repositories.manage"] });
    let outputs = house.ok("checkSession", usage.clone()).await;
    assert_eq!(list(&outputs, "granted"), ["repositories.read"]);
    assert_eq!(list(&outputs, "denied"), ["repositories.manage"]);
    assert_eq!(
        list(&outputs, "unknown"),
        [
            "repositories.write: the permission is granted; the token scope \"Code (read and write)\" is read seen"
        ]
    );
    assert_eq!(
        list(&outputs, "askFor"),
        [
            "\"Create repository\", \"Delete repository\", \"Rename repository\" at Project settings > Repositories > Security"
        ]
    );
    assert_eq!(list(&outputs, "missingScopes"), Vec::<String>::new());
    let Some(Value::List(uses)) = outputs.get("uses") else { panic!("no uses in {outputs:?}") };
    assert_eq!(uses.len(), 3);
    assert_eq!(
        serde_json::to_value(&uses[2]).expect("values serialize"),
        json!({
            "use": "repositories.manage",
            "permission": "Create repository, Delete repository, Rename repository",
            "permissionPlace": "Project settings > Repositories > Security",
            "permissionIs": "denied",
            "scope": "Code (read, write, and manage)",
            "scopeIs": "read seen",
            "verdict": "denied",
        })
    );

    house.ok("disconnect", json!({})).await;
    let outputs = house.ok("checkSession", usage).await;
    assert_eq!(outputs.get("open"), Some(&Value::from(false)));
    assert_eq!(outputs.keys().count(), 1, "{outputs:?}");
}
