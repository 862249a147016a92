//! What each kind of node does when it runs.

use serde_json::Value as Json;
use serde_json::json;

use crate::documents::Folder;
use crate::documents::assign;
use crate::documents::caught;
use crate::documents::computed;
use crate::documents::declare;
use crate::documents::message;
use crate::documents::node;
use crate::documents::number;
use crate::documents::run_task;
use crate::documents::text;
use crate::documents::try_catch;
use crate::documents::variable;
use crate::documents::with;
use crate::house::outcome;
use crate::house::told;

/// Runs nodes over the usual variables and gives the outputs, or the error
async fn run(nodes: Json) -> String {
    outcome(&folder(nodes)).await
}

fn folder(nodes: Json) -> Folder {
    let mut variables = caught().to_vec();
    let output = json!({ "output": true });
    variables.extend([
        declare("out", "STRING", output.clone()),
        declare("count", "NUMBER", output.clone()),
        declare("flag", "BOOLEAN", output),
        declare("item", "ANY", json!({})),
        declare(
            "list",
            "LIST",
            json!({ "defaultValue": { "type": "LIST", "list": [
            text("a"), text("b"), { "type": "NUMBER", "number": "3" } ] } }),
        ),
        declare(
            "map",
            "DICTIONARY",
            json!({ "defaultValue": { "type": "DICTIONARY", "dictionary": [
            { "key": "x", "value": text("1") }, { "key": "y", "value": text("2") } ] } }),
        ),
    ]);
    Folder::with(nodes, Json::from(variables))
}

/// Outputs with these members changed from what they are in the beginning
fn outputs(changes: Json) -> String {
    let mut all = json!({ "message": "", "line": 0, "out": "", "count": 0, "flag": false });
    for (name, value) in changes.as_object().expect("an object") {
        all[name] = value.clone();
    }
    all.to_string()
}

fn set(package: &str, command: &str, attributes: &[(&str, Json)], to: &str) -> Json {
    with(node(package, command, attributes), "returnTo", variable(to))
}

fn increment() -> Json {
    set(
        "Number",
        "increment",
        &[("source", number("$count$")), ("by", json!({"type":"NUMBER","number":"1"}))],
        "count",
    )
}

fn block(package: &str, command: &str, attributes: Json, children: Json) -> Json {
    with(with(node(package, command, &[]), "attributes", attributes), "children", children)
}

fn looping(iterator: &str, part: (&str, Json), to: &str, children: Json) -> Json {
    let iterator = json!([
        { "name": "loopType", "value": text("ITERATOR") },
        { "name": "iterator", "value": { "type": "ITERATOR", "iteratorName": iterator },
          "attributes": [{ "name": part.0, "value": part.1 }], "returnTo": variable(to) }
    ]);
    block("Loop", "loop.commands.start", iterator, children)
}

fn condition(package: &str, left: Json, operator: &str, right: Json) -> Json {
    let name = format!("{}Variable", package.to_lowercase());
    json!({ "name": "condition",
            "value": { "type": "CONDITIONAL", "conditionalName": name, "packageName": package },
            "attributes": [ { "name": "variable", "value": left }, { "name": "operator", "value": text(operator) },
                            { "name": "value", "value": right } ] })
}

fn throw(message: &str) -> Json {
    node("ErrorHandler", "throw", &[("message", computed(message))])
}

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
async fn loops() {
    let add = |expression: &str| assign(&format!("$out${expression}"), "out");
    let rows = [
        (looping("loop.iterators.times", ("times", number("2+1")), "count", json!([add("$count$")])), "123"),
        (looping("loop.iterators.times", ("times", number("0")), "item", json!([add("x")])), ""),
        (looping("list.iterators.list", ("list", variable("list")), "item", json!([add("$item$")])), "ab3"),
        (
            looping(
                "list.iterators.list",
                ("list", json!({"type":"LIST","list":[]})),
                "item",
                json!([add("x")]),
            ),
            "",
        ),
        (
            looping(
                "dictionary.iterators.keys",
                ("dictionary", variable("map")),
                "item",
                json!([add("$item$")]),
            ),
            "xy",
        ),
    ];
    for (node, expected) in rows {
        let told = run(json!([node])).await;
        assert!(told.contains(&format!("\"out\":\"{expected}\"")), "{node}\n{told}");
    }
    let at = |value: &str, then: &str| {
        let condition = condition("String", computed("$item$"), "EQ", text(value));
        block("If", "if", json!([condition]), json!([node("Loop", &format!("loop.commands.{then}"), &[])]))
    };
    for (then, expected) in [("break", "a"), ("continue", "a3")] {
        let list = looping(
            "list.iterators.list",
            ("list", variable("list")),
            "item",
            json!([at("b", then), add("$item$")]),
        );
        assert!(run(json!([list])).await.contains(&format!("\"out\":\"{expected}\"")), "{then}");
    }
    let inner = looping(
        "list.iterators.list",
        ("list", variable("list")),
        "item",
        json!([at("b", "break"), add("$item$")]),
    );
    let outer =
        looping("loop.iterators.times", ("times", number("2")), "count", json!([inner, add("$count$")]));
    assert!(run(json!([outer])).await.contains("\"out\":\"a1a2\""), "a break ends the innermost loop alone");
}

#[tokio::test]
async fn loops_while_a_condition_holds() {
    let below = |limit: &str| condition("Number", number("$count$"), "LT", number(limit));
    let at_end = |flag: bool| json!({ "name": "checkConditionAtEnd", "value": { "type": "BOOLEAN", "boolean": flag } });
    for (limit, late, rounds) in [("3", false, 3), ("0", false, 0), ("0", true, 1), ("3", true, 3)] {
        let attributes = json!([{ "name": "loopType", "value": text("WHILE") }, below(limit), at_end(late)]);
        let node = block("Loop", "loop.commands.start", attributes, json!([increment()]));
        assert_eq!(run(json!([node])).await, outputs(json!({"count": rounds})), "{limit} {late}");
    }
}

#[tokio::test]
async fn a_loop_without_end_can_be_stopped() {
    let always = condition("Boolean", json!({"type":"BOOLEAN","boolean":true}), "EQ", text("true"));
    for children in [json!([]), json!([node("Comment", "Comment", &[])])] {
        let attributes = json!([{ "name": "loopType", "value": text("WHILE") }, always]);
        let folder = folder(json!([block("Loop", "loop.commands.start", attributes, children)]));
        let endless = outcome(&folder);
        tokio::select! {
            _ = endless => panic!("it has no end"),
            () = tokio::time::sleep(std::time::Duration::from_millis(50)) => {}
        }
    }
}

#[tokio::test]
async fn conditions() {
    let (yes, no) = (json!({"type":"BOOLEAN","boolean":true}), json!({"type":"BOOLEAN","boolean":"false"}));
    let string = |left: &str, operator, right| condition("String", computed(left), operator, text(right));
    let numbers =
        |left: &str, operator, right: &str| condition("Number", number(left), operator, number(right));
    let mut exact = string("$map{x}$A", "EQ", "1a");
    exact["attributes"].as_array_mut().expect("a list").push(json!({"name": "matchCase", "value": yes}));
    let joined = |mut second: Json, word: &str| {
        second["operator"] = json!(word);
        second
    };
    let rows = [
        (json!([string("$map{x}$", "EQ", "1")]), true),
        (json!([string("$map{x}$", "NE", "1")]), false),
        (json!([string("$map{x}$A", "EQ", "1a")]), true),
        (json!([exact]), false),
        (json!([string("$out$", "EQ", "")]), true),
        (json!([numbers("2", "EQ", "4/2")]), true),
        (json!([numbers("2", "NE", "2")]), false),
        (json!([numbers("2", "LT", "2.5")]), true),
        (json!([numbers("2", "LE", "2")]), true),
        (json!([numbers("2", "GT", "2")]), false),
        (json!([numbers("$map{y}$", "GE", "2")]), true),
        (json!([condition("Boolean", variable("flag"), "EQ", no.clone())]), true),
        (
            json!([condition(
                "Boolean",
                json!({"type":"BOOLEAN","expression":"$flag$"}),
                "NE",
                text("false")
            )]),
            false,
        ),
        (json!([string("a", "EQ", "a"), joined(string("b", "EQ", "c"), "AND")]), false),
        (json!([string("a", "EQ", "a"), joined(string("b", "EQ", "c"), "OR")]), true),
        (json!([joined(string("a", "EQ", "a"), "OR"), string("b", "EQ", "c")]), true),
        (json!([joined(string("a", "EQ", "a"), "AND"), joined(string("b", "EQ", "c"), "OR")]), true),
        (
            json!([
                string("a", "EQ", "b"),
                joined(string("b", "EQ", "b"), "AND"),
                joined(string("c", "EQ", "c"), "OR")
            ]),
            true,
        ),
        (
            json!([string("a", "EQ", "b"), {"name": "x", "operatorAttribute": true, "operator": "OR"}, string("b", "EQ", "b")]),
            true,
        ),
    ];
    for (conditions, expected) in rows {
        let branch = |command: &str, conditions: Json, out| {
            block("If", command, conditions, json!([assign(out, "out")]))
        };
        let node = with(
            branch("if", conditions.clone(), "then"),
            "branches",
            json!([branch("else", json!([]), "else")]),
        );
        let out = if expected { "then" } else { "else" };
        assert_eq!(run(json!([node])).await, outputs(json!({"out": out})), "{conditions}");
    }
}

#[tokio::test]
async fn the_first_branch_that_holds_is_taken() {
    let branch = |command: &str, value: &str| {
        let conditions = json!([condition("String", computed("$map{x}$"), "EQ", text(value))]);
        block("If", command, conditions, json!([assign(value, "out")]))
    };
    let otherwise = block("If", "else", json!([]), json!([assign("none", "out")]));
    let node = with(
        branch("if", "0"),
        "branches",
        json!([branch("elseIf", "1"), branch("elseIf", "1"), otherwise.clone()]),
    );
    assert_eq!(run(json!([node])).await, outputs(json!({"out": "1"})));
    let node = with(branch("if", "0"), "branches", json!([branch("elseIf", "9"), otherwise]));
    assert_eq!(run(json!([node])).await, outputs(json!({"out": "none"})));
}

#[tokio::test]
async fn errors_are_caught_with_code_and_line_and_finally_always_runs() {
    let add = |text: &str| assign(&format!("$out${text}"), "out");
    let rows = [
        (json!([add("t")]), json!([add("c")]), json!({"out": "tf"})),
        (
            json!([throw("oh $map{x}$"), add("t")]),
            json!([add("c")]),
            json!({"out": "cf", "message": "bot.thrown: oh 1", "line": 2}),
        ),
        (
            json!([assign("$map{z}$", "out")]),
            json!([add("c")]),
            json!({"out": "cf", "message": "bot.expression: $map$ has no key \"z\"", "line": 2}),
        ),
        (
            json!([node("AzureDevOps", "getProject", &[])]),
            json!([]),
            json!({"out": "f", "line": 2, "message":
            "session.not_found: This bot run has no session \"Default\", and its run tree no global one. None is open that it could use."}),
        ),
    ];
    for (nodes, catch, changes) in rows {
        let told = run(json!([try_catch(nodes.clone(), catch, json!([add("f")]))])).await;
        assert_eq!(told, outputs(changes), "{nodes}");
    }
    let failing = try_catch(json!([throw("one")]), json!([throw("two")]), json!([message("finally")]));
    let (outcome, events) = told(&folder(json!([failing]))).await;
    assert_eq!(outcome, "root.bot.json:4 bot.thrown: two");
    assert_eq!(events, "caught bot.thrown\nmessage finally\nend root []");
    let failing = try_catch(json!([throw("one")]), json!([]), json!([throw("three")]));
    assert_eq!(run(json!([failing])).await, "root.bot.json:5 bot.thrown: three");
    let mut bare = try_catch(json!([throw("one")]), json!([]), json!([message("finally")]));
    bare["branches"].as_array_mut().expect("branches").remove(0);
    let (outcome, events) = told(&folder(json!([bare]))).await;
    assert_eq!(
        (outcome.as_str(), events.as_str()),
        ("root.bot.json:2 bot.thrown: one", "message finally\nend root []")
    );
}

#[tokio::test]
async fn stop_ends_the_bot_and_break_leaves_through_finally() {
    let stop = || node("TaskBot", "stopTask", &[]);
    let stopping = try_catch(json!([stop()]), json!([]), json!([message("finally")]));
    let (outcome, events) = told(&folder(json!([stopping, assign("after", "out")]))).await;
    assert_eq!((outcome, events.as_str()), (outputs(json!({})), "message finally\nend root []"));
    let body =
        try_catch(json!([node("Loop", "loop.commands.break", &[])]), json!([]), json!([assign("f", "out")]));
    let node = looping("loop.iterators.times", ("times", number("5")), "count", json!([body]));
    assert_eq!(run(json!([node])).await, outputs(json!({"out": "f", "count": 1})));
    let folder =
        folder(json!([run_task("repository:///child", json!({}), json!({})), assign("after", "out")]));
    folder.bot("child", json!([stop(), throw("never")]), json!([]));
    assert_eq!(
        crate::house::outcome(&folder).await,
        outputs(json!({"out": "after"})),
        "a child's stop is its own"
    );
}

#[tokio::test]
async fn lines_are_logged_where_a_flow_may_write() {
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
    let (outcome, events) = told(&folder).await;
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
    crate::house::outcome(&folder).await;
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

#[tokio::test(start_paused = true)]
async fn a_delay_takes_its_time_and_no_negative_one() {
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
