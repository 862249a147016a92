//! Both revisions of the protocol: a client lists tools, connects, calls and disconnects.

use serde_json::Value;
use serde_json::json;

use crate::mcp::client::Client;
use crate::mcp::client::Revision;
use crate::mcp::client::command;
use crate::mcp::client::connection;

fn names(client: &mut Client) -> Vec<String> {
    let listed = client.ask("tools/list", json!({}));
    let tools = listed["result"]["tools"].as_array().unwrap_or_else(|| panic!("{listed}"));
    tools.iter().map(|tool| tool["name"].as_str().expect("a name").to_owned()).collect()
}

#[test]
fn a_client_of_either_revision_lists_and_calls_tools() {
    for revision in [Revision::Handshake, Revision::Stateless] {
        let mut client = Client::start(revision, &["--simulate"]);
        let listed = client.ask("tools/list", json!({}));
        let tools = listed["result"]["tools"].as_array().expect("a list");
        assert!((15..=25).contains(&tools.len()), "{} tools", tools.len());
        for (name, hints) in [
            (
                "list_repositories",
                json!({ "readOnlyHint": true, "destructiveHint": false, "idempotentHint": true, "openWorldHint": true }),
            ),
            (
                "run_pipeline",
                json!({ "readOnlyHint": false, "destructiveHint": false, "idempotentHint": false, "openWorldHint": true }),
            ),
        ] {
            let tool = tools.iter().find(|tool| tool["name"] == name).expect("it is there");
            assert_eq!(tool["annotations"], hints);
            assert!(
                tool["inputSchema"]["required"]
                    .as_array()
                    .is_some_and(|names| names.contains(&json!("session")))
            );
            assert_eq!(tool["outputSchema"]["type"], "object");
        }
        let connected = client.data("connect", connection());
        assert_eq!(connected["projectName"], "Fabrikam");
        let session = &connected["session"];
        let result = client.call("list_repositories", json!({ "session": session }));
        assert!(
            result["structuredContent"]["repositories"].as_array().is_some_and(|list| !list.is_empty()),
            "{result}"
        );
        // The text has the same as the structured content, between marks.
        let text = result["content"][0]["text"].as_str().expect("a text");
        let fenced = text.lines().find(|line| line.starts_with('{')).expect("the JSON is one line");
        assert_eq!(serde_json::from_str::<Value>(fenced).expect("it is JSON"), result["structuredContent"]);
        client.data("disconnect", json!({ "session": session }));
        let closed = client.refusal("list_repositories", json!({ "session": session }));
        assert_eq!(closed["code"], "session.closed");
        let ended = client.finish();
        assert!(ended.status.success() && ended.messages.is_empty(), "{:?} {}", ended.messages, ended.log);
    }
}

#[test]
fn the_revisions_are_negotiated() {
    let mut client = Client::silent(Revision::Stateless, &mut command(&["--simulate"]));
    let discovered = client.ask("server/discover", json!({}));
    let versions =
        discovered["result"]["supportedVersions"].as_array().unwrap_or_else(|| panic!("{discovered}"));
    for revision in [Revision::Handshake, Revision::Stateless] {
        assert!(versions.contains(&json!(revision.as_str())), "{discovered}");
    }
    assert!(discovered["result"]["instructions"].as_str().is_some_and(|text| text.contains("find_action")));
    // A client that knows only a later revision is offered the latest with a handshake.
    let mut client = Client::silent(Revision::Handshake, &mut command(&["--simulate"]));
    let params = json!({ "protocolVersion": "2099-01-01", "capabilities": {}, "clientInfo": { "name": "test", "version": "1" } });
    assert_eq!(client.ask("initialize", params)["result"]["protocolVersion"], "2025-11-25");
}

#[test]
fn the_operators_policy_holds() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let config = folder.path().join("azdo-bot.toml");
    std::fs::write(&config, "[actions]\ndeny = [\"listRepositories\", \"create project\"]\n")
        .expect("it can be written");
    let config = config.to_str().expect("the path is UTF-8");
    let mut client = Client::start(Revision::Stateless, &["--simulate", "--config", config]);
    assert!(!names(&mut client).contains(&"list_repositories".to_owned()));
    let found = client.data("find_action", json!({ "query": "list repositories" }));
    assert_ne!(found["actions"][0]["action"], "list_repositories", "{found}");
    let session = client.data("connect", connection())["session"].clone();
    for (tool, arguments) in [
        ("list_repositories", json!({ "session": session })),
        ("run_action", json!({ "action": "list_repositories", "session": session })),
    ] {
        let refused = client.refusal(tool, arguments);
        assert_eq!(refused["code"], "policy.denied");
        assert!(
            refused["message"].as_str().is_some_and(|text| text.contains("operator's policy")),
            "{refused}"
        );
    }
}

#[test]
fn the_flags_choose_the_tools() {
    let mut reading = Client::start(Revision::Stateless, &["--simulate", "--read-only"]);
    let tools = reading.ask("tools/list", json!({}));
    let tools = tools["result"]["tools"].as_array().expect("a list").clone();
    assert!(tools.iter().all(|tool| tool["annotations"]["readOnlyHint"] == true));
    let refused = reading.refusal("create_work_item", json!({ "session": "x" }));
    assert_eq!(refused["code"], "policy.denied");
    let inputs = json!({ "action": "delete_repository", "session": "x", "inputs": { "repository": "site" } });
    assert_eq!(reading.refusal("run_action", inputs.clone())["code"], "policy.denied");

    let mut some = Client::start(Revision::Stateless, &["--simulate", "--groups", "repositories,runs"]);
    let offered = names(&mut some);
    assert!(
        offered.contains(&"list_repositories".to_owned()) && offered.contains(&"get_pipeline_run".to_owned())
    );
    assert!(
        !offered.contains(&"list_pull_requests".to_owned())
            && !offered.contains(&"delete_repository".to_owned())
    );
    assert_eq!(some.refusal("run_action", inputs.clone())["code"], "policy.denied");

    let mut all = Client::start(
        Revision::Stateless,
        &["--simulate", "--groups", "repositories", "--allow-destructive"],
    );
    assert!(names(&mut all).contains(&"delete_repository".to_owned()));
    let session = all.data("connect", connection())["session"].clone();
    let created = all.data("create_repository", json!({ "session": session, "name": "shop" }));
    assert_eq!(created["name"], "shop");
    let inputs =
        json!({ "action": "delete_repository", "session": session, "inputs": { "repository": "shop" } });
    all.data("run_action", inputs);
}
