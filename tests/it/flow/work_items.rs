//! Work items: created, changed at the revision that was read, queried, and files attached.

use azdo_bot::contract::Dictionary;
use azdo_bot::contract::ErrorCode;
use azdo_bot::contract::Outcome;
use azdo_bot::contract::Value;
use azdo_bot::contract::WarningCode;
use azdo_simulator::Fault;
use azdo_simulator::Organization;
use azdo_simulator::Permission;
use azdo_simulator::User;
use serde_json::json;

use crate::flow::support::House;
use crate::flow::support::integer;
use crate::flow::support::text;
use crate::flow::support::world;

const JSON: [(&str, &str); 1] = [("Content-Type", "application/json")];

fn texts(outputs: &Dictionary, name: &str) -> Vec<String> {
    let Some(Value::List(items)) = outputs.get(name) else { panic!("there is no list {name}") };
    items.iter().map(|item| item.as_text().expect("a text").to_owned()).collect()
}

fn ids(outputs: &Dictionary) -> Vec<i64> {
    let Some(Value::List(items)) = outputs.get("workItems") else { panic!("there is no list") };
    items.iter().map(|item| integer(item.as_dictionary().expect("a dictionary"), "id")).collect()
}

fn count(house: &House, method: &str) -> usize {
    house.journal().iter().filter(|entry| entry.method == method).count()
}

#[tokio::test]
async fn a_work_item_is_created_read_and_changed() {
    let house = House::connected().await;
    let made = house
        .ok(
            "createWorkItem",
            json!({
                "type": "user story", "title": "It's to be done", "description": "<b>soon</b>", "tags": ["bot", "a b"],
                "assignedTo": "Bot Runner", "areaPath": "Fabrikam\\Web",
                "fields": { "Microsoft.VSTS.Common.Priority": 1, "Custom.Team": "Web" },
            }),
        )
        .await;
    assert_eq!((integer(&made, "id"), integer(&made, "revision")), (1, 1));
    assert_eq!((text(&made, "type"), text(&made, "state")), ("User Story", "New"));
    assert_eq!(text(&made, "assignedTo"), "bot.runner@fabrikam.example");
    assert_eq!(texts(&made, "tags"), ["bot", "a b"]);
    assert!(
        text(&made, "webUrl").ends_with("/fabrikam/Fabrikam/_workitems/edit/1"),
        "{}",
        text(&made, "webUrl")
    );
    let fields = made["fields"].as_dictionary().expect("a dictionary");
    assert_eq!((text(fields, "Microsoft.VSTS.Common.Priority"), text(fields, "Custom.Team")), ("1", "Web"));
    let read = house.ok("getWorkItem", json!({ "id": 1, "includeRaw": true })).await;
    assert_eq!((text(&read, "title"), text(&read, "description")), ("It's to be done", "<b>soon</b>"));
    assert!(read["raw"].as_dictionary().is_some_and(|raw| raw.contains_key("rev")));
    let changed = house
        .ok(
            "updateWorkItem",
            json!({ "id": 1, "state": "active", "comment": "Begun", "fields": { "Custom.Team": "" } }),
        )
        .await;
    assert_eq!((text(&changed, "state"), integer(&changed, "revision")), ("Active", 2));
    assert!(!changed["fields"].as_dictionary().is_some_and(|fields| fields.contains_key("Custom.Team")));
}

#[tokio::test]
async fn a_concurrent_change_is_a_conflict() {
    let house = House::connected().await;
    house.ok("createWorkItem", json!({ "type": "Bug", "title": "one" })).await;
    house.ok("updateWorkItem", json!({ "id": 1, "revision": 1, "title": "two" })).await;
    let error = house.error("updateWorkItem", json!({ "id": 1, "revision": 1, "title": "three" })).await;
    assert_eq!(error.code(), ErrorCode::ResourceConflict, "{error:?}");
    assert!(error.message().contains("update the work item 1"), "{error}");
    assert_eq!(text(&house.ok("getWorkItem", json!({ "id": 1 })).await, "title"), "two");
}

#[tokio::test]
async fn errors_name_missing_and_invalid_values() {
    let house = House::connected().await;
    let error = house.error("createWorkItem", json!({ "type": "Bgu", "title": "x" })).await;
    assert_eq!(error.code(), ErrorCode::ResourceNotFound);
    assert_eq!(error.context_value("near"), Some("\"Bug\""));
    assert!(error.message().contains("the work item type \"Bgu\""), "{error}");
    let error = house.error("getWorkItem", json!({ "id": 77 })).await;
    assert_eq!(error.code(), ErrorCode::ResourceNotFound);
    assert!(error.message().contains("the work item 77"), "{error}");
    for (inputs, expected) in [
        (json!({ "state": "Done" }), "TF401320"),
        (json!({ "assignedTo": "Unknown" }), "unknown identity"),
        (json!({ "fields": { "System.Nothing": "x" } }), "TF51535"),
        (json!({ "areaPath": "Other" }), "TF401347"),
    ] {
        let mut all = json!({ "type": "Bug", "title": "x" });
        all.as_object_mut().expect("an object").extend(inputs.as_object().expect("an object").clone());
        let error = house.error("createWorkItem", all).await;
        assert_eq!(error.code(), ErrorCode::ServiceRejected, "{expected}");
        assert!(error.message().contains(expected), "{error}");
    }
    house.simulator.clear_journal();
    for inputs in [
        json!({ "id": 1 }),
        json!({ "id": 1, "title": "x", "fields": { "system.title": "y" } }),
        json!({ "id": 1, "fields": { "Title": "y" } }),
    ] {
        assert_eq!(house.error("updateWorkItem", inputs).await.code(), ErrorCode::InputInvalid);
    }
    assert_eq!(house.requests(), Vec::<String>::new());
    let error =
        house.error("queryWorkItems", json!({ "query": "SELECT [System.Id] FROM WorkItems WHERE" })).await;
    assert_eq!(error.code(), ErrorCode::ServiceRejected);
}

#[tokio::test]
async fn a_query_reads_its_results_in_chunks_and_in_order() {
    let house = House::connected().await;
    for at in 0..3 {
        house.ok("createWorkItem", json!({ "type": "Bug", "title": format!("bug {at}") })).await;
    }
    house.ok("createWorkItem", json!({ "type": "Task", "title": "task" })).await;
    let query = |condition: &str| {
        format!("SELECT [System.Id] FROM WorkItems WHERE {condition} ORDER BY [System.Id] DESC")
    };
    let bugs = query(
        "[System.TeamProject] = @project AND [System.WorkItemType] = 'Bug' AND [System.CreatedBy] = @me",
    );
    assert_eq!(ids(&house.ok("queryWorkItems", json!({ "query": bugs })).await), [3, 2, 1]);
    house.simulator.clear_journal();
    let first =
        house.ok("queryWorkItems", json!({ "query": bugs, "limit": 2, "fields": ["System.Title"] })).await;
    assert_eq!((ids(&first), &first["more"]), (vec![3, 2], &Value::Boolean(true)));
    assert_eq!(house.requests().len(), 2);

    // The service returns the 450 results in pages of 200; a work item deleted in between is null and left out.
    let found: Vec<_> = (1..=450).map(|id| json!({ "id": id })).collect();
    house.simulator.fault(Fault::on("POST */wiql").answer(
        200,
        &JSON,
        json!({ "workItems": found }).to_string(),
    ));
    house.simulator.clear_journal();
    let all = house.ok("queryWorkItems", json!({ "query": query("[System.Id] > 0") })).await;
    assert_eq!(ids(&all), [1, 2, 3, 4]);
    assert_eq!(count(&house, "POST"), 4);

    let links = json!({ "workItemRelations": [
        { "target": { "id": 4 } }, { "rel": "x", "source": { "id": 4 }, "target": { "id": 2 } }, { "target": { "id": 2 } },
    ] });
    house.simulator.fault(Fault::on("POST */wiql").answer(200, &JSON, links.to_string()));
    let tied = house.ok("queryWorkItems", json!({ "query": query("[System.Id] > 0") })).await;
    assert_eq!(ids(&tied), [4, 2]);
}

#[tokio::test]
async fn update_work_item_replaces_tags_and_removes_them() {
    let house = House::connected().await;
    house.ok("createWorkItem", json!({ "type": "Bug", "title": "one", "tags": ["a", "b", "c"] })).await;
    let fewer = house.ok("updateWorkItem", json!({ "id": 1, "tags": ["b", "d"] })).await;
    assert_eq!(texts(&fewer, "tags"), ["b", "d"]);
    let by_name = house.ok("updateWorkItem", json!({ "id": 1, "fields": { "system.tags": "e" } })).await;
    assert_eq!(texts(&by_name, "tags"), ["e"]);
    let same = house.ok("updateWorkItem", json!({ "id": 1, "title": "two" })).await;
    assert_eq!(texts(&same, "tags"), ["e"]);
    let none = house.ok("updateWorkItem", json!({ "id": 1, "tags": [] })).await;
    assert_eq!(texts(&none, "tags"), Vec::<String>::new());
    house.ok("updateWorkItem", json!({ "id": 1, "tags": ["f"] })).await;
    let cleared = house.ok("updateWorkItem", json!({ "id": 1, "fields": { "System.Tags": "" } })).await;
    assert_eq!(texts(&cleared, "tags"), Vec::<String>::new());
}

#[tokio::test]
async fn a_field_that_did_not_get_the_given_value_is_named_in_a_warning() {
    let house = House::connected().await;
    let warnings = |outcome: Outcome| -> Vec<(WarningCode, String)> {
        let success = outcome.expect("it succeeds");
        success.warnings.into_iter().map(|warning| (warning.code, warning.message)).collect()
    };
    // The service ignores an empty text for a field that has a default.
    let create = json!({ "type": "Bug", "title": "one", "fields": { "Microsoft.VSTS.Common.Priority": "" } });
    let made = warnings(house.execute(&house.root, "createWorkItem", create).await);
    let message =
        "the work item 1 was changed, but not as given: Microsoft.VSTS.Common.Priority is \"2\", not empty";
    assert_eq!(made, [(WarningCode::OtherValue, message.to_owned())]);

    let ruled = json!({ "id": 1, "rev": 2, "fields": { "System.Title": "two", "System.Tags": "a; b",
        "System.State": "New", "System.Description": "<div>a &lt; b</div>", "Custom.Due": "2026-11-28T23:00:00Z" } });
    house.simulator.fault(Fault::on("PATCH */workitems/1").answer(200, &JSON, ruled.to_string()));
    let update = json!({ "id": 1, "title": "two", "tags": ["B"], "state": "Active", "comment": "x",
        "description": "a < b", "fields": { "Custom.Due": "2026-11-29" } });
    let changed = warnings(house.execute(&house.root, "updateWorkItem", update).await);
    let message = "the work item 1 was changed, but not as given: System.State is \"New\", not \"Active\"; \
                   System.Tags is \"a; b\", not \"B\"";
    assert_eq!(changed, [(WarningCode::OtherValue, message.to_owned())]);
    let plain =
        warnings(house.execute(&house.root, "updateWorkItem", json!({ "id": 1, "state": "active" })).await);
    assert_eq!(plain, []);
}

#[tokio::test]
async fn a_query_with_whole_days_finds_the_whole_day() {
    let house = House::connected().await;
    house.ok("createWorkItem", json!({ "type": "Bug", "title": "one" })).await;
    let made = house.ok("getWorkItem", json!({ "id": 1 })).await;
    let created = text(&made, "createdDate");
    let day = &created[..10];
    let query = |condition: &str| json!({ "query": format!("SELECT [System.Id] FROM WorkItems WHERE [System.CreatedDate] {condition}") });
    for condition in
        [format!("= '{day}'"), format!("<= '{day}'"), "= @today".to_owned(), format!("= '{created}'")]
    {
        assert_eq!(ids(&house.ok("queryWorkItems", query(&condition)).await), [1], "{condition}");
    }
    assert_eq!(ids(&house.ok("queryWorkItems", query(&format!("> '{created}'"))).await), Vec::<i64>::new());
}

#[tokio::test]
async fn a_query_does_not_request_as_many_results_as_the_service_refuses() {
    let house = House::connected().await;
    let found: Vec<_> = (1..=19_999).map(|id| json!({ "id": id })).collect();
    for limit in [19_998, 19_999, 20_000, 100_000] {
        house.simulator.fault(Fault::on("POST */wiql").answer(
            200,
            &JSON,
            json!({ "workItems": found }).to_string(),
        ));
        house.simulator.fault(Fault::on("POST */workitemsbatch").times(100).answer(
            200,
            &JSON,
            json!({ "value": [] }).to_string(),
        ));
        house.simulator.clear_journal();
        let inputs = json!({ "query": "SELECT [System.Id] FROM WorkItems", "limit": limit });
        let outputs = house.ok("queryWorkItems", inputs).await;
        assert_eq!(outputs["more"], Value::Boolean(true), "{limit}");
        let journal = house.journal();
        let query = &journal.iter().find(|entry| entry.path.ends_with("/wiql")).expect("a query").query;
        assert!(query.contains("$top=19999") || query.contains("%24top=19999"), "{query}");
        assert!(!query.contains("timePrecision"), "{query}");
    }
}

#[tokio::test]
async fn a_work_item_with_a_lost_response_is_found_and_not_created_twice() {
    let house = House::connected().await;
    // Equal except for the time, and not returned.
    house.ok("createWorkItem", json!({ "type": "Bug", "title": "It's 'broken'" })).await;
    house.simulator.clear_journal();
    house.simulator.fault(Fault::on("POST */workitems/*").lose_answer());
    let made = house.ok("createWorkItem", json!({ "type": "Bug", "title": "It's 'broken'" })).await;
    assert_eq!(integer(&made, "id"), 2);
    let posts =
        house.requests().iter().filter(|one| one.starts_with("POST") && one.contains("/workitems/")).count();
    assert_eq!(posts, 1);

    house.simulator.fault(Fault::on("POST */workitems/*").refuse());
    let error = house.error("createWorkItem", json!({ "type": "Bug", "title": "never made" })).await;
    assert_eq!(error.code(), ErrorCode::ServiceOutcomeUnknown);
    assert_eq!(error.context_value("candidates"), None);

    // A work item without a known creator is named and not returned.
    let nobodys = json!({ "id": 3, "rev": 1, "fields": {
        "System.Title": "whose", "System.CreatedDate": "2999-01-01T00:00:00Z",
    } });
    house.simulator.fault(Fault::on("POST */workitems/*").lose_answer());
    house.simulator.fault(Fault::on("GET */revisions/1").times(3).answer(200, &JSON, nobodys.to_string()));
    let error = house.error("createWorkItem", json!({ "type": "Bug", "title": "whose" })).await;
    assert_eq!(error.code(), ErrorCode::ServiceOutcomeUnknown);
    assert!(
        error.context_value("candidates").is_some_and(|named| named.contains("the work item 3: https://"))
    );
}

#[tokio::test]
async fn a_change_with_a_lost_response_is_found_and_not_repeated() {
    let house = House::connected().await;
    house.ok("createWorkItem", json!({ "type": "Bug", "title": "one" })).await;
    for inputs in [
        json!({ "id": 1, "tags": ["b", "A"], "assignedTo": "Bot Runner" }),
        json!({ "id": 1, "comment": "x" }),
    ] {
        house.simulator.clear_journal();
        house.simulator.fault(Fault::on("PATCH */workitems/1").lose_answer());
        house.ok("updateWorkItem", inputs).await;
        assert_eq!(count(&house, "PATCH"), 1);
    }
    house.simulator.fault(Fault::on("PATCH */workitems/1").refuse());
    let error = house.error("updateWorkItem", json!({ "id": 1, "comment": "never" })).await;
    assert_eq!(error.code(), ErrorCode::ServiceOutcomeUnknown);
    assert_eq!(integer(&house.ok("getWorkItem", json!({ "id": 1 })).await, "revision"), 3);
}

#[tokio::test]
async fn a_file_is_uploaded_and_attached_to_the_work_item() {
    let house = House::connected().await;
    house.ok("createWorkItem", json!({ "type": "Bug", "title": "one" })).await;
    std::fs::write(house.folder.path().join("run 1.log"), b"no room left\0").expect("a file");
    house.simulator.fault(Fault::on("POST */wit/attachments").lose_answer());
    house.simulator.fault(Fault::on("PATCH */workitems/1").lose_answer());
    let tied =
        house.ok("attachFileToWorkItem", json!({ "id": 1, "file": "run 1.log", "comment": "the log" })).await;
    assert_eq!(integer(&tied, "revision"), 2);
    assert_eq!(count(&house, "PATCH"), 1);
    house.simulator.clear_journal();
    std::fs::create_dir(house.folder.path().join(".git")).expect("a folder");
    std::fs::write(house.folder.path().join(".git/config"), "[core]").expect("a file");
    for file in ["../secret", "/etc/hostname", "nowhere.log", ".", ".git/config"] {
        let error = house.error("attachFileToWorkItem", json!({ "id": 1, "file": file })).await;
        assert_eq!(error.code(), ErrorCode::InputInvalid, "{file}");
    }
    assert_eq!(house.requests(), Vec::<String>::new());
}

#[tokio::test]
async fn the_error_for_a_denied_change_names_its_permission() {
    let ann = User::named("Ann").without(Permission::WorkItemWrite);
    let house = House::with(world().organization(Organization::fabrikam().user(ann))).await;
    house.connect_root().await;
    let error = house.error("createWorkItem", json!({ "type": "Bug", "title": "x" })).await;
    assert_eq!(error.code(), ErrorCode::PermissionDenied);
    assert!(error.message().contains("Areas: Edit work items in this node"), "{error}");
    assert!(error.help_text().contains("Project configuration > Areas"), "{}", error.help_text());
}

#[tokio::test]
async fn a_work_item_that_rules_refuse_names_all_fields_by_their_reference_names() {
    let house = House::connected().await;
    house.ok("createWorkItem", json!({ "type": "Bug", "title": "one" })).await;
    let broken = json!({ "state": "Done", "fields": { "Microsoft.VSTS.Common.Priority": 9 } });
    for (action, own) in
        [("createWorkItem", json!({ "type": "Bug", "title": "x" })), ("updateWorkItem", json!({ "id": 1 }))]
    {
        let mut inputs = own;
        inputs.as_object_mut().expect("an object").extend(broken.as_object().expect("an object").clone());
        let error = house.error(action, inputs).await;
        assert_eq!(error.code(), ErrorCode::ServiceRejected, "{action}");
        let fields = "System.State, Microsoft.VSTS.Common.Priority";
        assert_eq!(error.context_value("fields"), Some(fields), "{action}");
        for name in fields.split(", ") {
            assert!(error.message().contains(name), "{action}: {error}");
        }
        assert!(error.help_text().contains("reference name"), "{}", error.help_text());
    }
    let one = house.error("updateWorkItem", json!({ "id": 1, "state": "Done" })).await;
    assert_eq!(one.context_value("fields"), Some("System.State"));
}
