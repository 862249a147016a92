//! The process never writes a token, however it was given, at the most verbose log level.

use serde_json::Value;
use serde_json::json;

use crate::common::encodings::assert_hidden;
use crate::rpc::process::Serve;
use crate::rpc::simulated::Simulated;

/// Starts a process at the most verbose log level, with one bot run, whose host provides the credentials
fn verbose() -> Serve {
    let arguments = ["--allow-loopback-http", "--log", "trace"];
    let mut serve = Serve::start_as(&arguments, json!({ "credentials": true }));
    serve.begin("root", None);
    serve
}

/// Returns everything that was written; `taken` are the responses that the test has read
fn written(serve: Serve, taken: &[Value]) -> String {
    let left = serve.finish();
    assert!(left.log.contains("TRACE"), "the log level is the most verbose");
    let messages: Vec<String> = taken.iter().chain(&left.messages).map(Value::to_string).collect();
    messages.join("\n") + &left.log
}

#[test]
fn a_token_as_an_insecure_string_that_returns_in_outputs_and_errors() {
    let (simulated, mut serve) = (Simulated::start(), verbose());
    let token = simulated.token();
    let inputs = simulated.inputs(json!({ "insecure": token }));
    let connected = serve.execute("root", "connect", inputs);
    assert_eq!(connected["result"]["warnings"][0]["code"], "credential.insecure_string", "{connected}");
    // The response has the warning every time, since only the host can tell repeated locations.
    let inputs = simulated.inputs(json!({ "insecure": token }));
    let params = json!({ "botRun": "root", "action": "connect", "inputs": inputs,
                         "target": { "scope": "LOCAL", "name": "again" } });
    let again = serve.ask("action/execute", params);
    assert_eq!(again["result"]["warnings"], connected["result"]["warnings"], "{again}");
    // A repository whose name is a second token: it is returned in the outputs, then in an error.
    let second = ["c4n4ry", "Repository", "0123456789"].concat();
    let inputs = simulated.inputs(json!({ "insecure": second }));
    let params = json!({ "botRun": "root", "action": "connect", "inputs": inputs,
                         "target": { "scope": "LOCAL", "name": "refused" } });
    let refused = serve.ask("action/execute", params);
    let name = json!({ "name": second });
    let created = serve.execute("root", "createRepository", name.clone());
    assert_eq!(created["result"]["outputs"]["name"], "********", "{created}");
    let taken = serve.execute("root", "createRepository", name);
    assert!(taken["error"]["message"].as_str().is_some_and(|text| text.contains("********")), "{taken}");
    let unknown = serve.execute("root", &token, json!({}));
    let ended = serve.ask("botRun/end", json!({ "id": "root" }));
    let written = written(serve, &[connected, again, refused, created, taken, unknown, ended]);
    assert_hidden(&written, &token, "insecure");
    assert_hidden(&written, &second, "insecure, refused");
}

#[test]
fn a_token_as_the_name_of_a_session() {
    let (simulated, mut serve) = (Simulated::start(), verbose());
    let token = simulated.token();
    let params = json!({ "botRun": "root", "action": "connect", "target": { "scope": "GLOBAL", "name": token },
                         "inputs": simulated.inputs(json!({ "insecure": token })) });
    let connected = serve.ask("action/execute", params);
    assert!(connected["result"]["session"].is_string(), "{connected}");
    let ended = serve.ask("botRun/end", json!({ "id": "root" }));
    assert_eq!(ended["result"]["closed"], json!(["global session \"********\""]));
    assert_hidden(&written(serve, &[connected, ended]), &token, "a session's name");
}

#[test]
fn a_token_as_a_valid_or_invalid_credential_of_the_host() {
    let (simulated, mut serve) = (Simulated::start(), verbose());
    let bad = ["c4n4ry", "+/&<>%\\", "{}!~", "more0123456789"].concat();
    let mut taken = Vec::new();
    for token in [bad.clone(), simulated.token()] {
        let inputs = simulated.inputs(json!("env:AZDO_PAT"));
        let params = json!({ "botRun": "root", "action": "connect", "inputs": inputs });
        serve.request("connect", "action/execute", params);
        let question = serve.wait_for(|message| message["method"] == "credential/resolve");
        serve.send(&json!({ "jsonrpc": "2.0", "id": question["id"], "result": { "token": token } }));
        taken.push(serve.answer("connect"));
    }
    assert_eq!(taken[0]["error"]["data"]["code"], "auth.failed", "{}", taken[0]);
    assert!(taken[1]["result"]["session"].is_string(), "{}", taken[1]);
    let written = written(serve, &taken);
    assert_hidden(&written, &bad, "refused");
    assert_hidden(&written, &simulated.token(), "the host's");
    let journal = simulated.journal();
    assert!(journal.contains("connectionData"), "it has the requests");
    for token in [bad, simulated.token()] {
        assert_hidden(&journal, &token, "the simulator's journal");
    }
}

#[test]
fn a_token_as_the_name_of_a_member_or_an_action_or_in_a_reference() {
    let (simulated, mut serve) = (Simulated::start(), verbose());
    simulated.connect(&mut serve, "root");
    let older = "k3j5qz7w2mxp4vd6tbnrc5hgy2lfs".repeat(2)[..52].to_owned();
    let newer = format!("{}{}w9Zq", &"q7Rz2Lm9Xc4Vb8Nw1Kt6".repeat(4)[..76], ["AZ", "DO"].concat());
    let mut taken = Vec::new();
    for token in [&older, &newer] {
        let inputs = |credential: String| {
            json!({ "personalAccessToken": credential, "projectName": "Fabrikam",
                    "organizationUrl": "https://dev.azure.com/fabrikam" })
        };
        for (action, inputs, slip) in [
            ("createRepository", json!({ token: 1 }), "looks like a token"),
            (token.as_str(), json!({}), "looks like a token"),
            ("connect", inputs(format!("env:{token}")), "without $"),
            ("connect", inputs(format!("file:/{token}")), "without $"),
        ] {
            let answer = serve.execute("root", action, inputs);
            let help = answer["error"]["data"]["help"].as_str().expect("it is refused");
            assert!(help.contains(slip), "{answer}");
            taken.push(answer);
        }
        taken.push(serve.ask("botRun/start", json!({ "id": "child", "parent": token })));
        taken.push(serve.ask("botRun/end", json!({ "id": token })));
    }
    let written = written(serve, &taken);
    assert_hidden(&written, &older, "a name");
    assert_hidden(&written, &newer, "a name");
}
