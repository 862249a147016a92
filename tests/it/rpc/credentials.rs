//! Credentials from the host: requested only from a host that provides them.

use serde_json::Value;
use serde_json::json;

use crate::rpc::process::Serve;
use crate::rpc::process::code;
use crate::rpc::process::command;
use crate::rpc::simulated::Simulated;

fn codes(number: i64, code: &str) -> (i64, String) {
    (number, code.to_owned())
}

/// Starts a process whose host provides the credentials, with one bot run
fn host() -> (Simulated, Serve) {
    let mut serve = Serve::start_as(&["--allow-loopback-http"], json!({ "credentials": true }));
    serve.begin("root", None);
    (Simulated::start(), serve)
}

fn connect(serve: &mut Serve, id: &str, inputs: Value) {
    let params = json!({ "botRun": "root", "action": "connect", "inputs": inputs,
                         "target": { "scope": "LOCAL", "name": id } });
    serve.request(id, "action/execute", params);
}

fn question(serve: &mut Serve) -> Value {
    serve.wait_for(|message| message["method"] == "credential/resolve")
}

fn locker() -> Value {
    json!({ "lockerName": "devops", "name": "azdo", "attributeName": "pat" })
}

#[test]
fn the_host_gets_the_credential_and_the_target() {
    let (simulated, mut serve) = host();
    let rows = [(json!("env:AZDO_PAT"), json!({ "reference": "env:AZDO_PAT" })), (locker(), locker())];
    for (at, (credential, expected)) in rows.into_iter().enumerate() {
        let id = format!("connect {at}");
        connect(&mut serve, &id, simulated.inputs(credential));
        let question = question(&mut serve);
        assert_eq!(question["id"], format!("c{}", at + 1));
        let params =
            json!({ "credential": expected, "organizationUrl": simulated.url(), "projectName": "Fabrikam" });
        assert_eq!(question["params"], params);
        // Some stores return a line break at the end.
        let token = format!("{}\n", simulated.token());
        serve.send(
            &json!({ "jsonrpc": "2.0", "id": question["id"], "result": { "token": token, "more": 1 } }),
        );
        let answer = serve.answer(id.as_str());
        assert_eq!(answer["result"]["requests"], 2, "{answer}");
    }
    simulated.connect(&mut serve, "root");
    assert!(serve.finish().messages.is_empty(), "an insecure string needs no request to the host");
}

#[test]
fn each_connect_gets_its_own_credential_in_any_order() {
    let (simulated, mut serve) = host();
    connect(&mut serve, "good", simulated.inputs(json!("env:GOOD")));
    let good = question(&mut serve);
    connect(&mut serve, "bad", simulated.inputs(json!("env:BAD")));
    let bad = question(&mut serve);
    let refused = json!({ "code": -32000, "message": "there is no such credential" });
    serve.send(&json!({ "jsonrpc": "2.0", "id": bad["id"], "error": refused }));
    assert_eq!(serve.refusal("bad"), codes(-32000, "credential.not_found"));
    serve.send(&json!({ "jsonrpc": "2.0", "id": good["id"], "result": { "token": simulated.token() } }));
    assert!(serve.answer("good")["result"]["session"].is_string());
}

#[test]
fn responses_without_a_token_are_rejected_and_not_quoted() {
    let (simulated, mut serve) = host();
    let hidden = ["hidden", "0123456789"].concat();
    let rows = [
        json!({ "result": null }),
        json!({ "result": hidden }),
        json!({ "result": {} }),
        json!({ "result": { "token": [hidden] } }),
        json!({ "result": { "token": "" } }),
        json!({ "result": { "token": format!("Basic {hidden}") } }),
        json!({ "result": { "token": format!("{hidden}\nX-Header: 1") } }),
    ];
    for (at, mut answer) in rows.into_iter().enumerate() {
        let id = format!("connect {at}");
        connect(&mut serve, &id, simulated.inputs(json!("env:AZDO_PAT")));
        answer["jsonrpc"] = json!("2.0");
        answer["id"] = question(&mut serve)["id"].clone();
        serve.send(&answer);
        let refused = serve.answer(id.as_str());
        assert_eq!(code(&refused), codes(-32000, "credential.invalid_format"), "{answer}");
        assert!(!refused.to_string().contains(&hidden), "{refused}");
    }
    assert_eq!(simulated.seen("GET", "/_apis/connectionData"), 0);
}

#[test]
fn a_host_that_never_responds_delays_only_the_connect() {
    let (simulated, mut serve) = host();
    connect(&mut serve, "silent", simulated.inputs(locker()));
    let unanswered = question(&mut serve);
    simulated.connect(&mut serve, "root");
    assert_eq!(serve.refusal("silent"), codes(-32000, "credential.timeout"));
    // The late response is ignored, and the name is free again.
    serve
        .send(&json!({ "jsonrpc": "2.0", "id": unanswered["id"], "result": { "token": simulated.token() } }));
    connect(&mut serve, "silent", simulated.inputs(locker()));
    let again = question(&mut serve);
    assert_ne!(again["id"], unanswered["id"]);
    serve.send(&json!({ "jsonrpc": "2.0", "id": again["id"], "result": { "token": simulated.token() } }));
    assert!(serve.answer("silent")["result"]["session"].is_string());
}

#[test]
fn without_host_credentials_the_process_resolves_the_token() {
    let simulated = Simulated::start();
    let folder = tempfile::tempdir().expect("a folder can be made");
    let config = folder.path().join("azdo-bot.toml");
    let locker_line = format!(
        "[lockers.\"devops/azdo/pat\"]\nreference = \"env:AZDO_PAT\"\norganization = \"{}\"\n",
        simulated.url()
    );
    std::fs::write(&config, locker_line).expect("the file can be written");
    let config = config.to_str().expect("a plain path");
    let mut process = command(&["--allow-loopback-http", "--config", config]);
    let mut serve = Serve::spawn(process.env("AZDO_PAT", simulated.token()));
    serve.ask("initialize", json!({ "protocol": { "min": 1, "max": 1 }, "capabilities": {} }));
    serve.begin("root", None);
    connect(&mut serve, "mapped", simulated.inputs(locker()));
    assert!(serve.answer("mapped")["result"]["session"].is_string());
    let unmapped = json!({ "lockerName": "devops", "name": "azdo", "attributeName": "other" });
    connect(&mut serve, "unmapped", simulated.inputs(unmapped));
    assert_eq!(serve.refusal("unmapped"), codes(-32000, "credential.not_found"));
    assert!(serve.finish().messages.is_empty());
}

#[test]
fn a_host_with_some_lockers_gets_requests_for_those_only() {
    let simulated = Simulated::start();
    let mut process = command(&["--allow-loopback-http"]);
    let mut serve = Serve::spawn(process.env("AZDO_PAT", simulated.token()));
    let capabilities = json!({ "credentials": true, "lockers": ["designer"] });
    serve.ask("initialize", json!({ "protocol": { "min": 1, "max": 1 }, "capabilities": capabilities }));
    serve.begin("root", None);
    let own = json!({ "lockerName": "designer", "name": "azdo", "attributeName": "pat" });
    connect(&mut serve, "the host's", simulated.inputs(own.clone()));
    let question = question(&mut serve);
    assert_eq!(question["params"]["credential"], own);
    serve.send(&json!({ "jsonrpc": "2.0", "id": question["id"], "result": { "token": simulated.token() } }));
    assert!(serve.answer("the host's")["result"]["session"].is_string());
    // The process resolves these from its own stores: the operator bound neither of them to a loopback address.
    for (id, credential, expected) in [
        ("a reference", json!("env:AZDO_PAT"), "credential.organization_mismatch"),
        ("another locker", locker(), "credential.not_found"),
    ] {
        connect(&mut serve, id, simulated.inputs(credential));
        assert_eq!(serve.refusal(id), codes(-32000, expected));
    }
    assert!(serve.finish().messages.is_empty());
}

#[test]
fn the_host_gets_no_requests_while_simulating() {
    let mut serve = Serve::start_as(&["--simulate"], json!({ "credentials": true }));
    serve.begin("root", None);
    let inputs = json!({ "personalAccessToken": locker(), "organizationUrl": "https://dev.azure.com/contoso",
                         "projectName": "Web" });
    connect(&mut serve, "simulated", inputs);
    assert!(serve.next()["result"]["session"].is_string());
}
