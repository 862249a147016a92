//! API versions, over HTTP.

use azdo_simulator::Server;
use azdo_simulator::World;
use serde_json::json;

use crate::client::Answer;
use crate::client::Bench;

#[tokio::test]
async fn a_preview_needs_the_preview_flag() {
    let bench = Bench::new().await;
    let path = "/fabrikam/_apis/connectionData";
    let answer = bench.get(&format!("{path}?api-version=7.1")).await;
    answer.refused(
        400,
        "VssInvalidPreviewVersionException",
        "The requested version \"7.1\" of the resource is under preview.",
    );
    assert_eq!(Answer::of(bench.request("GET", path).header("X", "y")).await.status, 400);
    let answer = bench.get(&format!("{path}?api-version=7.1-preview.1")).await;
    assert_eq!(
        answer.header("content-type"),
        Some("application/json; charset=utf-8; api-version=7.1-preview.1")
    );
}

#[tokio::test]
async fn a_version_can_be_in_accept_and_a_get_needs_none() {
    let bench = Bench::new().await;
    let token = bench.simulator.token("fabrikam").unwrap();
    let request = |accept: &str| {
        bench.bare("GET", "/fabrikam/_apis/projects").basic_auth("", Some(&token)).header("Accept", accept)
    };
    let answer = Answer::of(request("application/json;api-version=6.0")).await;
    assert_eq!(answer.header("content-type"), Some("application/json; charset=utf-8; api-version=6.0"));
    let answer = Answer::of(request("application/json")).await;
    assert_eq!(answer.header("content-type"), Some("application/json; charset=utf-8; api-version=7.1"));
    Answer::of(request("application/json;api-version=9.0")).await.refused(
        400,
        "VssVersionOutOfRangeException",
        "The requested REST API version of 9.0 is out of range for this server.",
    );
}

#[tokio::test]
async fn a_writing_request_needs_a_version() {
    let bench = Bench::new().await;
    let token = bench.simulator.token("fabrikam").unwrap();
    let request = bench.bare("POST", "/fabrikam/Fabrikam/_apis/git/repositories").basic_auth("", Some(token));
    Answer::of(request.json(&json!({ "name": "new" }))).await.refused(
        400,
        "VssVersionNotSpecifiedException",
        "No api-version was supplied for the \"POST\" request.",
    );
}

#[tokio::test]
async fn a_server_has_a_path_prefix_and_its_own_versions() {
    let bench = Bench::of(World::hard().server("6.0".parse().unwrap())).await;
    let token = bench.simulator.token("fabrikam").unwrap();
    let get = |path: &str| Answer::of(bench.request_as(&token, "GET", path));
    let answer = get("/tfs/fabrikam/_apis/connectionData?api-version=6.0-preview.1").await;
    assert_eq!((answer.status, answer.json()["deploymentType"].as_str()), (200, Some("onPremises")));
    for outside in ["/fabrikam/_apis/projects", "/tfsx/fabrikam/_apis/projects", "/tfs"] {
        assert_eq!(get(outside).await.status, 404, "{outside}");
    }
    let projects = get("/TFS/fabrikam/_apis/projects?api-version=6.0").await.json();
    let url = projects["value"][0]["url"].as_str().unwrap().to_owned();
    assert!(url.starts_with(&bench.simulator.organization_url("fabrikam")), "{url}");
    get("/tfs/fabrikam/_apis/projects").await.refused(
        400,
        "VssVersionOutOfRangeException",
        "The requested REST API version of 7.1 is out of range for this server. The latest REST API version \
         this server supports is 6.0.",
    );
    let pipelines = "/tfs/fabrikam/Fabrikam/_apis/pipelines";
    get(&format!("{pipelines}?api-version=6.0")).await.refused(
        400,
        "VssInvalidPreviewVersionException",
        "The requested version \"6.0\" of the resource is under preview.",
    );
    assert_eq!(get(&format!("{pipelines}?api-version=6.0-preview")).await.status, 200);
    assert!("2019".parse::<Server>().is_err());
}
