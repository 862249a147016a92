//! Tasks: a call that takes long goes on without its request, for a client that declares this.

use std::time::Instant;

use azdo_simulator::Fault;
use serde_json::Value;
use serde_json::json;

use crate::mcp::calls::connected;
use crate::mcp::client::Client;
use crate::mcp::client::Revision;
use crate::mcp::client::connection;
use crate::rpc::process::PATIENCE;

/// What a client declares that has tasks
fn tasks() -> Value {
    json!({ "extensions": { "io.modelcontextprotocol/tasks": {} } })
}

/// Calls the tool that lists pipelines
fn list_pipelines(client: &mut Client, session: &Value) -> Value {
    client.ask("tools/call", json!({ "name": "list_pipelines", "arguments": { "session": session } }))
}

/// Asks for the state of a task until it is no longer working
fn settled(client: &mut Client, id: &Value) -> Value {
    let begun = Instant::now();
    loop {
        let state = client.ask("tasks/get", json!({ "taskId": id }))["result"].clone();
        if state["status"] != "working" {
            return state;
        }
        assert!(begun.elapsed() < PATIENCE, "it never ends: {state}");
        std::thread::yield_now();
    }
}

#[test]
fn a_long_call_becomes_a_task_whose_result_is_asked_for() {
    let (simulated, mut client, session) = connected(Revision::Stateless);
    client.declared = tasks();
    // The response waits for a second request.
    simulated.fault(Fault::on("GET */build/definitions").together(2));
    let begun = list_pipelines(&mut client, &session)["result"].clone();
    assert_eq!((&begun["resultType"], &begun["status"]), (&json!("task"), &json!("working")), "{begun}");
    let id = &begun["taskId"];
    for time in ["createdAt", "lastUpdatedAt"] {
        assert!(begun[time].as_str().is_some_and(|time| time.ends_with('Z')), "{begun}");
    }
    assert!(begun["ttlMs"].as_u64().is_some_and(|time| time >= 900_000), "{begun}");
    assert!(begun["pollIntervalMs"].as_u64().is_some_and(|time| time > 0), "{begun}");
    let working = client.ask("tasks/get", json!({ "taskId": id }));
    assert_eq!(working["result"]["status"], "working", "{working}");
    assert!(client.ask("tasks/update", json!({ "taskId": id, "inputResponses": {} }))["error"].is_null());

    // The second request, whose call is short now and has its result at once.
    let short = list_pipelines(&mut client, &session)["result"].clone();
    assert!(short["structuredContent"]["pipelines"].is_array(), "{short}");
    let ended = settled(&mut client, id);
    assert_eq!(ended["status"], "completed", "{ended}");
    assert_eq!(ended["result"]["structuredContent"], short["structuredContent"]);
    assert_eq!(client.ask("tasks/get", json!({ "taskId": id }))["result"], ended, "it can be read again");
}

#[test]
fn a_task_is_cancelled_and_ends_with_the_process() {
    let (simulated, mut client, session) = connected(Revision::Stateless);
    client.declared = tasks();
    simulated.fault(Fault::on("GET */build/definitions").stall());
    let id = list_pipelines(&mut client, &session)["result"]["taskId"].clone();
    assert!(client.ask("tasks/cancel", json!({ "taskId": id }))["error"].is_null());
    assert_eq!(settled(&mut client, &id)["status"], "cancelled");
    simulated.fault(Fault::on("POST */git/repositories").stall());
    let create = json!({ "name": "create_repository", "arguments": { "session": session, "name": "shop" } });
    let id = client.ask("tools/call", create)["result"]["taskId"].clone();
    client.ask("tasks/cancel", json!({ "taskId": id }));
    // It may have been created, so the task has a result that says so.
    let unknown = settled(&mut client, &id);
    assert_eq!(unknown["status"], "completed", "{unknown}");
    assert_eq!(unknown["result"]["_meta"]["azdo-bot/error"]["code"], "service.outcome_unknown", "{unknown}");
    simulated.fault(Fault::on("GET */build/definitions").stall());
    list_pipelines(&mut client, &session);
    let ended = client.finish();
    assert!(ended.status.success(), "{}", ended.log);
}

#[test]
fn a_client_that_declares_no_tasks_gets_none() {
    let mut client = Client::start(Revision::Stateless, &["--simulate"]);
    let session = client.data("connect", connection())["session"].clone();
    let run = client.data("run_pipeline", json!({ "session": session, "pipeline": "site" }));
    let waited =
        client.call("wait_for_pipeline_run", json!({ "session": session, "id": run["id"], "timeLimit": 60 }));
    assert!(waited["structuredContent"]["result"].is_string(), "{waited}");
    let refused = client.ask("tasks/get", json!({ "taskId": "x" }));
    assert_eq!(refused["error"]["code"], -32021, "{refused}");
    client.declared = tasks();
    let token = ["abcdefghijklmnop", "qrstuvwxyz234567", "abcdefghijklmnopqrst"].concat();
    for method in ["tasks/get", "tasks/cancel"] {
        let unknown = client.ask(method, json!({ "taskId": token }));
        assert_eq!(unknown["error"]["code"], -32602, "{unknown}");
        assert!(!unknown.to_string().contains(&token), "{unknown}");
    }
}
