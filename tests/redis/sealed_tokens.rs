//! Tokens without a reference: shared only with the operator's key, and never seen in the store.

use std::io::Read as _;
use std::io::Write as _;
use std::os::unix::net::UnixStream;

use azdo_simulator::Simulator;
use azdo_simulator::World;
use serde_json::Value;
use serde_json::json;

use crate::encodings::assert_hidden;
use crate::processes::Files;
use crate::processes::Parent;
use crate::server::Server;

/// Connects with the token itself
fn connect(parent: &mut Parent, url: &str, token: &str) {
    let inputs = json!({
        "personalAccessToken": { "insecure": token }, "organizationUrl": url, "projectName": "Fabrikam",
    });
    let target = json!({ "scope": "GLOBAL", "name": "Default" });
    let connect = json!({ "botRun": "root", "action": "connect", "inputs": inputs, "target": target });
    parent.call("action/execute", connect);
}

/// Lists the repositories through the session of the parent, in a process with these sealing keys
fn list(files: &Files, tree: &str, keys: &str) -> Value {
    files.write_operator(keys);
    let mut child = Parent::joining(files, tree);
    child.call("botRun/start", json!({ "id": "child" }));
    child.send("action/execute", json!({ "botRun": "child", "action": "listRepositories", "inputs": {} }));
    child.outcome()
}

#[tokio::test]
async fn a_token_without_a_reference_is_shared_only_with_the_operators_key_and_nothing_of_it_is_seen() {
    let server = Server::with(&["--slowlog-log-slower-than", "0", "--appendonly", "yes"]);
    let simulator = Simulator::start(World::hard(), 0).await.expect("a port on loopback is free");
    let url = simulator.organization_url("fabrikam");
    let files = Files::new(&server.url(), &simulator);
    // The simulator runs on this thread's runtime, so another thread waits for the processes.
    let work = tokio::task::spawn_blocking(move || share(&server, &files, &url));
    work.await.expect("no assertion fails");
}

fn share(server: &Server, files: &Files, url: &str) {
    let token = files.token().to_owned();
    let [old, new] = ["o", "n"].map(|letter| letter.repeat(64));
    let places = [files.write("old", &old), files.write("new", &new)];
    let key = |setting: &str, at: usize| format!("{setting} = \"file:{}\"\n", places[at]);
    let [old_key, new_key] = [0, 1].map(|at| key("sealing_key", at));
    let mut monitor = UnixStream::connect(server.socket()).expect("the server is running");
    monitor.write_all(b"MONITOR\r\n").expect("it reads");

    files.write_operator(&old_key);
    let mut parent = Parent::start(files);
    let started = parent.call("botRun/start", json!({ "id": "root" }));
    let tree = started["runTree"].as_str().expect("there is a store").to_owned();
    connect(&mut parent, url, &token);
    for (keys, works) in [
        (old_key.clone(), true),
        (new_key.clone() + &key("previous_sealing_key", 0), true),
        (new_key.clone(), false),
        (String::new(), false),
    ] {
        let outcome = list(files, &tree, &keys);
        assert_eq!(outcome["result"]["outputs"].is_object(), works, "{keys}: {outcome}");
        if !works {
            let text = outcome.to_string();
            assert!(text.contains("credential.not_found") && text.contains("sealing_key"), "{text}");
            assert_hidden(&text, &token, "the error");
        }
    }

    let mut seen = Vec::new();
    for key in server.command::<Vec<String>>(&["KEYS", "*"]) {
        seen.extend(server.command::<Vec<u8>>(&["DUMP", &key]));
    }
    let slow: redis::Value = server.command(&["SLOWLOG", "GET", "1000"]);
    seen.extend(format!("{slow:?}").into_bytes());
    let () = server.command(&["SAVE"]);
    for file in server.files() {
        seen.extend(file);
    }
    let () = server.command(&["ECHO", "the last command"]);
    let mut buffer = [0; 4096];
    while !seen.windows(16).any(|part| part == b"the last command") {
        let read = monitor.read(&mut buffer).expect("the server is running");
        assert!(read > 0);
        seen.extend(&buffer[..read]);
    }
    let text = String::from_utf8_lossy(&seen);
    assert!(text.contains("Default"), "the name of the session is seen");
    for (secret, name) in [(&token, "the token"), (&old, "the key"), (&new, "the next key")] {
        assert_hidden(&text, secret, name);
    }
}
