//! No output of the process contains a token, however it was given.

use serde_json::json;

use crate::cli::support::Folder;
use crate::cli::support::Simulated;
use crate::cli::support::azdo_bot;
use crate::cli::support::bot;
use crate::cli::support::node;
use crate::cli::support::ran;
use crate::cli::support::text;
use crate::common::encodings::assert_hidden;

/// Returns everything that a run writes: both outputs at the most verbose log level, the audit file, the files of the flow
fn everything(folder: &Folder, bot: &str, url: &str, token: &str, more: &[&str]) -> String {
    let path = folder.file("canary.bot.json", bot);
    let secret = folder.file("token", &format!("{token}\n"));
    let audit = folder.path().join("audit.jsonl");
    let config = folder.file(
        "azdo-bot.toml",
        &format!(
            "[lockers.\"devops/azdo/pat\"]\nreference = \"file:{}\"\norganization = \"{url}\"\n\
             [audit]\nfile = \"{}\"\n",
            secret.display(),
            audit.display()
        ),
    );
    let mut written = String::new();
    for json in [false, true] {
        let mut command = azdo_bot();
        command.env("AZDO_PAT", token).arg("run").arg(&path).arg("--config").arg(&config);
        command.args(["--allow-loopback-http", "--log", "trace"]).args(more);
        command.arg("--report").arg(folder.path().join("report.html"));
        if json {
            command.arg("--json");
        }
        let ran = ran(&mut command);
        assert!(ran.stderr.contains("TRACE"), "the log level is the most verbose: {}", ran.stderr);
        written += &ran.stdout;
        written += &ran.stderr;
    }
    let audited = std::fs::read_to_string(&audit).unwrap_or_default();
    assert!(audited.lines().count() >= 2, "the audit file is written");
    for line in audited.lines() {
        let record: serde_json::Value = serde_json::from_str(line).expect("every audit line is JSON");
        let is_whole = record["time"].is_string() && record["hash"].is_string();
        assert!(is_whole && (record["outcome"].is_string() || record["phase"] == "started"), "{line}");
    }
    // All other files in the folder of the flow; the test created these three.
    for entry in std::fs::read_dir(folder.path()).expect("the folder is there") {
        let path = entry.expect("an entry").path();
        if !["canary.bot.json", "token", "azdo-bot.toml"].iter().any(|own| path.ends_with(own)) {
            written += &String::from_utf8_lossy(&std::fs::read(path).expect("it can be read"));
        }
    }
    written
}

fn connect(url: &str, credential: serde_json::Value) -> serde_json::Value {
    node(
        "connect",
        &[
            ("authenticationMethod", text("PAT")),
            ("personalAccessToken", credential),
            ("organizationUrl", text(url)),
            ("projectName", text("Fabrikam")),
        ],
    )
}

/// The credential that the operator's file maps
fn vault() -> serde_json::Value {
    json!({ "type": "CREDENTIAL",
            "credential": { "lockerName": "devops", "name": "azdo", "attributeName": "pat" } })
}

/// A flow that connects, works, fails, and shows the value of its variable
fn flow(url: &str, credential: serde_json::Value) -> String {
    let shown = json!({ "type": "STRING", "expression": "the variable is $token$" });
    let mut show = node("messageBox", &[("title", text("")), ("content", shown.clone())]);
    show["packageName"] = "MessageBox".into();
    let mut log = node(
        "logToFile",
        &[
            ("filePath", json!({ "type": "FILE", "string": "file://flow.log" })),
            ("logContent", shown),
            ("logOption", text("APPEND_FILE")),
        ],
    );
    log["packageName"] = "LogToFile".into();
    let taken = node("createRepository", &[("name", text("site"))]);
    let variable = json!({ "name": "token", "type": "STRING", "input": true, "output": true,
                           "defaultValue": { "type": "STRING", "string": "nothing" } });
    bot(vec![connect(url, credential), node("listRepositories", &[]), show, log, taken], vec![variable])
}

#[test]
fn a_token_as_a_credential_of_the_vault() {
    let simulated = Simulated::start();
    let flow = flow(&simulated.url, vault());
    let written = everything(&Folder::new(), &flow, &simulated.url, &simulated.token, &[]);
    assert!(written.contains("resource.conflict"), "the flow reached its last action: {written}");
    assert_hidden(&written, &simulated.token, "credential");
}

#[test]
fn a_token_as_a_string_variable_that_the_flow_shows() {
    let simulated = Simulated::start();
    let variable = json!({ "type": "STRING", "expression": "$token$" });
    let input = ["--input", "token=@env:AZDO_PAT"];
    let flow = flow(&simulated.url, variable);
    let written = everything(&Folder::new(), &flow, &simulated.url, &simulated.token, &input);
    assert!(written.contains("the variable is ********"), "{written}");
    assert_hidden(&written, &simulated.token, "variable");
}

#[test]
fn a_token_as_an_insecure_string() {
    let simulated = Simulated::start();
    let flow = flow(&simulated.url, text(&simulated.token));
    let written = everything(&Folder::new(), &flow, &simulated.url, &simulated.token, &[]);
    assert!(written.contains("insecure string"), "there is a warning: {written}");
    assert_hidden(&written, &simulated.token, "insecure string");
}

#[test]
fn a_refused_token_that_needs_escaping() {
    let simulated = Simulated::start();
    let token = ["c4n4ry", "+/&<>%\\", "{}!~", "more0123456789"].concat();
    let flow = flow(&simulated.url, vault());
    let input = ["--input", "token=@env:AZDO_PAT"];
    let written = everything(&Folder::new(), &flow, &simulated.url, &token, &input);
    assert!(written.contains("auth.failed"), "{written}");
    assert_hidden(&written, &token, "refused");
}

#[test]
fn check_finds_a_token_in_a_flow_and_does_not_show_it() {
    let simulated = Simulated::start();
    let folder = Folder::new();
    let path =
        folder.file("canary.bot.json", &flow("https://dev.azure.com/fabrikam", text(&simulated.token)));
    for json in [false, true] {
        let mut command = azdo_bot();
        command.arg("check").arg(&path);
        if json {
            command.arg("--json");
        }
        let ran = ran(&mut command);
        assert!(ran.stdout.contains("insecure string"), "{}", ran.stdout);
        assert_hidden(&format!("{}{}", ran.stdout, ran.stderr), &simulated.token, "check");
    }
}

#[test]
fn doctor_and_check_write_no_token_of_any_user() {
    let simulated = Simulated::start();
    let unknown = simulated.token.replace("AZDO", "azdo");
    let bot = "examples/bots/release-day.bot.json";
    for (command, json) in [(&["doctor"][..], false), (&["doctor"], true), (&["check", bot], false)] {
        for token in [&simulated.token, &unknown] {
            let mut process = azdo_bot();
            process.env("AZDO_PAT", token).args(command).args(["--organization-url", &simulated.url]);
            process.args(["--project", "Fabrikam", "--credential", "env:AZDO_PAT"]);
            process.args(["--allow-loopback-http", "--log", "trace"]);
            if json {
                process.arg("--json");
            }
            let ran = ran(&mut process);
            assert!(ran.stderr.contains("TRACE"), "the log level is the most verbose: {}", ran.stderr);
            assert_hidden(&format!("{}{}", ran.stdout, ran.stderr), token, "asking beforehand");
        }
    }
}
