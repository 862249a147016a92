//! What other clients use to find resources: `OPTIONS`, resource areas, `connectionData`.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::client::Answer;
use crate::client::Bench;

async fn options(bench: &Bench, path: &str) -> Vec<Value> {
    let token = bench.simulator.token("fabrikam").unwrap();
    let request = bench.bare("OPTIONS", path).basic_auth("", Some(token));
    let answer = Answer::of(request.header("Accept", "application/json")).await.expect(200);
    let rows = answer["value"].as_array().unwrap().clone();
    assert_eq!(answer["count"], rows.len());
    rows
}

#[tokio::test]
async fn a_location_has_the_template_of_a_resource_and_its_released_version() {
    let bench = Bench::new().await;
    let rows = options(&bench, "/fabrikam/_apis?allHostTypes=True").await;
    let rows: BTreeMap<&str, &Value> = rows.iter().map(|row| (row["id"].as_str().unwrap(), row)).collect();
    let expected = [
        ("603fe2ac-9723-48b9-88ad-09305aa6c6e1", "core", "_apis/projects/{*projectId}", "7.1"),
        (
            "225f7195-f9c7-4d14-ab28-a83f7ff77e1f",
            "git",
            "{project}/_apis/git/repositories/{repositoryId}",
            "7.1",
        ),
        ("0cd358e1-9217-4d94-8269-1c1ee6f93dcf", "build", "{project}/_apis/build/builds/{buildId}", "7.1"),
        ("00d9565f-ed9c-4a06-9a50-00e7896ccab4", "Location", "_apis/connectionData", "0.0"),
    ];
    for (id, area, template, released) in expected {
        let row = rows[id];
        assert_eq!((&row["area"], &row["routeTemplate"]), (&area.into(), &template.into()));
        assert_eq!((&row["releasedVersion"], &row["maxVersion"]), (&released.into(), &"7.2".into()), "{id}");
    }
}

#[tokio::test]
async fn the_locations_of_a_single_area_are_listed() {
    let bench = Bench::new().await;
    let rows = options(&bench, "/fabrikam/_apis/GIT").await;
    assert!(rows.len() > 1 && rows.iter().all(|row| row["area"] == "git"), "{rows:?}");
    let rows = options(&bench, "/fabrikam/_apis/build/builds").await;
    assert_eq!(rows.len(), 1, "{rows:?}");
    assert_eq!(options(&bench, "/fabrikam/_apis/nothing").await, Vec::<Value>::new());
}

#[tokio::test]
async fn resources_have_the_names_versions_and_templates_that_the_service_lists() {
    let bench = Bench::new().await;
    let rows = options(&bench, "/fabrikam/_apis").await;
    let mut faults = Vec::new();
    for line in include_str!("recorded_locations.tsv").lines() {
        let [id, area, name, released, version, template] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("{line}")
        };
        let Some(row) = rows.iter().find(|row| row["id"] == id) else {
            faults.push(format!("{name} is not listed"));
            continue;
        };
        let shown = (row["area"].as_str(), row["resourceName"].as_str(), row["releasedVersion"].as_str());
        let same_area = shown.0.is_some_and(|shown| shown.eq_ignore_ascii_case(area));
        let shown_template = row["routeTemplate"].as_str().and_then(|text| text.split_once("_apis/"));
        let same_template = shown_template.is_some_and(|(_, shown)| shown.eq_ignore_ascii_case(template));
        if !same_area
            || !same_template
            || shown.1 != Some(name)
            || shown.2 != Some(released)
            || row["resourceVersion"] != version.parse::<u32>().unwrap()
        {
            faults.push(format!("{line}: {row}"));
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[tokio::test]
async fn locations_need_no_project_and_a_valid_token() {
    let bench = Bench::new().await;
    let token = bench.simulator.token("fabrikam").unwrap();
    let answer =
        Answer::of(bench.bare("OPTIONS", "/fabrikam/Fabrikam/_apis").basic_auth("", Some(token))).await;
    assert_eq!((answer.status, answer.text().as_str()), (404, "Page not found."));
    let bad = bench.bare("OPTIONS", "/fabrikam/_apis").basic_auth("", Some("nobodys"));
    assert_eq!(Answer::of(bad.header("X-TFS-FedAuthRedirect", "Suppress")).await.status, 401);
}

#[tokio::test]
async fn an_area_is_at_the_address_of_the_organization() {
    let bench = Bench::new().await;
    let areas = bench.get("/fabrikam/_apis/resourceAreas?api-version=7.1-preview.1").await.expect(200);
    let location = format!("http://{}/fabrikam/", bench.simulator.address());
    let all = areas["value"].as_array().unwrap();
    assert!(all.iter().all(|area| area["locationUrl"] == *location), "{areas}");
    assert_eq!(all.len(), 230, "an area that is missing would be looked for at another address");
    for (id, name) in [
        ("bb1e7ec9-e901-4b68-999a-de7012b920f8", "Graph"),
        ("5d6898bb-45ec-463f-95f9-54d49c71752e", "build"),
        ("965220d5-5bb9-42cf-8d67-9b146df2a5a4", "Build"),
    ] {
        assert!(all.iter().any(|area| area["id"] == id && area["name"] == name), "{name}");
    }
    let git = "4E080C62-FA21-4FBC-8FEF-2A10A2B38049";
    let path = |id: &str| format!("/fabrikam/_apis/resourceAreas/{id}?api-version=7.1-preview.1");
    assert_eq!(bench.get(&path(git)).await.expect(200)["name"], "git");
    let nobodys = "00000000-0000-0000-0000-000000000001";
    assert_eq!(bench.get(&path(nobodys)).await.expect(200), Value::Null);
}

#[tokio::test]
async fn connection_data_has_more_on_request() {
    let bench = Bench::new().await;
    let path = "/fabrikam/_apis/connectionData?api-version=7.1-preview.1";
    let short = bench.get(path).await.expect(200);
    assert!(short["locationServiceData"].get("accessMappings").is_none(), "{short}");
    let long = bench.get(&format!("{path}&connectOptions=1")).await.expect(200);
    let point = &long["locationServiceData"]["accessMappings"][0]["accessPoint"];
    assert_eq!(*point, format!("http://{}/fabrikam/", bench.simulator.address()));
}

#[tokio::test]
async fn one_mask_is_evaluated_for_several_tokens() {
    let bench = Bench::new().await;
    let git = "2e9eb7ed-3c0a-47d4-87c1-0ffdd275fd87";
    let path = format!("/fabrikam/_apis/permissions/{git}/4?tokens=repoV2/a;repoV2/b&delimiter=;");
    assert_eq!(bench.get(&path).await.expect(200)["value"], serde_json::json!([true, true]));
}
