//! However it ends: what is in flight is answered, and the process is gone.

use std::io::Read as _;
use std::io::Seek as _;
use std::io::Write as _;
use std::process::Command;

use azdo_simulator::Fault;
use serde_json::Value;
use serde_json::json;

use crate::process::Left;
use crate::process::Serve;
use crate::process::code;
use crate::process::command;
use crate::process::in_time;
use crate::simulated::Simulated;

/// A process with a call that hangs and a change that hangs, each in a bot run of its own
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

/// Both calls were answered, and the process ended well
fn assert_parted(left: &Left) {
    let mut codes: Vec<(String, String)> =
        left.messages.iter().map(|message| (message["id"].to_string(), code(message).1)).collect();
    codes.sort();
    let pair = |id: &str, code: &str| (format!("\"{id}\""), code.to_owned());
    assert_eq!(codes, [pair("reads", "cancelled"), pair("writes", "service.outcome_unknown")]);
    assert!(left.status.success(), "{:?}", left.status);
}

#[test]
fn the_end_of_the_input_answers_what_is_in_flight() {
    let (_simulated, serve) = busy();
    assert_parted(&serve.finish());
}

#[cfg(unix)]
#[test]
fn signals_end_it_as_the_end_of_the_input_does() {
    for signal in ["TERM", "INT", "HUP"] {
        let (_simulated, serve) = busy();
        let id = serve.process_id().to_string();
        let sent = Command::new("kill").args(["-s", signal, &id]).status().expect("there is kill");
        assert!(sent.success());
        assert_parted(&serve.left());
    }
}

#[test]
fn shutdown_answers_what_is_in_flight_and_waits_for_the_end_of_the_input() {
    let (_simulated, mut serve) = busy();
    assert!(serve.ask("shutdown", json!({}))["result"].is_null());
    assert_eq!(serve.refusal("reads"), (-32000, "cancelled".to_owned()));
    assert_eq!(serve.refusal("writes"), (-32000, "service.outcome_unknown".to_owned()));
    let left = serve.finish();
    assert!(left.status.success() && left.messages.is_empty());
}

#[test]
fn files_do_as_well_as_pipes() {
    let mut input = tempfile::tempfile().expect("there is room");
    let lines = ["initialize", "no/such", "shutdown"].map(|method| {
        json!({ "jsonrpc": "2.0", "id": method, "method": method, "params": { "protocol": { "min": 1, "max": 1 } } })
            .to_string()
    });
    input.write_all(lines.join("\r\n").as_bytes()).expect("there is room");
    input.rewind().expect("it is a file");
    let mut output = tempfile::tempfile().expect("there is room");
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
fn half_a_line_is_answered_before_the_end() {
    let mut serve = Serve::start(&[]);
    serve.write(br#"{"jsonrpc":"2.0","id":1,"method":"botRun/sta"#);
    let left = serve.finish();
    assert_eq!(left.messages.len(), 1);
    assert_eq!(code(&left.messages[0]), (-32700, String::new()));
    assert!(left.status.success());
}

#[test]
fn a_last_line_without_its_end_is_a_line() {
    let mut serve = Serve::start(&[]);
    serve.write(br#"{"jsonrpc":"2.0","id":1,"method":"no/such"}"#);
    let left = serve.finish();
    assert_eq!(left.messages.len(), 1);
    assert_eq!(code(&left.messages[0]), (-32601, String::new()));
    assert!(left.status.success());
}

#[test]
fn everything_before_the_end_is_answered() {
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

/// Lines whose answers are more than a pipe holds
fn many_lines() -> String {
    format!("{{\"jsonrpc\":\"2.0\",\"id\":\"{}\",\"method\":\"x\"}}\n", "i".repeat(120)).repeat(2000)
}

#[test]
fn a_host_that_does_not_read_keeps_nothing_from_ending() {
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
fn a_host_that_is_gone_is_left_though_its_input_is_open() {
    let mut child = command(&[]).spawn().expect("the binary starts");
    let mut input = child.stdin.take().expect("it is piped");
    drop(child.stdout.take());
    // It notices at the first answer; what is left of the lines may find nobody.
    let input = in_time(move || {
        let _ = input.write_all(many_lines().as_bytes());
        input
    });
    let status = in_time(move || child.wait().expect("it can be waited for"));
    assert!(status.success(), "{status:?}");
    drop(input);
}

#[test]
fn a_process_that_cannot_start_says_so_beside_the_protocol() {
    for arguments in [vec!["--config", "/no/such/file"], vec!["--config", "/no/such/file", "--json"]] {
        let left = Serve::silent(&arguments).left();
        assert_eq!(left.status.code(), Some(2));
        assert!(left.messages.is_empty() && left.log.contains("/no/such/file"), "{}", left.log);
    }
}
