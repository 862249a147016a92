//! The members of responses, compared with a table of recorded ones in both directions.
//!
//! In `members.json`, a name that ends with `?` may be missing, and `*` stands for every name. The values only show the form:
//! an object, a list or anything else.

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::client::Answer;
use crate::client::Bench;

/// Adds a line for each member that the table or the response has alone
fn compare(place: &str, expected: &Value, actual: &Value, faults: &mut Vec<String>) {
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
            for value in actual {
                compare(&format!("{place}[]"), &expected[0], value, faults);
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

/// Returns the body of a request of the table
fn body(request: &str) -> Value {
    match request {
        one if one.starts_with("PUT") && one.contains("variablegroups") => json!({
            "name": "Site", "type": "Vsts", "variables": { "a": { "value": "c" } },
            "variableGroupProjectReferences": [{ "projectReference": { "name": "Fabrikam" }, "name": "Site" }],
        }),
        one if one.starts_with("POST") => json!(["a", "b"]),
        _ => Value::Null,
    }
}

#[tokio::test]
async fn responses_have_the_recorded_members_and_no_others() {
    let bench = Bench::new().await;
    let base = "/fabrikam/Fabrikam/_apis";
    let group = json!({
        "name": "Site", "type": "Vsts", "variables": { "a": { "value": "b" }, "k": { "value": "v", "isSecret": true } },
        "variableGroupProjectReferences": [{ "projectReference": { "name": "Fabrikam" }, "name": "Site" }],
    });
    bench.send("POST", "/fabrikam/_apis/distributedtask/variablegroups", group).await.expect(200);
    bench.send("POST", &format!("{base}/pipelines/1/runs"), json!({})).await.expect(200);
    for id in 1..=2 {
        let mut document = json!([{ "op": "add", "path": "/fields/System.Title", "value": "t" }]);
        if id == 2 {
            let link = json!({ "rel": "System.LinkTypes.Related", "url": format!("http://x{base}/wit/workItems/1") });
            let link = json!({ "op": "add", "path": "/relations/-", "value": link });
            document.as_array_mut().expect("a list").push(link);
        }
        let request = bench.request("POST", &format!("{base}/wit/workitems/$Bug"));
        let request =
            request.header("Content-Type", "application/json-patch+json").body(document.to_string());
        Answer::of(request).await.expect(200);
    }
    let table: Map<String, Value> =
        serde_json::from_str(include_str!("members.json")).expect("the table is JSON");
    let mut faults = Vec::new();
    for (request, expected) in &table {
        let (method, path) = request.split_once(' ').expect("a method and a path");
        let answer = match body(request) {
            Value::Null => Answer::of(bench.request(method, path)).await,
            body => bench.send(method, path, body).await,
        };
        compare(request, expected, &answer.expect(200), &mut faults);
    }
    assert!(faults.is_empty(), "{faults:#?}");
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
