//! Every rule of a policy is refused with the same words by a bot file, `check`, JSON-RPC, MCP, `call` and the library.
//!
//! The rules are in a file, since the tests of Robot Framework, Node-RED and Automation 360 break the same ones.
#![cfg(unix)]

use std::path::Path;

use azdo_bot::Package;
use azdo_bot::Simulation;
use azdo_bot::Value;
use serde_json::Value as Json;
use serde_json::json;

use crate::cli::support::Folder;
use crate::cli::support::Simulated;
use crate::cli::support::azdo_bot;
use crate::cli::support::bot;
use crate::cli::support::node;
use crate::cli::support::ran;
use crate::cli::support::text;
use crate::mcp::client::Client;
use crate::mcp::client::Revision;
use crate::rpc::process::Serve;

const ORGANIZATION: &str = "https://dev.azure.com/fabrikam";

/// The calls that break a rule; the last one is refused
type Calls = Vec<(String, Vec<(String, String)>)>;

/// The policies with the rules in them, and the calls that break each
fn policies() -> Vec<(String, Vec<(String, Calls)>)> {
    let all: Json = serde_json::from_str(include_str!("policy_rules.json")).expect("JSON");
    let texts = |object: &Json| -> Vec<(String, String)> {
        let object = object.as_object().expect("an object").iter();
        object.map(|(name, value)| (name.clone(), value.as_str().expect("a text").to_owned())).collect()
    };
    let calls = |row: &Json| -> Calls {
        let calls = row["calls"].as_array().expect("a list").iter();
        calls.map(|call| (call[0].as_str().expect("a name").to_owned(), texts(&call[1]))).collect()
    };
    let policy = |one: &Json| {
        let lines = one["policy"].as_array().expect("a list").iter();
        let lines: Vec<&str> = lines.map(|line| line.as_str().expect("a line")).collect();
        let rows = one["refused"].as_array().expect("a list").iter();
        let rows = rows.map(|row| (row["rule"].as_str().expect("a rule").to_owned(), calls(row)));
        (lines.join("\n"), rows.collect())
    };
    all.as_array().expect("a list").iter().map(policy).collect()
}

/// The inputs of a call; Connect gets a token, an organization and a project
fn inputs((action, own): &(String, Vec<(String, String)>)) -> Vec<(String, String)> {
    let mut all = own.clone();
    let usual = [
        ("personalAccessToken", "env:AZDO_PAT"),
        ("organizationUrl", ORGANIZATION),
        ("projectName", "Fabrikam"),
    ];
    for (name, value) in usual {
        if action == "connect" && !own.iter().any(|(own, _)| own == name) {
            all.push((name.to_owned(), value.to_owned()));
        }
    }
    all
}

/// The code, the message and the help of an error
fn words(error: &Json) -> String {
    let part = |name: &str| error[name].as_str().unwrap_or_default();
    format!("{}: {}\n{}", part("code"), part("message"), part("help"))
}

fn by_rpc(config: &str, calls: &Calls) -> String {
    let mut serve = Serve::start(&["--simulate", "--config", config]);
    serve.begin("root", None);
    let mut last = Json::Null;
    for (number, call) in calls.iter().enumerate() {
        let inputs: serde_json::Map<String, Json> =
            inputs(call).into_iter().map(|(name, value)| (name, json!(value))).collect();
        let mut params = json!({ "botRun": "root", "action": call.0, "inputs": inputs });
        if call.0 == "connect" {
            params["target"] = json!({ "scope": "LOCAL", "name": session(calls, number) });
        }
        last = serve.ask("action/execute", params);
        let is_last = number + 1 == calls.len();
        assert_eq!(last.get("error").is_some(), is_last, "{calls:?}: {last}");
    }
    serve.finish();
    assert_eq!(last["error"]["data"]["requests"], 0, "{last}");
    words(&last["error"]["data"])
}

fn by_mcp(config: &str, calls: &Calls) -> String {
    let flags = ["--simulate", "--allow-destructive", "--config", config];
    let mut client = Client::start(Revision::Stateless, &flags);
    let mut session = Json::Null;
    for (number, call) in calls.iter().enumerate() {
        let inputs: serde_json::Map<String, Json> =
            inputs(call).into_iter().map(|(name, value)| (name, json!(value))).collect();
        let is_connect = call.0 == "connect";
        let (tool, arguments) = if is_connect {
            ("connect", json!(inputs))
        } else {
            ("run_action", json!({ "action": call.0, "session": session, "inputs": inputs }))
        };
        if number + 1 == calls.len() {
            return words(&client.refusal(tool, arguments));
        }
        let data = client.data(tool, arguments);
        if is_connect {
            session = data["session"].clone();
        }
    }
    String::new()
}

/// The name of the session of a Connect: a second one has another name
fn session(calls: &Calls, number: usize) -> &'static str {
    let is_first = calls.iter().position(|(action, _)| action == "connect") == Some(number);
    if is_first { "Default" } else { "Second" }
}

fn bot_file(calls: &Calls) -> String {
    let nodes = calls.iter().enumerate().map(|(number, call)| {
        let fields = inputs(call);
        let fields: Vec<(&str, Json)> = fields
            .iter()
            .map(|(name, value)| match name.as_str() {
                "personalAccessToken" => {
                    let name = json!({ "lockerName": "devops", "name": "azdo", "attributeName": "pat" });
                    ("personalAccessToken", json!({ "type": "CREDENTIAL", "credential": name }))
                }
                name => (name, text(value)),
            })
            .collect();
        let mut node = node(&call.0, &fields);
        if call.0 == "connect" {
            let name = text(session(calls, number));
            node["returnTo"] = json!({ "type": "SESSION", "sessionTarget": "LOCAL", "sessionName": name });
        }
        node
    });
    bot(nodes.collect(), vec![])
}

/// What `run` or `check` reports about a bot file: the first fault, or the error that ended the run
fn by_bot_file(command: &str, config: &str, folder: &Folder, calls: &Calls) -> Option<String> {
    let file = folder.file("root.bot.json", &bot_file(calls));
    let ran = ran(azdo_bot().arg(command).arg(&file).args(["--simulate", "--json", "--config", config]));
    let last = ran.stdout.lines().last().unwrap_or_default();
    let document: Json = serde_json::from_str(last).expect("JSON");
    let error = document["faults"].get(0).map_or(&document["error"], |fault| &fault["error"]);
    error.is_object().then(|| words(error))
}

/// What `call` reports, which connects by itself and then calls one action
fn by_call(config: &str, simulated: &Simulated, calls: &Calls) -> Option<String> {
    let (connect, action) = match calls.as_slice() {
        [connect] => (connect, &("listRepositories".to_owned(), Vec::new())),
        [connect, action] => (connect, action),
        _ => return None,
    };
    let named = |name: &str| connect.1.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str());
    if connect.1.iter().any(|(name, _)| name != "organizationUrl") {
        return None;
    }
    // A policy that allows only the hosted organization refuses before a request; the others need the simulator.
    let text = std::fs::read_to_string(config).expect("the operator's file");
    let usual = if text.contains("[organizations]") { ORGANIZATION } else { simulated.url.as_str() };
    let fields = action.1.iter().map(|(name, value)| format!("{name}={value}"));
    let ran = ran(azdo_bot()
        .env("AZDO_PAT", &simulated.token)
        .args(["call", &action.0, "--json", "--allow-loopback-http", "--config", config])
        .args(["--organization-url", named("organizationUrl").unwrap_or(usual)])
        .args(["--project", "Fabrikam", "--credential", "env:AZDO_PAT"])
        .args(fields));
    let document: Json = serde_json::from_str(ran.stdout.trim()).expect("JSON");
    Some(words(&document["error"]))
}

async fn by_library(config: &str, calls: &Calls) -> String {
    let simulation = Simulation::start(None).await.expect("it starts");
    let package = Package::builder().operator_file(Path::new(config)).simulation(&simulation).build();
    let run = package.expect("it is built").start_bot_run().expect("it starts");
    let mut said = String::new();
    for (number, call) in calls.iter().enumerate() {
        let target = (call.0 == "connect").then(|| session(calls, number));
        // Two sessions need two names, and this host has one: the second replaces nothing but is refused first.
        assert!(target != Some("Second") || number + 1 == calls.len());
        let inputs = inputs(call).into_iter().map(|(name, value)| (name, Value::from(value)));
        let inputs = inputs.chain(
            (target == Some("Second"))
                .then(|| ("ifSessionExists".to_owned(), Value::from("REPLACE".to_owned()))),
        );
        match run.execute(&call.0, inputs).await {
            Ok(_) => {}
            Err(failure) => said = words(&json!(failure.error)),
        }
    }
    said
}

#[tokio::test]
async fn each_rule_is_refused_with_the_same_words_in_every_host() {
    let simulated = Simulated::start();
    let mut called = 0;
    for (policy, rows) in policies() {
        let folder = Folder::new();
        let config = folder.file("azdo-bot.toml", &policy).to_string_lossy().into_owned();
        for (rule, calls) in rows {
            let expected = by_rpc(&config, &calls);
            assert!(
                expected.starts_with("policy.denied: ") && expected.contains(&rule),
                "{rule}: {expected}"
            );
            assert_eq!(by_mcp(&config, &calls), expected, "MCP, {rule}");
            assert_eq!(by_bot_file("run", &config, &folder, &calls).as_ref(), Some(&expected), "run, {rule}");
            let checked = by_bot_file("check", &config, &folder, &calls);
            let is_limit = rule.starts_with("limits.");
            assert_eq!(checked, (!is_limit).then(|| expected.clone()), "check, {rule}");
            assert_eq!(by_library(&config, &calls).await, expected, "the library, {rule}");
            if let Some(said) = by_call(&config, &simulated, &calls) {
                assert_eq!(said, expected, "call, {rule}");
                called += 1;
            }
        }
    }
    assert_eq!(
        called, 6,
        "`call` reaches every rule but those about more than one action, or about an option of Connect"
    );
}

#[test]
fn an_embedding_program_learns_what_policy_show_prints() {
    for (policy, _) in policies() {
        let folder = Folder::new();
        let config = folder.file("azdo-bot.toml", &policy).to_string_lossy().into_owned();
        let package = Package::builder().operator_file(&config).build().expect("it is built");
        let shown = ran(azdo_bot().args(["policy", "show", "--json", "--config", &config]));
        let shown: Json = serde_json::from_str(&shown.stdout).expect("JSON");
        let denied =
            shown["actions"].as_array().expect("a list").iter().filter(|row| row["allowed"] == false);
        let denied: Vec<Json> = denied
            .map(|row| {
                let mut row = row.clone();
                row.as_object_mut().expect("an object").shift_remove("allowed");
                row
            })
            .collect();
        assert_eq!(json!(package.denied_actions()), json!(denied));
        assert_eq!(denied.is_empty(), policy.starts_with("[limits]"));
    }
}
