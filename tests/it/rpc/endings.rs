//! All ends of the process: calls in flight are answered, and the process exits.

use std::io::Read as _;
use std::io::Seek as _;
use std::io::Write as _;
use std::process::Command;

use azdo_simulator::Fault;
use serde_json::Value;
use serde_json::json;

use crate::rpc::process::Left;
use crate::rpc::process::Serve;
use crate::rpc::process::code;
use crate::rpc::process::command;
use crate::rpc::process::in_time;
use crate::rpc::simulated::Simulated;

/// Starts a process with a hanging call and a hanging change, each in its own bot run
fn busy() -> (Simulated, Serve) {
    let simulated = Simulated::start();
    let mut serve = Serve::start(&["--allow-loopback-http"]);
    for run in ["reads", "writes"] {
        serve.begin(run, None);
        simulated.connect(&mut serve, run);
    }
    simulated.fault(Fault::on("GET */build/definitions").stall());
    simulated.fault(Fault::on("POST */git/repositories").stall());
    let inputs = json!({ "name": "shop" });
    serve.request("reads", "action/execute", json!({ "botRun": "reads", "action": "listPipelines" }));
    let params = json!({ "botRun": "writes", "action": "createRepository", "inputs": inputs });
    serve.request("writes", "action/execute", params);
    simulated.wait_for("GET", "/build/definitions");
    simulated.wait_for("POST", "/git/repositories");
    (simulated, serve)
}

/// Asserts that both calls were answered, and that the process succeeded
fn assert_parted(left: &Left) {
    let mut codes: Vec<(String, String)> =
        left.messages.iter().map(|message| (message["id"].to_string(), code(message).1)).collect();
    codes.sort();
    let pair = |id: &str, code: &str| (format!("\"{id}\""), code.to_owned());
    assert_eq!(codes, [pair("reads", "cancelled"), pair("writes", "service.outcome_unknown")]);
    assert!(left.status.success(), "{:?}", left.status);
}

#[test]
fn at_the_end_of_the_input_calls_in_flight_are_answered() {
    let (_simulated, serve) = busy();
    assert_parted(&serve.finish());
}

#[cfg(unix)]
#[test]
fn signals_end_the_process_like_the_end_of_the_input() {
    for signal in ["TERM", "INT", "HUP"] {
        let (_simulated, serve) = busy();
        let id = serve.process_id().to_string();
        let sent = Command::new("kill").args(["-s", signal, &id]).status().expect("kill exists");
        assert!(sent.success());
        assert_parted(&serve.left());
    }
}

#[test]
fn shutdown_answers_calls_in_flight_and_waits_for_the_end_of_the_input() {
    let (_simulated, mut serve) = busy();
    assert!(serve.ask("shutdown", json!({}))["result"].is_null());
    assert_eq!(serve.refusal("reads"), (-32000, "cancelled".to_owned()));
    assert_eq!(serve.refusal("writes"), (-32000, "service.outcome_unknown".to_owned()));
    let left = serve.finish();
    assert!(left.status.success() && left.messages.is_empty());
}

#[test]
fn files_work_like_pipes() {
    let mut input = tempfile::tempfile().expect("the file can be written");
    let lines = ["initialize", "no/such", "shutdown"].map(|method| {
        json!({ "jsonrpc": "2.0", "id": method, "method": method, "params": { "protocol": { "min": 1, "max": 1 } } })
            .to_string()
    });
    input.write_all(lines.join("\r\n").as_bytes()).expect("the file can be written");
    input.rewind().expect("it is a file");
    let mut output = tempfile::tempfile().expect("the file can be written");
    let mut command = command(&[]);
    command.stdin(input).stdout(output.try_clone().expect("it is open"));
    assert!(command.status().expect("the binary starts").success());
    let mut written = String::new();
    output.rewind().expect("it is a file");
    output.read_to_string(&mut written).expect("it is UTF-8");
    let ids: Vec<_> = written
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("it is JSON")["id"].clone())
        .collect();
    assert_eq!(ids, ["initialize", "no/such", "shutdown"]);
}

#[test]
fn an_incomplete_line_is_answered_before_the_end() {
    let mut serve = Serve::start(&[]);
    serve.write(br#"{"jsonrpc":"2.0","id":1,"method":"botRun/sta"#);
    let left = serve.finish();
    assert_eq!(left.messages.len(), 1);
    assert_eq!(code(&left.messages[0]), (-32700, String::new()));
    assert!(left.status.success());
}

#[test]
fn the_last_line_needs_no_line_break() {
    let mut serve = Serve::start(&[]);
    serve.write(br#"{"jsonrpc":"2.0","id":1,"method":"no/such"}"#);
    let left = serve.finish();
    assert_eq!(left.messages.len(), 1);
    assert_eq!(code(&left.messages[0]), (-32601, String::new()));
    assert!(left.status.success());
}

#[test]
fn every_request_before_the_end_is_answered() {
    let mut serve = Serve::silent(&[]);
    serve.request(1, "initialize", json!({ "protocol": { "min": 1, "max": 1 } }));
    serve.request(2, "botRun/start", json!({ "id": "root" }));
    serve.request(3, "shutdown", json!({}));
    serve.request(4, "botRun/end", json!({ "id": "root" }));
    let left = serve.finish();
    let ids: Vec<_> = left.messages.iter().map(|message| message["id"].clone()).collect();
    assert_eq!(ids, [json!(1), json!(2), json!(3), json!(4)]);
    assert_eq!(code(&left.messages[3]), (-32600, String::new()));
}

/// Returns lines with more responses than a pipe holds
fn many_lines() -> String {
    format!("{{\"jsonrpc\":\"2.0\",\"id\":\"{}\",\"method\":\"x\"}}\n", "i".repeat(120)).repeat(2000)
}

#[test]
fn a_host_that_does_not_read_does_not_block_the_end() {
    let mut child = command(&[]).spawn().expect("the binary starts");
    let output = child.stdout.take().expect("it is piped");
    let mut input = child.stdin.take().expect("it is piped");
    let taken = in_time(move || input.write_all(many_lines().as_bytes()));
    assert!(taken.is_ok(), "every line is taken, though no answer is: {taken:?}");
    let status = in_time(move || child.wait().expect("it can be waited for"));
    assert!(status.success(), "{status:?}");
    drop(output);
}

#[test]
fn the_process_ends_when_the_host_no_longer_reads() {
    let mut child = command(&[]).spawn().expect("the binary starts");
    let mut input = child.stdin.take().expect("it is piped");
    drop(child.stdout.take());
    // The process notices it at the first response; the remaining lines may not be read.
    let input = in_time(move || {
        let _ = input.write_all(many_lines().as_bytes());
        input
    });
    let status = in_time(move || child.wait().expect("it can be waited for"));
    assert!(status.success(), "{status:?}");
    drop(input);
}

#[test]
fn a_start_error_is_reported_outside_the_protocol() {
    for arguments in [vec!["--config", "/no/such/file"], vec!["--config", "/no/such/file", "--json"]] {
        let left = Serve::silent(&arguments).left();
        assert_eq!(left.status.code(), Some(2));
        assert!(left.messages.is_empty() && left.log.contains("/no/such/file"), "{}", left.log);
    }
}
