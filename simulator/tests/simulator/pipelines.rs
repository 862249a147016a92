//! Pipelines, as pipelines and as definitions.

use azdo_simulator::World;
use serde_json::Value;
use serde_json::json;

use crate::client::Bench;

const PIPELINES: &str = "/fabrikam/Fabrikam/_apis/pipelines";

async fn site_id(bench: &Bench) -> Value {
    bench.get("/fabrikam/Fabrikam/_apis/git/repositories/site").await.expect(200)["id"].clone()
}

fn new(name: &str, repository: &Value) -> Value {
    json!({ "folder": "\\", "name": name, "configuration": {
        "type": "yaml", "path": "/azure-pipelines.yml",
        "repository": { "id": repository, "name": "site", "type": "azureReposGit" },
    } })
}

#[tokio::test]
async fn a_pipeline_is_created_and_found() {
    let bench = Bench::new().await;
    let site = site_id(&bench).await;
    let created = bench.send("POST", PIPELINES, new("release", &site)).await.expect(200);
    assert_eq!(
        (created["id"].as_u64(), created["folder"].as_str()),
        (Some(3), Some("\\")),
        "1 and 2 are the world's"
    );
    assert_eq!(created["configuration"]["path"], "/azure-pipelines.yml");
    let id = created["id"].as_u64().unwrap();
    assert_eq!(bench.get(&format!("{PIPELINES}/{id}")).await.expect(200)["name"], "release");
    let list = bench.get(&format!("{PIPELINES}?orderBy=name desc")).await.expect(200);
    let names: Vec<_> =
        list["value"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["site", "release"]);
    let page = bench.get(&format!("{PIPELINES}?$top=1")).await;
    assert_eq!((page.json()["count"].as_u64(), page.header("x-ms-continuationtoken")), (Some(1), Some("1")));
    bench.get(&format!("{PIPELINES}/99")).await.refused(
        404,
        "PipelineNotFoundException",
        "The pipeline '99' does not exist",
    );
    let elsewhere = bench.get(&format!("/fabrikam/Archive/_apis/pipelines/{id}")).await;
    assert_eq!(elsewhere.status, 404, "a pipeline belongs to its project");
}

#[tokio::test]
async fn a_name_is_unique_in_its_folder() {
    let bench = Bench::new().await;
    let site = site_id(&bench).await;
    bench.send("POST", PIPELINES, new("SITE", &site)).await.refused(409, "DefinitionExistsException", "");
    let mut other = new("site", &site);
    other["folder"] = json!("/team/a");
    assert_eq!(bench.send("POST", PIPELINES, other).await.expect(200)["folder"], "\\team\\a");
}

#[tokio::test]
async fn incomplete_pipelines_are_refused() {
    let bench = Bench::new().await;
    let site = site_id(&bench).await;
    let without = |pointer: &str| {
        let mut body = new("x", &site);
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        body.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(name).unwrap();
        body
    };
    for pointer in [
        "/name",
        "/configuration",
        "/configuration/path",
        "/configuration/repository",
        "/configuration/repository/id",
    ] {
        let answer = bench.send("POST", PIPELINES, without(pointer)).await;
        answer.refused(400, "ArgumentNullException", "Value cannot be null.\r\nParameter name: ");
    }
    for pointer in ["/configuration/type", "/configuration/repository/type"] {
        bench.send("POST", PIPELINES, without(pointer)).await.refused(400, "PipelineValidationException", "");
    }
    let nowhere = new("x", &json!("00000000-1111-4222-8333-444444444444"));
    bench.send("POST", PIPELINES, nowhere).await.refused(404, "GitRepositoryNotFoundException", "TF401019: ");
}

#[tokio::test]
async fn a_missing_file_is_refused_at_creation_by_switch_only() {
    for (switch, status) in [(false, 200), (true, 400)] {
        let world = World::hard().switches(|switches| switches.missing_yaml_refused_at_create = switch);
        let bench = Bench::of(world).await;
        let mut body = new("x", &site_id(&bench).await);
        body["configuration"]["path"] = json!("/no.yml");
        assert_eq!(bench.send("POST", PIPELINES, body).await.status, status);
        let body = new("y", &site_id(&bench).await);
        assert_eq!(bench.send("POST", PIPELINES, body).await.status, 200);
    }
}

#[tokio::test]
async fn definitions_are_the_same_pipelines() {
    let bench = Bench::new().await;
    let list = bench.get("/fabrikam/Fabrikam/_apis/build/definitions?$top=1").await.expect(200);
    assert_eq!((list["count"].as_u64(), list["value"][0]["id"].as_u64()), (Some(1), Some(1)));
    let one = bench.get("/fabrikam/Fabrikam/_apis/build/definitions/1").await.expect(200);
    assert_eq!(
        (one["path"].as_str(), one["process"]["yamlFilename"].as_str()),
        (Some("\\"), Some("/azure-pipelines.yml"))
    );
    assert_eq!(one["repository"]["type"], "TfsGit");
    assert_eq!(
        bench.get("/fabrikam/Fabrikam/_apis/build/definitions?name=SITE").await.expect(200)["count"],
        1
    );
    assert_eq!(bench.get("/fabrikam/Fabrikam/_apis/build/definitions?name=no").await.expect(200)["count"], 0);
    let site = one["repository"]["id"].as_str().unwrap();
    for (filter, count) in [
        (format!("repositoryId={site}&repositoryType=TfsGit"), 1),
        ("repositoryId=00000000-0000-0000-0000-000000000000&repositoryType=TfsGit".to_owned(), 0),
        ("yamlFilename=azure-pipelines.yml".to_owned(), 1),
        ("yamlFilename=other.yml".to_owned(), 0),
    ] {
        let found = bench.get(&format!("/fabrikam/Fabrikam/_apis/build/definitions?{filter}")).await;
        assert_eq!(found.expect(200)["count"], count, "{filter}");
    }
    let missing = bench.get("/fabrikam/Fabrikam/_apis/build/definitions/99").await;
    missing.refused(404, "DefinitionNotFoundException", "");
}

const DEFINITIONS: &str = "/fabrikam/Fabrikam/_apis/build/definitions";

#[tokio::test]
async fn a_definition_is_created_changed_and_deleted() {
    let bench = Bench::new().await;
    let new = json!({
        "name": "new", "process": { "yamlFilename": "azure-pipelines.yml", "type": 2 },
        "repository": { "name": "site", "type": "tfsgit" }, "queue": { "id": 1 },
        "variables": { "a": { "value": "b" }, "s": { "value": "hidden", "isSecret": true } },
        "triggers": [{ "settingsSourceType": 2, "triggerType": 2 }],
    });
    let mut made = bench.send("POST", DEFINITIONS, new.clone()).await.expect(200);
    assert_eq!([&made["revision"], &made["path"], &made["type"]], [&json!(1), &json!("\\"), &json!("build")]);
    assert_eq!(made["variables"]["s"]["value"], Value::Null, "a secret does not come back");
    let trigger = &made["triggers"][0];
    assert_eq!(
        (&trigger["settingsSourceType"], &trigger["triggerType"]),
        (&json!(2), &json!("continuousIntegration"))
    );
    assert_eq!((&trigger["branchFilters"], &trigger["batchChanges"]), (&json!([]), &json!(false)));
    bench.send("POST", DEFINITIONS, new).await.refused(409, "DefinitionExistsException", "");
    let path = format!("{DEFINITIONS}/{}", made["id"]);
    made["queueStatus"] = json!(2);
    let changed = bench.send("PUT", &path, made.clone()).await.expect(200);
    assert_eq!((&changed["revision"], &changed["queueStatus"]), (&json!(2), &json!("disabled")));
    bench.send("PUT", &path, made).await.refused(409, "InvalidDefinitionException", "");
    let build = json!({ "definition": { "id": changed["id"] } });
    bench.send("POST", "/fabrikam/Fabrikam/_apis/build/builds", build).await.refused(
        400,
        "DefinitionDisabledException",
        "",
    );
    let gone = bench.send("DELETE", &path, json!(null)).await;
    assert_eq!((gone.status, gone.body.len()), (204, 0));
    bench.get(&path).await.refused(404, "DefinitionNotFoundException", "");
}

#[tokio::test]
async fn a_build_can_be_queued() {
    let bench = Bench::new().await;
    let builds = "/fabrikam/Fabrikam/_apis/build/builds";
    let body = json!({ "definition": { "id": 1 }, "parameters": "{\"system.debug\":\"true\"}" });
    let build = bench.send("POST", builds, body).await.expect(200);
    assert_eq!((&build["status"], &build["sourceBranch"]), (&json!("notStarted"), &json!("refs/heads/main")));
    assert_eq!(build["parameters"], "{\"system.debug\":\"true\"}");
    let nobodys = json!({ "definition": { "id": 99 } });
    bench.send("POST", builds, nobodys).await.refused(404, "DefinitionNotFoundException", "");
    bench.send("POST", builds, json!({})).await.refused(400, "ArgumentNullException", "");
}
