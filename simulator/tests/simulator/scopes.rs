//! Token scopes: every request is sent with every scope, and only the scopes of its route are accepted.

use azdo_simulator::ImitatedRequest;
use azdo_simulator::TokenOptions;
use azdo_simulator::imitated_requests;
use reqwest::Method;

use crate::client::Answer;
use crate::client::Bench;

/// Every scope, with the scopes that it includes directly, as the service documents them.
const SCOPES: &[(&str, &[&str])] = &[
    ("app_token", &[]),
    ("vso.profile", &[]),
    ("vso.profile_write", &["vso.profile"]),
    ("vso.code", &["vso.profile"]),
    ("vso.code_write", &["vso.code"]),
    ("vso.code_manage", &["vso.code_write"]),
    ("vso.code_full", &["vso.code_manage"]),
    ("vso.code_status", &[]),
    ("vso.build", &["vso.profile"]),
    ("vso.build_execute", &["vso.build"]),
    ("vso.release", &["vso.profile"]),
    ("vso.release_execute", &["vso.release"]),
    ("vso.release_manage", &["vso.release_execute"]),
    ("vso.test", &["vso.profile"]),
    ("vso.test_write", &["vso.test"]),
    ("vso.work", &["vso.profile"]),
    ("vso.work_write", &["vso.work"]),
    ("vso.work_full", &["vso.work_write"]),
    ("vso.project", &[]),
    ("vso.project_write", &["vso.project"]),
    ("vso.project_manage", &["vso.project_write"]),
    ("vso.pipelineresources_use", &[]),
    ("vso.pipelineresources_manage", &["vso.pipelineresources_use"]),
    ("vso.agentpools", &[]),
    ("vso.agentpools_manage", &["vso.agentpools"]),
    ("vso.serviceendpoint", &[]),
    ("vso.variablegroups_read", &[]),
    ("vso.variablegroups_write", &["vso.variablegroups_read"]),
    ("vso.variablegroups_manage", &["vso.variablegroups_write"]),
    ("vso.securefiles_read", &[]),
    ("vso.environment_manage", &[]),
    ("vso.identity", &[]),
    ("vso.graph", &[]),
    ("vso.graph_manage", &["vso.graph"]),
    ("vso.security_manage", &[]),
];

/// Whether a token with this scope may send a request that needs one of `accepted`.
fn is_enough(scope: &str, accepted: &[&str]) -> bool {
    let included =
        || SCOPES.iter().find(|(name, _)| *name == scope).map_or(&[][..], |(_, included)| included);
    accepted.is_empty()
        || scope == "app_token"
        || accepted.contains(&scope)
        || included().iter().any(|scope| is_enough(scope, accepted))
}

/// A path that matches a route, with a value for each placeholder.
fn filled(template: &str) -> String {
    [
        ("[/{project}[/{team}]]", "/Fabrikam"),
        ("[/{project}]", "/Fabrikam"),
        ("/{project}/_apis", "/Fabrikam/_apis"),
        ("{organization}", "fabrikam"),
        ("{project}", "Fabrikam"),
        ("{repository}", "site"),
        ("{import}", "1"),
        ("{id}", "1"),
        ("{type}", "Bug"),
        ("{reviewer}", "1"),
        ("{iteration}", "1"),
        ("{objectId}", "0000000000000000000000000000000000000000"),
        ("{thread}", "1"),
        ("{sha1}", "0000000000000000000000000000000000000000"),
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
fn the_scopes_of_the_routes_are_known() {
    for ImitatedRequest { request, scopes, .. } in imitated_requests() {
        for scope in scopes {
            assert!(SCOPES.iter().any(|(known, _)| known == scope), "{request}: {scope}");
        }
    }
}

#[tokio::test]
async fn each_request_needs_its_scope() {
    let bench = Bench::new().await;
    let full = bench.simulator.token("fabrikam").unwrap();
    let run = bench.send("POST", "/fabrikam/Fabrikam/_apis/pipelines/1/runs", serde_json::json!({})).await;
    assert_eq!(run.expect(200)["id"], 1);
    let mint = |&(scope, _): &(&'static str, _)| {
        let token = bench.simulator.mint_token("fabrikam", TokenOptions::with_scopes([scope])).unwrap();
        (scope, token)
    };
    let tokens: Vec<(&str, String)> = SCOPES.iter().map(mint).collect();
    for ImitatedRequest { request, scopes, .. } in imitated_requests() {
        let (method, template) = request.split_once(' ').unwrap();
        // Other requests need what a delete would remove.
        let template =
            if method == "DELETE" { template.replace("{definition}", "99") } else { template.to_owned() };
        let path = format!("{}?api-version=7.1-preview.1", filled(&template));
        let send = async |token: &str| {
            let mut request = bench.request_as(token, method, &path);
            if Method::from_bytes(method.as_bytes()).unwrap() != Method::GET {
                // Not the body that the request needs, so that nothing changes. The scope is checked before it.
                request = request.body("[]");
            }
            Answer::of(request).await
        };
        let allowed = send(&full).await;
        assert!(![401, 405].contains(&allowed.status), "{request}: {}", allowed.text());
        for (scope, token) in &tokens {
            let answer = send(token).await;
            if is_enough(scope, scopes) {
                assert_eq!(answer.status, allowed.status, "{request}, {scope}");
            } else {
                assert_eq!((answer.status, answer.body.len()), (401, 0), "{request}, {scope}");
            }
        }
    }
}

#[tokio::test]
async fn a_special_token_has_the_scopes_in_its_name() {
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
