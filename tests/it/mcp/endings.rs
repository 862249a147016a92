//! The ends of the process: calls in flight are answered, and the process exits.

use std::process::Command;

use azdo_simulator::Fault;
use serde_json::json;

use crate::mcp::calls::connected;
use crate::mcp::client::Client;
use crate::mcp::client::Ended;
use crate::mcp::client::Revision;
use crate::mcp::client::command;
use crate::rpc::simulated::Simulated;

/// Starts a process with a call and a change in flight
fn busy() -> (Simulated, Client) {
    let (simulated, mut client, session) = connected(Revision::Stateless);
    simulated.fault(Fault::on("GET */build/definitions").stall());
    simulated.fault(Fault::on("POST */git/repositories").stall());
    client.request("tools/call", json!({ "name": "list_pipelines", "arguments": { "session": session } }));
    let inputs = json!({ "session": session, "name": "shop" });
    client.request("tools/call", json!({ "name": "create_repository", "arguments": inputs }));
    simulated.wait_for("GET", "/build/definitions");
    simulated.wait_for("POST", "/git/repositories");
    (simulated, client)
}

fn assert_answered(ended: &Ended) {
    let code = |message: &serde_json::Value| message["result"]["_meta"]["azdo-bot/error"]["code"].to_string();
    let mut codes: Vec<String> = ended.messages.iter().map(code).collect();
    codes.sort();
    assert_eq!(codes, ["\"cancelled\"", "\"service.outcome_unknown\""], "{:?} {}", ended.messages, ended.log);
}

#[test]
fn at_the_end_of_the_input_calls_in_flight_are_answered() {
    let (_simulated, client) = busy();
    let ended = client.finish();
    assert_answered(&ended);
    assert!(ended.status.success(), "{:?}", ended.status);
}

#[cfg(unix)]
#[test]
fn a_signal_ends_the_process_like_the_end_of_the_input() {
    let (_simulated, client) = busy();
    let sent = Command::new("kill").args(["-s", "TERM", &client.process_id().to_string()]).status();
    assert!(sent.expect("kill exists").success());
    assert_answered(&client.ended());
}

#[test]
fn a_client_that_never_speaks_or_speaks_another_protocol_ends_the_process() {
    let silent = Client::silent(Revision::Stateless, &mut command(&["--simulate"]));
    let ended = silent.finish();
    assert!(ended.status.success() && ended.messages.is_empty(), "{}", ended.log);
    let mut other = Client::silent(Revision::Stateless, &mut command(&["--simulate"]));
    other.notify("notifications/nothing", json!({}));
    let ended = other.ended();
    assert!(!ended.status.success());
    assert!(
        ended.log.contains("did not begin with a request of the Model Context Protocol"),
        "{}",
        ended.log
    );
}
