//! Creating projects, by the action and by Connect when the project is missing.

use azdo_bot::contract::ErrorCode;
use azdo_bot::contract::Value;
use azdo_simulator::Fault;
use azdo_simulator::Organization;
use azdo_simulator::Role;
use azdo_simulator::TokenOptions;
use azdo_simulator::User;
use serde_json::json;

use crate::flow::support::House;
use crate::flow::support::text;
use crate::flow::support::world;

fn posts(house: &House) -> usize {
    house.journal().iter().filter(|entry| entry.method == "POST").count()
}

/// Returns a fixture whose user may not create projects
async fn of_contributor() -> House {
    let user = User::named("Ann").role(Role::Contributor);
    House::with(world().organization(Organization::fabrikam().user(user))).await
}

#[tokio::test]
async fn a_project_is_created_and_waited_for() {
    let house = House::connected().await;
    house.simulator.clear_journal();
    let made = house.ok("createProject", json!({ "name": "Web", "description": "The shop" })).await;
    assert_eq!((text(&made, "name"), text(&made, "state")), ("Web", "wellFormed"));
    assert_eq!(text(&made, "description"), "The shop");
    let requests: Vec<String> = house.requests();
    assert_eq!(
        requests.len(),
        5,
        "the name check, the creation, two polls of the operation, the project: {requests:?}"
    );
    let taken = house.error("createProject", json!({ "name": "web" })).await;
    assert_eq!(taken.code(), ErrorCode::ResourceConflict);
    assert!(taken.message().contains("web"), "{}", taken.message());
}

#[tokio::test]
async fn a_custom_process_is_looked_up_and_its_error_has_similar_names() {
    let house = House::connected().await;
    house.ok("createProject", json!({ "name": "Web", "processTemplate": "fabrikam agile" })).await;
    let error =
        house.error("createProject", json!({ "name": "App", "processTemplate": "Fabrikan Agile" })).await;
    assert_eq!(error.code(), ErrorCode::ResourceNotFound);
    assert!(error.help_text().contains("\"Fabrikam Agile\""), "{}", error.help_text());
}

#[tokio::test]
async fn a_creation_with_a_lost_response_is_not_repeated_and_its_project_is_named() {
    let house = House::connected().await;
    house.simulator.clear_journal();
    house.simulator.fault(Fault::on("POST */_apis/projects").lose_answer());
    let error = house.error("createProject", json!({ "name": "Web" })).await;
    assert_eq!((error.code(), posts(&house)), (ErrorCode::ServiceOutcomeUnknown, 1), "{error:?}");
    let candidates = error.context_value("candidates").expect("it is there");
    assert!(candidates.contains("Web") && candidates.contains("/fabrikam/Web"), "{candidates}");
}

#[tokio::test]
async fn a_creation_that_never_arrived_stays_unknown() {
    let house = House::connected().await;
    house.simulator.fault(Fault::on("POST */_apis/projects").refuse());
    let error = house.error("createProject", json!({ "name": "Web" })).await;
    assert_eq!(error.code(), ErrorCode::ServiceOutcomeUnknown);
    // A project that existed before is not taken for the new one: no creation is requested.
    house.simulator.clear_journal();
    let error = house.error("createProject", json!({ "name": "Archive" })).await;
    assert_eq!((error.code(), posts(&house)), (ErrorCode::ResourceConflict, 0));
}

#[tokio::test]
async fn connect_fails_with_similar_names_or_creates_the_project() {
    let house = House::new().await;
    let missing = json!({ "projectName": "Fabrikan" });
    let error = house.connect(&house.root, None, missing).await.expect_err("it is missing").error;
    assert_eq!(error.code(), ErrorCode::ProjectNotFound);
    assert!(error.message().contains("similar names: \"Fabrikam\""), "{}", error.message());

    let create = json!({
        "projectName": "Web", "ifProjectMissing": "CREATE", "processTemplate": "Agile", "visibility": "PRIVATE",
        "intendedUsage": ["repositories.manage"]
    });
    let outcome = house.connect(&house.root, None, create).await.expect("it is made");
    assert_eq!(outcome.outputs.get("created"), Some(&Value::from(true)));
    assert_eq!(text(&outcome.outputs, "projectName"), "Web");
    assert_eq!(text(&house.ok("getProject", json!({})).await, "name"), "Web");
    house.ok("disconnect", json!({})).await;

    let again = json!({ "projectName": "web", "ifProjectMissing": "CREATE" });
    let outcome = house.connect(&house.root, None, again).await.expect("it is there");
    assert_eq!(outcome.outputs.get("created"), Some(&Value::from(false)));
    assert_eq!(outcome.requests, 2, "an existing project is not created again");
}

#[tokio::test]
async fn the_error_for_a_denied_creation_names_the_permission_and_its_page() {
    let house = of_contributor().await;
    let create = json!({ "projectName": "Web", "ifProjectMissing": "CREATE" });
    let error = house.connect(&house.root, None, create).await.expect_err("it is denied").error;
    assert_eq!(error.code(), ErrorCode::PermissionDenied);
    insta::assert_snapshot!(format!("{}\n{}", error.message(), error.help_text()));
}

#[tokio::test]
async fn the_error_for_a_missing_scope_names_the_scope() {
    let house = House::new().await;
    let token = house
        .simulator
        .mint_token("fabrikam", TokenOptions::with_scopes(["vso.project"]))
        .expect("fabrikam is there");
    let create = json!({
        "projectName": "Web", "ifProjectMissing": "CREATE", "personalAccessToken": { "insecure": token }
    });
    let error = house.connect(&house.root, None, create).await.expect_err("no scope").error;
    assert_eq!(error.code(), ErrorCode::AuthScopeMissing);
    assert!(error.message().contains("Project and team (read, write and manage)"), "{}", error.message());
}

#[tokio::test]
async fn an_unknown_id_is_not_a_name_for_a_project() {
    let house = House::new().await;
    let create =
        json!({ "projectName": "6ce954b1-ce1f-45d1-b94d-e6bf2464ba2c", "ifProjectMissing": "CREATE" });
    let error = house.connect(&house.root, None, create).await.expect_err("it is an id").error;
    assert_eq!((error.code(), posts(&house)), (ErrorCode::ProjectNotFound, 0));
}

#[tokio::test]
async fn the_error_for_a_failed_creation_quotes_the_service() {
    let house = House::connected().await;
    let failed = json!({
        "id": "6ce954b1-ce1f-45d1-b94d-e6bf2464ba2c", "status": "failed", "resultMessage": "The disk is full."
    });
    let headers = [("Content-Type", "application/json")];
    house.simulator.fault(Fault::on("GET */operations/*").answer(200, &headers, failed.to_string()));
    let error = house.error("createProject", json!({ "name": "Web" })).await;
    assert_eq!(error.code(), ErrorCode::ServiceRejected);
    assert!(error.message().contains("The disk is full."), "{}", error.message());
}
