//! Projects.

use azdo_bot::contract::ErrorCode;
use azdo_bot::contract::Value;
use serde_json::json;

use crate::flow::support::House;
use crate::flow::support::text;

fn names(outputs: &azdo_bot::contract::Dictionary) -> Vec<&str> {
    let Some(Value::List(projects)) = outputs.get("projects") else { panic!("a list") };
    projects.iter().map(|one| text(one.as_dictionary().expect("an entry"), "name")).collect()
}

#[tokio::test]
async fn the_organizations_projects_are_listed_to_the_limit() {
    let house = House::connected().await;
    assert!(house.simulator.add_project("fabrikam", "Web"));
    let all = house.ok("listProjects", json!({ "includeRaw": true })).await;
    assert_eq!(
        (names(&all), all.get("more")),
        (vec!["Fabrikam", "Archive", "Web"], Some(&Value::from(false)))
    );
    let Some(Value::List(projects)) = all.get("projects") else { panic!("a list") };
    let first = projects[0].as_dictionary().expect("a project");
    assert_eq!(first["raw"].as_dictionary().expect("a record")["id"], first["id"]);
    let cut = house.ok("listProjects", json!({ "limit": 2 })).await;
    assert_eq!((names(&cut), cut.get("more")), (vec!["Fabrikam", "Archive"], Some(&Value::from(true))));
    assert_eq!(house.error("listProjects", json!({ "limit": "two" })).await.code(), ErrorCode::InputInvalid);
}
