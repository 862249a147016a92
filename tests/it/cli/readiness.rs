//! What stops a bot on this machine: `check` and `run` report the same errors in the same words.

use serde_json::Value;
use serde_json::json;

use crate::cli::support::Folder;
use crate::cli::support::Ran;
use crate::cli::support::azdo_bot;
use crate::cli::support::bot;
use crate::cli::support::node;
use crate::cli::support::ran;
use crate::cli::support::run;
use crate::cli::support::text;

const BOT: &str = "examples/bots/release-day.bot.json";

fn locker(name: &str) -> Value {
    json!({ "type": "CREDENTIAL",
            "credential": { "lockerName": "devops", "name": name, "attributeName": "pat" } })
}

fn connect(credential: Value) -> Value {
    let fields = [
        ("personalAccessToken", credential),
        ("organizationUrl", text("https://dev.azure.com/fabrikam")),
        ("projectName", text("Fabrikam")),
    ];
    node("connect", &fields)
}

/// The last line of the output
fn last(ran: &Ran) -> &str {
    ran.stdout.lines().last().unwrap_or_default()
}

fn faults(ran: &Ran) -> Value {
    let document: Value =
        serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("{}{}", ran.stdout, ran.stderr));
    document["faults"].clone()
}

/// Runs both commands with the same arguments and returns their errors, which must be equal
fn refused(arguments: &[&str]) -> Value {
    let with = |command: &str| run(&[&[command], arguments, &["--json"]].concat());
    let (checked, ran) = (with("check"), with("run"));
    assert_eq!((checked.code, ran.code), (3, 3), "{}{}", checked.stdout, ran.stdout);
    let found = faults(&checked);
    assert_eq!(found, faults(&ran));
    let document: Value = serde_json::from_str(&checked.stdout).expect("one document");
    assert_eq!(document["runnable"], json!(false));
    let words = run(&[&["check"], arguments].concat());
    assert_eq!(words.code, 3);
    assert!(last(&words).ends_with(": this bot cannot run."), "{}", words.stdout);
    found
}

#[test]
fn without_an_operators_file_a_credential_is_a_warning_and_counts_in_the_last_line() {
    let checked = run(&["check", BOT]);
    assert_eq!(checked.code, 0, "{}", checked.stdout);
    assert_eq!(checked.unwrapped().matches("there is no operator's file").count(), 1, "{}", checked.stdout);
    assert_eq!(last(&checked), "No errors. 2 warnings, 1 of which may stop this bot.");
    let document = run(&["check", BOT, "--json"]);
    let document: Value = serde_json::from_str(&document.stdout).expect("one document");
    assert_eq!((&document["runnable"], &document["faults"]), (&json!(true), &json!([])));
    assert_eq!(document["unmappedCredentials"], json!(["devops/azdo/pat"]));
    assert!(document["verdict"].as_str().is_some_and(|verdict| verdict.starts_with("No errors. ")));

    let folder = Folder::new();
    let file = folder.file("flow.bot.json", &bot(vec![connect(locker("azdo"))], vec![]));
    let began = run(&["run", file.to_str().expect("plain"), "--json"]);
    assert_eq!(began.code, 1, "{}", began.stdout);
    let first: Value = serde_json::from_str(began.stdout.lines().next().expect("a line")).expect("JSON");
    assert_eq!(first["event"], json!("warning"));
}

#[test]
fn with_an_operators_file_an_unmapped_credential_is_an_error_in_both_commands() {
    let folder = Folder::new();
    let config =
        folder.file("operator.toml", "[lockers.\"devops/azure/pat\"]\nreference = \"env:AZDO_PAT\"\n");
    let config = config.to_str().expect("plain");
    let found = refused(&[BOT, "--config", config]);
    assert_eq!(found.as_array().map(Vec::len), Some(1), "reported once: {found}");
    let error = &found[0]["error"];
    assert_eq!(error["code"], json!("credential.not_found"));
    let message = error["message"].as_str().expect("a text");
    assert!(message.contains(config) && message.contains("did you mean \"devops/azure/pat\"?"), "{message}");
    assert!(error["help"].as_str().is_some_and(|help| help.contains(config)), "{error}");

    for command in ["check", "run"] {
        let simulated = run(&[command, BOT, "--config", config, "--simulate"]);
        assert_eq!(simulated.code, 0, "{command}: {}{}", simulated.stdout, simulated.stderr);
        assert!(!simulated.stdout.contains("operator's file"), "{}", simulated.stdout);
    }
}

#[test]
fn a_credential_in_a_variable_is_checked_too() {
    let folder = Folder::new();
    let config = folder.file("operator.toml", "");
    let config = config.to_str().expect("plain");
    let pat = json!({ "name": "pat", "type": "CREDENTIAL", "defaultValue": locker("nosuch") });
    let computed = json!({ "type": "CREDENTIAL", "expression": "$pat$" });
    let file = folder.file("flow.bot.json", &bot(vec![connect(computed.clone())], vec![pat]));
    let found = refused(&[file.to_str().expect("plain"), "--config", config]);
    assert!(
        found[0]["error"]["message"].as_str().is_some_and(|text| text.contains("devops/nosuch/pat")),
        "{found}"
    );

    // A variable without a value fails in a simulation too.
    let empty = json!({ "name": "pat", "type": "CREDENTIAL" });
    let file = folder.file("empty.bot.json", &bot(vec![connect(computed)], vec![empty]));
    let found = refused(&[file.to_str().expect("plain"), "--simulate"]);
    assert_eq!(found[0]["error"]["code"], json!("bot.expression"));
}

#[test]
fn environment_variables_and_files_are_checked_and_other_stores_are_not() {
    let folder = Folder::new();
    let missing = folder.path().join("nosuch");
    let references = [
        ("env:AZDO_NOT_SET".to_owned(), "AZDO_NOT_SET is not set"),
        (format!("file:{}", missing.display()), "does not exist"),
    ];
    let file = folder.file("flow.bot.json", &bot(vec![connect(locker("azdo"))], vec![]));
    let file = file.to_str().expect("plain");
    for (reference, reason) in references {
        let config = format!("[lockers.\"devops/azdo/pat\"]\nreference = \"{reference}\"\n");
        let config = folder.file("operator.toml", &config);
        let checked = run(&["check", file, "--config", config.to_str().expect("plain")]);
        assert_eq!((checked.code, last(&checked)), (0, "No errors. 1 warning: this bot may still fail."));
        let lines = checked.unwrapped();
        let warning = lines.lines().find(|line| line.starts_with("warning: ")).expect("a warning");
        assert!(warning.contains("devops/azdo/pat") && warning.contains(reason), "{warning}");
    }
    let unlisted = json!({ "name": "pat", "type": "STRING", "defaultValue": text("env:HOME") });
    let computed = json!({ "type": "STRING", "expression": "$pat$" });
    let named = folder.file("unlisted.bot.json", &bot(vec![connect(computed)], vec![unlisted]));
    let config = folder.file("operator.toml", "");
    let found = refused(&[named.to_str().expect("plain"), "--config", config.to_str().expect("plain")]);
    assert_eq!(found[0]["error"]["code"], json!("input.invalid"), "a bot may not name it: {found}");

    let helper = "[stores.exec.op]\nprogram = \"/no/such/helper\"\n[lockers.\"devops/azdo/pat\"]\nreference = \"exec:op\"\n";
    let config = folder.file("operator.toml", helper);
    let checked = run(&["check", file, "--config", config.to_str().expect("plain")]);
    assert_eq!((checked.code, last(&checked)), (0, "This bot can run."));

    // A reference in the flow, without an operator's file: the bot may be for another machine.
    let pat = json!({ "name": "pat", "type": "STRING", "defaultValue": text("env:AZDO_NOT_SET") });
    let computed = json!({ "type": "STRING", "expression": "$pat$" });
    let file = folder.file("named.bot.json", &bot(vec![connect(computed)], vec![pat]));
    let mut command = azdo_bot();
    let checked = ran(command.arg("check").arg(&file));
    assert_eq!((checked.code, last(&checked)), (0, "No errors. 1 warning: this bot may still fail."));
    assert!(checked.unwrapped().contains("AZDO_NOT_SET is not set"), "{}", checked.stdout);
    let token = ["hid", "den"].concat().repeat(14);
    let checked = ran(azdo_bot().env("AZDO_NOT_SET", &token).arg("check").arg(&file));
    assert_eq!((checked.code, last(&checked)), (0, "This bot can run."));
    assert!(!checked.stdout.contains(&token[..8]), "{}", checked.stdout);
}

#[test]
fn a_credential_of_another_organization() {
    let folder = Folder::new();
    let token = folder.file("token", &["hid", "den"].concat().repeat(14));
    let config = format!(
        "[lockers.\"devops/azdo/pat\"]\nreference = \"file:{}\"\norganization = \"https://dev.azure.com/contoso\"\n",
        token.display()
    );
    let config = folder.file("operator.toml", &config);
    let file = folder.file("flow.bot.json", &bot(vec![connect(locker("azdo"))], vec![]));
    let found = refused(&[file.to_str().expect("plain"), "--config", config.to_str().expect("plain")]);
    assert_eq!(found[0]["error"]["code"], json!("credential.organization_mismatch"));
}

#[test]
fn inputs_are_given_to_both_commands() {
    let folder = Folder::new();
    let variables = vec![
        json!({ "name": "name", "type": "STRING", "input": true, "inputRequired": true }),
        json!({ "name": "count", "type": "NUMBER", "input": true }),
    ];
    let file = folder.file("flow.bot.json", &bot(vec![], variables));
    let file = file.to_str().expect("plain");
    let found = refused(&[file]);
    assert!(
        found[0]["error"]["message"]
            .as_str()
            .is_some_and(|text| text.contains("requires the input \"name\""))
    );
    let found = refused(&[file, "--input", "nam=x", "--input", "count=many"]);
    assert_eq!(found.as_array().map(Vec::len), Some(3), "all at once: {found}");
    for command in ["check", "run"] {
        assert_eq!(run(&[command, file, "--input", "name=x", "--input", "count=3"]).code, 0);
        assert_eq!(run(&[command, file, "--input", "name=x", "--input", "name=y"]).code, 2);
        assert_eq!(run(&[command, file, "--input", "name=@env:NOT_SET"]).code, 2);
    }
}

#[test]
fn sessions_and_folders_are_refused_by_both_commands() {
    let folder = Folder::new();
    let list = node("listRepositories", &[]);
    let mut log = node("logToFile", &[("filePath", text("nosuch/x.log")), ("logContent", text("x"))]);
    log["packageName"] = "LogToFile".into();
    let download = node(
        "downloadArtifact",
        &[
            ("id", json!({ "type": "NUMBER", "number": "1" })),
            ("artifact", text("drop")),
            ("file", text("/etc/drop.zip")),
        ],
    );
    let attach = node(
        "attachFileToWorkItem",
        &[("id", json!({ "type": "NUMBER", "number": "1" })), ("file", text("/etc/passwd"))],
    );
    let pat = connect(text("any-token-will-do"));
    let file = folder.file("flow.bot.json", &bot(vec![list, pat, log, download, attach], vec![]));
    let found = refused(&[file.to_str().expect("plain"), "--simulate"]);
    let codes: Vec<&str> = found
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|fault| fault["error"]["code"].as_str())
        .collect();
    assert_eq!(codes, ["session.not_found", "input.invalid", "input.invalid", "input.invalid"], "{found}");

    // A missing folder, and an audit file that cannot be created: both commands reject such an operator's file.
    for table in ["[folders]\nread = [\"/no/such/folder\"]\n", "[audit]\nfile = \"/no/such/folder/audit\"\n"]
    {
        let config = folder.file("operator.toml", table);
        let file = folder.file("empty.bot.json", &bot(vec![], vec![]));
        let with = |command| {
            run(&[command, file.to_str().expect("plain"), "--config", config.to_str().expect("plain")]).code
        };
        assert_eq!(with("check"), with("run"), "{table}");
        assert_ne!(with("check"), 0, "{table}");
    }
}

#[test]
fn a_simulated_check_needs_no_credential_and_no_organization() {
    let checked = run(&["check", BOT, "--simulate"]);
    assert_eq!(checked.code, 0, "{}", checked.stderr);
    assert_eq!(last(&checked), "This bot can run.", "a caught error does not stop the bot");
    assert_eq!(run(&["check", BOT, "--world", "x.toml"]).code, 2, "a world is for a simulator");
}

#[test]
fn the_example_bots_run_if_check_finds_no_errors() {
    let folder = Folder::new();
    let examples = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/bots");
    let files: Vec<String> = std::fs::read_dir(&examples)
        .expect("the folder is there")
        .map(|file| file.expect("it can be read").file_name().to_string_lossy().into_owned())
        .collect();
    // A bot may read a file beside it.
    for name in &files {
        std::fs::copy(examples.join(name), folder.path().join(name)).expect("it can be copied");
    }
    let names: Vec<&String> = files.iter().filter(|name| name.ends_with(".bot.json")).collect();
    let mut checked: Vec<(&str, i32)> = names
        .iter()
        .map(|name| {
            let file = folder.path().join(name);
            let with = |command| run(&[command, file.to_str().expect("plain"), "--simulate"]).code;
            let code = with("check");
            assert_eq!(code, with("run"), "{name}");
            (name.as_str(), code)
        })
        .collect();
    checked.sort_unstable();
    let expected = [
        ("archive.bot.json", 3),
        ("login.bot.json", 0),
        ("release-day.bot.json", 0),
        ("release.bot.json", 3),
        ("report-line.bot.json", 3),
        ("report.bot.json", 0),
        ("whole-release-day.bot.json", 0),
        ("work-items.bot.json", 0),
    ];
    assert_eq!(checked, expected);
}
