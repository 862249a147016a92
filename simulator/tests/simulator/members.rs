//! The members of responses, compared with a table of recorded ones in both directions.
//!
//! `members.json` has the requests in the order in which they are sent, with what was recorded: status and members. A name that ends with `?` may be missing, and `*` stands for every name. The values only show the form:
//! an object, a list or anything else. `null` as the whole answer is a response without a body.

use std::collections::BTreeSet;

use azdo_simulator::KnownFrom;
use azdo_simulator::imitated_requests;
use serde::Deserialize;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::client::Answer;
use crate::client::Bench;
use crate::walk_world;

/// Adds a line for each member that the table or the response has alone
pub(crate) fn compare(place: &str, expected: &Value, actual: &Value, faults: &mut Vec<String>) {
    match (expected, actual) {
        (Value::Object(expected), Value::Object(actual)) => {
            for (name, value) in actual {
                match member(expected, name) {
                    Some(known) => compare(&format!("{place}.{name}"), known, value, faults),
                    None => faults.push(format!("{place}.{name} is not recorded")),
                }
            }
            let required = expected.keys().filter(|name| !name.ends_with('?') && *name != "*");
            faults.extend(
                required
                    .filter(|name| !actual.contains_key(*name))
                    .map(|name| format!("{place}.{name} is missing")),
            );
        }
        (Value::Array(expected), Value::Array(actual)) => {
            // A list that was always empty says nothing about its elements.
            for (value, expected) in actual.iter().zip(expected.iter().cycle()) {
                compare(&format!("{place}[]"), expected, value, faults);
            }
        }
        (Value::Object(_) | Value::Array(_), other) => faults.push(format!("{place} is {other}")),
        (Value::Null, other) if !other.is_null() => faults.push(format!("{place} is {other}, not null")),
        _ => {}
    }
}

fn member<'t>(expected: &'t Map<String, Value>, name: &str) -> Option<&'t Value> {
    expected.get(name).or_else(|| expected.get(&format!("{name}?"))).or_else(|| expected.get("*"))
}

/// A request of the table.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    request: String,
    #[serde(default)]
    sends: Value,
    status: u16,
    answers: Value,
}

#[tokio::test]
async fn responses_have_the_recorded_statuses_and_members_and_no_others() {
    let bench = Bench::of(walk_world::world(Vec::new())).await;
    let text = async |path: &str, pointer: &str| {
        let found = bench.get(path).await.expect(200);
        found.pointer(pointer).and_then(Value::as_str).unwrap_or_else(|| panic!("{found}")).to_owned()
    };
    let code = "/fabrikam/Fabrikam/_apis/git/repositories";
    let mut values = vec![
        ("{zero}", "0".repeat(40)),
        ("{site}", text(&format!("{code}/site"), "/id").await),
        ("{gone}", text(&format!("{code}/gone"), "/id").await),
    ];
    for branch in ["main", "topic"] {
        let path = format!("{code}/site/stats/branches?name={branch}");
        let name = if branch == "main" { "{main}" } else { "{topic}" };
        values.push((name, text(&path, "/commit/commitId").await));
    }
    let who = "/fabrikam/_apis/connectionData?api-version=7.1-preview.1";
    values.push(("{me}", text(who, "/authenticatedUser/id").await));
    values.push(("{project}", text("/fabrikam/_apis/projects/Fabrikam", "/id").await));
    let query = json!({ "name": "All", "wiql": "SELECT [System.Id] FROM WorkItems" });
    let path = "/fabrikam/Fabrikam/_apis/wit/queries/Shared%20Queries";
    let saved = bench.send("POST", path, query).await.expect(201)["id"].clone();
    values.push(("{query}", saved.as_str().unwrap_or_default().to_owned()));
    let table: Vec<Row> = serde_json::from_str(include_str!("members.json")).expect("the table is JSON");
    let mut faults = Vec::new();
    for row in &table {
        let filled =
            |text: &str| values.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to));
        let request = filled(&row.request);
        let (method, path) = request.split_once(' ').expect("a method and a path");
        let kind =
            if path.contains("/wit/workitems/") { "application/json-patch+json" } else { "application/json" };
        let sent = bench.request(method, path).header("Content-Type", kind);
        let answer = match &row.sends {
            Value::Null => Answer::of(sent).await,
            body => Answer::of(sent.body(filled(&body.to_string()))).await,
        };
        if answer.status != row.status {
            faults.push(format!("{request}: {} {}", answer.status, answer.text()));
            continue;
        }
        if row.answers.is_null() {
            if !answer.body.is_empty() {
                faults.push(format!("{request}: {} instead of no body", answer.text()));
            }
            continue;
        }
        let answer = answer.json();
        compare(&row.request, &row.answers, &answer, &mut faults);
        if row.request.starts_with("POST /fabrikam/_apis/projects") {
            values.push(("{operation}", answer["id"].as_str().unwrap_or_default().to_owned()));
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
    let journal = bench.simulator.journal();
    let sent: BTreeSet<&str> = journal.iter().filter_map(|entry| entry.route.as_deref()).collect();
    let recorded = imitated_requests().into_iter().filter(|one| one.known_from == KnownFrom::Recorded);
    let missing: Vec<String> =
        recorded.map(|one| one.request).filter(|one| !sent.contains(one.as_str())).collect();
    assert!(missing.is_empty(), "recorded, but not compared: {missing:#?}");
}

#[test]
fn a_difference_is_found_in_both_directions() {
    let expected = json!({ "a": "", "b?": [{ "c": 0 }], "d": null });
    let faults = |actual: Value| {
        let mut faults = Vec::new();
        compare("x", &expected, &actual, &mut faults);
        faults
    };
    assert_eq!(faults(json!({ "a": "1", "d": null })), Vec::<String>::new());
    assert_eq!(
        faults(json!({ "a": "1", "b": [{ "c": 1, "e": 2 }], "d": null })),
        ["x.b[].e is not recorded"]
    );
    assert_eq!(
        faults(json!({ "b": [{}], "d": 7 })),
        ["x.b[].c is missing", "x.d is 7, not null", "x.a is missing"]
    );
}
