//! Outputs that may be empty: what a flow reads, how it tests them, and what `check` warns of.

use serde_json::Value as Json;
use serde_json::json;

use crate::bot::documents::Folder;
use crate::bot::documents::action;
use crate::bot::documents::assign;
use crate::bot::documents::computed;
use crate::bot::documents::connect;
use crate::bot::documents::declare;
use crate::bot::documents::named_session;
use crate::bot::documents::number;
use crate::bot::documents::text;
use crate::bot::documents::variable;
use crate::bot::documents::with;
use crate::bot::pieces::block;
use crate::bot::pieces::condition;
use crate::bot::pieces::looping;
use crate::bot::support::outcome;

/// A bot that connects and then runs these nodes
fn bot(nodes: &[Json]) -> Folder {
    let output = json!({ "output": true });
    let mut all = vec![connect(named_session("LOCAL", "Default"))];
    all.extend_from_slice(nodes);
    let variables = json!([
        declare("out", "STRING", output.clone()),
        declare("count", "NUMBER", output),
        declare("text", "STRING", json!({})),
        declare("record", "DICTIONARY", json!({})),
        declare("other", "DICTIONARY", json!({})),
        declare("list", "LIST", json!({})),
        declare("item", "ANY", json!({})),
    ]);
    Folder::with(Json::from(all), variables)
}

fn into(node: Json, to: &str) -> Json {
    with(node, "returnTo", variable(to))
}

/// A work item without an assignee
fn task() -> Json {
    into(action("createWorkItem", &[("type", text("Task")), ("title", computed("$count$"))]), "record")
}

fn is_empty(expression: &str, then: &str) -> Json {
    block(
        "If",
        "if",
        json!([condition("String", computed(expression), "EQ", text(""))]),
        json!([assign(then, "out")]),
    )
}

#[tokio::test]
async fn an_empty_output_is_an_empty_text_that_a_condition_can_test() {
    let nodes = [task(), assign("[$record{assignedTo}$]", "out")];
    assert_eq!(outcome(&bot(&nodes)).await, r#"{"out":"[]","count":0}"#);
    let nodes = [task(), is_empty("$record{assignedTo}$", "none")];
    assert_eq!(outcome(&bot(&nodes)).await, r#"{"out":"none","count":0}"#);
    // The fields of a record keep their positions: the first four are id, revision, type and title.
    let nodes = [task(), assign("$record[3]$ $record{state}$", "out")];
    assert_eq!(outcome(&bot(&nodes)).await, r#"{"out":"0 New","count":0}"#);
}

#[tokio::test]
async fn an_empty_output_is_not_given_to_a_field_that_is_optional() {
    let again = action(
        "createWorkItem",
        &[
            ("type", computed("$record{type}$")),
            ("title", computed("$record{id}$")),
            ("assignedTo", computed("$record{assignedTo}$")),
            ("description", variable("item")),
        ],
    );
    let nodes = [task(), into(again, "other"), assign("$other{title}$", "out")];
    assert_eq!(outcome(&bot(&nodes)).await, r#"{"out":"1","count":0}"#);
    let comment =
        action("commentOnPullRequest", &[("id", number("1")), ("text", computed("$record{assignedTo}$"))]);
    assert_eq!(
        outcome(&bot(&[task(), comment])).await,
        "root.bot.json:3 bot.expression: \"text\": the value is empty, and \"Comment on pull request\" requires it"
    );
}

#[tokio::test]
async fn what_an_action_returns_is_taken_by_the_next_one() {
    for id in [number("$record{id}$"), number("1")] {
        let read = into(action("getWorkItem", &[("id", id)]), "other");
        let nodes = [task(), read, assign("$other{id}$", "out")];
        assert_eq!(outcome(&bot(&nodes)).await, r#"{"out":"1","count":0}"#);
    }
    let tags = json!({ "type": "LIST", "list": [{ "type": "NUMBER", "number": "2024" }, text("b")] });
    let tagged = action("createWorkItem", &[("type", text("Task")), ("title", text("t")), ("tags", tags)]);
    let nodes = [into(tagged, "record"), assign("$record{tags}[0]$", "out")];
    assert_eq!(outcome(&bot(&nodes)).await, r#"{"out":"2024","count":0}"#);
}

/// Returns the warnings of a check about empty outputs
fn warnings(nodes: &[Json]) -> Vec<String> {
    let analysis = bot(nodes).check();
    assert!(analysis.faults.is_empty(), "{:?}", analysis.faults);
    analysis.warnings.iter().map(|warning| format!("{}: {}", warning.place.line, warning.text)).collect()
}

#[test]
fn a_check_warns_where_a_flow_reads_an_output_that_may_be_empty() {
    let items =
        || into(action("queryWorkItems", &[("query", text("SELECT [System.Id] FROM WorkItems"))]), "list");
    let each = |nodes: Json| looping("list.iterators.list", ("list", variable("list")), "item", nodes);
    let get = || into(action("getPipelineRun", &[("id", number("1"))]), "record");
    let of = |shown: &str, label: &str, output: &str| {
        format!(
            "\"sourceString\": {shown} may be empty, since \"{label}\" returns \"{output}\" only if there is one; test it in a condition first"
        )
    };
    let rows: [(&str, Vec<Json>, Vec<String>); 10] = [
        (
            "a part of a record",
            vec![get(), assign("$record{result}$", "text")],
            vec![format!("3: {}", of("$record{result}$", "Get pipeline run", "result"))],
        ),
        ("an output that is always there", vec![get(), assign("$record{id}$", "out")], vec![]),
        (
            "an item of a loop",
            vec![items(), each(json!([assign("$item{assignedTo}$", "text")]))],
            vec![format!("4: {}", of("$item{assignedTo}$", "Query work items", "assignedTo"))],
        ),
        (
            "an item by its index",
            vec![items(), assign("$list[0]{assignedTo}$", "text")],
            vec![format!("3: {}", of("$list[0]{assignedTo}$", "Query work items", "assignedTo"))],
        ),
        (
            "after a condition on the same output",
            vec![get(), is_empty("$record{result}$", "x"), assign("$record{result}$", "out")],
            vec![],
        ),
        (
            "after a condition on another output",
            vec![get(), is_empty("$record{branch}$", "x"), assign("$record{result}$", "text")],
            vec![format!("5: {}", of("$record{result}$", "Get pipeline run", "result"))],
        ),
        (
            "in a variable that a condition tests",
            vec![get(), assign("$record{result}$", "text"), is_empty("$text$", "x")],
            vec![],
        ),
        ("in a variable that the bot returns", vec![get(), assign("$record{result}$", "out")], vec![]),
        (
            "an output that the service sends each time",
            vec![get(), assign("$record{webUrl}$", "text")],
            vec![],
        ),
        ("a dictionary of the flow itself", vec![assign("$record{result}$", "out")], vec![]),
    ];
    for (what, nodes, expected) in rows {
        assert_eq!(warnings(&nodes), expected, "{what}");
    }
}
