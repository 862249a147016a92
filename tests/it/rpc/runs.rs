//! The order of requests, bot runs, and rejected requests.

use serde_json::Value;
use serde_json::json;

use crate::rpc::process::Serve;
use crate::rpc::process::code;
use crate::rpc::process::in_time;
use crate::rpc::simulated::Simulated;

fn codes(number: i64, code: &str) -> (i64, String) {
    (number, code.to_owned())
}

fn target(scope: &str, name: &str) -> Value {
    json!({ "scope": scope, "name": name })
}

/// Connects to the simulator that `--simulate` starts
fn connect(serve: &mut Serve, run: &str, target: Value) -> Value {
    let inputs = json!({ "personalAccessToken": "env:AZDO_PAT", "projectName": "Fabrikam",
                         "organizationUrl": "https://dev.azure.com/fabrikam" });
    let params = json!({ "botRun": run, "action": "connect", "inputs": inputs, "target": target });
    serve.ask("action/execute", params)
}

#[test]
fn initialize_comes_first_and_once() {
    let mut serve = Serve::silent(&[]);
    for method in ["botRun/start", "botRun/end", "action/execute", "shutdown", "no/such"] {
        assert_eq!(code(&serve.ask(method, json!({ "id": "root" }))), codes(-32600, ""), "{method}");
    }
    let range = |min: i64, max: i64| json!({ "protocol": { "min": min, "max": max } });
    for (min, max) in [(2, 9), (-3, 0), (2, 1)] {
        assert_eq!(code(&serve.ask("initialize", range(min, max))), codes(-32000, "input.invalid"));
    }
    for params in
        [json!({}), json!({ "protocol": 1 }), json!([1]), json!({ "protocol": { "min": 1, "max": "1" } })]
    {
        assert_eq!(code(&serve.ask("initialize", params)), codes(-32602, "input.invalid"));
    }
    assert_eq!(serve.ask("initialize", range(0, 7))["result"]["protocol"], 1);
    assert_eq!(code(&serve.ask("initialize", range(1, 1))), codes(-32600, ""));
    serve.begin("root", None);
}

#[test]
fn wrong_versions_in_initialize_are_answered_with_their_form() {
    let mut serve = Serve::silent(&[]);
    let other = r#"initialize: there is no field "protocolVersion"; did you mean "protocol"?"#;
    for (params, message) in [
        (json!({ "protocolVersion": "2025-11-25" }), other),
        (
            json!({ "protocl": { "min": 1, "max": 1 } }),
            r#"initialize: there is no field "protocl"; did you mean "protocol"?"#,
        ),
        (json!({ "protocol": 1 }), r#"initialize: "protocol" expected a dictionary, got a number"#),
        (json!({ "protocol": { "minimum": 1 } }), r#"initialize: the field "protocol.min" is missing"#),
        (json!([1]), "initialize: params has to be an object, got a list"),
    ] {
        let answer = serve.ask("initialize", params);
        assert_eq!(answer["error"]["message"], message);
        let help = answer["error"]["data"]["help"].as_str().expect("it has a help");
        assert!(help.ends_with(r#""protocol":{"min":1,"max":1}."#), "{help}");
    }
    let host = json!({ "protocol": { "min": 1, "max": 1 }, "host": { "name": "a" } });
    let help = serve.ask("initialize", host)["error"]["data"]["help"].clone();
    assert!(!help.as_str().expect("it has a help").contains("protocol"), "{help}");
}

#[test]
fn after_shutdown_every_request_is_rejected() {
    let mut serve = Serve::start(&["--simulate"]);
    serve.begin("root", None);
    connect(&mut serve, "root", target("GLOBAL", "Work"));
    assert_eq!(serve.ask("shutdown", json!({}))["result"], Value::Null);
    for method in ["shutdown", "initialize", "botRun/start", "action/execute", "no/such"] {
        assert_eq!(code(&serve.ask(method, json!({}))), codes(-32600, ""), "{method}");
    }
    let left = serve.finish();
    assert!(left.status.success() && left.messages.is_empty());
}

#[test]
fn bot_runs_start_and_end_in_any_order() {
    let mut serve = Serve::start(&["--simulate"]);
    let unknown = codes(-32000, "bot_run.unknown");
    assert_eq!(code(&serve.execute("root", "checkSession", json!({}))), unknown);
    assert_eq!(code(&serve.ask("botRun/start", json!({ "id": "child", "parent": "root" }))), unknown);
    assert_eq!(code(&serve.ask("botRun/end", json!({ "id": "root" }))), unknown);

    serve.begin("root", None);
    serve.begin("child", Some("root"));
    serve.begin("grandchild", Some("child"));
    serve.begin("other", None);
    let again = codes(-32602, "input.invalid");
    assert_eq!(code(&serve.ask("botRun/start", json!({ "id": "root" }))), again);
    for params in
        [json!({}), json!({ "id": "" }), json!({ "id": 7 }), json!({ "id": "x".repeat(129) }), json!(["a"])]
    {
        assert_eq!(code(&serve.ask("botRun/start", params)), again);
    }
    connect(&mut serve, "child", target("LOCAL", "Mine"));
    connect(&mut serve, "grandchild", target("GLOBAL", "Ours"));
    connect(&mut serve, "other", target("GLOBAL", "Theirs"));

    // The parent ends before its child: the child continues until the root ends.
    let closed = |answer: Value| answer["result"]["closed"].clone();
    assert_eq!(closed(serve.ask("botRun/end", json!({ "id": "child" }))), json!(["local session \"Mine\""]));
    assert_eq!(closed(serve.ask("botRun/end", json!({ "id": "child" }))), json!([]));
    let ended = codes(-32000, "bot_run.ended");
    assert_eq!(code(&serve.execute("child", "checkSession", json!({}))), ended);
    assert_eq!(code(&serve.ask("botRun/start", json!({ "id": "late", "parent": "child" }))), ended);
    let ours = serve.execute("grandchild", "listRepositories", json!({ "session": "Ours" }));
    assert_eq!(ours["result"]["requests"], 1, "{ours}");
    // The session of the tree is open until the root ends; the session of another tree remains.
    assert_eq!(
        serve.execute("root", "checkSession", json!({ "session": "Ours" }))["result"]["outputs"]["open"],
        true
    );
    assert_eq!(closed(serve.ask("botRun/end", json!({ "id": "root" }))), json!(["global session \"Ours\""]));
    for run in ["root", "child", "grandchild"] {
        assert_eq!(code(&serve.execute(run, "checkSession", json!({}))), ended, "{run}");
    }
    assert_eq!(closed(serve.ask("botRun/end", json!({ "id": "grandchild" }))), json!([]));
    let theirs = serve.execute("other", "listRepositories", json!({ "session": "Theirs" }));
    assert_eq!(theirs["result"]["requests"], 1, "{theirs}");
    assert!(serve.finish().messages.is_empty());
}

#[test]
fn a_session_handle_is_valid_inside_its_run_tree() {
    let mut serve = Serve::start(&["--simulate"]);
    serve.begin("root", None);
    serve.begin("child", Some("root"));
    serve.begin("other", None);
    let answer = connect(&mut serve, "child", json!({ "scope": "VARIABLE" }));
    let session = answer["result"]["session"].clone();
    assert!(session.is_string(), "{answer}");
    let listed = serve.execute("root", "listRepositories", json!({ "session": session }));
    assert_eq!(listed["result"]["outputs"]["repositories"][0]["name"], "site");
    let stolen = serve.execute("other", "listRepositories", json!({ "session": session }));
    assert_eq!(code(&stolen), codes(-32000, "session.not_found"));
}

#[test]
fn files_are_written_only_in_the_folder_that_the_host_set() {
    let folder = concat!(env!("CARGO_TARGET_TMPDIR"), "/rpc-folder");
    std::fs::create_dir_all(folder).expect("a folder");
    let given = ["--simulate", "--folder", folder];
    for (arguments, path, refusal) in [
        (&given[..1], "drop.zip", codes(-32602, "input.invalid")),
        (&given, "../drop.zip", codes(-32602, "input.invalid")),
        // The path is allowed, and the pipeline run is requested.
        (&given, "drop.zip", codes(-32000, "resource.not_found")),
    ] {
        let mut serve = Serve::start(arguments);
        serve.begin("root", None);
        connect(&mut serve, "root", target("LOCAL", "Default"));
        let inputs = json!({ "id": 404, "artifact": "drop", "file": path });
        assert_eq!(code(&serve.execute("root", "downloadArtifact", inputs)), refusal, "{path}");
    }
}

#[test]
fn invalid_inputs_are_reported_by_name_and_never_quoted() {
    let mut serve = Serve::start(&["--simulate"]);
    serve.begin("root", None);
    let secret = ["hidden", "0123456789"].concat();
    let rows = [
        json!({ "botRun": "root" }),
        json!({ "action": "connect" }),
        json!({ "botRun": "root", "action": 7 }),
        json!({ "botRun": "root", "action": "connect", "inputs": [secret] }),
        json!({ "botRun": "root", "action": "connect", "inputs": { "personalAccessToken": [secret] } }),
        json!({ "botRun": "root", "action": "connect", "inputs": { "personalAccessToken": secret } }),
        json!({ "botRun": "root", "action": "connect", "inputs": { "pat": secret } }),
        json!({ "botRun": "root", "action": "listRepositories", "inputs": { "session": 1, "x": secret } }),
        json!({ "botRun": "root", "action": "listRepositories", "target": { "scope": "LOCAL" } }),
        json!({ "botRun": "root", "action": "connect", "target": { "scope": secret } }),
        json!([secret]),
    ];
    for params in rows {
        let answer = serve.ask("action/execute", params.clone());
        assert_eq!(code(&answer), codes(-32602, "input.invalid"), "{params}");
        assert!(!answer.to_string().contains(&secret), "{answer}");
    }
    let unknown = serve.execute("root", "createRepo", json!({}));
    assert_eq!(code(&unknown), codes(-32602, "action.unknown"));
    // Additional members around the inputs are ignored.
    let params = json!({ "botRun": "root", "action": "checkSession", "line": 7, "inputs": {} });
    assert_eq!(serve.ask("action/execute", params)["result"]["requests"], 0);
}

#[test]
fn text_of_the_service_cannot_break_a_line() {
    let simulated = Simulated::start();
    let mut serve = Serve::start(&["--allow-loopback-http"]);
    serve.begin("root", None);
    simulated.connect(&mut serve, "root");
    let body = "{\"message\":\"first\\nsecond\\u001b[2J\\u2028\",\"typeKey\":\"X\"}";
    let fault = azdo_simulator::Fault::on("GET */git/repositories");
    simulated.fault(fault.answer(400, &[("Content-Type", "application/json; charset=utf-8")], body));
    let answer = serve.execute("root", "listRepositories", json!({}));
    let message = answer["error"]["message"].as_str().expect("it is refused");
    assert!(message.contains("first") && message.contains("second"), "{message}");
    assert!(!message.chars().any(|c| c.is_control() || c == '\u{2028}'), "{message:?}");
}

#[test]
fn an_idle_session_is_closed_and_its_place_is_free_again() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let config = folder.path().join("azdo-bot.toml");
    std::fs::write(&config, "[limits]\nsessions_per_process = 1\n").expect("it can be written");
    let config = config.to_string_lossy().into_owned();
    let mut serve = Serve::start(&["--simulate", "--idle-limit", "1s", "--config", &config]);
    serve.begin("root", None);
    let first = connect(&mut serve, "root", json!({ "scope": "VARIABLE" }));
    let name = json!({ "session": first["result"]["session"] });
    in_time(move || {
        // A refused Connect uses no session, so one succeeds as soon as the first session is closed.
        while connect(&mut serve, "root", json!({ "scope": "VARIABLE" })).get("error").is_some() {}
        let error = serve.execute("root", "listRepositories", name)["error"]["data"].clone();
        assert_eq!(error["code"], "session.closed", "{error}");
        let message = error["message"].as_str().expect("a message");
        assert!(message.ends_with("since no action used it for 1s"), "{message}");
        serve.finish();
    });
}
