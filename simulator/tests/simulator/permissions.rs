//! Permissions of users, and how they differ from the scopes of tokens.

use azdo_simulator::Organization;
use azdo_simulator::Permission;
use azdo_simulator::Role;
use azdo_simulator::TokenOptions;
use azdo_simulator::User;
use azdo_simulator::World;
use serde_json::Value;
use serde_json::json;

use crate::client::Answer;
use crate::client::Bench;
use crate::walk_world;

const GIT: &str = "2e9eb7ed-3c0a-47d4-87c1-0ffdd275fd87";
const BUILD: &str = "33344d9c-fc72-4d6f-aba5-fa317101a7e9";
const COLLECTION: &str = "3e65f728-f8bc-4ecd-8764-7e378b19bfa7";
const BATCH: &str = "/fabrikam/_apis/security/permissionevaluationbatch";

/// A bench whose default user lacks these permissions.
async fn without(permissions: &[Permission]) -> Bench {
    let user = permissions.iter().fold(User::named("Ann"), |user, &permission| user.without(permission));
    Bench::of(World::hard().organization(Organization::fabrikam().user(user))).await
}

fn push(branch: &str) -> Value {
    json!({
        "refUpdates": [{ "name": format!("refs/heads/{branch}"), "oldObjectId": "0".repeat(40) }],
        "commits": [{ "comment": "c", "changes": [{ "changeType": "add", "item": { "path": "/x" }, "newContent": { "content": "" } }] }],
    })
}

#[tokio::test]
async fn a_denied_permission_is_403_and_names_itself() {
    let git = "/fabrikam/Fabrikam/_apis/git/repositories";
    let pipelines = "/fabrikam/Fabrikam/_apis/pipelines";
    let new = json!({ "name": "x", "configuration": { "type": "yaml", "path": "/a.yml", "repository": { "id": "x", "type": "azureReposGit" } } });
    let tf401027 = |name: &str, scope: &str| {
        format!(
            "TF401027: You need the Git '{name}' permission to perform this action. Details: identity 'Ann', scope '{scope}'."
        )
    };
    let tf215106 = |label: &str, pipeline: &str| {
        format!(
            "TF215106: Access denied. Ann needs {label} permissions for build pipeline {pipeline} in team project Fabrikam"
        )
    };
    let rows = [
        (
            Permission::CreateRepository,
            "POST",
            git.to_owned(),
            json!({ "name": "x" }),
            "GitNeedsPermissionException",
            tf401027("CreateRepository", "project"),
        ),
        (
            Permission::GenericContribute,
            "POST",
            format!("{git}/site/pushes"),
            push("new"),
            "GitNeedsPermissionException",
            tf401027("GenericContribute", "repository"),
        ),
        (
            Permission::CreateBranch,
            "POST",
            format!("{git}/site/pushes"),
            push("new"),
            "GitNeedsPermissionException",
            tf401027("CreateBranch", "repository"),
        ),
        (
            Permission::CreateBuildDefinition,
            "POST",
            pipelines.to_owned(),
            new,
            "AccessDeniedException",
            tf215106("Create build pipeline", "0:x"),
        ),
        (
            Permission::QueueBuilds,
            "POST",
            format!("{pipelines}/1/runs"),
            json!({}),
            "AccessDeniedException",
            tf215106("Queue builds", "1:site"),
        ),
    ];
    for (permission, method, path, body, key, message) in rows {
        let bench = without(&[permission]).await;
        bench.send(method, &path, body).await.refused(403, key, &message);
    }
    let bench = without(&[Permission::StopBuilds]).await;
    bench.send("POST", &format!("{pipelines}/1/runs"), json!({})).await.expect(200);
    let stopped = bench
        .send("PATCH", "/fabrikam/Fabrikam/_apis/build/builds/1", json!({ "status": "cancelling" }))
        .await;
    stopped.refused(403, "AccessDeniedException", &tf215106("Stop builds", "1:site"));
}

#[tokio::test]
async fn unreadable_objects_are_missing() {
    let rows = [
        (Permission::GenericRead, "git/repositories/site", 404, "git/repositories"),
        (Permission::ViewBuildDefinition, "pipelines/1", 404, "pipelines"),
        (Permission::ViewBuildDefinition, "build/definitions/1", 404, "build/definitions"),
        (Permission::ViewBuilds, "pipelines/1/runs", 404, "build/builds"),
    ];
    for (permission, one, status, list) in rows {
        let bench = without(&[permission]).await;
        assert_eq!(
            bench.get(&format!("/fabrikam/Fabrikam/_apis/{one}")).await.status,
            status,
            "{permission:?}"
        );
        let list = bench.get(&format!("/fabrikam/Fabrikam/_apis/{list}")).await;
        assert_eq!(list.expect(200)["count"], 0, "{permission:?}");
    }
}

#[tokio::test]
async fn each_ref_update_has_its_own_refusal() {
    let rows = [
        (Permission::CreateBranch, "refs/heads/a", "createBranchPermissionRequired"),
        (Permission::CreateTag, "refs/tags/a", "createTagPermissionRequired"),
        (Permission::GenericContribute, "refs/heads/a", "writePermissionRequired"),
    ];
    for (permission, name, status) in rows {
        let bench = without(&[permission]).await;
        let refs = "/fabrikam/Fabrikam/_apis/git/repositories/site/refs";
        let tip = bench.get(refs).await.expect(200)["value"][0]["objectId"].clone();
        let new = json!([{ "name": name, "oldObjectId": "0".repeat(40), "newObjectId": tip }]);
        let answer = bench.send("POST", refs, new).await.expect(200);
        assert_eq!(
            (answer["value"][0]["updateStatus"].as_str(), answer["value"][0]["success"].as_bool()),
            (Some(status), Some(false))
        );
    }
}

#[tokio::test]
async fn permissions_are_evaluated_for_the_user() {
    let bench = without(&[Permission::CreateRepository]).await;
    let evaluations = json!([
        { "securityNamespaceId": GIT, "token": "repoV2/x", "permissions": 4 },
        { "securityNamespaceId": GIT, "token": "repoV2/x", "permissions": 256 },
        { "securityNamespaceId": GIT, "token": "repoV2/x", "permissions": 260 },
        { "securityNamespaceId": BUILD, "token": "x", "permissions": 128 },
    ]);
    let answer = bench
        .send("POST", BATCH, json!({ "alwaysAllowAdministrators": false, "evaluations": evaluations }))
        .await;
    let answer = answer.expect(200);
    let values: Vec<_> =
        answer["evaluations"].as_array().unwrap().iter().map(|one| one["value"].as_bool().unwrap()).collect();
    assert_eq!(values, [true, false, false, true]);
    assert_eq!(answer["evaluations"][0]["token"], "repoV2/x");
}

#[tokio::test]
async fn a_switch_decides_whether_scoped_tokens_may_evaluate_permissions() {
    let open = World::easy().switches(|switches| switches.permission_batch_with_scopes = true);
    for (world, status) in [(World::hard(), 401), (World::easy(), 401), (open, 200)] {
        let bench = Bench::of(world).await;
        let token = bench.simulator.mint_token("fabrikam", TokenOptions::with_scopes(["vso.code"])).unwrap();
        let request = bench.request_as(&token, "POST", BATCH).json(&json!({ "evaluations": [] }));
        assert_eq!(Answer::of(request).await.status, status);
    }
}

#[tokio::test]
async fn a_token_belongs_to_its_user() {
    let organization = Organization::fabrikam()
        .user(User::named("Ann"))
        .user(User::named("Ben").without(Permission::QueueBuilds))
        .token(TokenOptions::full().named("ben's").for_user("ben"));
    let bench = Bench::of(World::hard().organization(organization)).await;
    let ben = bench.simulator.token_named("fabrikam", "ben's").unwrap();
    let who = "/fabrikam/_apis/connectionData?api-version=7.1-preview.1";
    let answer = Answer::of(bench.request_as(&ben, "GET", who)).await.expect(200);
    assert_eq!(answer["authenticatedUser"]["properties"]["Account"]["$value"], "ben@fabrikam.example");
    let runs = "/fabrikam/Fabrikam/_apis/pipelines/1/runs";
    assert_eq!(Answer::of(bench.request_as(&ben, "POST", runs).json(&json!({}))).await.status, 403);
    assert_eq!(bench.send("POST", runs, json!({})).await.status, 200);
}

#[tokio::test]
async fn a_role_is_a_row_of_permissions_and_a_licence_shows_only_in_requests() {
    let organization = [
        Role::Owner,
        Role::ProjectAdministrator,
        Role::BuildAdministrator,
        Role::Contributor,
        Role::Stakeholder,
        Role::Reader,
        Role::NoAccess,
    ]
    .into_iter()
    .fold(Organization::fabrikam(), |organization, role| {
        let name = format!("{role:?}");
        organization
            .user(User::named(&name).role(role))
            .token(TokenOptions::full().named(&name).for_user(&name))
    });
    let bench = Bench::of(World::hard().organization(organization)).await;
    let questions = [(GIT, 2), (GIT, 4), (GIT, 256), (BUILD, 128), (BUILD, 512), (COLLECTION, 4)];
    let evaluations: Vec<Value> = questions
        .iter()
        .map(|(namespace, bit)| json!({ "securityNamespaceId": namespace, "token": "NAMESPACE", "permissions": bit }))
        .collect();
    for (name, expected, status) in [
        ("Owner", [true, true, true, true, true, true], 201),
        ("ProjectAdministrator", [true, true, true, true, true, false], 201),
        ("BuildAdministrator", [true, true, false, true, true, false], 201),
        ("Contributor", [true, true, false, true, false, false], 201),
        ("Stakeholder", [true, true, false, true, false, false], 404),
        ("Reader", [true, false, false, false, false, false], 403),
        ("NoAccess", [false, false, false, false, false, false], 404),
    ] {
        let token = bench.simulator.token_named("fabrikam", name).unwrap();
        let batch = bench.request_as(&token, "POST", BATCH).json(&json!({ "evaluations": evaluations }));
        let answer = Answer::of(batch).await.expect(200);
        let values: Vec<bool> = answer["evaluations"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["value"].as_bool().unwrap())
            .collect();
        assert_eq!(values, expected, "{name}");
        let path = "/fabrikam/Fabrikam/_apis/git/repositories/site/pushes";
        let pushed = bench.request_as(&token, "POST", path).json(&push(&name.to_lowercase()));
        assert_eq!(Answer::of(pushed).await.status, status, "{name}");
    }
}

#[tokio::test]
async fn a_denial_in_one_repository_shows_in_its_security_token() {
    let user = User::named("Ann").without_in("site", Permission::GenericContribute);
    let bench = Bench::of(World::hard().organization(Organization::fabrikam().user(user))).await;
    let site = bench.get("/fabrikam/Fabrikam/_apis/git/repositories/site").await.expect(200);
    let project = site["project"]["id"].as_str().unwrap().to_owned();
    let own = format!("repoV2/{project}/{}", site["id"].as_str().unwrap());
    let question = |token: &str| json!({ "securityNamespaceId": GIT, "token": token, "permissions": 4 });
    let evaluations = [question(&format!("repoV2/{project}")), question(&own)];
    let answer = bench.send("POST", BATCH, json!({ "evaluations": evaluations })).await.expect(200);
    assert_eq!(answer["evaluations"][0]["value"], true);
    assert_eq!(answer["evaluations"][1]["value"], false);
    let path = "/fabrikam/Fabrikam/_apis/git/repositories/site/pushes";
    bench.send("POST", path, push("new")).await.refused(
        403,
        "GitNeedsPermissionException",
        "TF401027: You need the Git 'GenericContribute' permission to perform this action. Details: identity 'Ann', scope 'repository'.",
    );
}

#[tokio::test]
async fn a_denial_in_one_repository_applies_only_there() {
    for (permission, method, path, body) in [
        (Permission::GenericRead, "GET", "refs", ""),
        (Permission::GenericRead, "GET", "items?path=/README.md", ""),
        (Permission::GenericRead, "GET", "commits", ""),
        (Permission::GenericRead, "GET", "pullrequests", ""),
        (
            Permission::GenericContribute,
            "POST",
            "refs",
            r#"[{"name":"refs/heads/new","oldObjectId":"{zero}","newObjectId":"{tip}"}]"#,
        ),
        (
            Permission::CreateBranch,
            "POST",
            "refs",
            r#"[{"name":"refs/heads/new","oldObjectId":"{zero}","newObjectId":"{tip}"}]"#,
        ),
        (
            Permission::PullRequestContribute,
            "POST",
            "pullrequests",
            r#"{"title":"t","sourceRefName":"refs/heads/topic","targetRefName":"refs/heads/main"}"#,
        ),
    ] {
        let bench =
            Bench::of(walk_world::world(vec![User::named("Exact").without_in("site", permission)])).await;
        let token = TokenOptions::full().named("Exact").for_user("Exact");
        let token = bench.simulator.mint_token("fabrikam", token).unwrap();
        for (repository, refused) in [("site", true), ("guarded", false)] {
            let base = format!("/fabrikam/Fabrikam/_apis/git/repositories/{repository}");
            let tip = bench.get(&format!("{base}/stats/branches?name=main")).await.expect(200);
            let tip = tip["commit"]["commitId"].as_str().unwrap().to_owned();
            let body = body.replace("{zero}", &"0".repeat(40)).replace("{tip}", &tip);
            let answer =
                Answer::of(bench.request_as(&token, method, &format!("{base}/{path}")).body(body)).await;
            let detail = format!("{permission:?}, {method} {path} of {repository}: {}", answer.text());
            assert_eq!(
                answer.status >= 400 || answer.json()["value"][0]["success"] == false,
                refused,
                "{detail}"
            );
        }
        if permission == Permission::GenericRead {
            for list in ["repositories", "pullrequests?searchCriteria.status=all"] {
                let path = format!("/fabrikam/Fabrikam/_apis/git/{list}");
                let shown = Answer::of(bench.request_as(&token, "GET", &path)).await.expect(200).to_string();
                assert!(!shown.contains(r#""name":"site""#), "{list}: {shown}");
            }
        }
    }
}
