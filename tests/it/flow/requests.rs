//! The exact number of requests: two concurrent ones to connect, then one per action, on one connection.

use azdo_simulator::Fault;
use serde_json::json;

use crate::flow::support::House;

#[tokio::test]
async fn connect_sends_two_concurrent_requests_and_no_others() {
    let house = House::new().await;
    // Each is held until both arrive: if sent one after the other, neither would get a response.
    house.simulator.fault(Fault::on("GET /fabrikam/_apis/*").together(2));
    house.connect_root().await;
    let journal = house.journal();
    let mut paths: Vec<&str> = journal.iter().map(|entry| entry.path.as_str()).collect();
    paths.sort_unstable();
    assert_eq!(paths, ["/fabrikam/_apis/connectionData", "/fabrikam/_apis/projects/Fabrikam"]);
    assert!(journal.iter().all(|entry| entry.overlapped && entry.status == Some(200)), "{journal:#?}");
}

#[tokio::test]
async fn each_action_sends_one_request_and_sequential_actions_use_one_connection() {
    let house = House::connected().await;
    house.simulator.clear_journal();
    let run = house.ok("runPipeline", json!({ "pipeline": "1" })).await;
    let id = &run["id"];
    for (action, inputs) in [
        ("listRepositories", json!({})),
        ("createRepository", json!({ "name": "one-request" })),
        ("getProject", json!({})),
        ("getRepositoryFile", json!({ "repository": "site", "path": "azure-pipelines.yml" })),
        ("listPipelines", json!({})),
        ("getPipelineRun", json!({ "id": id })),
        ("checkSession", json!({})),
    ] {
        let before = house.journal().len();
        let outcome = house.execute(&house.root, action, inputs).await.expect(action);
        assert_eq!(house.journal().len() - before, 1, "{action}");
        assert_eq!(outcome.requests, 1, "{action}");
    }
    house.ok("disconnect", json!({})).await;
    let journal = house.journal();
    assert!(journal.iter().all(|entry| entry.connection == journal[0].connection), "{journal:#?}");
    assert!(journal.iter().all(|entry| !entry.overlapped), "{journal:#?}");
}

#[tokio::test]
async fn requests_carry_the_required_headers_and_no_tracking() {
    let house = House::connected().await;
    house.ok("listRepositories", json!({})).await;
    let journal = house.journal();
    let session = journal[0].header("x-tfs-session").expect("there is a session header");
    for entry in &journal {
        assert!(entry.authorization, "{entry:?}");
        assert_eq!(entry.header("x-tfs-fedauthredirect"), Some("Suppress"));
        assert_eq!(entry.header("x-tfs-session"), Some(session));
        assert!(entry.header("user-agent").is_some_and(|agent| agent.starts_with("azdo-bot/")));
        assert!(entry.header("accept").is_some_and(|accept| accept.contains("api-version=")));
        assert_eq!((entry.header("cookie"), entry.header("referer")), (None, None));
    }
}

#[tokio::test]
async fn invalid_inputs_send_no_request() {
    let house = House::connected().await;
    house.simulator.clear_journal();
    for (action, inputs) in [
        ("createRepository", json!({ "name": "a/b" })),
        ("createRepository", json!({ "name": ".." })),
        ("createRepository", json!({ "nmae": "site" })),
        ("createRepository", json!({ "session": "Nowhere", "name": "site" })),
        (
            "createRepository",
            json!({ "session": "azdo-session:00000000000000000000000000000000", "name": "site" }),
        ),
        ("getRepositoryFile", json!({ "repository": "site", "path": "../../secret" })),
        ("getRepositoryFile", json!({ "repository": "..", "path": "a" })),
        ("getRepositoryFile", json!({ "repository": "site", "path": "a", "branch": "a..b" })),
        ("getPipelineRun", json!({ "id": 0 })),
        ("getPipelineRun", json!({ "id": -5 })),
        ("getPipelineRun", json!({ "id": 4_294_967_296_i64 })),
        ("getPipelineRun", json!({ "id": 1.5 })),
        ("runPipeline", json!({ "pipeline": "0" })),
        ("runPipeline", json!({ "pipeline": "99999999999999999999" })),
        ("noSuchAction", json!({})),
    ] {
        let error = house.error(action, inputs.clone()).await;
        assert!(!error.message().is_empty(), "{action} {inputs}");
    }
    assert_eq!(house.requests(), Vec::<String>::new());
}
