//! The visibility of sessions: local, global, in a variable; across parents, children and other run trees.

use azdo_bot::contract::BotRunId;
use azdo_bot::contract::ErrorCode;
use azdo_bot::contract::SessionTarget;
use serde_json::json;

use crate::flow::support::House;
use crate::flow::support::code;
use crate::flow::support::name;
use crate::flow::support::text;

#[tokio::test]
async fn one_sign_in_serves_the_whole_tree() {
    let house = House::new().await;
    let login = house.child();
    let global = Some(SessionTarget::Global(name("Default")));
    house.connect(&login, global, json!({})).await.expect("the child connects");
    house.dispatcher.end(&login).expect("the login bot ends");

    house.ok("listRepositories", json!({})).await;
    let sibling = house.child();
    house.execute(&sibling, "listRepositories", json!({})).await.expect("sideways");
    assert_eq!(code(house.execute(&login, "listRepositories", json!({})).await), ErrorCode::BotRunEnded);
}

#[tokio::test]
async fn a_local_session_belongs_to_its_bot_and_hides_a_global_one() {
    let house = House::new().await;
    let child = house.child();
    house
        .connect(&house.root, Some(SessionTarget::Local(name("Work"))), json!({}))
        .await
        .expect("it connects");
    assert_eq!(
        code(house.execute(&child, "listRepositories", json!({ "session": "Work" })).await),
        ErrorCode::SessionNotFound
    );

    let archive = json!({ "projectName": "Archive" });
    house.connect(&child, Some(SessionTarget::Global(name("Work"))), archive).await.expect("it connects");
    let project =
        |outcome: azdo_bot::contract::Outcome| text(&outcome.expect("it works").outputs, "name").to_owned();
    assert_eq!(
        project(house.execute(&house.root, "getProject", json!({ "session": "Work" })).await),
        "Fabrikam"
    );
    assert_eq!(project(house.execute(&child, "getProject", json!({ "session": "Work" })).await), "Archive");
}

#[tokio::test]
async fn a_session_in_a_variable_outlives_the_bot_that_opened_it_and_not_the_root() {
    let house = House::new().await;
    let child = house.child();
    let opened = house.connect(&child, Some(SessionTarget::Variable), json!({})).await.expect("it connects");
    let handle = json!({ "session": opened.session.expect("a handle").to_string() });
    house.dispatcher.end(&child).expect("the child ends");
    house.ok("getProject", handle.clone()).await;
    assert_eq!(
        house.error("getProject", json!({})).await.code(),
        ErrorCode::SessionNotFound,
        "it has no name"
    );
    let closed = house.dispatcher.end(&house.root).expect("the root ends");
    assert_eq!(closed.len(), 1);
    assert_eq!(code(house.execute(&house.root, "getProject", handle).await), ErrorCode::BotRunEnded);
}

#[tokio::test]
async fn a_session_is_not_visible_in_another_run_tree() {
    let house = House::new().await;
    let global = Some(SessionTarget::Global(name("Release")));
    let opened = house.connect(&house.root, global, json!({})).await.expect("it connects");
    let handle = opened.session.expect("a handle").to_string();

    let other = BotRunId::mint();
    house.dispatcher.start(&other, None).expect("another tree");
    for action in ["getProject", "disconnect"] {
        for session in ["Release", handle.as_str()] {
            let outcome = house.execute(&other, action, json!({ "session": session })).await;
            assert_eq!(code(outcome), ErrorCode::SessionNotFound, "{action} {session}");
        }
    }
    house.ok("getProject", json!({ "session": "Release" })).await;
    let unknown = BotRunId::mint();
    assert_eq!(code(house.execute(&unknown, "getProject", json!({})).await), ErrorCode::BotRunUnknown);
}
