//! A flow against each version of Azure DevOps Server: it works, and the version is detected once.

use azdo_simulator::Fault;
use azdo_simulator::Organization;
use azdo_simulator::Project;
use azdo_simulator::Server;
use serde_json::json;

use crate::flow::support::House;
use crate::flow::support::integer;
use crate::flow::support::text;
use crate::flow::support::world;

/// Returns a fixture whose root is connected to a collection of this server
async fn connected_to(server: Server) -> House {
    let collection = Organization::named("DefaultCollection").project(Project::with_site("Fabrikam"));
    let house = House::with(world().collection(server, collection)).await;
    let url = house.simulator.organization_url("DefaultCollection");
    assert!(url.ends_with("/tfs/DefaultCollection"), "{url}");
    let outcome = house.connect(&house.root, None, json!({ "organizationUrl": url })).await;
    let outputs = outcome.unwrap_or_else(|failure| panic!("{server:?}: {:?}", failure.error)).outputs;
    assert_eq!(text(&outputs, "projectName"), "Fabrikam");
    house
}

/// Reads, commits, creates a pipeline, runs it and waits
async fn work(house: &House, name: &str) {
    house.ok("listRepositories", json!({})).await;
    let files = json!({ name: "steps: []\n" });
    let commit = json!({ "repository": "site", "branch": "main", "message": name, "files": files });
    house.ok("commitFiles", commit).await;
    house.ok("createPipeline", json!({ "name": name, "repository": "site", "path": name })).await;
    let run = house.ok("runPipeline", json!({ "pipeline": name })).await;
    let done = house.ok("waitForPipelineRun", json!({ "id": integer(&run, "id") })).await;
    assert_eq!(text(&done, "result"), "succeeded");
}

/// Returns the number of refused requests, and of requests in this version
fn refused_and_in_version(house: &House, version: &str) -> (Vec<String>, usize) {
    let journal = house.journal();
    let refused = journal.iter().filter(|entry| entry.status == Some(400));
    let in_version = |entry: &&azdo_simulator::JournalEntry| {
        entry.header("accept").is_some_and(|accept| accept.contains(&format!("api-version={version}")))
    };
    let refused = refused.map(|entry| {
        let segments = entry.path.split("/_apis/").nth(1).unwrap_or_default().split('/').count();
        let area = entry.path.split("/_apis/").nth(1).unwrap_or_default().split('/').next();
        format!("{} {}/{segments}", entry.method, area.unwrap_or_default())
    });
    (refused.collect(), journal.iter().filter(in_version).count())
}

#[tokio::test]
async fn a_flow_runs_on_each_server_and_detects_its_version_once() {
    let rows: [(Server, &str, &[&str]); 3] = [
        (Server::V2022_1, "7.1", &[]),
        (Server::V2022, "7.0", &["GET connectionData/1", "GET projects/2"]),
        (
            Server::V2020,
            "6.0",
            &[
                // 7.1 and 7.0, for both requests of Connect.
                "GET connectionData/1",
                "GET connectionData/1",
                "GET projects/2",
                "GET projects/2",
                // Released since 7.0; a preview in 6.0.
                "POST pipelines/1",
                "POST pipelines/3",
            ],
        ),
    ];
    for (server, version, learned) in rows {
        let house = connected_to(server).await;
        work(&house, "first.yml").await;
        let (mut refused, in_version) = refused_and_in_version(&house, version);
        refused.sort();
        refused.retain(|one| one != "GET pipelines/1");
        assert_eq!(refused, learned, "{server:?}");
        assert!(in_version > 8, "{server:?}: {in_version}");

        // From then on, nothing is sent twice, and everything is in the server's own version.
        house.simulator.clear_journal();
        work(&house, "second.yml").await;
        let (refused, in_version) = refused_and_in_version(&house, version);
        assert_eq!(refused, Vec::<String>::new(), "{server:?}");
        assert_eq!(in_version, house.journal().len(), "{server:?}");
        let pipelines = house.ok("listPipelines", json!({})).await;
        let names = serde_json::to_string(&pipelines).expect("outputs are JSON");
        assert_eq!(names.matches("\"name\":\"second.yml\"").count(), 1, "made once: {names}");
    }
}

#[tokio::test]
async fn a_request_counts_as_one_change_even_if_its_version_is_refused() {
    let house = connected_to(Server::V2020).await;
    house.simulator.clear_journal();
    let name = json!({ "name": "tools" });
    house.ok("createRepository", name.clone()).await;
    let error = house.error("createRepository", name).await;
    assert_eq!(error.code(), azdo_bot::contract::ErrorCode::ResourceConflict);
}

#[tokio::test]
async fn the_errors_of_actions_on_a_server_speak_of_the_collection() {
    let (house, url) = House::on_a_server().await;
    let of_collection = |error: azdo_bot::contract::Error, expected: &str| {
        let words = format!("{}\n{}", error.message(), error.help_text());
        assert!(words.contains(expected), "{words}");
        assert!(!words.to_lowercase().contains("organization"), "{words}");
    };
    let connect = async |more: serde_json::Value| {
        let mut inputs = json!({ "organizationUrl": url });
        for (name, value) in more.as_object().expect("inputs are an object") {
            inputs[name] = value.clone();
        }
        house.connect(&house.root, None, inputs).await.expect_err("it does not connect").error
    };
    let missing = connect(json!({ "projectName": "Fabricam", "ifSessionExists": "REPLACE" })).await;
    of_collection(missing, "The collection \"Main\" has no project \"Fabricam\"");
    let other = connect(json!({ "projectName": "Other", "ifSessionExists": "REUSE" })).await;
    of_collection(other, "REUSE needs the same collection, project, credential and method");

    let deleting =
        |body: &[u8]| String::from_utf8_lossy(body).replace("\"wellFormed\"", "\"deleting\"").into_bytes();
    house.simulator.fault(Fault::on("GET */projects/*").times(9).rewrite(deleting));
    let deleted = house.error("createProject", json!({ "name": "Web" })).await;
    of_collection(deleted, "restore it in the settings of the collection");
    house.simulator.clear_faults();

    house.simulator.fault(Fault::on("GET */projects").answer(403, &[], ""));
    of_collection(
        house.error("listProjects", json!({})).await,
        "list the projects of the collection \"Main\"",
    );
    // An action's own error without a help of its own.
    house.simulator.fault(Fault::on("POST */refs").rewrite(|_| br#"{"count":0,"value":[]}"#.to_vec()));
    let branch = json!({ "repository": "site", "branch": "x", "fromBranch": "main" });
    of_collection(house.error("createBranch", branch).await, "open the collection's URL");
}
