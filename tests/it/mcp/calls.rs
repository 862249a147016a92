//! Calls: sessions, errors, other actions, outputs that fit their schemas, progress and cancelling.

use azdo_bot::actions::Effect;
use azdo_bot::package::Returns;
use azdo_bot::package::actions;
use azdo_simulator::Fault;
use serde_json::Value;
use serde_json::json;

use crate::common::examples;
use crate::mcp::client::Client;
use crate::mcp::client::Revision;
use crate::mcp::client::command;
use crate::mcp::client::connection;
use crate::rpc::simulated::Simulated;

/// Starts a process with a session at the simulator of the test
pub(crate) fn connected(revision: Revision) -> (Simulated, Client, Value) {
    let simulated = Simulated::start();
    let mut command = command(&["--allow-loopback-http", "--allow-plain-tokens"]);
    let mut client = Client::silent(revision, &mut command);
    if revision == Revision::Handshake {
        let params = json!({ "protocolVersion": revision.as_str(), "capabilities": {},
                             "clientInfo": { "name": "test", "version": "1" } });
        client.ask("initialize", params);
        client.notify("notifications/initialized", json!({}));
    }
    let session =
        client.data("connect", simulated.inputs(json!({ "insecure": simulated.token() })))["session"].clone();
    (simulated, client, session)
}

#[test]
fn a_session_is_an_argument_and_belongs_to_its_process() {
    let mut client = Client::start(Revision::Stateless, &["--simulate"]);
    let missing = client.refusal("list_repositories", json!({}));
    assert_eq!(
        (&missing["code"], &missing["context"]["field"]),
        (&json!("input.invalid"), &json!("session"))
    );
    assert!(missing["help"].as_str().is_some_and(|help| help.contains("connect")), "{missing}");
    // Two sessions at once, of two organizations.
    let first = client.data("connect", connection())["session"].clone();
    let mut other = connection();
    other["organizationUrl"] = json!("https://dev.azure.com/contoso");
    let second = client.data("connect", other)["session"].clone();
    assert_ne!(first, second);
    client.data("disconnect", json!({ "session": first }));
    client.data("list_repositories", json!({ "session": second }));
    // The handle is of no use in another process.
    let mut stranger = Client::start(Revision::Stateless, &["--simulate"]);
    let refused = stranger.refusal("list_repositories", json!({ "session": second }));
    assert_eq!(refused["code"], "session.not_found");
}

#[test]
fn a_misspelt_name_is_recognized_and_the_help_is_for_a_client() {
    let mut client = Client::start(Revision::Stateless, &["--simulate"]);
    let session = client.data("connect", connection())["session"].clone();
    for (tool, arguments, said, help) in [
        (
            "list_repositories",
            json!({ "sesion": session }),
            "there is no field \"sesion\"; did you mean \"session\"?",
            "Call connect",
        ),
        ("list_repositories", json!({ "session": "other" }), "There is no session \"other\"", "Call connect"),
        (
            "run_action",
            json!({ "action": "list_relases", "session": session }),
            "there is no action \"list_relases\"; did you mean \"list_releases\"?",
            "find_action finds every action.",
        ),
        (
            "list_repositories",
            json!({ "session": session, "limit": 0 }),
            "expected a number of entries from 1 to 100000",
            "the input schema of the tool describes it",
        ),
    ] {
        let refused = client.refusal(tool, arguments);
        let text = |key: &str| refused[key].as_str().unwrap_or_default();
        assert!(text("message").contains(said) && text("help").contains(help), "{refused}");
    }
    let own = client.ask("tools/call", json!({ "name": "find_actions", "arguments": {} }));
    let message = own["error"]["message"].as_str().unwrap_or_default();
    assert_eq!(message, "there is no tool \"find_actions\"; did you mean \"find_action\"?", "{own}");
    let prompt = client.ask("prompts/get", json!({ "name": "conect" }));
    let message = prompt["error"]["message"].as_str().unwrap_or_default();
    assert_eq!(message, "there is no prompt \"conect\"; did you mean \"connect\"?", "{prompt}");
}

#[test]
fn a_failed_call_is_a_result_with_a_code_and_a_help() {
    let (_simulated, mut client, session) = connected(Revision::Stateless);
    let result = client.call("run_pipeline", json!({ "session": session, "pipeline": "no such pipeline" }));
    let error = &result["_meta"]["azdo-bot/error"];
    assert_eq!(
        (&result["isError"], &error["code"]),
        (&json!(true), &json!("resource.not_found")),
        "{result}"
    );
    // It may quote Azure DevOps, so it is fenced.
    let text = result["content"][0]["text"].as_str().expect("a text");
    assert!(
        text.starts_with("The call failed with resource.not_found.") && text.contains("<data-"),
        "{text}"
    );
    let wrong = client.refusal("run_pipeline", json!({ "session": session, "pipeline": 7, "color": "red" }));
    assert_eq!(wrong["code"], "input.invalid");
    let method = client.ask("tools/lst", json!({}));
    assert_eq!(
        (&method["error"]["code"], &method["error"]["message"]),
        (&json!(-32601), &json!(r#"there is no method "tools/lst"; did you mean "tools/list"?"#))
    );
    let unknown = client.ask("tools/call", json!({ "name": "list_repositoris", "arguments": {} }));
    assert_eq!(
        (&unknown["error"]["code"], &unknown["error"]["data"]["code"]),
        (&json!(-32602), &json!("action.unknown"))
    );
    assert!(
        unknown["error"]["message"].as_str().is_some_and(|text| text.contains("list_repositories")),
        "{unknown}"
    );
    for (tool, arguments) in [
        ("run_action", json!({})),
        ("run_action", json!({ "action": "no such action" })),
        ("read_result", json!({ "result": "result-1", "offset": 0 })),
        ("read_result", json!({ "result": "result-1", "offset": -1 })),
        ("find_action", json!({ "words": "x" })),
    ] {
        let refused = client.refusal(tool, arguments.clone());
        assert!(
            refused["help"].as_str().is_some_and(|help| !help.is_empty()),
            "{tool} {arguments}: {refused}"
        );
    }
}

#[test]
fn every_other_action_is_found_and_run() {
    let mut client = Client::start(Revision::Stateless, &["--simulate"]);
    let session = client.data("connect", connection())["session"].clone();
    let found = client.data("find_action", json!({ "query": "list the branches of a repository" }));
    assert_eq!(found["actions"][0]["action"], "list_branches", "{found}");
    assert!(found["actions"][0]["inputs"]["properties"]["repository"].is_object(), "{found}");
    let exact = client.data("find_action", json!({ "query": "listReleases" }));
    assert_eq!(exact["actions"][0]["action"], "list_releases");
    let all = client.data("find_action", json!({}));
    assert_eq!(all["more"], true);
    let none = client.data("find_action", json!({ "query": "delete a repository" }));
    let destroys = |one: &Value| one["effect"] == "destroys";
    assert!(!none["actions"].as_array().expect("a list").iter().any(destroys), "{none}");
    let ran = client.data(
        "run_action",
        json!({ "action": "list_branches", "session": session,
                                                "inputs": { "repository": "site" } }),
    );
    assert!(ran["branches"].is_array(), "{ran}");
    // An action that is no tool of its own is run by its name, too.
    client.data("list_branches", json!({ "session": session, "repository": "site" }));
}

#[test]
fn the_results_of_every_reading_action_fit_their_schemas() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let path = folder.path().to_str().expect("the path is UTF-8");
    let mut client = Client::start(
        Revision::Handshake,
        &["--simulate", "--world", examples::WORLD_FILE, "--folder", path],
    );
    let session = client.data("connect", connection())["session"].clone();
    let with_session = |mut inputs: Value| {
        inputs["session"] = session.clone();
        inputs
    };
    for (action, inputs) in examples::calls() {
        client.data(&action, with_session(inputs));
    }
    let mut checked = 0;
    for card in actions().iter().filter(|card| {
        card.effect == Effect::Reads && card.returns != Returns::Session && card.name != "disconnect"
    }) {
        let schema = Value::Object(card.tool_output());
        let validator = jsonschema::validator_for(&schema).expect("the schema is valid");
        for example in card.examples().into_iter().filter(|_| card.attribute("timeLimit").is_none()) {
            let result = client.call(&card.tool_name(), with_session(example.inputs));
            if result["isError"] == true {
                continue;
            }
            let faults: Vec<String> =
                validator.iter_errors(&result["structuredContent"]).map(|fault| fault.to_string()).collect();
            assert!(faults.is_empty(), "{}: {faults:?} in {result}", card.name);
            checked += 1;
        }
    }
    assert!(checked >= 20, "{checked} results");
}

#[test]
fn a_cancelled_call_ends_without_a_response_and_another_goes_on() {
    for revision in [Revision::Handshake, Revision::Stateless] {
        let (simulated, mut client, session) = connected(revision);
        simulated.fault(Fault::on("GET */build/definitions").stall());
        let call = json!({ "name": "list_pipelines", "arguments": { "session": session } });
        let id = client.request("tools/call", call.clone());
        simulated.wait_for("GET", "/build/definitions");
        client.notify("notifications/cancelled", json!({ "requestId": id, "reason": "test" }));
        // The fault is used up, so the same call works now.
        let again = client.ask("tools/call", call);
        assert_ne!(again["result"]["isError"], true, "{again}");
        let ended = client.finish();
        assert!(ended.messages.iter().all(|message| message["id"] != id), "{:?}", ended.messages);
    }
}

#[test]
fn progress_is_reported_to_a_client_that_wants_it() {
    let mut client = Client::start(Revision::Stateless, &["--simulate"]);
    let session = client.data("connect", connection())["session"].clone();
    let run = client.data("run_pipeline", json!({ "session": session, "pipeline": "site" }));
    let arguments = json!({ "session": session, "id": run["id"], "timeLimit": 60 });
    let params = json!({ "name": "wait_for_pipeline_run", "arguments": arguments, "_meta": { "progressToken": "p1" } });
    let answer = client.ask("tools/call", params);
    assert_ne!(answer["result"]["isError"], true, "{answer}");
    let reports: Vec<&Value> =
        client.kept().filter(|one| one["method"] == "notifications/progress").collect();
    assert!(!reports.is_empty(), "the run takes a moment");
    for (place, report) in reports.iter().enumerate() {
        assert_eq!(report["params"]["progressToken"], "p1");
        assert_eq!(report["params"]["progress"].as_f64(), Some(place as f64 + 1.0));
        assert!(report["params"]["message"].as_str().is_some_and(|text| !text.is_empty()));
    }
}
