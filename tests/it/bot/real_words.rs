//! The words of designers: operators, names of fields, names of variables in another case, encodings, exceptions.

use serde_json::Value as Json;
use serde_json::json;

use crate::bot::documents::Folder;
use crate::bot::documents::assign;
use crate::bot::documents::computed;
use crate::bot::documents::declare;
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
use crate::bot::pieces::set;
use crate::bot::pieces::throw;
use crate::bot::support::outcome;
use crate::bot::support::run_with_events;

#[tokio::test]
async fn operators_as_designers_and_older_files_write_them() {
    let string = |left: &str, operator, right| condition("String", computed(left), operator, text(right));
    let numbers = |operator| condition("Number", number("2"), operator, number("$map{y}$ + 1"));
    let date = |operator| {
        let mut date = condition("Datetime", text("2026-11-01"), operator, text("2026-11-01T12:00:00"));
        date["value"]["conditionalName"] = json!("datetimeVariable");
        date
    };
    let flag = |operator| condition("Boolean", variable("flag"), operator, text("true"));
    let rows = [
        (string("a Failed b", "INCLUDE", "failed"), true),
        (string("a b", "INCLUDE", "failed"), false),
        (string("a b", "NOT_INCLUDE", "failed"), true),
        (string("a b", "BEGINS_WITH", "A"), true),
        (string("a b", "ENDS_WITH", "b"), true),
        (string("a", "NEQ", "b"), true),
        (string("a", "NE", "a"), false),
        (numbers("NEQ"), true),
        (numbers("LT"), true),
        (numbers("LTE"), true),
        (numbers("LE"), true),
        (numbers("GT"), false),
        (numbers("GTE"), false),
        (numbers("GE"), false),
        (flag("NEQ"), true),
        (flag("EQ"), false),
        (date("LT"), true),
        (date("EQ"), false),
    ];
    for (condition, expected) in rows {
        let node = block("If", "if", json!([condition]), json!([assign("then", "out")]));
        let changes = if expected { json!({"out": "then"}) } else { json!({}) };
        assert_eq!(run(json!([node])).await, outputs(changes), "{condition}");
    }
}

#[tokio::test]
async fn a_dictionary_gets_a_new_value_or_an_older_value() {
    for (name, more) in
        [("newValue", json!({"name": "varOrManual", "value": text("Manual")})), ("value", json!({}))]
    {
        let mut put = node(
            "Dictionary",
            "put",
            &[("sourceMap", variable("map")), ("key", text("x")), (name, text("new"))],
        );
        put["attributes"].as_array_mut().expect("a list").insert(2, more);
        assert_eq!(
            run(json!([put, assign("$map{x}$", "out")])).await,
            outputs(json!({"out": "new"})),
            "{name}"
        );
    }
    let missing = node("Dictionary", "put", &[("sourceMap", variable("map")), ("key", text("x"))]);
    let faults = folder(json!([missing])).faults();
    assert_eq!(faults, "root.bot.json:1 input.invalid: \"newValue\" is missing");
}

#[tokio::test]
async fn names_of_variables_are_found_in_another_case() {
    let nodes = json!([
        assign("$MAP{x}$ $List[0]$", "OUT"),
        set("Number", "increment", &[("source", number("$Count$")), ("by", number("$COUNT$+2"))], "Count"),
        node(
            "Dictionary",
            "put",
            &[("sourceMap", variable("Map")), ("key", text("x")), ("newValue", text("z"))]
        ),
        looping("list.iterators.list", ("list", variable("LIST")), "Item", json!([])),
        assign("$out$ $map{x}$", "out"),
    ]);
    assert_eq!(run(nodes).await, outputs(json!({"out": "1 a z", "count": 2})));
    let folder = Folder::with(
        json!([
            message("$NAME$"),
            message("$name$"),
            run_task("repository:///child", json!({"REPO": text("x")}), json!({"Result": variable("Name")}))
        ]),
        json!([declare("name", "STRING", json!({})), declare("Name", "STRING", json!({}))]),
    );
    let required = json!({"input": true, "inputRequired": true});
    folder.bot(
        "child",
        json!([]),
        json!([declare("repo", "STRING", required), declare("result", "STRING", json!({"output": true}))]),
    );
    let analysis = folder.check();
    assert!(analysis.faults.is_empty(), "{}", folder.faults());
    let warnings: Vec<String> = analysis.warnings.iter().map(|warning| warning.text.clone()).collect();
    assert_eq!(
        warnings,
        ["\"content\": \"NAME\" is both \"name\" and \"Name\", which differ only in case; the first is used"]
    );
}

#[tokio::test]
async fn a_log_is_written_in_the_encoding_that_is_asked_for() {
    let log = |file: &str, encoding: &str, content: &str| {
        let attributes = [
            ("filePath", json!({ "type": "FILE", "string": file })),
            ("logContent", text(content)),
            ("logOption", text("APPEND_FILE")),
            ("encodingValue", text(encoding)),
        ];
        node("LogToFile", "logToFile", &attributes)
    };
    let folder = folder(json!([
        log("ansi.log", "ANSI", "Grüße für 5 €"),
        log("ansi.log", "ANSI", "weiter ✓"),
        log("utf8.log", "UTF8", "Grüße ✓"),
        log("utf16.log", "UTF16", "é"),
        log("utf16.log", "UTF-16", "é"),
    ]));
    let (outcome, events) = run_with_events(&folder).await;
    assert_eq!(outcome, outputs(json!({})));
    let read = |name: &str| std::fs::read(folder.path(name)).expect(name);
    assert_eq!(read("ansi.log"), b"Gr\xfc\xdfe f\xfcr 5 \x80\nweiter ?\n");
    assert_eq!(read("utf8.log"), "Grüße ✓\n".as_bytes());
    assert_eq!(read("utf16.log"), b"\xff\xfe\xe9\x00\n\x00\xe9\x00\n\x00");
    let warnings: Vec<&str> = events.lines().filter(|line| line.contains("warning")).collect();
    assert_eq!(warnings.len(), 1, "{events}");
    assert!(
        warnings[0].starts_with("root.bot.json:2 warning windows-1252 (ANSI) has no character \"✓\""),
        "{events}"
    );
    // A file that exists keeps its encoding.
    let folder = self::folder(json!([log("wide.log", "UTF8", "é"), log("plain.log", "UTF16", "é")]));
    std::fs::write(folder.path("wide.log"), b"\xfe\xff\x00a\x00\n").expect("it can be written");
    std::fs::write(folder.path("plain.log"), "ä\n").expect("it can be written");
    let (_, events) = run_with_events(&folder).await;
    assert_eq!(std::fs::read(folder.path("wide.log")).expect("wide"), b"\xfe\xff\x00a\x00\n\x00\xe9\x00\n");
    assert_eq!(std::fs::read(folder.path("plain.log")).expect("plain"), "ä\né\n".as_bytes());
    for (line, expected) in [
        (1, "the file \"wide.log\" is in UTF-16, so the text is appended in UTF-16, not in UTF-8"),
        (2, "the file \"plain.log\" is in UTF-8, so the text is appended in UTF-8, not in UTF-16"),
    ] {
        assert!(events.contains(&format!("root.bot.json:{line} warning {expected}")), "{events}");
    }
    let faults = self::folder(json!([log("x.log", "EBCDIC", "")])).faults();
    assert_eq!(faults, "root.bot.json:1 input.invalid: \"encodingValue\" is not one of ANSI, UTF-8, UTF-16");
}

/// A try with catches, each for an exception type
fn catching(thrown: Json, catches: &[(&str, Json)]) -> Json {
    let exception =
        |name: &str| json!({ "type": "EXCEPTION", "exceptionName": name, "packageName": "ErrorHandler" });
    let branches: Vec<Json> = catches
        .iter()
        .map(|(name, nodes)| {
            with(
                node("ErrorHandler", "catch", &[("exceptionType", exception(name))]),
                "children",
                nodes.clone(),
            )
        })
        .collect();
    with(
        with(node("ErrorHandler", "try", &[]), "children", json!([thrown])),
        "branches",
        Json::from(branches),
    )
}

#[tokio::test]
async fn the_first_catch_that_fits_the_exception_runs() {
    let throw_as = |name: &str| {
        let exception = json!({ "type": "EXCEPTION", "exceptionName": name, "packageName": "Orders" });
        node("ErrorHandler", "throw", &[("message", text("oh")), ("exceptionType", exception)])
    };
    let all = |thrown: Json| {
        catching(
            thrown,
            &[
                ("OrderException", json!([assign("order", "out")])),
                ("BotException", json!([assign("any", "out")])),
                ("OtherException", json!([assign("other", "out")])),
            ],
        )
    };
    for (thrown, expected) in [
        (throw_as("OrderException"), "order"),
        (throw_as("OtherException"), "any"),
        (throw("x"), "any"),
        (assign("$map{z}$", "out"), "any"),
    ] {
        assert_eq!(run(json!([all(thrown.clone())])).await, outputs(json!({"out": expected})), "{thrown}");
    }
    let other = catching(throw("x"), &[("OrderException", json!([]))]);
    assert_eq!(run(json!([other])).await, "root.bot.json:2 bot.thrown: x", "no catch fits");
    // The exception of a child bot is that of its throw.
    let folder = folder(json!([catching(
        run_task("repository:///child", json!({}), json!({})),
        &[("OrderException", json!([assign("order", "out")]))]
    )]));
    folder.bot("child", json!([throw_as("OrderException")]), json!([]));
    assert_eq!(crate::bot::support::outcome(&folder).await, outputs(json!({"out": "order"})));
}

#[tokio::test]
async fn a_catch_that_continues_on_error_does_not_fail() {
    let mut failing = try_catch(
        json!([throw("one")]),
        json!([throw("two"), message("never")]),
        json!([message("finally")]),
    );
    let flag = json!({ "name": "continueOnError", "value": { "type": "BOOLEAN", "boolean": true } });
    failing["branches"][0]["attributes"].as_array_mut().expect("a list").push(flag);
    let (outcome, events) = run_with_events(&folder(json!([failing, assign("after", "out")]))).await;
    assert!(outcome.contains("\"out\":\"after\""), "{outcome}");
    assert!(events.contains("warning the catch failed, and the flow continues: bot.thrown: two"), "{events}");
    assert!(events.contains("message finally") && !events.contains("never"), "{events}");
}

#[tokio::test]
async fn a_child_bot_runs_a_number_of_times() {
    let repeated = |option: &str, more: &[(&str, Json)]| {
        let mut task =
            run_task("repository:///child", json!({"n": number("$count$")}), json!({"n": variable("count")}));
        let attributes = task["attributes"].as_array_mut().expect("a list");
        attributes[1]["value"] = text(option);
        attributes.extend(more.iter().map(|(name, value)| json!({ "name": name, "value": value })));
        task
    };
    let child = |nodes| {
        let folder = folder(nodes);
        let both = json!({"input": true, "output": true});
        let next = set("Number", "increment", &[("source", number("$n$")), ("by", number("1"))], "n");
        folder.bot("child", json!([next]), json!([declare("n", "NUMBER", both)]));
        folder
    };
    for (option, more, expected) in [
        ("DO_NOT_REPEAT", vec![], 1),
        ("REPEAT_N_TIMES", vec![("times", number("3"))], 3),
        ("REPEAT_N_TIMES", vec![("times", number("0"))], 0),
    ] {
        let folder = child(json!([repeated(option, &more)]));
        assert_eq!(
            crate::bot::support::outcome(&folder).await,
            outputs(json!({"count": expected})),
            "{option}"
        );
    }
    for (option, message) in [
        ("REPEAT_UNTIL_STOPPED", "until a user stops it"),
        ("REPEAT_FOR_DURATION", "for a time"),
        ("SOMETIMES", "is not one of DO_NOT_REPEAT, REPEAT_N_TIMES"),
    ] {
        let faults = child(json!([repeated(option, &[])])).faults();
        assert!(faults.contains(message), "{option}: {faults}");
    }
}

#[tokio::test]
async fn a_break_and_a_continue_leave_the_loop_that_their_anchor_names() {
    let anchored = |mut node: Json, anchor: &str| {
        node["anchor"] = json!(anchor);
        node
    };
    let times = |number_of_times: &str, anchor: &str, children: Json| {
        let times = looping("loop.iterators.times", ("times", number(number_of_times)), "item", children);
        anchored(times, anchor)
    };
    let nested = |command: &str, anchor: &str| {
        let leave = anchored(node("Loop", command, &[]), anchor);
        // A try and an if around it are left too.
        let leave = try_catch(json!([leave]), json!([]), json!([increment()]));
        let inner = times("3", "inner", json!([increment(), leave, assign("$out$x", "out")]));
        json!([times("2", "outer", json!([inner, assign("$out$.", "out")])), assign("$out$|", "out")])
    };
    for (command, anchor, count, out) in [
        ("loop.commands.break", "", 4, "..|"),
        ("loop.commands.break", "inner", 4, "..|"),
        ("loop.commands.break", "main", 4, "..|"),
        ("loop.commands.break", "outer", 2, "|"),
        ("loop.commands.continue", "", 12, "..|"),
        ("loop.commands.continue", "inner", 12, "..|"),
        ("loop.commands.continue", "outer", 4, "|"),
    ] {
        let expected = outputs(json!({ "count": count, "out": out }));
        assert_eq!(run(nested(command, anchor)).await, expected, "{command} {anchor}");
    }
}

#[test]
fn what_belongs_to_the_platform_is_named() {
    let folder = Folder::new();
    folder.write(
        "root.bot.json",
        r#"{"nodes":[],"triggers":[{"any":1}],"properties":{"botCodeVersion":"7","timeout":"soon"},"packages":[]}"#,
    );
    let warnings: Vec<String> = folder.check().warnings.iter().map(|warning| warning.text.clone()).collect();
    assert_eq!(
        warnings,
        [
            "the triggers of the bot are not used: here, a bot starts when it is run",
            "the timeout in the properties of the bot is not of the form 60s, and is not used"
        ]
    );
}

#[tokio::test]
async fn a_bot_stops_when_its_timeout_is_reached() {
    let bot = |timeout: &str| {
        let pause = node(
            "Delay",
            "delay",
            &[
                ("delayType", text("REGULAR")),
                ("delayTime", json!({ "type": "NUMBER", "number": "3600" })),
                ("timeUnit", text("SECONDS")),
            ],
        );
        let folder = Folder::new();
        let nodes = if timeout == "0.01s" { json!([pause]) } else { json!([]) };
        let file = json!({ "nodes": nodes, "variables": [], "properties": { "timeout": timeout } });
        folder.write("root.bot.json", &file.to_string());
        folder
    };
    assert_eq!(
        outcome(&bot("0.01s")).await,
        "root.bot.json:0 deadline.exceeded: the bot did not finish within 0.01 s; its sessions are closed"
    );
    for timeout in ["0s", "", "3600s", "1.5s"] {
        assert_eq!(outcome(&bot(timeout)).await, "{}", "{timeout}");
        assert!(bot(timeout).check().warnings.is_empty(), "{timeout}");
    }
    let parent = bot("60s");
    let run = run_task("repository:///child", json!({}), json!({}));
    let file = json!({ "nodes": [run], "variables": [], "properties": { "timeout": "60s" } });
    parent.write("root.bot.json", &file.to_string());
    let child = json!({ "nodes": [], "variables": [], "properties": { "timeout": "5s" } });
    parent.write("child.bot.json", &child.to_string());
    let warnings: Vec<String> = parent.check().warnings.iter().map(|warning| warning.text.clone()).collect();
    assert_eq!(
        warnings,
        ["the timeout in the properties of a child bot is not used: that of the parent counts"]
    );
}
