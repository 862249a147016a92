//! Nodes without blocks: they set a variable, wait, or write a line.

use serde_json::Value as Json;
use serde_json::json;

use crate::bot::documents::assign;
use crate::bot::documents::computed;
use crate::bot::documents::declare;
use crate::bot::documents::node;
use crate::bot::documents::number;
use crate::bot::documents::text;
use crate::bot::documents::variable;
use crate::bot::pieces::folder;
use crate::bot::pieces::increment;
use crate::bot::pieces::looping;
use crate::bot::pieces::outputs;
use crate::bot::pieces::run;
use crate::bot::pieces::set;
use crate::bot::support::run_with_events;

#[tokio::test]
async fn nodes_that_set_a_variable() {
    let numeral = |text: &str| json!({ "type": "NUMBER", "number": text });
    let rows = [
        (assign("a $count$ $map{x}$", "out"), json!({"out": "a 0 1"})),
        (node("String", "assign", &[("sourceString", computed("$out$"))]), json!({})),
        (set("Number", "assignToNumber", &[("input", numeral("3.5"))], "count"), json!({"count": 3.5})),
        (set("Number", "assignToNumber", &[("input", number("$map{y}$ * 4"))], "count"), json!({"count": 8})),
        (increment(), json!({"count": 1})),
        (set("Number", "toString", &[("number", number("1 + 1"))], "out"), json!({"out": "2"})),
        (
            set("Boolean", "assign", &[("source", text("constant")), ("userDefined", text("true"))], "flag"),
            json!({"flag": true}),
        ),
        (
            set("Boolean", "assign", &[("source", json!({"type":"BOOLEAN","boolean":"true"}))], "flag"),
            json!({"flag": true}),
        ),
        (
            set("Dictionary", "get", &[("sourceMap", variable("map")), ("key", text("y"))], "out"),
            json!({"out": "2"}),
        ),
        (
            set("Dictionary", "get", &[("sourceMap", variable("map")), ("key", text("y"))], "count"),
            json!({"count": 2}),
        ),
        (node("Comment", "Comment", &[("comment", text("x"))]), json!({})),
        (
            node(
                "Delay",
                "delay",
                &[
                    ("delayType", text("REGULAR")),
                    ("delayTime", numeral("1")),
                    ("timeUnit", text("MILLISECONDS")),
                ],
            ),
            json!({}),
        ),
    ];
    for (node, changes) in rows {
        assert_eq!(run(json!([node])).await, outputs(changes), "{node}");
    }
    let put = |value: Json| {
        let put = set(
            "Dictionary",
            "put",
            &[("sourceMap", variable("map")), ("key", text("x")), ("value", value)],
            "count",
        );
        json!([put, assign("$map{x}$", "out")])
    };
    assert_eq!(run(put(text("new"))).await, outputs(json!({"out": "new", "count": 1})));
    assert_eq!(run(put(text(""))).await, outputs(json!({"count": 1})));
}

#[tokio::test]
async fn lines_are_logged_in_writable_folders_only() {
    let log = |path: Json, more: &[(&str, Json)]| {
        let mut attributes = vec![("filePath", path), ("logContent", computed("count $count$"))];
        attributes.extend(more.iter().cloned());
        node("LogToFile", "logToFile", &attributes)
    };
    let file = |text: &str| json!({ "type": "FILE", "string": text });
    let folder = folder(json!([
        log(file("a.log"), &[]),
        increment(),
        log(json!({"type":"FILE","expression":"$map{x}$.log"}), &[]),
        log(file("a.log"), &[("logOption", text("APPEND_FILE"))])
    ]));
    let (outcome, events) = run_with_events(&folder).await;
    assert_eq!(outcome, outputs(json!({"count": 1})));
    assert_eq!(events, "log a.log\nlog 1.log\nlog a.log\nend root []");
    assert_eq!(
        (folder.read("a.log").as_str(), folder.read("1.log").as_str()),
        ("count 0\ncount 1\n", "count 1\n")
    );
    folder.bot(
        "root",
        json!([log(
            file("a.log"),
            &[
                ("logOption", text("OVERWRITE_FILE")),
                ("appendTimestamp", json!({"type":"BOOLEAN","boolean":true}))
            ]
        )]),
        json!([declare("count", "NUMBER", json!({}))]),
    );
    crate::bot::support::outcome(&folder).await;
    let logged = folder.read("a.log");
    assert!(
        logged.starts_with("20") && logged.ends_with("Z: count 0\n") && logged.lines().count() == 1,
        "{logged}"
    );
    let outside = json!([assign("/etc/x.log", "out"), log(json!({"type":"FILE","expression":"$out$"}), &[])]);
    let error = run(outside).await;
    assert!(
        error.starts_with("root.bot.json:2 input.invalid: the file \"/etc/x.log\" is outside"),
        "{error}"
    );
}

// Copying or dropping a value uses a stack frame for each level of nesting.
#[tokio::test]
async fn the_nesting_of_values_is_limited() {
    let into_itself = node(
        "Dictionary",
        "put",
        &[("sourceMap", variable("map")), ("key", text("x")), ("value", variable("map"))],
    );
    let times = |times: &str| {
        json!([looping("loop.iterators.times", ("times", number(times)), "count", json!([into_itself]))])
    };
    assert_eq!(run(times("100")).await, outputs(json!({"count": 100})));
    let error = run(times("300")).await;
    assert!(error.starts_with("root.bot.json:2 limit.exceeded: $map$"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_delay_waits_and_rejects_a_negative_time() {
    let delay = |time: &str, unit: &str| {
        node("Delay", "delay", &[("delayTime", number(time)), ("timeUnit", text(unit))])
    };
    let before = tokio::time::Instant::now();
    assert_eq!(run(json!([delay("90", "SECONDS"), delay("1500", "MILLISECONDS")])).await, outputs(json!({})));
    assert!(before.elapsed() >= std::time::Duration::from_millis(91_500));
    for time in ["0-1", "1e30"] {
        let time = if time == "1e30" { "9999999999999*9999999999999" } else { time };
        assert!(
            run(json!([delay(time, "SECONDS")])).await.contains("bot.expression: the delay is negative"),
            "{time}"
        );
    }
}
