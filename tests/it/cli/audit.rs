//! The audit trail of real processes: who did what, before and after each change, and what `audit verify` says about it.

use std::io::BufReader;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::path::PathBuf;

use azdo_bot::audit::Verification;
use azdo_bot::audit::VerifyInput;
use azdo_bot::audit::verify;
use azdo_simulator::Fault;
use serde_json::Value;
use serde_json::json;

use crate::cli::support::Folder;
use crate::cli::support::Ran;
use crate::cli::support::azdo_bot;
use crate::cli::support::ran;
use crate::rpc::process::Serve;
use crate::rpc::simulated::Simulated;

/// An operator's file with an audit file beside it, and more of its table
pub(crate) fn audited(folder: &Folder, more: &str) -> (PathBuf, PathBuf) {
    let audit = folder.path().join("audit.jsonl");
    let config = folder.file("azdo-bot.toml", &format!("[audit]\nfile = \"{}\"\n{more}\n", audit.display()));
    (config, audit)
}

fn serve(config: &Path) -> Serve {
    Serve::start(&["--allow-loopback-http", "--config", config.to_str().expect("a plain path")])
}

/// A connected process with the bot run `root`
pub(crate) fn connected(simulated: &Simulated, config: &Path) -> Serve {
    let mut serve = serve(config);
    serve.begin("root", None);
    simulated.connect(&mut serve, "root");
    serve
}

fn records(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).expect("every line is JSON")).collect()
}

pub(crate) fn read(audit: &Path) -> Vec<Value> {
    records(&std::fs::read_to_string(audit).expect("it is there"))
}

pub(crate) fn verified(audit: &Path) -> Verification {
    let file = std::fs::File::open(audit).expect("it is there");
    let input = VerifyInput { name: "audit.jsonl".to_owned(), content: BufReader::new(file) };
    verify([input], None, false).expect("it can be read")
}

pub(crate) fn call(simulated: &Simulated, config: &Path, arguments: &[&str]) -> Ran {
    let mut command = azdo_bot();
    command.env("AZDO_PAT", simulated.token()).arg("call").args(arguments);
    command.args([
        "--organization-url",
        &simulated.url(),
        "--project",
        "Fabrikam",
        "--credential",
        "env:AZDO_PAT",
    ]);
    ran(command.arg("--allow-loopback-http").arg("--config").arg(config))
}

pub(crate) fn audit_verify(arguments: &[&str]) -> Ran {
    ran(azdo_bot().args(["audit", "verify"]).args(arguments))
}

#[test]
fn a_deleted_repository_is_recorded_with_who_did_it_and_from_where() {
    let (simulated, folder) = (Simulated::start(), Folder::new());
    let (config, audit) = audited(&folder, "");
    let called = call(&simulated, &config, &["delete-repository", "repository=site"]);
    assert_eq!(called.code, 0, "{}", called.stderr);
    let mode = std::fs::metadata(&audit).expect("it is there").permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "only its owner can read it");
    let lines = read(&audit);
    let seen: Vec<(&str, &str)> = lines
        .iter()
        .map(|line| (line["action"].as_str().expect("a text"), line["phase"].as_str().expect("a text")))
        .collect();
    assert_eq!(
        seen,
        [("connect", "finished"), ("deleteRepository", "started"), ("deleteRepository", "finished")]
    );
    let (before, after) = (&lines[1], &lines[2]);
    assert_eq!(before["call"], after["call"], "an id joins the two lines");
    assert_eq!((before["outcome"].is_null(), &after["outcome"]), (true, &json!("ok")));
    assert_eq!(after["what"], "Delete repository \"site\"");
    assert_eq!((&after["object"]["kind"], &after["object"]["name"]), (&json!("repository"), &json!("site")));
    assert!(after["object"]["id"].is_string(), "{after}");
    assert_eq!(before["object"], json!({ "kind": "repository", "name": "site" }));
    assert_eq!(after["identity"]["name"], "Bot Runner");
    assert!(after["identity"]["id"].is_string() && after["activityId"].is_string(), "{after}");
    assert_eq!(after["credential"], "env:AZDO_PAT");
    assert_eq!((&after["organization"], &after["project"]), (&json!(simulated.url()), &json!("Fabrikam")));
    assert_eq!(after["host"], json!({ "name": "azdo-bot call", "version": env!("CARGO_PKG_VERSION") }));
    assert_eq!(after["botRun"], after["root"]);
    for name in ["machine", "user", "session", "time", "package"] {
        assert!(after[name].as_str().is_some_and(|text| !text.is_empty()), "{name}: {after}");
    }
}

#[test]
fn a_host_names_itself_its_bot_runs_and_the_place_in_the_flow() {
    let (simulated, folder) = (Simulated::start(), Folder::new());
    let (config, audit) = audited(&folder, "");
    let mut serve = connected(&simulated, &config);
    serve.begin("child", Some("root"));
    simulated.connect(&mut serve, "child");
    let place = json!({ "bot": "release.robot", "line": 12, "node": "Publish" });
    let params = json!({ "botRun": "child", "action": "voteOnPullRequest", "place": place,
                         "inputs": { "id": 404, "vote": "APPROVE" } });
    assert_eq!(serve.ask("action/execute", params)["error"]["data"]["code"], "resource.not_found");
    serve.finish();
    let lines = read(&audit);
    let last = lines.last().expect("there are lines");
    assert_eq!(last["host"], json!({ "name": "test", "version": "1" }));
    assert_eq!((&last["botRun"], &last["root"]), (&json!("child"), &json!("root")));
    assert_eq!(last["place"], place);
    assert_eq!(last["object"], json!({ "kind": "pull request", "id": "404" }));
    assert_eq!((&last["outcome"], &last["errorCode"]), (&json!("failed"), &json!("resource.not_found")));
    assert_eq!(last["what"], "Vote on pull request 404: APPROVE");
    assert_eq!(lines[0]["credential"], "insecure string", "the token itself is in no line");
}

#[test]
fn a_bot_file_is_recorded_with_its_line() {
    let folder = Folder::new();
    let (config, audit) = audited(&folder, "");
    let bot = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/bots/release-day.bot.json");
    assert_eq!(ran(azdo_bot().arg("run").arg(bot).arg("--simulate").arg("--config").arg(&config)).code, 0);
    let lines = read(&audit);
    let create = lines.iter().find(|line| line["action"] == "createRepository").expect("it creates one");
    assert_eq!(create["host"]["name"], "azdo-bot run");
    assert!(create["place"]["bot"].as_str().is_some_and(|bot| bot.ends_with(".bot.json")), "{create}");
    assert!(create["place"]["line"].as_u64().is_some_and(|line| line > 0), "{create}");
    let shown = audit_verify(&[audit.to_str().expect("plain")]);
    assert_eq!(shown.code, 0, "{}{}", shown.stdout, shown.stderr);
}

#[test]
fn a_change_is_recorded_before_it_is_sent_and_a_kill_shows_as_interrupted() {
    let (simulated, folder) = (Simulated::start(), Folder::new());
    let (config, audit) = audited(&folder, "");
    let mut serve = connected(&simulated, &config);
    simulated.fault(Fault::on("POST */git/repositories").stall());
    let params = json!({ "botRun": "root", "action": "createRepository", "inputs": { "name": "shop" } });
    serve.request(7, "action/execute", params);
    simulated.wait_for("POST", "/git/repositories");
    let lines = read(&audit);
    let last = lines.last().expect("there are lines");
    assert_eq!((&last["action"], &last["phase"]), (&json!("createRepository"), &json!("started")));
    drop(serve);
    let shown = audit_verify(&[audit.to_str().expect("plain")]);
    assert_eq!(shown.code, 0, "{}", shown.stdout);
    let words = "line 2: createRepository (Create repository \"shop\"), started at ";
    assert!(shown.stdout.contains("interrupted: ") && shown.stdout.contains(words), "{}", shown.stdout);
    assert!(
        shown.stdout.contains("2 lines in 1 chain, 0 faults, 1 interrupted change\n"),
        "{}",
        shown.stdout
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_signal_releases_a_rotated_file_and_the_new_one_continues_it() {
    let (simulated, folder) = (Simulated::start(), Folder::new());
    let (config, audit) = audited(&folder, "");
    let mut serve = connected(&simulated, &config);
    let rotated = folder.path().join("audit.jsonl.1");
    std::fs::rename(&audit, &rotated).expect("it is moved away");
    let process = rustix::process::Pid::from_raw(serve.process_id().cast_signed()).expect("it has an id");
    rustix::process::kill_process(process, rustix::process::Signal::HUP).expect("it runs");
    let has_open = |file: &Path| {
        let open = std::fs::read_dir(format!("/proc/{}/fd", serve.process_id())).expect("it runs");
        open.filter_map(|one| std::fs::read_link(one.ok()?.path()).ok()).any(|path| path == file)
    };
    while has_open(&rotated) || !has_open(&audit) {
        std::thread::yield_now();
    }
    let created = serve.execute("root", "createRepository", json!({ "name": "shop" }));
    assert!(created.get("result").is_some(), "the signal ends nothing: {created}");
    assert!(serve.finish().status.success());
    let lines = read(&audit);
    assert_eq!(lines[0]["continues"], read(&rotated)[0]["hash"]);
    let both = [rotated.to_str().expect("plain"), audit.to_str().expect("plain")];
    let shown = audit_verify(&both);
    assert_eq!((shown.code, shown.stdout.contains("note:")), (0, false), "{}", shown.stdout);
    assert_eq!(audit_verify(&both[1..]).code, 0, "the new file alone is whole too");
}

#[test]
fn a_token_in_the_name_of_an_object_is_masked() {
    let (simulated, folder) = (Simulated::start(), Folder::new());
    let (config, audit) = audited(&folder, "");
    let token = simulated.token();
    let mut serve = connected(&simulated, &config);
    serve.execute("root", "createRepository", json!({ "name": format!("x-{token}") }));
    serve.finish();
    let text = std::fs::read_to_string(&audit).expect("it is there");
    assert!(!text.contains(&token), "{text}");
    let lines = records(&text);
    let last = lines.last().expect("there are lines");
    assert_eq!(last["action"], "createRepository");
    assert_eq!(last["object"]["name"], "x-********");
    assert_eq!(last["what"], "Create repository \"x-********\"");
}

#[test]
fn fields_about_persons_can_be_left_out() {
    let (simulated, folder) = (Simulated::start(), Folder::new());
    let names = ["user", "machine", "place", "identity", "credential", "object", "what"];
    let (config, audit) = audited(&folder, &format!("omit = {names:?}"));
    assert_eq!(call(&simulated, &config, &["create-repository", "name=shop"]).code, 0);
    for line in read(&audit) {
        assert!(names.iter().all(|name| line.get(name).is_none()), "{line}");
        assert!(line["action"].is_string() && line["hash"].is_string(), "{line}");
    }
    let (config, _) = audited(&folder, "omit = [\"machin\"]");
    let refused = call(&simulated, &config, &["list-repositories"]);
    let words =
        "line 3, column 9: \"audit.omit.0\" names no field that can be left out: there is no \"machin\"";
    assert!(refused.code == 2 && refused.stderr.contains(words), "{}", refused.stderr);
    assert!(refused.stderr.contains("did you mean \"machine\"?"), "{}", refused.stderr);
}

#[test]
fn the_trail_can_go_to_the_log_of_the_system() {
    let (simulated, folder) = (Simulated::start(), Folder::new());
    let path = folder.path().join("log");
    let config = folder.file("azdo-bot.toml", &format!("[audit]\nsyslog = \"{}\"\n", path.display()));
    let refused = call(&simulated, &config, &["list-repositories"]);
    assert!(refused.code == 2 && refused.stderr.contains("the socket "), "{}", refused.stderr);

    let socket = std::os::unix::net::UnixDatagram::bind(&path).expect("a socket can be made");
    for name in ["one", "two"] {
        let input = format!("name={name}");
        assert_eq!(call(&simulated, &config, &["create-repository", &input]).code, 0);
    }
    socket.set_nonblocking(true).expect("it is a socket");
    let (mut text, mut datagram) = (String::new(), vec![0; 1 << 16]);
    while let Ok(length) = socket.recv(&mut datagram) {
        let message = std::str::from_utf8(&datagram[..length]).expect("it is text");
        // Facility authpriv, severity info; then a time such as `Nov 29 12:00:00`.
        let (head, line) = message.split_once(": ").expect("it has a tag");
        assert!(head.starts_with("<86>") && head[4 + 15..].starts_with(" azdo-bot["), "{head}");
        text += &format!("{line}\n");
    }
    assert_eq!(records(&text).len(), 2 * 3);
    let input = VerifyInput { name: "log".to_owned(), content: text.as_bytes() };
    let result = verify([input], None, false).expect("it is read");
    assert_eq!((result.faults, result.chains), (Vec::new(), 2), "each process has its chain");
}
