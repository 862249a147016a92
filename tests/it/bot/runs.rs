//! Bot runs: sessions between parents and children, inputs and outputs, and all ends of a run.

use azdo_bot::contract::ErrorCode;
use azdo_bot::hosts::bot::Unobserved;
use azdo_bot::hosts::bot::run;
use serde_json::json;

use crate::bot::documents::Folder;
use crate::bot::documents::action;
use crate::bot::documents::assign;
use crate::bot::documents::caught;
use crate::bot::documents::computed;
use crate::bot::documents::connect;
use crate::bot::documents::declare;
use crate::bot::documents::message;
use crate::bot::documents::named_session;
use crate::bot::documents::node;
use crate::bot::documents::number;
use crate::bot::documents::run_task;
use crate::bot::documents::session;
use crate::bot::documents::session_variable;
use crate::bot::documents::text;
use crate::bot::documents::try_catch;
use crate::bot::documents::variable;
use crate::bot::documents::with;
use crate::bot::support::TestEnvironment;
use crate::bot::support::Watch;
use crate::bot::support::json as as_json;
use crate::bot::support::outcome;
use crate::bot::support::run_with_events;

fn call(child: &str, inputs: serde_json::Value, outputs: serde_json::Value) -> serde_json::Value {
    run_task(&format!("repository:///{child}"), inputs, outputs)
}

fn own_session(name: &str, input: bool) -> serde_json::Value {
    declare(name, "SESSION", json!({ "sessionType": "AzureDevOps", "input": input }))
}

#[tokio::test]
async fn a_child_connects_into_its_parents_variable_and_the_session_outlives_the_child() {
    let folder = Folder::with(
        json!([
            call("child", json!({"s": session_variable("mine")}), json!({})),
            action("getProject", &[("session", session_variable("mine"))])
        ]),
        json!([own_session("mine", false)]),
    );
    folder.bot("child", json!([connect(variable("s"))]), json!([own_session("s", true)]));
    let (outcome, events) = run_with_events(&folder).await;
    assert_eq!(outcome, "{}");
    assert_eq!(
        events,
        "run child\nchild.bot.json:1 connect (session in a variable) ok\nend child []\n\
         root.bot.json:2 getProject (session in a variable) ok\nend root [session in a variable]"
    );
}

#[tokio::test]
async fn a_local_session_ends_with_its_child_and_an_empty_variable_is_reported() {
    let [message, line] = caught();
    let folder = Folder::with(
        json!([
            call("child", json!({}), json!({})),
            try_catch(json!([action("getProject", &[("session", session("Work"))])]), json!([]), json!([])),
            try_catch(
                json!([action("getProject", &[("session", session_variable("empty"))])]),
                json!([]),
                json!([])
            ),
        ]),
        json!([message, line, own_session("empty", false)]),
    );
    folder.bot(
        "child",
        json!([connect(named_session("LOCAL", "Work")), action("getProject", &[("session", text("Work"))])]),
        json!([]),
    );
    let (outcome, events) = run_with_events(&folder).await;
    assert_eq!(
        outcome,
        r#"{"message":"session.not_found: the session variable $empty$ holds no session","line":7}"#
    );
    assert!(
        events.contains("end child [local session \"Work\"]") && events.contains("caught session.not_found"),
        "{events}"
    );
}

#[tokio::test]
async fn variables_by_reference_are_shared_and_variables_by_value_are_copied() {
    let by = |name: &str, kind: &str| declare(name, kind, json!({"input": true, "output": true}));
    let put = node(
        "Dictionary",
        "put",
        &[("sourceMap", variable("map")), ("key", text("k")), ("value", text("child's"))],
    );
    let folder = Folder::with(
        json!([
            call(
                "child",
                json!({"text": computed("$mine$"), "map": json!({"type":"DICTIONARY","expression":"$shared$"}), "n": number("$count$ + 1")}),
                json!({"n": variable("count")})
            ),
            assign("$mine$ $shared{k}$ $count$", "out")
        ]),
        json!([
            declare("mine", "STRING", json!({"defaultValue": text("parent's")})),
            declare("shared", "DICTIONARY", json!({})),
            declare("count", "NUMBER", json!({})),
            declare("out", "STRING", json!({"output": true})),
        ]),
    );
    let double =
        with(node("Number", "assignToNumber", &[("input", number("$n$ * 10"))]), "returnTo", variable("n"));
    folder.bot(
        "child",
        json!([assign("child's", "text"), put, double]),
        json!([by("text", "STRING"), by("map", "DICTIONARY"), by("n", "NUMBER")]),
    );
    assert_eq!(outcome(&folder).await, r#"{"out":"parent's child's 10"}"#);
}

#[tokio::test]
async fn outputs_of_a_child_as_one_dictionary() {
    let node = with(call("child", json!({}), json!({})), "returnTo", variable("all"));
    let folder = Folder::with(
        json!([node, assign("$all{a}$ $all{b}$", "out")]),
        json!([declare("all", "DICTIONARY", json!({})), declare("out", "STRING", json!({"output": true}))]),
    );
    folder.bot(
        "child",
        json!([]),
        json!([
            declare("a", "STRING", json!({"output": true, "defaultValue": text("x")})),
            declare("b", "NUMBER", json!({"output": true})),
            declare("c", "CREDENTIAL", json!({"output": true})),
        ]),
    );
    assert_eq!(outcome(&folder).await, r#"{"out":"x 0"}"#);
}

#[tokio::test]
async fn an_error_of_a_child_has_its_location_and_the_line_of_the_parent() {
    let [message, line] = caught();
    let folder = Folder::with(
        json!([
            node("Comment", "Comment", &[]),
            try_catch(json!([call("child", json!({}), json!({}))]), json!([]), json!([])),
            call("child", json!({}), json!({}))
        ]),
        json!([message, line]),
    );
    folder.bot(
        "child",
        json!([node("Comment", "Comment", &[]), node("ErrorHandler", "throw", &[("message", text("no"))])]),
        json!([]),
    );
    let (environment, watch) = (TestEnvironment::new().await, Watch::default());
    let summary = environment.run(&folder.program(), &[], &watch).await;
    let fault = summary.result.expect_err("the second call is not caught");
    assert_eq!((fault.place.file.as_str(), fault.place.line), ("child.bot.json", 2));
    let tolerant = |flag: bool| {
        let mut node = call("child", json!({}), json!({}));
        node["attributes"]
            .as_array_mut()
            .expect("a list")
            .push(json!({"name": "continueOnError", "value": {"type": "BOOLEAN", "boolean": flag}}));
        node
    };
    folder.bot(
        "root",
        json!([tolerant(true), assign("after", "out"), tolerant(false)]),
        json!([declare("out", "STRING", json!({}))]),
    );
    let (outcome, events) = run_with_events(&folder).await;
    assert_eq!(outcome, "child.bot.json:2 bot.thrown: no");
    assert!(
        events.contains("warning the child bot failed, and the flow continues: bot.thrown: no"),
        "{events}"
    );
    folder.bot(
        "root",
        json!([try_catch(json!([call("child", json!({}), json!({}))]), json!([]), json!([]))]),
        json!([
            declare("message", "STRING", json!({"output": true})),
            declare("line", "NUMBER", json!({"output": true}))
        ]),
    );
    assert_eq!(crate::bot::support::outcome(&folder).await, r#"{"message":"bot.thrown: no","line":2}"#);
}

#[tokio::test]
async fn inputs_of_the_root() {
    let input = |name: &str, kind: &str, required: bool| {
        declare(name, kind, json!({"input": true, "output": true, "inputRequired": required}))
    };
    let folder = Folder::with(
        json!([]),
        json!([
            input("name", "STRING", true),
            input("count", "NUMBER", false),
            input("flag", "BOOLEAN", false),
            input("list", "LIST", false),
            declare("inner", "STRING", json!({}))
        ]),
    );
    let (environment, program) = (TestEnvironment::new().await, folder.program());
    let rows: [(&[(&str, &str)], &str); 7] = [
        (
            &[("name", "a"), ("count", "3"), ("flag", "true"), ("list", "[1,\"x\"]")],
            r#"{"name":"a","count":3,"flag":true,"list":[1,"x"]}"#,
        ),
        (&[("name", "a")], r#"{"name":"a","count":0,"flag":false,"list":[]}"#),
        (&[], "input.invalid: the bot \"root\" requires the input \"name\""),
        (
            &[("name", "a"), ("cont", "3")],
            "input.invalid: the bot \"root\" has no input \"cont\"; did you mean \"count\"?",
        ),
        (&[("name", "a"), ("inner", "3")], "input.invalid: the bot \"root\" has no input \"inner\""),
        (
            &[("name", "a"), ("count", "hidden")],
            "input.invalid: the input \"count\" has the wrong type: it is a number variable",
        ),
        (
            &[("name", "a"), ("list", "hidden")],
            "input.invalid: the input \"list\": not JSON at line 1, column 1",
        ),
    ];
    for (inputs, expected) in rows {
        let summary = environment.run(&program, inputs, &Watch::default()).await;
        let result = summary.result.map_or_else(|fault| fault.error.to_string(), |outputs| as_json(&outputs));
        assert_eq!(result, expected, "{inputs:?}");
    }
}

#[tokio::test]
async fn dropping_a_run_closes_all_sessions() {
    let forever = json!([connect(named_session("GLOBAL", "Default")), call("child", json!({}), json!({}))]);
    let folder = Folder::with(forever, json!([]));
    folder.bot(
        "child",
        json!([
            connect(named_session("LOCAL", "Mine")),
            message("waiting"),
            node("Delay", "delay", &[("delayTime", number("3600"))])
        ]),
        json!([]),
    );
    let (environment, program, watch) = (TestEnvironment::new().await, folder.program(), Watch::default());
    let reached = async {
        while !watch.lines().contains("message waiting") {
            tokio::task::yield_now().await;
        }
    };
    let inputs = azdo_bot::contract::Dictionary::new();
    tokio::select! {
        _ = run(&program, &environment.dispatcher, inputs, &watch) => panic!("it waits an hour"),
        () = reached => {}
    }
    let runs = watch.runs();
    assert_eq!(runs.len(), 2);
    for run in runs {
        let error = environment.dispatcher.masker(&run).expect_err("it has ended");
        assert_eq!(error.code(), ErrorCode::BotRunEnded);
    }
}

#[tokio::test]
async fn a_used_token_is_masked_in_events_files_and_outputs() {
    let environment = TestEnvironment::new().await;
    let token = environment.token();
    let typed = action(
        "connect",
        &[
            ("personalAccessToken", computed("$pat$")),
            ("organizationUrl", text("https://dev.azure.com/fabrikam")),
            ("projectName", text("Fabrikam")),
        ],
    );
    let log = node(
        "LogToFile",
        "logToFile",
        &[("filePath", json!({"type":"FILE","string":"x.log"})), ("logContent", computed("$pat$"))],
    );
    let [thrown, line] = caught();
    let failing = action("getRepositoryFile", &[("repository", computed("$pat$")), ("path", text("/a"))]);
    let throwing = node("ErrorHandler", "throw", &[("message", computed("$pat$"))]);
    let missing = node("Dictionary", "get", &[("sourceMap", variable("map")), ("key", computed("$pat$"))]);
    let caught_of = |node| try_catch(json!([node]), json!([message("$message$")]), json!([]));
    let folder = Folder::with(
        json!([
            typed.clone(),
            message("<$pat$>"),
            log,
            caught_of(missing.clone()),
            caught_of(failing),
            caught_of(throwing)
        ]),
        json!([
            thrown,
            line,
            declare("map", "DICTIONARY", json!({})),
            declare("pat", "STRING", json!({"input": true, "output": true}))
        ]),
    );
    let watch = Watch::default();
    let summary = environment.run(&folder.program(), &[("pat", &token)], &watch).await;
    let outputs = as_json(&summary.result.expect("errors are caught"));
    let all = format!("{}\n{outputs}\n{}", watch.lines(), folder.read("x.log"));
    assert!(!all.contains(&token[..16]), "not even the beginning of it: {all}");
    assert!(
        watch.lines().contains("message <********>") && outputs.contains("bot.thrown: ********"),
        "{all}"
    );
    assert_eq!(folder.read("x.log"), "********\n");
    assert!(watch.lines().contains("warning "), "an insecure string is warned about: {all}");
    let variables =
        json!([declare("map", "DICTIONARY", json!({})), declare("pat", "STRING", json!({"input": true}))]);
    folder.bot("root", json!([typed, missing]), variables);
    let summary = environment.run(&folder.program(), &[("pat", &token)], &Watch::default()).await;
    let fault = summary.result.expect_err("there is no such key");
    assert_eq!(fault.error.message(), "$map$ has no key \"********\"");
}

#[test]
fn the_deepest_allowed_flow_fits_into_a_small_stack() {
    let nested = |levels: usize, inner: serde_json::Value| {
        (0..levels).fold(inner, |inner, _| try_catch(json!([inner]), json!([]), json!([])))
    };
    let [message, line] = caught();
    let variables = || json!([message, line]);
    let folder = Folder::with(json!([nested(38, call("b1", json!({}), json!({})))]), variables());
    for at in 1..4 {
        folder.bot(
            &format!("b{at}"),
            json!([nested(38, call(&format!("b{}", at + 1), json!({}), json!({})))]),
            variables(),
        );
    }
    folder.bot(
        "b4",
        json!([try_catch(json!([action("getProject", &[])]), json!([]), json!([]))]),
        variables(),
    );
    // The main thread has 1 MiB on Windows, and an action needs most of it.
    let small = std::thread::Builder::new().stack_size(1 << 20);
    let thread = small.spawn(move || {
        let program = folder.program();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let environment = TestEnvironment::new().await;
            run(&program, &environment.dispatcher, azdo_bot::contract::Dictionary::new(), &Unobserved)
                .await
                .result
                .is_ok()
        })
    });
    assert!(thread.expect("a thread starts").join().expect("it does not overflow"));
}
