//! Pipeline runs as builds: lists, filters, pages, cancelling.

use serde_json::Value;
use serde_json::json;

use crate::client::Bench;

const BUILDS: &str = "/fabrikam/Fabrikam/_apis/build/builds";

/// Three runs of pipeline 1: on `main`, on `topic`, on `main`.
async fn bench() -> Bench {
    let bench = Bench::new().await;
    let refs = "/fabrikam/Fabrikam/_apis/git/repositories/site/refs";
    let tip =
        bench.get(&format!("{refs}?filter=heads/main")).await.expect(200)["value"][0]["objectId"].clone();
    let new = json!([{ "name": "refs/heads/topic", "oldObjectId": "0".repeat(40), "newObjectId": tip }]);
    bench.send("POST", refs, new).await.expect(200);
    for branch in ["main", "topic", "main"] {
        let body = json!({ "resources": { "repositories": { "self": { "refName": format!("refs/heads/{branch}") } } } });
        bench.send("POST", "/fabrikam/Fabrikam/_apis/pipelines/1/runs", body).await.expect(200);
    }
    bench
}

fn ids(list: &Value) -> Vec<u64> {
    list["value"].as_array().unwrap().iter().map(|build| build["id"].as_u64().unwrap()).collect()
}

#[tokio::test]
async fn builds_are_filtered() {
    let bench = bench().await;
    let second = bench.get(&format!("{BUILDS}/2")).await.expect(200);
    let time = second["queueTime"].as_str().unwrap();
    let time_filter = |name: &str| format!("{name}={time}");
    let rows: &[(&str, &[u64])] = &[
        ("", &[3, 2, 1]),
        ("definitions=1", &[3, 2, 1]),
        ("definitions=2,3", &[]),
        ("branchName=refs/heads/topic", &[2]),
        ("queryOrder=queueTimeAscending", &[1, 2, 3]),
        ("queryOrder=queueTimeDescending", &[3, 2, 1]),
        ("buildIds=1,3", &[3, 1]),
        ("queues=1", &[3, 2, 1]),
        ("queues=9", &[]),
        ("maxBuildsPerDefinition=2", &[3, 2]),
        ("deletedFilter=onlyDeleted", &[]),
        (&format!("buildNumber={}", second["buildNumber"].as_str().unwrap()), &[2]),
        ("buildNumber=20*", &[3, 2, 1]),
        (
            &format!("repositoryId={}&repositoryType=TfsGit", second["repository"]["id"].as_str().unwrap()),
            &[3, 2, 1],
        ),
        ("repositoryId=00000000-0000-0000-0000-000000000000&repositoryType=TfsGit", &[]),
        ("statusFilter=notStarted", &[3, 1]),
        ("statusFilter=all", &[3, 2, 1]),
        ("resultFilter=succeeded", &[]),
        (&time_filter("minTime"), &[3, 2]),
        (&time_filter("maxTime"), &[2, 1]),
        ("$top=2", &[3, 2]),
    ];
    // Reading it advances the second run.
    assert_eq!(bench.get(&format!("{BUILDS}/2")).await.expect(200)["status"], "inProgress");
    for (query, expected) in rows {
        assert_eq!(ids(&bench.get(&format!("{BUILDS}?{query}")).await.expect(200)), *expected, "{query}");
    }
    for bad in ["definitions=x", "minTime=yesterday"] {
        bench.get(&format!("{BUILDS}?{bad}")).await.refused(
            400,
            "InvalidArgumentValueException",
            "The value ",
        );
    }
}

#[tokio::test]
async fn a_page_continues_after_the_last_one() {
    let bench = bench().await;
    for (order, expected) in [("queueTimeDescending", [3, 2, 1]), ("queueTimeAscending", [1, 2, 3])] {
        let mut seen = Vec::new();
        let mut from = String::new();
        loop {
            let page = bench.get(&format!("{BUILDS}?$top=2&queryOrder={order}{from}")).await;
            seen.extend(ids(&page.expect(200)));
            let Some(token) = page.header("x-ms-continuationtoken") else { break };
            from = format!("&continuationToken={token}");
        }
        assert_eq!(seen, expected, "{order}");
    }
}

#[tokio::test]
async fn a_build_is_cancelled() {
    let bench = bench().await;
    let patched =
        bench.send("PATCH", &format!("{BUILDS}/1"), json!({ "status": "Cancelling" })).await.expect(200);
    assert_eq!((patched["status"].as_str(), patched.get("result")), (Some("cancelling"), None));
    let run = "/fabrikam/Fabrikam/_apis/pipelines/1/runs/1";
    assert_eq!(bench.get(run).await.expect(200)["state"], "canceling");
    let build = bench.get(&format!("{BUILDS}/1")).await.expect(200);
    assert_eq!((build["status"].as_str(), build["result"].as_str()), (Some("completed"), Some("canceled")));
    assert_eq!(bench.get(run).await.expect(200)["result"], "canceled");
    let again = bench.send("PATCH", &format!("{BUILDS}/1"), json!({ "status": "cancelling" })).await;
    again.refused(400, "BuildStatusInvalidChangeException", "");
    let other = bench.send("PATCH", &format!("{BUILDS}/2"), json!({ "keepForever": true })).await.expect(200);
    assert_eq!(other["status"], "notStarted");
}

#[tokio::test]
async fn missing_pipelines_and_runs_are_refused() {
    let bench = bench().await;
    let key = "BuildNotFoundException";
    bench.get(&format!("{BUILDS}/99")).await.refused(404, key, "The requested build 99 could not be found.");
    bench.get("/fabrikam/Archive/_apis/build/builds/1").await.refused(404, key, "The requested build 1 ");
    let patched = bench.send("PATCH", &format!("{BUILDS}/99"), json!({ "status": "cancelling" })).await;
    patched.refused(404, key, "The requested build 99 ");
    // The build area has its own status for an unknown project identifier.
    let answer = bench.get("/fabrikam/00000000-1111-4222-8333-444444444444/_apis/build/builds").await;
    answer.refused(400, "ProjectDoesNotExistException", "VS800075: ");
    let answer = bench.get("/fabrikam/Nothing/_apis/build/builds").await;
    answer.refused(404, "ProjectDoesNotExistWithNameException", "TF200016: ");
}

#[tokio::test]
async fn a_deleted_definition_is_restored_with_its_runs() {
    let bench = bench().await;
    let one = "/fabrikam/Fabrikam/_apis/build/definitions/1";
    assert_eq!(bench.send("DELETE", one, json!(null)).await.status, 204);
    assert_eq!(bench.get(one).await.status, 404);
    assert_eq!(bench.get(BUILDS).await.expect(200)["count"], 0);
    let restore = format!("{one}?deleted=false");
    assert_eq!(bench.send("PATCH", &restore, json!(null)).await.expect(200)["name"], "site");
    assert_eq!(ids(&bench.get(BUILDS).await.expect(200)), [3, 2, 1]);
    bench.send("PATCH", &restore, json!(null)).await.refused(
        404,
        "DefinitionNotFoundException",
        "The build pipeline 1",
    );
}

#[tokio::test]
async fn a_folder_is_created_moved_with_its_pipelines_and_deleted_with_them() {
    let bench = Bench::new().await;
    let path = |rest: &str| format!("/fabrikam/Fabrikam/_apis/build/folders{rest}api-version=7.1-preview.2");
    let made = bench.send("PUT", &path("/Team%5CSite?"), json!({ "description": "d" })).await.expect(200);
    assert_eq!((&made["path"], &made["description"]), (&json!("\\Team\\Site"), &json!("d")));
    let twice = bench.send("PUT", &path("?path=/team/site&"), json!({})).await;
    twice.refused(409, "FolderExistsException", "Folder");
    let definition = "/fabrikam/Fabrikam/_apis/build/definitions/1";
    let mut body = bench.get(definition).await.expect(200);
    body["path"] = json!("\\Team\\Site");
    bench.send("PUT", definition, body).await.expect(200);
    let moved = bench.send("POST", &path("/Team/Site?"), json!({ "path": "Moved" })).await.expect(200);
    assert_eq!(moved["path"], "\\Moved");
    assert!(moved["lastChangedDate"].is_string(), "{moved}");
    assert_eq!(bench.get(definition).await.expect(200)["path"], "\\Moved");
    let listed = bench.get(&path("?queryOrder=2&")).await.expect(200);
    let paths: Vec<&str> =
        listed["value"].as_array().unwrap().iter().map(|one| one["path"].as_str().unwrap()).collect();
    assert_eq!(paths, ["\\Moved", "\\"]);
    assert_eq!(bench.send("DELETE", &path("/moved?"), json!(null)).await.status, 204);
    assert_eq!(bench.get(definition).await.status, 404);
    bench.send("DELETE", &path("/moved?"), json!(null)).await.refused(
        404,
        "FolderNotFoundException",
        "Folder",
    );
}

#[tokio::test]
async fn a_build_has_a_report() {
    let bench = Bench::new().await;
    bench
        .send("POST", "/fabrikam/Fabrikam/_apis/build/builds", json!({ "definition": { "id": 1 } }))
        .await
        .expect(200);
    let report = bench.get("/fabrikam/Fabrikam/_apis/build/builds/1/report").await.expect(200);
    assert_eq!((&report["buildId"], &report["type"]), (&json!(1), &json!("Html")));
    assert!(report["content"].as_str().unwrap().contains("notStarted"), "{report}");
}
