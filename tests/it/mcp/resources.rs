//! Resources and prompts: the open sessions, what a session may do, the log of a run, and conversations that begin with them.

use serde_json::Value;
use serde_json::json;

use crate::mcp::client::Client;
use crate::mcp::client::Revision;
use crate::mcp::client::connection;

/// Reads a resource and returns its text
fn read(client: &mut Client, uri: &str) -> String {
    let answer = client.ask("resources/read", json!({ "uri": uri }));
    let contents = &answer["result"]["contents"][0];
    assert_eq!((&contents["uri"], &contents["mimeType"]), (&json!(uri), &json!("text/plain")), "{answer}");
    contents["text"].as_str().expect("it is a text").to_owned()
}

/// Returns the error of a request that is refused
fn refusal(client: &mut Client, method: &str, params: Value) -> Value {
    let answer = client.ask(method, params);
    assert!(answer["error"]["data"]["help"].as_str().is_some_and(|help| !help.is_empty()), "{answer}");
    answer["error"].clone()
}

/// Returns the values of one member of the items of a list
fn all<'a>(list: &'a Value, member: &str) -> Vec<&'a str> {
    list.as_array().expect("a list").iter().map(|item| item[member].as_str().expect("a text")).collect()
}

#[test]
fn people_see_their_sessions_and_what_those_may_do() {
    for revision in [Revision::Handshake, Revision::Stateless] {
        let mut client = Client::start(revision, &["--simulate"]);
        let listed = client.ask("resources/list", json!({}));
        assert_eq!(all(&listed["result"]["resources"], "uri"), ["azure-devops://sessions"]);
        assert!(!read(&mut client, "azure-devops://sessions").contains("Fabrikam"));
        let session = client.data("connect", connection())["session"].clone();
        let session = session.as_str().expect("a handle");
        let access = format!("azure-devops://sessions/{session}/access");
        let listed = client.ask("resources/list", json!({}));
        assert_eq!(all(&listed["result"]["resources"], "uri"), ["azure-devops://sessions", &access]);
        let sessions = read(&mut client, "azure-devops://sessions");
        assert!(
            sessions.contains(session) && sessions.contains("\"projectName\": \"Fabrikam\""),
            "{sessions}"
        );
        assert!(sessions.contains("<data-"), "a name comes from Azure DevOps: {sessions}");
        let access = read(&mut client, &access);
        assert!(access.contains("\"granted\"") && access.contains("repositories.read"), "{access}");
        client.data("disconnect", json!({ "session": session }));
        let listed = client.ask("resources/list", json!({}));
        assert_eq!(all(&listed["result"]["resources"], "uri"), ["azure-devops://sessions"]);
    }
}

#[test]
fn the_log_of_a_run_is_a_resource_and_begins_a_conversation() {
    let mut client = Client::start(Revision::Stateless, &["--simulate"]);
    let session = client.data("connect", connection())["session"].clone();
    let run = client.data("run_pipeline", json!({ "session": session, "pipeline": "site" }))["id"].clone();
    client.data("wait_for_pipeline_run", json!({ "session": session, "id": run, "timeLimit": 60 }));
    let templates = client.ask("resources/templates/list", json!({}));
    let uris = all(&templates["result"]["resourceTemplates"], "uriTemplate");
    let template = uris.iter().find(|uri| uri.ends_with("/log")).expect("the log has a template");
    let uri =
        template.replace("{session}", session.as_str().expect("a handle")).replace("{run}", &run.to_string());
    let log = read(&mut client, &uri);
    assert!(log.lines().count() > 4, "lines, and not JSON: {log}");
    let arguments = json!({ "session": session, "run": run.to_string() });
    let begun = client.ask("prompts/get", json!({ "name": "explain_run", "arguments": arguments }));
    let messages = &begun["result"]["messages"];
    assert_eq!(messages[0]["content"]["resource"]["uri"], json!(uri), "{begun}");
    assert!(
        messages[1]["content"]["text"].as_str().is_some_and(|text| text.contains("first error")),
        "{begun}"
    );
    let missing = uri.replace(&format!("/runs/{run}/"), "/runs/987654/");
    let refused = refusal(&mut client, "resources/read", json!({ "uri": missing }));
    assert_eq!(refused["data"]["code"], "resource.not_found", "{refused}");
    assert!(
        refused["message"].as_str().is_some_and(|text| !text.contains("987654")),
        "it is only in the data"
    );
}

#[test]
fn a_prompt_takes_a_reference_and_never_a_token() {
    let mut client = Client::start(Revision::Stateless, &["--simulate", "--log", "trace"]);
    let prompts = client.ask("prompts/list", json!({}));
    assert_eq!(all(&prompts["result"]["prompts"], "name"), ["connect", "show_access", "explain_run"]);
    let arguments = |reference: &str| json!({ "organization_url": "https://dev.azure.com/fabrikam", "project": "Fabrikam", "token_reference": reference });
    let begun =
        client.ask("prompts/get", json!({ "name": "connect", "arguments": arguments("env:AZDO_PAT") }));
    let text = begun["result"]["messages"][0]["content"]["text"].as_str().expect("a text");
    assert!(text.contains("env:AZDO_PAT") && text.contains("Fabrikam"), "{text}");
    let token = ["abcdefghijklmnop", "qrstuvwxyz234567", "abcdefghijklmnopqrst"].concat();
    let refused =
        refusal(&mut client, "prompts/get", json!({ "name": "connect", "arguments": arguments(&token) }));
    assert_eq!(refused["data"]["code"], "credential.invalid_format", "{refused}");
    let mut written = refused.to_string();
    for (name, arguments) in [
        ("connect", json!({ "organization_url": token, "project": token })),
        ("connect", json!({ "organization_url": token, "project": token, "token_reference": "env:X" })),
        ("show_access", json!({ "session": token })),
        (token.as_str(), json!({})),
    ] {
        written.push_str(
            &client.ask("prompts/get", json!({ "name": name, "arguments": arguments })).to_string(),
        );
    }
    written.push_str(
        &client.ask("resources/read", json!({ "uri": format!("azure-devops://{token}") })).to_string(),
    );
    let session = client.data("connect", connection())["session"].clone();
    let shown =
        client.ask("prompts/get", json!({ "name": "show_access", "arguments": { "session": session } }));
    assert!(shown.to_string().contains("repositories.read"), "{shown}");
    written.push_str(&client.finish().log);
    assert!(!written.contains(&token), "{written}");
}

#[test]
fn what_is_not_offered_is_neither_a_resource_nor_a_prompt() {
    let mut client = Client::start(Revision::Stateless, &["--simulate", "--groups", "repositories"]);
    client.data("connect", connection());
    let templates = client.ask("resources/templates/list", json!({}));
    assert_eq!(all(&templates["result"]["resourceTemplates"], "name"), ["access"], "{templates}");
    let prompts = client.ask("prompts/list", json!({}));
    assert_eq!(all(&prompts["result"]["prompts"], "name"), ["connect", "show_access"], "{prompts}");
    for (method, params) in [
        ("prompts/get", json!({ "name": "explain_run", "arguments": { "session": "x", "run": "1" } })),
        ("resources/read", json!({ "uri": "azure-devops://sessions/x/runs/1/log" })),
        ("resources/read", json!({ "uri": "file:///etc/passwd" })),
    ] {
        refusal(&mut client, method, params);
    }
    let closed = refusal(
        &mut client,
        "resources/read",
        json!({ "uri": "azure-devops://sessions/azdo-session:00000000000000000000000000000000/runs/1/log" }),
    );
    assert_eq!(closed["data"]["code"], "resource.not_found", "{closed}");
}
