//! Lost responses, tokens that become invalid, and sessions that close during an action.

use azdo_bot::contract::ErrorCode;
use azdo_bot::contract::Value;
use azdo_simulator::Fault;
use azdo_simulator::TokenOptions;
use serde_json::json;

use crate::flow::support::House;
use crate::flow::support::code;
use crate::flow::support::integer;

#[tokio::test]
async fn a_read_is_retried_when_its_response_is_lost() {
    let house = House::connected().await;
    house.simulator.clear_journal();
    house.simulator.fault(Fault::on("GET *").lose_answer());
    house.ok("listRepositories", json!({})).await;
    assert_eq!(house.requests().len(), 2);
}

#[tokio::test]
async fn the_error_for_a_token_without_the_scope_names_the_scope() {
    let house = House::new().await;
    let scoped =
        TokenOptions::with_scopes(["vso.code_write", "vso.build_execute", "vso.pipelineresources_use"]);
    let token = house.simulator.mint_token("fabrikam", scoped).expect("fabrikam is there");
    let inputs = json!({ "personalAccessToken": { "insecure": token } });
    house.connect(&house.root, None, inputs).await.expect("the scopes suffice to connect");
    house.ok("listRepositories", json!({})).await;
    let error = house.error("createRepository", json!({ "name": "x" })).await;
    assert_eq!(error.code(), ErrorCode::AuthScopeMissing);
    let shown = format!("{} {}", error.message(), error.help_text());
    assert!(shown.contains("Code (read, write, and manage)"), "{shown}");
    assert!(shown.contains("https://dev.azure.com/fabrikam/_usersSettings/tokens"), "{shown}");
    house.ok("listRepositories", json!({})).await;
}

#[tokio::test]
async fn a_revoked_token_makes_the_session_stale_and_nothing_more_is_sent() {
    let house = House::connected().await;
    let token = house.simulator.token("fabrikam").expect("there is one");
    house.simulator.revoke(&token);
    assert_eq!(house.error("listRepositories", json!({})).await.code(), ErrorCode::AuthFailed);
    house.simulator.clear_journal();
    for _ in 0..3 {
        assert_eq!(house.error("listRepositories", json!({})).await.code(), ErrorCode::AuthFailed);
    }
    assert_eq!(house.requests(), Vec::<String>::new());
}

#[tokio::test]
async fn closing_a_session_ends_its_running_action() {
    let house = House::connected().await;
    house.simulator.fault(Fault::on("GET */git/repositories*").stall());
    house.simulator.clear_journal();
    let close = async {
        while house.journal().is_empty() {
            tokio::task::yield_now().await;
        }
        house.ok("disconnect", json!({})).await
    };
    let (outcome, _) = tokio::join!(house.execute(&house.root, "listRepositories", json!({})), close);
    assert_eq!(code(outcome), ErrorCode::SessionClosed);
}

#[tokio::test]
async fn closing_a_session_during_a_write_leaves_its_outcome_unknown() {
    let house = House::connected().await;
    house.simulator.fault(Fault::on("POST *").stall());
    house.simulator.clear_journal();
    let close = async {
        while house.journal().is_empty() {
            tokio::task::yield_now().await;
        }
        house.ok("disconnect", json!({})).await
    };
    let create = house.execute(&house.root, "createRepository", json!({ "name": "perhaps" }));
    let (outcome, _) = tokio::join!(create, close);
    let error = outcome.expect_err("the outcome is unknown").error;
    assert_eq!(error.code(), ErrorCode::ServiceOutcomeUnknown);
    assert!(error.message().contains("perhaps"), "{}", error.message());
}

#[tokio::test]
async fn the_end_of_a_bot_run_ends_its_actions() {
    let house = House::connected().await;
    house.simulator.fault(Fault::on("GET *").stall());
    house.simulator.clear_journal();
    let end = async {
        while house.journal().is_empty() {
            tokio::task::yield_now().await;
        }
        house.dispatcher.end(&house.root).expect("it ends")
    };
    let (outcome, closed) = tokio::join!(house.execute(&house.root, "getProject", json!({})), end);
    assert!(matches!(code(outcome), ErrorCode::Cancelled | ErrorCode::SessionClosed));
    assert_eq!(closed.len(), 1);
}

#[tokio::test]
async fn a_renamed_project_still_works_and_the_error_for_a_deleted_one_names_it() {
    let house = House::connected().await;
    house.simulator.rename_project("fabrikam", "Fabrikam", "Renamed");
    house.ok("listRepositories", json!({})).await;
    house.simulator.delete_project("fabrikam", "Renamed");
    assert_eq!(house.error("getProject", json!({})).await.code(), ErrorCode::ProjectNotFound);
}

#[tokio::test]
async fn concurrent_actions_each_get_their_own_outcome() {
    let house = House::connected().await;
    let calls = (0..64).map(|at| {
        let house = &house;
        async move {
            let id = integer(&house.ok("runPipeline", json!({ "pipeline": "1" })).await, "id");
            let run =
                house.execute(&house.root, "getPipelineRun", json!({ "id": id })).await.expect("it is there");
            assert_eq!(run.outputs.get("id"), Some(&Value::from(id)), "call {at}");
            id
        }
    });
    let mut ids = futures_util::future::join_all(calls).await;
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 64);
}
