//! Variable groups: read, created, changed and deleted, without the values of secret variables.

use azdo_bot::contract::Dictionary;
use azdo_bot::contract::ErrorCode;
use azdo_bot::contract::Value;
use azdo_simulator::Fault;
use azdo_simulator::Organization;
use azdo_simulator::Permission;
use azdo_simulator::User;
use serde_json::json;

use crate::flow::support::House;
use crate::flow::support::integer;
use crate::flow::support::text;
use crate::flow::support::world;

fn variables(outputs: &Dictionary) -> Vec<(&str, &str)> {
    let all = outputs["variables"].as_dictionary().expect("a dictionary");
    all.keys().map(|name| (name, text(all, name))).collect()
}

fn names(outputs: &Dictionary, list: &str) -> Vec<String> {
    let Some(Value::List(all)) = outputs.get(list) else { panic!("there is no list {list}") };
    let name = |one: &Value| match one {
        Value::Dictionary(group) => text(group, "name").to_owned(),
        other => other.as_text().expect("a text").to_owned(),
    };
    all.iter().map(name).collect()
}

#[tokio::test]
async fn a_group_is_created_read_changed_and_deleted() {
    let house = House::connected().await;
    assert_eq!(
        names(&house.ok("listVariableGroups", json!({})).await, "variableGroups"),
        Vec::<String>::new()
    );
    let hidden = "of the site";
    let group = json!({ "name": "Site", "description": "all", "variables": { "region": "west", "key": hidden },
        "secretVariables": ["KEY"] });
    let made = house.ok("createVariableGroup", group).await;
    assert_eq!((integer(&made, "id"), text(&made, "name"), text(&made, "type")), (1, "Site", "Vsts"));
    for outputs in
        [made, house.ok("getVariableGroup", json!({ "variableGroup": "site", "includeRaw": true })).await]
    {
        assert_eq!(variables(&outputs), [("region", "west")]);
        assert_eq!(names(&outputs, "secretVariables"), ["key"]);
        assert!(!format!("{outputs:?}").contains(hidden), "{outputs:?}");
    }
    house.ok("createVariableGroup", json!({ "name": "Other", "variables": { "a": "b" } })).await;
    let found = house.ok("listVariableGroups", json!({ "name": "s*" })).await;
    assert_eq!(names(&found, "variableGroups"), ["Site"]);

    let change = json!({ "variableGroup": "1", "newName": "Sites", "variables": { "region": "east", "colour": "red" } });
    let changed = house.ok("updateVariableGroup", change).await;
    assert_eq!((text(&changed, "name"), text(&changed, "description")), ("Sites", "all"));
    assert_eq!(variables(&changed), [("region", "east"), ("colour", "red")]);
    assert_eq!(names(&changed, "secretVariables"), ["key"]);
    let change = json!({ "variableGroup": "sites", "removeVariables": ["region", "nothing"], "description": "",
        "secretVariables": ["colour"] });
    let changed = house.ok("updateVariableGroup", change).await;
    assert_eq!((variables(&changed), changed.get("description")), (vec![], None));
    assert_eq!(names(&changed, "secretVariables"), ["key", "colour"]);

    let error = house.error("deleteVariableGroup", json!({ "variableGroup": "sites" })).await;
    assert_eq!(error.code(), ErrorCode::InputInvalid, "its name is written otherwise");
    let deleted = house.ok("deleteVariableGroup", json!({ "variableGroup": "Sites" })).await;
    assert_eq!((integer(&deleted, "id"), text(&deleted, "name")), (1, "Sites"));
    assert_eq!(names(&house.ok("listVariableGroups", json!({})).await, "variableGroups"), ["Other"]);
}

#[tokio::test]
async fn a_new_value_of_a_secret_variable_is_masked_without_being_named_secret_again() {
    let house = House::connected().await;
    let hidden = ["first", "second"].map(|word| format!("the {word} value"));
    let group = json!({ "name": "Site", "variables": { "key": hidden[0] }, "secretVariables": ["key"] });
    house.ok("createVariableGroup", group).await;
    house
        .ok("updateVariableGroup", json!({ "variableGroup": "Site", "variables": { "key": hidden[1] } }))
        .await;
    for value in hidden {
        let made =
            house.ok("createWorkItem", json!({ "type": "Bug", "title": format!("see {value}") })).await;
        assert!(!text(&made, "title").contains(&value), "{made:?}");
    }
}

#[tokio::test]
async fn the_error_for_a_group_names_what_is_wrong() {
    let house = House::connected().await;
    house.ok("createVariableGroup", json!({ "name": "Site", "variables": { "a": "b" } })).await;
    house.ok("createVariableGroup", json!({ "name": "1", "variables": { "a": "b" } })).await;
    let error = house.error("getVariableGroup", json!({ "variableGroup": "Sit" })).await;
    assert_eq!((error.code(), error.context_value("near")), (ErrorCode::ResourceNotFound, Some("\"Site\"")));
    assert!(error.message().contains("the variable group \"Sit\""), "{error}");
    let error = house.error("deleteVariableGroup", json!({ "variableGroup": "77" })).await;
    assert_eq!(error.code(), ErrorCode::ResourceNotFound);
    let error = house.error("getVariableGroup", json!({ "variableGroup": "1" })).await;
    assert_eq!(error.code(), ErrorCode::InputInvalid, "an id and a name: {error}");
    let error =
        house.error("createVariableGroup", json!({ "name": "site", "variables": { "a": "b" } })).await;
    assert_eq!(error.code(), ErrorCode::ResourceConflict, "{error}");
    house.simulator.clear_journal();
    for (action, inputs) in [
        ("createVariableGroup", json!({ "name": "x", "variables": {} })),
        ("updateVariableGroup", json!({ "variableGroup": "Site" })),
    ] {
        assert_eq!(house.error(action, inputs).await.code(), ErrorCode::InputInvalid, "{action}");
    }
    assert_eq!(house.requests(), Vec::<String>::new());
    let ann = User::named("Ann").without(Permission::AdministerResources);
    let house = House::with(world().organization(Organization::fabrikam().user(ann))).await;
    house.connect_root().await;
    let error =
        house.error("createVariableGroup", json!({ "name": "Site", "variables": { "a": "b" } })).await;
    assert_eq!(error.code(), ErrorCode::PermissionDenied, "{error}");
}

#[tokio::test]
async fn a_change_with_a_lost_response_is_found_unless_a_secret_value_hides_it() {
    let house = House::connected().await;
    let lose = |method: &str| {
        house.simulator.clear_journal();
        house.simulator.fault(Fault::on(&format!("{method} */variablegroups*")).lose_answer());
    };
    let sent = |method: &str| house.requests().iter().filter(|one| one.starts_with(method)).count();
    lose("POST");
    house.ok("createVariableGroup", json!({ "name": "Site", "variables": { "a": "b" } })).await;
    assert_eq!(sent("POST"), 1);
    lose("PUT");
    house.ok("updateVariableGroup", json!({ "variableGroup": "Site", "variables": { "a": "c" } })).await;
    assert_eq!(sent("PUT"), 1);
    let hidden = json!({ "variableGroup": "Site", "variables": { "k": "v" }, "secretVariables": ["k"] });
    lose("PUT");
    assert_eq!(house.error("updateVariableGroup", hidden).await.code(), ErrorCode::ServiceOutcomeUnknown);
    let hidden = json!({ "name": "Keys", "variables": { "k": "v" }, "secretVariables": ["k"] });
    lose("POST");
    let error = house.error("createVariableGroup", hidden).await;
    assert_eq!(error.code(), ErrorCode::ServiceOutcomeUnknown);
    assert_eq!(error.context_value("candidates"), Some("the variable group 2"));
    lose("DELETE");
    house.ok("deleteVariableGroup", json!({ "variableGroup": "Site" })).await;
    assert_eq!(sent("DELETE"), 1);
}
