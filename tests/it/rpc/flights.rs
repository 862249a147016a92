//! Many actions in flight: order, IDs, cancelling, progress and hanging actions.

use std::collections::BTreeSet;
use std::io::BufRead as _;
use std::io::BufReader;
use std::io::Write as _;
use std::ops::Range;

use azdo_simulator::Fault;
use serde_json::Value;
use serde_json::json;

use crate::rpc::process::Serve;
use crate::rpc::process::code;
use crate::rpc::process::command;
use crate::rpc::process::in_time;
use crate::rpc::simulated::Simulated;

fn codes(number: i64, code: &str) -> (i64, String) {
    (number, code.to_owned())
}

fn execute(serve: &mut Serve, id: impl Into<Value>, action: &str, inputs: Value) {
    let params = json!({ "botRun": "root", "action": action, "inputs": inputs });
    serve.request(id, "action/execute", params);
}

/// Starts a bot run with a session at the simulator of the test
fn connected() -> (Simulated, Serve) {
    let simulated = Simulated::start();
    let mut serve = Serve::start(&["--allow-loopback-http"]);
    serve.begin("root", None);
    simulated.connect(&mut serve, "root");
    (simulated, serve)
}

#[test]
fn a_slow_action_does_not_delay_others_and_a_hanging_one_can_be_cancelled() {
    let (simulated, mut serve) = connected();
    simulated.fault(Fault::on("GET */build/definitions").stall());
    execute(&mut serve, "slow", "listPipelines", json!({}));
    simulated.wait_for("GET", "/build/definitions");
    for _ in 0..3 {
        let quick = serve.execute("root", "listRepositories", json!({}));
        assert_eq!(quick["result"]["requests"], 1, "{quick}");
    }
    serve.notify("$/cancel", json!({ "id": "slow" }));
    let cut_off = serve.answer("slow");
    assert_eq!(code(&cut_off), codes(-32000, "cancelled"));
    assert_eq!(cut_off["error"]["data"]["requests"], 1, "{cut_off}");
    // The call has ended: cancelling it again does nothing, and its ID is free.
    serve.notify("$/cancel", json!({ "id": "slow" }));
    execute(&mut serve, "slow", "listPipelines", json!({}));
    assert_eq!(serve.answer("slow")["result"]["requests"], 1);
    assert!(serve.finish().messages.is_empty());
}

#[test]
fn a_cancelled_change_may_have_been_applied() {
    let (simulated, mut serve) = connected();
    simulated.fault(Fault::on("POST */git/repositories").stall());
    execute(&mut serve, 7, "createRepository", json!({ "name": "shop" }));
    simulated.wait_for("POST", "/git/repositories");
    serve.notify("$/cancel", json!({ "id": 7 }));
    let cut_off = serve.answer(7);
    assert_eq!(code(&cut_off), codes(-32000, "service.outcome_unknown"));
    assert_eq!(cut_off["error"]["data"]["requests"], 1, "{cut_off}");
    // It was sent once, and applied.
    assert_eq!(simulated.seen("POST", "/git/repositories"), 1);
    let listed = serve.execute("root", "listRepositories", json!({}));
    assert!(listed.to_string().contains("\"shop\""), "{listed}");
    assert!(serve.finish().messages.is_empty());
}

#[test]
fn a_cancelled_call_is_audited_with_its_result() {
    let simulated = Simulated::start();
    let folder = tempfile::tempdir().expect("a folder can be made");
    let (config, audit) = (folder.path().join("azdo-bot.toml"), folder.path().join("audit.jsonl"));
    std::fs::write(&config, format!("[audit]\nfile = \"{}\"\n", audit.display())).expect("it can be written");
    let mut serve =
        Serve::start(&["--allow-loopback-http", "--config", config.to_str().expect("a plain path")]);
    serve.begin("root", None);
    simulated.connect(&mut serve, "root");
    simulated.fault(Fault::on("POST */git/repositories").stall());
    execute(&mut serve, 7, "createRepository", json!({ "name": "shop" }));
    simulated.wait_for("POST", "/git/repositories");
    serve.notify("$/cancel", json!({ "id": 7 }));
    assert_eq!(serve.refusal(7), codes(-32000, "service.outcome_unknown"));
    let lines = std::fs::read_to_string(&audit).expect("it is there");
    let last: Value = serde_json::from_str(lines.lines().last().expect("there are lines")).expect("JSON");
    assert_eq!(
        (&last["action"], &last["outcome"], &last["errorCode"]),
        (&json!("createRepository"), &json!("unknown"), &json!("service.outcome_unknown"))
    );
}

#[test]
fn cancelling_with_an_id_of_another_type_does_nothing() {
    let (simulated, mut serve) = connected();
    simulated.fault(Fault::on("GET */build/definitions").stall());
    execute(&mut serve, 5, "listPipelines", json!({}));
    simulated.wait_for("GET", "/build/definitions");
    serve.notify("$/cancel", json!({ "id": "5" }));
    serve.notify("$/cancel", json!({ "id": 6 }));
    assert_eq!(serve.execute("root", "checkSession", json!({}))["result"]["outputs"]["open"], true);
    let ended = serve.ask("botRun/end", json!({ "id": "root" }));
    assert_eq!(ended["result"]["closed"], json!(["local session \"Default\""]));
    assert_eq!(serve.refusal(5), codes(-32000, "cancelled"), "the end of its bot run is what ended it");
}

#[test]
fn a_duplicate_id_in_flight_is_rejected_and_the_first_request_is_answered_once() {
    let (simulated, mut serve) = connected();
    simulated.fault(Fault::on("GET */build/definitions").stall());
    execute(&mut serve, 1, "listPipelines", json!({}));
    simulated.wait_for("GET", "/build/definitions");
    for method in ["action/execute", "botRun/end", "shutdown", "no/such"] {
        serve.request(1, method, json!({ "id": "root", "botRun": "root", "action": "listRepositories" }));
        assert_eq!(serve.refusal(Value::Null), codes(-32600, ""), "{method}");
    }
    execute(&mut serve, "1", "checkSession", json!({}));
    assert_eq!(serve.answer("1")["result"]["outputs"]["open"], true);
    serve.notify("$/cancel", json!({ "id": 1 }));
    assert_eq!(serve.refusal(1), codes(-32000, "cancelled"));
    assert!(serve.finish().messages.is_empty());
}

#[test]
fn a_thousand_calls_are_each_answered_once() {
    let (simulated, mut serve) = connected();
    for id in 0..1000 {
        let action = if id % 2 == 0 { "listRepositories" } else { "checkSession" };
        execute(&mut serve, id, action, json!({}));
    }
    let mut answered = BTreeSet::new();
    for _ in 0..1000 {
        let answer = serve.next();
        assert!(answer["result"]["outputs"].is_object(), "{answer}");
        assert!(answered.insert(answer["id"].as_u64().expect("a number")), "{answer}");
    }
    assert_eq!(simulated.seen("GET", "/git/repositories"), 500);
    assert!(serve.finish().messages.is_empty());
}

#[test]
fn a_long_action_reports_its_progress() {
    let (_simulated, mut serve) = connected();
    let started = serve.execute("root", "runPipeline", json!({ "pipeline": "site" }));
    let run = started["result"]["outputs"]["id"].clone();
    assert!(run.is_i64(), "{started}");
    execute(&mut serve, "wait", "waitForPipelineRun", json!({ "id": run }));
    let progress = serve.next();
    assert_eq!((&progress["method"], &progress["params"]["id"]), (&json!("$/progress"), &json!("wait")));
    assert!(
        progress["params"]["message"].as_str().is_some_and(|text| text.contains("notStarted")),
        "{progress}"
    );
    // The pipeline run continues; the test need not wait for its end.
    serve.notify("$/cancel", json!({ "id": "wait" }));
    assert_eq!(serve.refusal("wait"), codes(-32000, "cancelled"));
    assert!(serve.finish().messages.is_empty());
}

#[test]
fn a_call_that_is_cancelled_at_once_reports_its_requests() {
    let (simulated, mut serve) = connected();
    let call = json!({ "jsonrpc": "2.0", "id": 3, "method": "action/execute",
                       "params": { "botRun": "root", "action": "createRepository", "inputs": { "name": "shop" } } });
    let cancel = json!({ "jsonrpc": "2.0", "method": "$/cancel", "params": { "id": 3 } });
    serve.write(format!("{call}\n{cancel}\n").as_bytes());
    let answer = serve.answer(3);
    // In either order, the response reports everything that happened.
    if answer.get("error").is_some_and(|_| code(&answer) == codes(-32000, "cancelled")) {
        assert_eq!(simulated.seen("POST", "/git/repositories"), 0);
    }
    assert!(serve.finish().messages.is_empty());
}

#[test]
fn a_host_that_reads_late_gets_every_response() {
    in_time(read_late);
}

fn read_late() {
    const CALLS: usize = 20_000;
    // These lines are accepted while no response is read, although a pipe cannot hold the responses.
    const UNREAD: usize = 4_000;
    let mut child = command(&[]).spawn().expect("the binary starts");
    let mut input = child.stdin.take().expect("it is piped");
    let mut output = BufReader::new(child.stdout.take().expect("it is piped")).lines();
    let mut write = move |ids: Range<usize>| {
        for id in ids {
            let (method, params) = match id {
                0 => ("initialize", json!({ "protocol": { "min": 1, "max": 1 } })),
                1 => ("botRun/start", json!({ "id": "root" })),
                // Every second request is an action; the others are answered at once.
                _ if id % 2 == 0 => ("action/execute", json!({ "botRun": "root", "action": "checkSession" })),
                _ => ("no/such", json!({})),
            };
            let line = json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params });
            writeln!(input, "{line}").expect("the line is taken");
        }
    };
    write(0..UNREAD);
    let writer = std::thread::spawn(move || {
        write(UNREAD..CALLS);
        write
    });
    let mut answered = BTreeSet::new();
    while answered.len() < CALLS {
        let line = output.next().expect("there are more answers").expect("an answer is text");
        let answer: Value = serde_json::from_str(&line).expect("an answer is JSON");
        let id = answer["id"].as_u64().expect("a number");
        assert!(answered.insert(id), "{answer}");
        assert_eq!(answer.get("result").is_some(), id.is_multiple_of(2) || id == 1, "{answer}");
    }
    // The input is open as long as the writer exists.
    drop(writer.join().expect("every line was taken"));
    assert!(output.next().is_none() && child.wait().expect("it ends").success());
}
