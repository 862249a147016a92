//! The server never writes a token, however it was given, at any log level.

use serde_json::Value;
use serde_json::json;

use crate::common::encodings::assert_hidden;
use crate::mcp::client::Client;
use crate::mcp::client::Revision;
use crate::mcp::client::command;
use crate::rpc::simulated::Simulated;

/// The levels of the log
const LEVELS: &[&str] = &["off", "error", "warn", "info", "debug", "trace"];

fn logging(level: &str, more: &[&str]) -> Client {
    let arguments: Vec<&str> =
        ["--allow-loopback-http", "--log", level].iter().chain(more).copied().collect();
    let mut command = command(&arguments);
    Client::silent(Revision::Stateless, &mut command)
}

/// Returns everything that was written; `taken` are the results that the test has read
fn written(client: Client, taken: &[Value]) -> String {
    let ended = client.finish();
    let messages: Vec<String> = taken.iter().chain(&ended.messages).map(Value::to_string).collect();
    messages.join("\n") + &ended.log
}

#[test]
fn a_token_as_an_argument_is_refused_and_hidden() {
    let simulated = Simulated::start();
    let token = simulated.token();
    // A token of no known form, which only its place shows to be one.
    let odd = ["c4n4ry", "+&<>%", "{}!~", "more0123456789", "abcdefghij"].concat();
    let mut client = logging("trace", &[]);
    let mut taken = Vec::new();
    for token in [&token, &odd] {
        for credential in [json!(token), json!({ "insecure": token })] {
            let refused = client.call("connect", simulated.inputs(credential));
            assert_eq!(refused["isError"], true, "{refused}");
            taken.push(refused);
        }
        let ran = json!({ "action": "connect", "inputs": simulated.inputs(json!({ "insecure": token })) });
        taken.push(client.call("run_action", ran));
    }
    for codes in &taken {
        let code = codes["_meta"]["azdo-bot/error"]["code"].as_str().expect("it is refused");
        assert!(["policy.denied", "credential.invalid_format"].contains(&code), "{codes}");
    }
    assert_eq!(simulated.seen("GET", "connectionData"), 0, "nothing was sent");
    taken.push(client.ask("tools/call", json!({ "name": token, "arguments": { token.clone(): 1 } })));
    taken.push(client.call("connect", json!({ token.clone(): 1 })));
    let written = written(client, &taken);
    assert_hidden(&written, &token, "refused");
    assert_hidden(&written, &odd, "refused, of no known form");
}

#[test]
fn an_allowed_token_that_returns_in_a_result_or_an_error_is_hidden() {
    for level in LEVELS {
        used_token_is_hidden(level);
    }
}

fn used_token_is_hidden(level: &str) {
    let simulated = Simulated::start();
    let token = simulated.token();
    let mut client = logging(level, &["--allow-plain-tokens"]);
    let connected = client.call("connect", simulated.inputs(json!({ "insecure": token })));
    let session = connected["structuredContent"]["session"].clone();
    assert_eq!(
        connected["structuredContent"]["warnings"][0]["code"], "credential.insecure_string",
        "{connected}"
    );
    let inputs = json!({ "session": session, "type": "Bug", "title": format!("the token is {token}") });
    let created = client.call("create_work_item", inputs);
    assert!(created.to_string().contains("********"), "{created}");
    let missing = client.call("run_pipeline", json!({ "session": session, "pipeline": token }));
    assert_eq!(missing["isError"], true, "{missing}");
    let written = written(client, &[connected, created, missing]);
    assert_eq!(written.contains("TRACE"), level == "trace", "{level}");
    assert_hidden(&written, &token, level);
}
