//! Token scopes, request by request: what each needs, and that nothing less will do.

use azdo_simulator::TokenOptions;
use azdo_simulator::imitated_requests;
use reqwest::Method;

use crate::client::Answer;
use crate::client::Bench;

/// Every request that is imitated, with a scope that is enough and scopes that are not.
/// The last column holds the closest neighbours: a weaker scope of the same area, the strongest of another.
const ROWS: &[(&str, &str, &[&str])] = &[
    ("GET /{organization}/_apis/connectionData", "vso.agentpools", &[]),
    ("GET /{organization}/_apis/resourceAreas", "vso.agentpools", &[]),
    ("GET /{organization}/_apis/resourceAreas/{areaId}", "vso.agentpools", &[]),
    ("GET /{organization}/_apis/projects", "vso.project", &["vso.agentpools", "vso.graph_manage"]),
    ("GET /{organization}/_apis/projects/{project}", "vso.build", &["vso.agentpools"]),
    ("POST /{organization}/_apis/projects", "vso.project_manage", &["vso.project_write", "vso.code_full"]),
    ("GET /{organization}/_apis/operations/{operation}", "vso.agentpools", &[]),
    ("GET /{organization}/_apis/process/processes", "vso.work", &["vso.project_manage", "vso.code_full"]),
    (
        "GET /{organization}[/{project}]/_apis/git/repositories",
        "vso.code",
        &["vso.build_execute", "vso.project_manage"],
    ),
    ("POST /{organization}[/{project}]/_apis/git/repositories", "vso.code_manage", &["vso.code_write"]),
    (
        "GET /{organization}[/{project}]/_apis/git/repositories/{repository}",
        "vso.code_full",
        &["vso.build_execute"],
    ),
    ("GET /{organization}[/{project}]/_apis/git/repositories/{repository}/refs", "vso.code", &["vso.build"]),
    (
        "POST /{organization}[/{project}]/_apis/git/repositories/{repository}/refs",
        "vso.code_write",
        &["vso.code"],
    ),
    (
        "GET /{organization}[/{project}]/_apis/git/repositories/{repository}/stats/branches",
        "vso.code",
        &["vso.build"],
    ),
    (
        "GET /{organization}[/{project}]/_apis/git/repositories/{repository}/commits",
        "vso.code",
        &["vso.build"],
    ),
    (
        "GET /{organization}[/{project}]/_apis/git/repositories/{repository}/commits/{commit}",
        "vso.code",
        &["vso.build"],
    ),
    (
        "GET /{organization}[/{project}]/_apis/git/repositories/{repository}/commits/{commit}/changes",
        "vso.code",
        &["vso.build"],
    ),
    ("GET /{organization}[/{project}]/_apis/git/repositories/{repository}/items", "vso.code", &["vso.build"]),
    (
        "POST /{organization}[/{project}]/_apis/git/repositories/{repository}/pushes",
        "vso.code_write",
        &["vso.code"],
    ),
    (
        "PATCH /{organization}[/{project}]/_apis/git/repositories/{repository}",
        "vso.code_manage",
        &["vso.code_write"],
    ),
    (
        "DELETE /{organization}[/{project}]/_apis/git/repositories/{repository}",
        "vso.code_manage",
        &["vso.code_write"],
    ),
    ("GET /{organization}/{project}/_apis/git/recycleBin/repositories", "vso.code", &["vso.build"]),
    (
        "GET /{organization}[/{project}]/_apis/git/repositories/{repository}/pushes",
        "vso.code",
        &["vso.build"],
    ),
    (
        "POST /{organization}/{project}/_apis/git/repositories/{repository}/importRequests",
        "vso.code_manage",
        &["vso.code_write"],
    ),
    (
        "GET /{organization}/{project}/_apis/git/repositories/{repository}/importRequests",
        "vso.code",
        &["vso.build"],
    ),
    (
        "GET /{organization}/{project}/_apis/git/repositories/{repository}/importRequests/{import}",
        "vso.code",
        &["vso.build"],
    ),
    ("GET /{organization}/{project}/_apis/git/pullrequests", "vso.code", &["vso.build"]),
    ("GET /{organization}[/{project}]/_apis/git/pullrequests/{id}", "vso.code", &["vso.build"]),
    (
        "GET /{organization}/{project}/_apis/git/repositories/{repository}/pullrequests",
        "vso.code",
        &["vso.build"],
    ),
    (
        "POST /{organization}/{project}/_apis/git/repositories/{repository}/pullrequests",
        "vso.code_write",
        &["vso.code"],
    ),
    (
        "GET /{organization}/{project}/_apis/git/repositories/{repository}/pullrequests/{id}",
        "vso.code",
        &["vso.build"],
    ),
    (
        "PATCH /{organization}/{project}/_apis/git/repositories/{repository}/pullrequests/{id}",
        "vso.code_write",
        &["vso.code"],
    ),
    (
        "PUT /{organization}/{project}/_apis/git/repositories/{repository}/pullrequests/{id}/reviewers/{reviewer}",
        "vso.code_write",
        &["vso.code"],
    ),
    (
        "GET /{organization}/{project}/_apis/git/repositories/{repository}/pullrequests/{id}/reviewers",
        "vso.code",
        &["vso.build"],
    ),
    (
        "GET /{organization}/{project}/_apis/git/repositories/{repository}/pullrequests/{id}/threads",
        "vso.code",
        &["vso.build"],
    ),
    (
        "POST /{organization}/{project}/_apis/git/repositories/{repository}/pullrequests/{id}/threads",
        "vso.code_write",
        &["vso.code"],
    ),
    ("GET /{organization}/{project}/_apis/policy/configurations", "vso.code", &["vso.build"]),
    (
        "DELETE /{organization}/{project}/_apis/policy/configurations/{configuration}",
        "vso.code_write",
        &["vso.code"],
    ),
    ("GET /{organization}/{project}/_apis/policy/evaluations", "vso.code", &["vso.build"]),
    ("GET /{organization}/{project}/_apis/pipelines/approvals", "vso.build", &["vso.code_full"]),
    ("PATCH /{organization}/{project}/_apis/pipelines/approvals", "vso.build_execute", &["vso.build"]),
    ("GET /{organization}/{project}/_apis/pipelines/approvals/{approval}", "vso.build", &["vso.code_full"]),
    (
        "GET /{organization}/{project}/_apis/pipelines/pipelinePermissions/{type}/{id}",
        "vso.build",
        &["vso.code_full"],
    ),
    (
        "PATCH /{organization}/{project}/_apis/pipelines/pipelinePermissions/{type}/{id}",
        "vso.pipelineresources_manage",
        &["vso.build_execute", "vso.pipelineresources_use"],
    ),
    ("GET /{organization}/{project}/_apis/pipelines", "vso.build", &["vso.code_full", "vso.release_manage"]),
    ("POST /{organization}/{project}/_apis/pipelines", "vso.build_execute", &["vso.build", "vso.code_full"]),
    ("GET /{organization}/{project}/_apis/pipelines/{pipeline}", "vso.build", &["vso.code_full"]),
    ("POST /{organization}/{project}/_apis/pipelines/{pipeline}/runs", "vso.build_execute", &["vso.build"]),
    ("GET /{organization}/{project}/_apis/pipelines/{pipeline}/runs", "vso.build", &["vso.code_full"]),
    ("GET /{organization}/{project}/_apis/pipelines/{pipeline}/runs/{run}", "vso.build", &["vso.code_full"]),
    ("GET /{organization}/{project}/_apis/build/builds", "vso.build", &["vso.code_full"]),
    ("POST /{organization}/{project}/_apis/build/builds", "vso.build_execute", &["vso.build"]),
    ("GET /{organization}/{project}/_apis/build/builds/{build}", "vso.build", &["vso.code_full"]),
    ("PATCH /{organization}/{project}/_apis/build/builds/{build}", "vso.build_execute", &["vso.build"]),
    ("GET /{organization}/{project}/_apis/build/builds/{build}/timeline", "vso.build", &["vso.code_full"]),
    (
        "PATCH /{organization}/{project}/_apis/build/builds/{build}/stages/{stage}",
        "vso.build_execute",
        &["vso.build"],
    ),
    ("GET /{organization}/{project}/_apis/build/builds/{build}/logs", "vso.build", &["vso.code_full"]),
    ("GET /{organization}/{project}/_apis/build/builds/{build}/logs/{log}", "vso.build", &["vso.code_full"]),
    ("GET /{organization}/{project}/_apis/build/builds/{build}/artifacts", "vso.build", &["vso.code_full"]),
    (
        "GET /{organization}/{project}/_apis/pipelines/{pipeline}/runs/{run}/artifacts",
        "vso.build",
        &["vso.code_full"],
    ),
    ("GET /{organization}/_apis/resources/Containers/{container}", "vso.build", &["vso.code_full"]),
    ("GET /{organization}/{project}/_apis/build/definitions", "vso.build", &["vso.code_full"]),
    ("POST /{organization}/{project}/_apis/build/definitions", "vso.build_execute", &["vso.build"]),
    (
        "GET /{organization}/{project}/_apis/build/definitions/{definition}/revisions",
        "vso.build",
        &["vso.code"],
    ),
    ("GET /{organization}/{project}/_apis/build/definitions/{definition}", "vso.build", &["vso.code_full"]),
    (
        "PUT /{organization}/{project}/_apis/build/definitions/{definition}",
        "vso.build_execute",
        &["vso.build"],
    ),
    (
        "DELETE /{organization}/{project}/_apis/build/definitions/{definition}",
        "vso.build_execute",
        &["vso.build"],
    ),
    (
        "PATCH /{organization}/{project}/_apis/build/definitions/{definition}",
        "vso.build_execute",
        &["vso.build"],
    ),
    (
        "GET /{organization}/{project}/_apis/release/definitions",
        "vso.release",
        &["vso.code_full", "vso.build_execute"],
    ),
    ("GET /{organization}[/{project}]/_apis/wit/workitems/{id}", "vso.work", &["vso.code_full"]),
    (
        "GET /{organization}[/{project}]/_apis/wit/workitems/{id}/revisions/{revision}",
        "vso.work",
        &["vso.code_full"],
    ),
    ("GET /{organization}/{project}/_apis/wit/workitems/${type}", "vso.work", &["vso.code_full"]),
    ("GET /{organization}[/{project}]/_apis/wit/workitems", "vso.work", &["vso.code_full"]),
    ("POST /{organization}[/{project}]/_apis/wit/workitemsbatch", "vso.work", &["vso.code_full"]),
    ("POST /{organization}/{project}/_apis/wit/workitems/${type}", "vso.work_write", &["vso.work"]),
    ("PATCH /{organization}[/{project}]/_apis/wit/workitems/{id}", "vso.work_write", &["vso.work"]),
    ("GET /{organization}/{project}/_apis/wit/workitemtypes", "vso.work", &["vso.code_full"]),
    ("POST /{organization}/{project}/_apis/wit/wiql", "vso.work", &["vso.code_full"]),
    ("POST /{organization}[/{project}]/_apis/wit/attachments", "vso.work_write", &["vso.work"]),
    ("GET /{organization}[/{project}]/_apis/wit/attachments/{id}", "vso.work", &["vso.code_full"]),
    ("POST /{organization}/{project}/_apis/release/definitions", "vso.release_execute", &["vso.release"]),
    ("PUT /{organization}/{project}/_apis/release/definitions", "vso.release_execute", &["vso.release"]),
    (
        "GET /{organization}/{project}/_apis/release/definitions/{definition}/revisions",
        "vso.release",
        &["vso.build"],
    ),
    (
        "GET /{organization}/{project}/_apis/release/definitions/{definition}",
        "vso.release",
        &["vso.build_execute"],
    ),
    (
        "DELETE /{organization}/{project}/_apis/release/definitions/{definition}",
        "vso.release_manage",
        &["vso.release_execute"],
    ),
    ("GET /{organization}/{project}/_apis/release/releases", "vso.release", &["vso.build_execute"]),
    ("POST /{organization}/{project}/_apis/release/releases", "vso.release_execute", &["vso.release"]),
    ("GET /{organization}/{project}/_apis/release/releases/{release}", "vso.release", &["vso.build_execute"]),
    (
        "PATCH /{organization}/{project}/_apis/release/releases/{release}",
        "vso.release_execute",
        &["vso.release"],
    ),
    ("GET /{organization}/{project}/_apis/serviceendpoint/endpoints", "vso.serviceendpoint", &["vso.build"]),
    ("GET /{organization}/{project}/_apis/distributedtask/queues", "vso.agentpools", &["vso.build"]),
    (
        "GET /{organization}/{project}/_apis/distributedtask/variablegroups",
        "vso.variablegroups_read",
        &["vso.build"],
    ),
    (
        "GET /{organization}/{project}/_apis/distributedtask/securefiles",
        "vso.securefiles_read",
        &["vso.build"],
    ),
    ("GET /{organization}/{project}/_apis/pipelines/environments", "vso.environment_manage", &["vso.build"]),
    (
        "GET /{organization}/{project}/_apis/release/releases/{release}/environments/{environment}",
        "vso.release",
        &["vso.build_execute"],
    ),
    (
        "PATCH /{organization}/{project}/_apis/release/releases/{release}/environments/{environment}",
        "vso.release_execute",
        &["vso.release"],
    ),
    ("GET /{organization}/{project}/_apis/release/approvals", "vso.release", &["vso.build_execute"]),
    (
        "PATCH /{organization}/{project}/_apis/release/approvals/{approval}",
        "vso.release_manage",
        &["vso.release_execute"],
    ),
    ("POST /{organization}/_apis/security/permissionevaluationbatch", "app_token", &["vso.security_manage"]),
    ("GET /{organization}/_apis/permissions/{namespace}/{bits}", "app_token", &["vso.security_manage"]),
];

/// A path that fits a row: every placeholder filled with something that is there, or nearly.
fn filled(template: &str) -> String {
    [
        ("[/{project}]", "/Fabrikam"),
        ("/{project}/_apis", "/Fabrikam/_apis"),
        ("{organization}", "fabrikam"),
        ("{project}", "Fabrikam"),
        ("{repository}", "site"),
        ("{import}", "1"),
        ("{id}", "1"),
        ("{type}", "Bug"),
        ("{reviewer}", "1"),
        ("{configuration}", "1"),
        ("{pipeline}", "1"),
        ("{definition}", "1"),
        ("{run}", "1"),
        ("{build}", "1"),
        ("{stage}", "Build"),
        ("{log}", "1"),
        ("{release}", "1"),
        ("{environment}", "1"),
        ("{approval}", "1"),
        ("{type}", "queue"),
        ("{container}", "1"),
        ("{namespace}", "2e9eb7ed-3c0a-47d4-87c1-0ffdd275fd87"),
        ("{bits}", "4"),
        ("{operation}", "1"),
        ("{commit}", "0000000000000000000000000000000000000000"),
    ]
    .iter()
    .fold(template.to_owned(), |path, (from, to)| path.replace(from, to))
}

#[test]
fn the_table_has_every_request() {
    let rows: Vec<&str> = ROWS.iter().map(|row| row.0).collect();
    let mut imitated = imitated_requests();
    imitated.retain(|request| !rows.contains(&request.as_str()));
    assert_eq!(imitated, Vec::<String>::new(), "not in the table");
    assert_eq!(rows.len(), imitated_requests().len());
}

#[tokio::test]
async fn each_request_needs_its_scope() {
    let bench = Bench::new().await;
    let full = bench.simulator.token("fabrikam").unwrap();
    let run = bench.send("POST", "/fabrikam/Fabrikam/_apis/pipelines/1/runs", serde_json::json!({})).await;
    assert_eq!(run.expect(200)["id"], 1);
    for (request, enough, too_little) in ROWS {
        let (method, template) = request.split_once(' ').unwrap();
        // What a delete would take away is needed by others.
        let template =
            if method == "DELETE" { template.replace("{definition}", "99") } else { template.to_owned() };
        let path = format!("{}?api-version=7.1-preview.1", filled(&template));
        let ask = async |token: &str| {
            let mut request = bench.request_as(token, method, &path);
            if Method::from_bytes(method.as_bytes()).unwrap() != Method::GET {
                // Not what the request wants, so that nothing changes: who may not gets no further than 401.
                request = request.body("[]");
            }
            Answer::of(request).await
        };
        let allowed = ask(&full).await;
        assert!(![401, 405].contains(&allowed.status), "{request}: {}", allowed.text());
        let mint =
            |scope: &str| bench.simulator.mint_token("fabrikam", TokenOptions::with_scopes([scope])).unwrap();
        let answer = ask(&mint(enough)).await;
        assert_eq!(answer.status, allowed.status, "{request}, {enough}");
        for scope in *too_little {
            let answer = ask(&mint(scope)).await;
            assert_eq!((answer.status, answer.body.len()), (401, 0), "{request}, {scope}");
        }
    }
}

#[tokio::test]
async fn a_special_token_brings_its_scopes() {
    let bench = Bench::new().await;
    let token = "simulator-token-with-scopes.vso.code_write+vso.build_execute";
    for (path, status) in [
        ("/fabrikam/Fabrikam/_apis/git/repositories", 200),
        ("/fabrikam/Fabrikam/_apis/pipelines", 200),
        ("/fabrikam/_apis/projects", 200),
    ] {
        assert_eq!(Answer::of(bench.request_as(token, "GET", path)).await.status, status, "{path}");
    }
    let create = bench.request_as(token, "POST", "/fabrikam/Fabrikam/_apis/git/repositories");
    assert_eq!(Answer::of(create.json(&serde_json::json!({ "name": "x" }))).await.status, 401);
}
