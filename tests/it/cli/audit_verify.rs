//! `audit verify` on the trails of real processes: killed ones, several at once, and edited ones.

use std::io::BufRead as _;
use std::io::BufReader;
use std::io::Write as _;
use std::path::Path;
use std::process::Stdio;

use serde_json::Value;
use serde_json::json;

use crate::cli::audit::audit_verify;
use crate::cli::audit::audited;
use crate::cli::audit::call;
use crate::cli::audit::connected;
use crate::cli::audit::verified;
use crate::cli::support::Folder;
use crate::cli::support::azdo_bot;
use crate::cli::support::ran;
use crate::rpc::process::command;
use crate::rpc::simulated::Simulated;

/// How many processes are killed while they make changes
const KILLS: usize = 200;

/// How many of them use one file
const KILLS_PER_FILE: usize = 20;

/// How many changes each of them has in flight
const CHANGES: usize = 8;

#[test]
fn the_trail_is_whole_after_two_hundred_kills_during_changes() {
    let simulated = Simulated::start();
    let mut interrupted = 0;
    for round in 0..KILLS / KILLS_PER_FILE {
        let folder = Folder::new();
        let (config, audit) = audited(&folder, "");
        for kill in 0..KILLS_PER_FILE {
            kill_during_changes(&simulated, &config, round * KILLS_PER_FILE + kill);
            let result = verified(&audit);
            assert_eq!(result.faults, Vec::<String>::new(), "kill {kill} of round {round}");
            assert_eq!(result.chains, 1);
        }
        interrupted += verified(&audit).interrupted.len();
    }
    assert!(interrupted > KILLS / 4, "the kills hit changes: {interrupted}");
}

/// Kills a process that has changes in flight, after as many responses as the number says
fn kill_during_changes(simulated: &Simulated, config: &Path, number: usize) {
    let arguments = ["--allow-loopback-http", "--config", config.to_str().expect("a plain path")];
    let mut child = command(&arguments).stderr(Stdio::null()).spawn().expect("the binary starts");
    let mut input = child.stdin.take().expect("it is piped");
    let mut output = BufReader::new(child.stdout.take().expect("it is piped"));
    let mut send = |id: usize, method: &str, params: Value| {
        let line = json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params });
        input.write_all(format!("{line}\n").as_bytes()).expect("it reads");
    };
    let mut receive = || {
        let mut line = String::new();
        output.read_line(&mut line).expect("it writes");
        assert!(line.contains("\"result\""), "{line}");
    };
    send(0, "initialize", json!({ "protocol": { "min": 1, "max": 1 } }));
    send(1, "botRun/start", json!({ "id": "root" }));
    let inputs = simulated.inputs(json!({ "insecure": simulated.token() }));
    send(2, "action/execute", json!({ "botRun": "root", "action": "connect", "inputs": inputs }));
    (0..3).for_each(|_| receive());
    for change in 0..CHANGES {
        let inputs = json!({ "name": format!("r{number}-{change}") });
        let params = json!({ "botRun": "root", "action": "createRepository", "inputs": inputs });
        send(3 + change, "action/execute", params);
    }
    (0..number % CHANGES).for_each(|_| receive());
    child.kill().expect("it runs");
    child.wait().expect("it ends");
}

#[test]
fn two_processes_share_one_file() {
    let (simulated, folder) = (Simulated::start(), Folder::new());
    let (config, audit) = audited(&folder, "");
    let mut processes = [connected(&simulated, &config), connected(&simulated, &config)];
    for number in 0..20 {
        for (at, serve) in processes.iter_mut().enumerate() {
            let inputs = json!({ "name": format!("r{at}-{number}") });
            let params = json!({ "botRun": "root", "action": "createRepository", "inputs": inputs });
            serve.request(number, "action/execute", params);
        }
    }
    for mut serve in processes {
        for number in 0..20 {
            let answer = serve.answer(number);
            assert!(answer.get("result").is_some(), "{answer}");
        }
    }
    let result = verified(&audit);
    assert_eq!((result.faults, result.interrupted), (Vec::new(), Vec::new()));
    assert_eq!((result.lines, result.chains), (2 + 2 * 2 * 20, 1));
}

#[test]
fn verify_fails_for_each_of_ten_edits() {
    type Edit = fn(&mut Vec<&str>) -> Option<String>;
    let edits: [(&str, Edit); 10] = [
        ("an action is renamed", |lines| {
            Some(lines.join("\n").replacen("deleteRepository", "getRepository", 1))
        }),
        ("a user is replaced", |lines| Some(lines.join("\n").replacen("Bot Runner", "Mona Lisa", 1))),
        ("the last line is changed", |lines| Some(lines.join("\n").replace("\"seq\":3", "\"seq\":4"))),
        ("the first line is removed", |lines| {
            lines.remove(0);
            None
        }),
        ("a line between others is removed", |lines| {
            lines.remove(1);
            None
        }),
        ("two lines change places", |lines| {
            lines.swap(1, 2);
            None
        }),
        ("a line is repeated", |lines| {
            lines.insert(1, lines[1]);
            None
        }),
        ("a line is added", |lines| {
            lines.push("{\"version\":1}");
            None
        }),
        ("a line is cut", |lines| {
            lines[1] = &lines[1][..40];
            None
        }),
        ("a member is added", |lines| {
            Some(lines.join("\n").replacen("\"phase\"", "\"note\":1,\"phase\"", 1))
        }),
    ];
    let (simulated, folder) = (Simulated::start(), Folder::new());
    let (config, audit) = audited(&folder, "");
    assert_eq!(call(&simulated, &config, &["delete-repository", "repository=site"]).code, 0);
    let text = std::fs::read_to_string(&audit).expect("it is there");
    for (name, edit) in edits {
        let mut lines: Vec<&str> = text.lines().collect();
        let edited = edit(&mut lines).unwrap_or_else(|| lines.join("\n"));
        let file = folder.file("edited.jsonl", &format!("{edited}\n"));
        let shown = audit_verify(&[file.to_str().expect("plain")]);
        assert_eq!(shown.code, 1, "{name}: {}{}", shown.stdout, shown.stderr);
    }
}

#[test]
fn a_file_that_a_killed_rotation_left_with_two_names_is_read_once() {
    let (simulated, folder) = (Simulated::start(), Folder::new());
    let (config, audit) = audited(&folder, "");
    assert_eq!(call(&simulated, &config, &["create-repository", "name=shop"]).code, 0);
    let other = audit.with_extension("jsonl.20261129T120000.000Z");
    std::fs::hard_link(&audit, &other).expect("a second name");
    let names = [&other, &audit].map(|path| path.to_str().expect("plain"));
    let shown = audit_verify(&names);
    assert_eq!(shown.code, 0, "{}", shown.stdout);
    assert!(shown.stdout.contains("3 lines in 1 chain, 0 faults"), "{}", shown.stdout);

    std::fs::remove_file(&other).expect("it is there");
    std::fs::copy(&audit, &other).expect("a copy");
    assert_eq!(audit_verify(&names).code, 1, "a copy is another file");
}

#[test]
fn verify_reports_edits_with_its_exit_code() {
    let (simulated, folder) = (Simulated::start(), Folder::new());
    let (config, audit) = audited(&folder, "");
    assert_eq!(call(&simulated, &config, &["create-repository", "name=shop"]).code, 0);
    let path = audit.to_str().expect("plain");
    let whole = audit_verify(&[path]);
    assert_eq!(whole.code, 0, "{}", whole.stdout);
    let last = whole.stdout.trim_end().rsplit(' ').next().expect("the last line ends with it").to_owned();
    assert_eq!(audit_verify(&[path, "--last", &last]).code, 0);

    let text = std::fs::read_to_string(&audit).expect("it is there");
    let without_last: Vec<&str> = text.lines().take(2).collect();
    let cut = folder.file("cut.jsonl", &format!("{}\n", without_last.join("\n")));
    let cut = audit_verify(&[cut.to_str().expect("plain"), "--last", &last]);
    assert!(cut.code == 1 && cut.stdout.contains("lines were removed or replaced"), "{}", cut.stdout);

    let edited = folder.file("edited.jsonl", &text.replacen("shop", "shed", 1));
    let edited = audit_verify(&[edited.to_str().expect("plain")]);
    assert!(edited.code == 1 && edited.stdout.contains("line 2: the line was changed"), "{}", edited.stdout);
    let json = ran(azdo_bot().args(["audit", "verify", path, "--json"]));
    let document: Value = serde_json::from_str(&json.stdout).expect("JSON");
    assert_eq!(
        (&document["lines"], &document["faults"], &document["last"]),
        (&json!(3), &json!([]), &json!(last))
    );

    let mut piped = azdo_bot();
    piped.args(["audit", "verify", "-"]).stdin(std::fs::File::open(&audit).expect("it is there"));
    assert_eq!(ran(&mut piped).code, 0);
    assert_eq!(audit_verify(&["no-such-file"]).code, 2);
    assert_eq!(audit_verify(&[path, "--last", "xyz"]).code, 2);
    assert_eq!(audit_verify(&[]).code, 2);
}
