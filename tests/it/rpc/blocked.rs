//! Outputs that are not read or cannot be written change no response, and do not prevent the process from ending.

use std::io::Write as _;
use std::process::Command;
use std::process::Stdio;

use azdo_simulator::Fault;
use serde_json::Value;
use serde_json::json;

use crate::common::full;
use crate::rpc::process::Serve;
use crate::rpc::process::code;
use crate::rpc::process::command;
use crate::rpc::process::in_time;
use crate::rpc::simulated::Simulated;

const VERBOSE: [&str; 3] = ["--allow-loopback-http", "--log", "trace"];

/// Returns the responses to a success, an error of the service, an invalid input and a change whose response is lost
fn responses(command: &mut Command, end: impl FnOnce(Serve)) -> Vec<Value> {
    let simulated = Simulated::start();
    let mut serve = Serve::spawn(command);
    serve.ask(
        "initialize",
        json!({ "protocol": { "min": 1, "max": 1 }, "host": { "name": "a", "version": "1" } }),
    );
    serve.begin("root", None);
    simulated.connect(&mut serve, "root");
    let listed = serve.execute("root", "listRepositories", json!({}));
    let mut answers = vec![
        serve.execute("root", "createRepository", json!({ "name": "log" })),
        serve.execute("root", "createRepository", json!({ "name": "log" })),
        serve.execute("root", "getRepository", json!({ "repository": "nowhere" })),
        serve.execute("root", "getRepository", json!({ "repositry": "x" })),
    ];
    simulated.fault(Fault::on("POST */git/repositories").stall());
    let params = json!({ "botRun": "root", "action": "createRepository", "inputs": { "name": "lost" } });
    serve.request("lost", "action/execute", params);
    while simulated.seen("POST", "/git/repositories") < 3 {
        std::thread::yield_now();
    }
    serve.notify("$/cancel", json!({ "id": "lost" }));
    answers.push(serve.answer("lost"));
    end(serve);
    let count = listed["result"]["outputs"]["repositories"].as_array().map(Vec::len);
    let known = |answer: &Value| {
        let (outputs, error) = (&answer["result"]["outputs"], &answer["error"]["data"]);
        let requests = answer.pointer("/result/requests").unwrap_or(&error["requests"]);
        json!([outputs["name"], error["code"], error["message"], error["help"], requests])
    };
    std::iter::once(json!(count)).chain(answers.iter().map(known)).collect()
}

fn ends_well(serve: Serve) {
    let left = serve.finish();
    assert!(left.status.success(), "{:?}", left.status);
}

#[test]
fn an_unread_or_full_log_changes_no_response_and_does_not_block_the_end() {
    let undisturbed = responses(command(&VERBOSE).stderr(Stdio::null()), ends_well);
    assert_eq!(undisturbed.last().map(|lost| &lost[1]), Some(&json!("service.outcome_unknown")));

    let (reader, full) = full::pipe();
    assert_eq!(responses(command(&VERBOSE).stderr(full), ends_well), undisturbed);
    drop(reader);

    assert_eq!(responses(command(&VERBOSE).stderr(full::disk()), ends_well), undisturbed);

    let mut closed = Command::new("sh");
    closed.args(["-c", "exec \"$0\" serve \"$@\" 2>&-", env!("CARGO_BIN_EXE_azdo-bot")]).args(VERBOSE);
    closed.env_clear().stdin(Stdio::piped()).stdout(Stdio::piped());
    assert_eq!(responses(&mut closed, ends_well), undisturbed);
}

fn send(signal: &str, id: u32) {
    let sent = Command::new("kill").args(["-s", signal, &id.to_string()]).status().expect("kill exists");
    assert!(sent.success());
}

#[test]
fn an_unread_log_does_not_block_a_signal() {
    for signal in ["TERM", "INT", "HUP"] {
        let (reader, full) = full::pipe();
        responses(command(&VERBOSE).stderr(full), |serve| {
            send(signal, serve.process_id());
            let left = serve.left();
            assert!(left.status.success(), "{signal}: {:?}", left.status);
        });
        drop(reader);
    }
}

/// Returns lines with more responses than are accepted while none is read, but not more than pipe and process hold
fn more_lines_than_are_taken() -> String {
    "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"x\"}\n".repeat(4700)
}

#[test]
fn a_host_that_reads_nothing_does_not_block_the_end_of_the_input() {
    let (reader, full) = full::pipe();
    let mut child = command(&[]).stdout(full).spawn().expect("the binary starts");
    let mut input = child.stdin.take().expect("it is piped");
    in_time(move || input.write_all(more_lines_than_are_taken().as_bytes())).expect("every line is taken");
    let output = in_time(move || child.wait_with_output().expect("it can be waited for"));
    assert!(output.status.success(), "{:?}", output.status);
    let log = String::from_utf8_lossy(&output.stderr);
    assert!(log.contains("the host did not read every response"), "{log}");
    drop(reader);
}

#[test]
fn a_second_signal_ends_the_process_at_once() {
    let (reader, full) = full::pipe();
    let mut child = command(&[]).stdout(full).spawn().expect("the binary starts");
    let mut input = child.stdin.take().expect("it is piped");
    in_time(move || {
        input.write_all(more_lines_than_are_taken().as_bytes()).expect("every line is taken");
        // The process handles signals, and its normal end waits for the host.
        for signal in ["TERM", "INT"] {
            send(signal, child.id());
        }
        let code = child.wait().expect("it can be waited for").code();
        assert_eq!(code, Some(130));
        drop((input, reader));
    });
}

#[test]
fn after_an_audit_failure_no_further_action_sends_requests() {
    let simulated = Simulated::start();
    let folder = tempfile::tempdir().expect("a folder can be made");
    let (config, audit) = (folder.path().join("azdo-bot.toml"), folder.path().join("audit.jsonl"));
    std::fs::write(&config, format!("[audit]\nfile = \"{}\"\n", audit.display())).expect("it can be written");
    // As on a full disk, no file can be written: since the signal is ignored, the write fails.
    let full = "trap '' XFSZ; ulimit -f 0; exec \"$0\" serve --allow-loopback-http --config \"$1\"";
    let mut command = Command::new("sh");
    command.args(["-c", full, env!("CARGO_BIN_EXE_azdo-bot")]).arg(&config).env_clear();
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut serve = Serve::spawn(&mut command);
    serve.ask("initialize", json!({ "protocol": { "min": 1, "max": 1 } }));
    serve.begin("root", None);
    let connected =
        serve.execute("root", "connect", simulated.inputs(json!({ "insecure": simulated.token() })));
    assert_eq!(code(&connected), (-32000, "audit.failed".to_owned()));
    assert_eq!(connected["error"]["data"]["context"]["outcome"], "ok", "{connected}");
    let refused = serve.execute("root", "createRepository", json!({ "name": "log" }));
    assert_eq!(code(&refused), (-32000, "audit.failed".to_owned()));
    assert_eq!(refused["error"]["data"]["context"]["outcome"], "not_begun", "{refused}");
    assert_eq!(simulated.seen("POST", "/git/repositories"), 0);
    ends_well(serve);
}
