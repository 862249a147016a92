//! Control flow: loops, conditions, errors and stops.

use serde_json::Value as Json;
use serde_json::json;

use crate::bot::documents::assign;
use crate::bot::documents::computed;
use crate::bot::documents::message;
use crate::bot::documents::node;
use crate::bot::documents::number;
use crate::bot::documents::run_task;
use crate::bot::documents::text;
use crate::bot::documents::try_catch;
use crate::bot::documents::variable;
use crate::bot::documents::with;
use crate::bot::pieces::block;
use crate::bot::pieces::condition;
use crate::bot::pieces::folder;
use crate::bot::pieces::increment;
use crate::bot::pieces::looping;
use crate::bot::pieces::outputs;
use crate::bot::pieces::run;
use crate::bot::pieces::throw;
use crate::bot::support::outcome;
use crate::bot::support::run_with_events;

#[tokio::test]
async fn loops() {
    let add = |expression: &str| assign(&format!("$out${expression}"), "out");
    let rows = [
        (looping("loop.iterators.times", ("times", number("2+1")), "count", json!([add("$count$")])), "123"),
        (looping("loop.iterators.times", ("times", number("0")), "item", json!([add("x")])), ""),
        (looping("list.iterators.list", ("list", variable("list")), "item", json!([add("$item$")])), "ab3"),
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
        let result = run(json!([node])).await;
        assert!(result.contains(&format!("\"out\":\"{expected}\"")), "{node}\n{result}");
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
async fn an_endless_loop_can_be_stopped() {
    let always = condition("Boolean", json!({"type":"BOOLEAN","boolean":true}), "EQ", text("true"));
    for children in [json!([]), json!([node("Comment", "Comment", &[])])] {
        let attributes = json!([{ "name": "loopType", "value": text("WHILE") }, always]);
        let folder = folder(json!([block("Loop", "loop.commands.start", attributes, children)]));
        let endless = outcome(&folder);
        // The loop yields on each iteration; otherwise, this test would never end.
        let others = async {
            for _ in 0..1000 {
                tokio::task::yield_now().await;
            }
        };
        tokio::select! {
            _ = endless => panic!("it has no end"),
            () = others => {}
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
        (
            json!([{"name": "x", "value": text("x"), "operator": "AND"}, joined(string("a", "EQ", "a"), "AND")]),
            true,
        ),
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
async fn the_first_branch_with_a_true_condition_runs() {
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
async fn a_catch_gets_code_and_line_and_finally_always_runs() {
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
            json!({"out": "cf", "message": "bot.expression: $map$ has no key \"z\"; did you mean \"x\"?", "line": 2}),
        ),
        (
            json!([node("AzureDevOps", "getProject", &[])]),
            json!([]),
            json!({"out": "f", "line": 2, "message":
            "session.not_found: There is no session \"Default\" in this bot run or its run tree; no named session is open here"}),
        ),
    ];
    for (nodes, catch, changes) in rows {
        let result = run(json!([try_catch(nodes.clone(), catch, json!([add("f")]))])).await;
        assert_eq!(result, outputs(changes), "{nodes}");
    }
    let failing = try_catch(json!([throw("one")]), json!([throw("two")]), json!([message("finally")]));
    let (outcome, events) = run_with_events(&folder(json!([failing]))).await;
    assert_eq!(outcome, "root.bot.json:4 bot.thrown: two");
    assert_eq!(events, "caught bot.thrown\nmessage finally\nend root []");
    let failing = try_catch(json!([throw("one")]), json!([]), json!([throw("three")]));
    assert_eq!(run(json!([failing])).await, "root.bot.json:5 bot.thrown: three");
    let mut bare = try_catch(json!([throw("one")]), json!([]), json!([message("finally")]));
    bare["branches"].as_array_mut().expect("branches").remove(0);
    let (outcome, events) = run_with_events(&folder(json!([bare]))).await;
    assert_eq!(
        (outcome.as_str(), events.as_str()),
        ("root.bot.json:2 bot.thrown: one", "message finally\nend root []")
    );
}

#[tokio::test]
async fn stop_ends_the_bot_and_break_leaves_through_finally() {
    let stop = || node("TaskBot", "stopTask", &[]);
    let stopping = try_catch(json!([stop()]), json!([]), json!([message("finally")]));
    let (outcome, events) = run_with_events(&folder(json!([stopping, assign("after", "out")]))).await;
    assert_eq!((outcome, events.as_str()), (outputs(json!({})), "message finally\nend root []"));
    let body =
        try_catch(json!([node("Loop", "loop.commands.break", &[])]), json!([]), json!([assign("f", "out")]));
    let node = looping("loop.iterators.times", ("times", number("5")), "count", json!([body]));
    assert_eq!(run(json!([node])).await, outputs(json!({"out": "f", "count": 1})));
    let folder =
        folder(json!([run_task("repository:///child", json!({}), json!({})), assign("after", "out")]));
    folder.bot("child", json!([stop(), throw("never")]), json!([]));
    assert_eq!(
        crate::bot::support::outcome(&folder).await,
        outputs(json!({"out": "after"})),
        "a child's stop is its own"
    );
}
