//! What a client asks for is what it gets: archives, saved files, listings, fields, and requests without a project.

use reqwest::header::ACCEPT;
use serde_json::json;

use crate::client::Answer;
use crate::client::Bench;
use crate::sample_requests::SAMPLE_REQUESTS;
use crate::walk_world;

const CODE: &str = "/fabrikam/Fabrikam/_apis/git/repositories/site";

async fn bench() -> Bench {
    Bench::of(walk_world::world(Vec::new())).await
}

#[tokio::test]
async fn a_content_is_an_archive_where_one_is_requested() {
    let bench = bench().await;
    let base = "/fabrikam/Fabrikam/_apis";
    bench.send("POST", &format!("{base}/pipelines/1/runs"), json!({})).await.expect(200);
    bench.get(&format!("{base}/build/builds/1")).await.expect(200);
    let file = bench.get(&format!("{CODE}/items?path=/README.md")).await.expect(200);
    let blob = file["objectId"].as_str().unwrap();
    let attachment = bench
        .request("POST", &format!("{base}/wit/attachments?fileName=a.txt"))
        .header("Content-Type", "application/octet-stream")
        .body("x");
    let attachment = Answer::of(attachment).await.expect(201)["id"].as_str().unwrap().to_owned();
    for path in [
        format!("{CODE}/items?path=/README.md"),
        format!("{CODE}/items?scopePath=/&recursionLevel=full"),
        format!("{CODE}/blobs/{blob}"),
        format!("{base}/build/builds/1/logs"),
        format!("{base}/build/builds/1/logs/1"),
        format!("{base}/build/builds/1/artifacts?artifactName=drop"),
        "/fabrikam/_apis/resources/Containers/1?itemPath=box&api-version=7.1-preview.4".to_owned(),
        format!("{base}/wit/attachments/{attachment}"),
    ] {
        let separator = if path.contains('?') { '&' } else { '?' };
        let by_query = bench.get(&format!("{path}{separator}$format=zip")).await;
        // The bench asks for JSON; the first type of the header counts.
        let request = bench.request("GET", &path).build().unwrap();
        let mut request = request;
        request.headers_mut().insert(ACCEPT, "application/zip".parse().unwrap());
        let response = bench.http.execute(request).await.unwrap();
        let by_header = response.bytes().await.unwrap();
        for (how, body) in [("$format", &by_query.body[..]), ("Accept", &by_header[..])] {
            assert!(body.starts_with(b"PK"), "{path} by {how}: {}", String::from_utf8_lossy(body));
        }
    }
}

#[tokio::test]
async fn a_download_is_saved_under_the_name_of_the_file() {
    let bench = bench().await;
    let answer = bench.get(&format!("{CODE}/items?path=/README.md&download=true&$format=octetStream")).await;
    assert_eq!(answer.header("content-disposition"), Some("attachment; filename=\"README.md\""));
    let answer = bench.get(&format!("{CODE}/items?scopePath=/&download=true&$format=zip")).await;
    assert_eq!(answer.header("content-type"), Some("application/zip"));
    assert_eq!(answer.header("content-disposition"), Some("attachment; filename=\"root.zip\""));
}

#[tokio::test]
async fn a_container_lists_its_folders_and_files() {
    let bench = bench().await;
    bench.send("POST", "/fabrikam/Fabrikam/_apis/pipelines/1/runs", json!({})).await.expect(200);
    bench.get("/fabrikam/Fabrikam/_apis/build/builds/1").await.expect(200);
    let container = "/fabrikam/_apis/resources/Containers/1";
    let list = |query: &str| format!("{container}?{query}api-version=7.1-preview.4");
    let all = bench.get(&list("itemPath=box&")).await.expect(200);
    let paths: Vec<_> = all["value"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["path"].clone(), one["itemType"].clone()))
        .collect();
    assert_eq!(paths, [(json!("box"), json!("folder")), (json!("box/a"), json!("file"))]);
    assert_eq!(bench.get(&list("itemPath=box/a&$format=octetStream&")).await.text(), "b");
    bench.get(&format!("{container}?itemPath=box&api-version=7.1")).await.refused(
        400,
        "VssInvalidPreviewVersionException",
        "The requested version \"7.1\" of the resource is under preview.",
    );
}

#[tokio::test]
async fn computed_fields_of_a_work_item_are_shown_on_request() {
    let bench = bench().await;
    let request = bench
        .request("POST", "/fabrikam/Fabrikam/_apis/wit/workitems/$Bug")
        .header("Content-Type", "application/json-patch+json")
        .body(r#"[{"op":"add","path":"/fields/System.Title","value":"t"},{"op":"add","path":"/fields/System.AreaPath","value":"Fabrikam\\Site"}]"#);
    let made = Answer::of(request).await.expect(200);
    assert!(made["fields"].get("System.Id").is_none(), "{made}");
    let named = "fields=System.Id,System.Rev,System.Title";
    for path in [format!("workitems/1?{named}"), format!("workitems?ids=1&{named}")] {
        let seen = bench.get(&format!("/fabrikam/_apis/wit/{path}")).await.expect(200);
        let one = seen["value"].get(0).unwrap_or(&seen);
        assert_eq!(one["fields"], json!({ "System.Title": "t", "System.Id": 1, "System.Rev": 1 }), "{path}");
    }
    for expand in ["all", "fields", "2", "4"] {
        let seen = bench.get(&format!("/fabrikam/_apis/wit/workitems/1?$expand={expand}")).await.expect(200);
        let fields = &seen["fields"];
        assert_eq!(
            (&fields["System.Id"], &fields["System.AreaLevel2"]),
            (&json!(1), &json!("Site")),
            "{expand}"
        );
        assert_eq!(fields["System.NodeName"], "Site");
    }
}

#[tokio::test]
async fn a_query_can_be_sent_to_the_organization_a_project_or_a_team() {
    let bench = bench().await;
    let request = bench
        .request("POST", "/fabrikam/Fabrikam/_apis/wit/workitems/$Bug")
        .header("Content-Type", "application/json-patch+json")
        .body(r#"[{"op":"add","path":"/fields/System.Title","value":"t"}]"#);
    Answer::of(request).await.expect(200);
    let query = json!({ "query": "SELECT [System.Id] FROM WorkItems" });
    for place in ["", "/Fabrikam", "/Fabrikam/Fabrikam%20Team"] {
        let found =
            bench.send("POST", &format!("/fabrikam{place}/_apis/wit/wiql"), query.clone()).await.expect(200);
        assert_eq!(found["workItems"][0]["id"], 1, "{place}");
    }
    let query = json!({ "query": "SELECT [System.Id] FROM WorkItems WHERE [System.TeamProject] = @project" });
    let refused = bench.send("POST", "/fabrikam/_apis/wit/wiql", query).await;
    assert_eq!(refused.status, 400, "{}", refused.text());
}

/// Node turns a 404 into nothing, so that a request that is refused for its address looks like one that found nothing.
#[tokio::test]
async fn requests_for_a_repository_need_no_project() {
    for &(route, more, body, _) in SAMPLE_REQUESTS {
        if !route.contains("[/{project}]/_apis/git/") || route.ends_with("/git/repositories") {
            continue;
        }
        let bench = bench().await;
        bench.simulator.mint_token("fabrikam", azdo_simulator::TokenOptions::full().named("Exact")).unwrap();
        let things = walk_world::Things::made(&bench).await;
        let (method, path) = things.target(route, more);
        let site = bench.get(CODE).await.expect(200)["id"].as_str().unwrap().to_owned();
        let repository = |name: &str| format!("/fabrikam/Fabrikam/_apis/git/repositories/{name}/");
        let mut path = path;
        for name in ["site", "empty", "imported"] {
            if path.starts_with(&repository(name)) {
                let id = bench.get(repository(name).trim_end_matches('/')).await.expect(200)["id"]
                    .as_str()
                    .unwrap()
                    .to_owned();
                path = path.replace(&format!("/{name}/"), &format!("/{id}/"));
            }
        }
        let path = path
            .replace("/fabrikam/Fabrikam/", "/fabrikam/")
            .replace("repositories/site?", &format!("repositories/{site}?"));
        let request = bench.request(&method, &path).header("Content-Type", "application/json");
        let answer = Answer::of(request.body(things.filled(body))).await;
        assert!(answer.status < 300, "{method} {path}: {} {}", answer.status, answer.text());
    }
}
