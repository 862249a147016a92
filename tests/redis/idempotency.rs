//! Idempotency keys that processes share.

use std::io::Read as _;
use std::io::Write as _;
use std::os::unix::net::UnixStream;
use std::sync::Arc;

use azdo_bot::contract::IdempotencyKey;
use azdo_bot::contract::TextKind as _;
use azdo_bot::sessions::IdempotencyKeys;
use azdo_bot::sessions::KeyUse;
use azdo_bot::sessions::KeyedRequest;
use azdo_simulator::Fault;
use azdo_simulator::Simulator;
use azdo_simulator::World;
use serde_json::Value;
use serde_json::json;

use crate::processes::Files;
use crate::processes::Parent;
use crate::server::Server;
use crate::sessions::key_rules;
use crate::sessions::key_rules::Keys;

fn keys(server: &Server) -> Keys {
    server.store()
}

#[tokio::test]
async fn of_fifty_machines_one_reserves_a_key_and_the_others_learn_what_became_of_it() {
    let server = Server::start();
    let machines: Vec<_> = (0..5).map(|_| keys(&server)).collect();
    key_rules::of_fifty_calls_one_reserves_a_key_and_the_others_learn_what_became_of_it(&machines).await;
    let kept: i64 = server.command(&["PTTL", &server.command::<Vec<String>>(&["KEYS", "*"])[0]]);
    assert!((86_000_000..=86_400_000).contains(&kept), "a key is kept for 24 hours: {kept}");
}

#[tokio::test]
async fn a_reservation_that_is_not_renewed_is_lost_for_good_and_a_free_one_is_free() {
    let server = Server::start();
    let machines = [keys(&server), keys(&server)];
    key_rules::a_reservation_that_is_not_renewed_is_lost_for_good_and_a_free_one_is_free(machines).await;
}

#[test]
fn keys_behave_like_the_reference_model() {
    let server = Server::start();
    key_rules::keys_behave_like_the_reference_model(32, async || vec![keys(&server), keys(&server)]);
}

#[tokio::test]
async fn the_store_sees_neither_the_key_nor_what_it_is_for() {
    let server = Server::start();
    let mut monitor = UnixStream::connect(server.socket()).expect("the server is running");
    monitor.write_all(b"MONITOR\r\n").expect("it reads");
    let keys = IdempotencyKeys::shared(server.store());
    let key = IdempotencyKey::parse("nightly 2026-11-30").expect("it is a key");
    let request = |mark| KeyedRequest {
        key: &key,
        organization: "dev.azure.com/fabrikam".to_owned(),
        project: "6ce954b1-ce1f-45d1-b94d-e6bf2464ba2c",
        target: "pipeline 7".to_owned(),
        inputs: vec![("branch", "refs/heads/topic".to_owned())],
        mark,
        since: Some(1_700_000_001),
    };
    let KeyUse::First(owner) = keys.reserve(&request(Some("azdo-bot request 1"))).await.expect("it is free")
    else {
        panic!("the key is free")
    };
    owner.done(987_654_321).await;
    let found = keys.reserve(&request(None)).await.expect("the store works");
    assert!(matches!(found, KeyUse::Done(987_654_321)));
    let () = server.command(&["ECHO", "the last command"]);
    let (mut seen, mut buffer) = (Vec::new(), [0; 4096]);
    while !seen.windows(16).any(|part| part == b"the last command") {
        let read = monitor.read(&mut buffer).expect("the server is running");
        assert!(read > 0);
        seen.extend(&buffer[..read]);
    }
    let text = String::from_utf8_lossy(&seen);
    assert!(text.contains("azdo-bot:key:"), "{text}");
    for hidden in
        ["nightly", "fabrikam", "6ce954b1", "pipeline 7", "topic", "request 1", "1700000001", "987654321"]
    {
        assert!(!text.contains(hidden), "{hidden} is seen");
    }
}

/// Starts a process with a connected bot run
fn connected(files: &Files, url: &str) -> Parent {
    let mut parent = Parent::start(files);
    parent.call("botRun/start", json!({ "id": "root" }));
    parent.connect(url);
    parent
}

fn run_with(key: &str) -> Value {
    let inputs = json!({ "pipeline": "site", "idempotencyKey": key });
    json!({ "botRun": "root", "action": "runPipeline", "inputs": inputs })
}

fn requested(simulator: &Simulator) -> usize {
    let journal = simulator.journal();
    journal.iter().filter(|entry| entry.method == "POST" && entry.path.ends_with("/runs")).count()
}

#[tokio::test]
async fn processes_start_one_run_with_one_key_and_find_that_of_a_process_that_was_killed() {
    let server = Server::start();
    let simulator = Simulator::start(World::hard(), 0).await.expect("a port on loopback is free");
    let url = simulator.organization_url("fabrikam");
    let files = Files::new(&server.url(), &simulator);
    let simulator = Arc::new(simulator);
    // The simulator runs on this thread's runtime, so another thread waits for the processes.
    let work = tokio::task::spawn_blocking(move || run_both(&files, &url, &simulator));
    work.await.expect("no assertion fails");
}

fn run_both(files: &Files, url: &str, simulator: &Simulator) {
    let [mut one, mut other] = [(), ()].map(|()| connected(files, url));
    let edit = json!({
        "pipeline": "site", "variables": { "AzdoBot.Request": "none" },
        "settableVariables": ["AzdoBot.Request"],
    });
    one.call("action/execute", json!({ "botRun": "root", "action": "editPipeline", "inputs": edit }));
    simulator.clear_journal();
    // Both run trees are new: the key belongs to all processes with the store.
    one.send("action/execute", run_with("together"));
    other.send("action/execute", run_with("together"));
    let runs = [one.response(), other.response()].map(|result| result["outputs"]["id"].clone());
    assert!(runs[0].is_number() && runs[0] == runs[1], "{runs:?}");
    assert_eq!(requested(simulator), 1);

    // The service starts the run of the next one, and its process is killed before the response.
    simulator.fault(Fault::on("POST */runs").stall());
    one.send("action/execute", run_with("killed"));
    while requested(simulator) < 2 {
        std::thread::yield_now();
    }
    drop(one);
    let found = other.call("action/execute", run_with("killed"))["outputs"]["id"].clone();
    assert!(found.is_number() && found != runs[0], "{found}");
    assert_eq!(requested(simulator), 2, "it was not started again");
}
