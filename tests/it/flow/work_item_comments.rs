//! Comments of work items, and long texts in Markdown.

use azdo_bot::contract::Dictionary;
use azdo_bot::contract::ErrorCode;
use azdo_bot::contract::Value;
use azdo_bot::contract::WarningCode;
use azdo_simulator::Fault;
use azdo_simulator::Organization;
use azdo_simulator::Project;
use serde_json::json;

use crate::flow::support::House;
use crate::flow::support::integer;
use crate::flow::support::text;
use crate::flow::support::world;

fn comments(outputs: &Dictionary) -> Vec<&Dictionary> {
    let Some(Value::List(all)) = outputs.get("comments") else { panic!("there is no list: {outputs:?}") };
    all.iter().map(|one| one.as_dictionary().expect("a dictionary")).collect()
}

fn texts(outputs: &Dictionary) -> Vec<&str> {
    comments(outputs).into_iter().map(|comment| text(comment, "text")).collect()
}

async fn with_bug() -> House {
    let house = House::connected().await;
    house.ok("createWorkItem", json!({ "type": "Bug", "title": "one" })).await;
    house
}

#[tokio::test]
async fn a_comment_is_written_read_edited_and_deleted() {
    let house = with_bug().await;
    let none = house.ok("listWorkItemComments", json!({ "id": 1 })).await;
    assert_eq!((comments(&none).len(), &none["more"]), (0, &Value::Boolean(false)));
    let made = json!({ "id": 1, "text": "**no** room", "textFormat": "MARKDOWN" });
    let made = house.ok("commentOnWorkItem", made).await;
    assert_eq!((integer(&made, "id"), text(&made, "textFormat")), (1, "markdown"));
    assert_eq!(text(&made, "createdBy"), "Bot Runner");
    house.ok("updateWorkItem", json!({ "id": 1, "comment": "<b>found</b>" })).await;
    let listed = house.ok("listWorkItemComments", json!({ "id": 1, "includeRaw": true })).await;
    assert_eq!(texts(&listed), ["**no** room", "<b>found</b>"]);
    assert!(comments(&listed)[1]["raw"].as_dictionary().is_some_and(|raw| raw.contains_key("workItemId")));

    let edited = house.ok("editWorkItemComment", json!({ "id": 1, "comment": 2, "text": "fixed" })).await;
    assert_eq!((text(&edited, "text"), integer(&edited, "version")), ("fixed", 2));
    house.ok("deleteWorkItemComment", json!({ "id": 1, "comment": 1 })).await;
    let listed = house.ok("listWorkItemComments", json!({ "id": 1 })).await;
    assert_eq!(texts(&listed), ["fixed"]);
    for action in ["editWorkItemComment", "deleteWorkItemComment"] {
        let mut inputs = json!({ "id": 1, "comment": 1 });
        if action == "editWorkItemComment" {
            inputs["text"] = "again".into();
        }
        let error = house.error(action, inputs).await;
        assert_eq!(error.code(), ErrorCode::ResourceNotFound, "{error}");
        assert!(error.message().contains("the comment 1 of the work item 1"), "{error}");
        assert!(error.help_text().contains("List work item comments"), "{}", error.help_text());
    }
}

#[tokio::test]
async fn comments_are_read_in_pages_in_both_orders() {
    let organization = Organization::named("fabrikam").project(Project::with_site("Fabrikam"));
    let world = world().organization(organization).switches(|switches| switches.longest_page = 2);
    let house = House::with(world).await;
    house.connect_root().await;
    house.ok("createWorkItem", json!({ "type": "Bug", "title": "one" })).await;
    for text in ["a", "b", "c", "d", "e"] {
        house.ok("commentOnWorkItem", json!({ "id": 1, "text": text })).await;
    }
    house.simulator.clear_journal();
    let all = house.ok("listWorkItemComments", json!({ "id": 1 })).await;
    assert_eq!((texts(&all), house.requests().len()), (vec!["a", "b", "c", "d", "e"], 3));
    let last = json!({ "id": 1, "newestFirst": true, "limit": 2 });
    let last = house.ok("listWorkItemComments", last).await;
    assert_eq!((texts(&last), &last["more"]), (vec!["e", "d"], &Value::Boolean(true)));
}

#[tokio::test]
async fn a_comment_with_a_lost_response_is_found_and_not_repeated() {
    let house = with_bug().await;
    house.ok("commentOnWorkItem", json!({ "id": 1, "text": "seen" })).await;
    for (action, method, inputs) in [
        ("commentOnWorkItem", "POST", json!({ "id": 1, "text": "seen" })),
        ("editWorkItemComment", "PATCH", json!({ "id": 1, "comment": 2, "text": "not seen" })),
        ("deleteWorkItemComment", "DELETE", json!({ "id": 1, "comment": 1 })),
    ] {
        house.simulator.clear_journal();
        house.simulator.fault(Fault::on(&format!("{method} */comments*")).lose_answer());
        let outputs = house.ok(action, inputs).await;
        assert_eq!(integer(&outputs, "id"), if method == "DELETE" { 1 } else { 2 }, "{action}");
        let sent = house.requests().iter().filter(|request| request.starts_with(method)).count();
        assert_eq!(sent, 1, "{action}");
    }
    house.simulator.fault(Fault::on("POST */comments*").refuse());
    let error = house.error("commentOnWorkItem", json!({ "id": 1, "text": "never" })).await;
    assert_eq!(error.code(), ErrorCode::ServiceOutcomeUnknown);
    let listed = house.ok("listWorkItemComments", json!({ "id": 1 })).await;
    assert_eq!(texts(&listed), ["not seen"]);
}

#[tokio::test]
async fn long_texts_are_given_in_markdown() {
    let house = House::connected().await;
    let bug = json!({ "type": "Bug", "title": "one", "description": "# Steps", "markdownFields": ["system.description"],
        "fields": { "Microsoft.VSTS.TCM.ReproSteps": "<p>open it</p>" } });
    let made = house.ok("createWorkItem", bug).await;
    let markdown = |outputs: &Dictionary| outputs["markdownFields"].clone();
    let description = Value::List(vec![Value::from("System.Description")]);
    assert_eq!((markdown(&made), text(&made, "description")), (description.clone(), "# Steps"));
    let plain =
        house.ok("createWorkItem", json!({ "type": "Bug", "title": "two", "description": "x" })).await;
    assert_eq!(markdown(&plain), Value::List(Vec::new()));
    house.simulator.fault(Fault::on("PATCH */workitems/2").lose_answer());
    let changed = json!({ "id": 2, "description": "*y*", "markdownFields": ["System.Description"] });
    assert_eq!(markdown(&house.ok("updateWorkItem", changed).await), description);
    // What is Markdown stays so.
    house.simulator.fault(Fault::on("PATCH */workitems/2").lose_answer());
    let changed = house.ok("updateWorkItem", json!({ "id": 2, "description": "*z*" })).await;
    assert_eq!(markdown(&changed), description);

    let error = house
        .error("updateWorkItem", json!({ "id": 2, "title": "x", "markdownFields": ["System.Description"] }));
    let error = error.await;
    assert_eq!(
        (error.code(), error.context_value("field")),
        (ErrorCode::InputInvalid, Some("markdownFields"))
    );
    // A server without formats says nothing about them.
    let old = json!({ "id": 2, "rev": 9, "fields": { "System.Title": "two", "System.Description": "# a" } });
    let answer = old.to_string();
    house.simulator.fault(Fault::on("PATCH */workitems/2").answer(
        200,
        &[("Content-Type", "application/json")],
        answer,
    ));
    let update = json!({ "id": 2, "description": "# a", "markdownFields": ["System.Description"] });
    let success = house.execute(&house.root, "updateWorkItem", update).await.expect("it succeeds");
    let warnings: Vec<_> =
        success.warnings.into_iter().map(|warning| (warning.code, warning.message)).collect();
    let message =
        "the work item 2 was changed, but not as given: the text of System.Description is not Markdown";
    assert_eq!(warnings, [(WarningCode::OtherValue, message.to_owned())]);
}
