//! Help, actions, needs, the manifest, and errors of the operator's file.

use crate::cli::support::Folder;
use crate::cli::support::run;

#[test]
fn help_shows_the_commands() {
    let ran = run(&["--help"]);
    assert_eq!(ran.code, 0);
    insta::assert_snapshot!("help", ran.stdout);
    let version = format!("azdo-bot {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(run(&["-V"]).stdout, version);
    let long = run(&["--version"]).stdout;
    assert!(
        long.starts_with(&version) && long.contains("\ncredential stores  env, file, exec, vault"),
        "{long}"
    );
    for arguments in [["help", "call"], ["call", "--help"]] {
        let help = run(&arguments);
        assert_eq!(help.code, 0);
        insta::assert_snapshot!("help_call", help.stdout);
    }
    assert_eq!(run(&["no-such-command"]).code, 2);
    assert_eq!(run(&[]).code, 2);
}

#[test]
fn actions_are_listed_and_shown() {
    let all = run(&["actions"]);
    assert_eq!(all.code, 0);
    insta::assert_snapshot!("actions", all.stdout);
    let one = run(&["actions", "create-repository"]);
    insta::assert_snapshot!("action_create_repository", one.stdout);
    let unknown = run(&["actions", "create-repo"]);
    assert_eq!(unknown.code, 2);
    let json: serde_json::Value = serde_json::from_str(&run(&["actions", "--json"]).stdout).expect("JSON");
    assert_eq!(json["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(json["actions"][0]["name"], "connect");
    let one: serde_json::Value =
        serde_json::from_str(&run(&["actions", "create-repository", "--json"]).stdout).expect("JSON");
    assert_eq!(one["names"]["commandLine"], "create-repository");
    assert!(json["actions"].as_array().expect("a list").contains(&one));
}

#[test]
fn needs_shows_each_action_and_the_total() {
    let ran = run(&["needs", "connect", "create-repository", "runPipeline"]);
    assert_eq!(ran.code, 0);
    insta::assert_snapshot!("needs", ran.stdout);
    let ran = run(&["needs", "list-repositories", "Commit files", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&ran.stdout).expect("JSON");
    assert_eq!(json["needs"][0]["action"], "listRepositories");
    assert_eq!(json["needs"][1]["action"], "commitFiles");
    // Code (read and write) contains Code (read).
    assert_eq!(json["token"].as_array().map(Vec::len), Some(1));
    let unknown = run(&["needs", "create-repo"]);
    assert_eq!(unknown.code, 2);
    assert!(unknown.stderr.contains("action.unknown"), "{}", unknown.stderr);
}

#[test]
fn the_manifest_is_the_committed_one() {
    let committed = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/package-manifest.json"));
    assert_eq!(run(&["manifest"]).stdout, committed.expect("it is there"));
}

#[test]
fn a_misspelt_key_of_the_operators_file_is_an_error_with_its_location() {
    let folder = Folder::new();
    let path = folder.file("azdo-bot.toml", "[network]\nallowed_host = [\"hidden.example\"]\n");
    let ran =
        run(&["check", "examples/bots/release-day.bot.json", "--config", path.to_str().expect("plain")]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("allowed_hosts"), "{}", ran.stderr);
    assert!(!ran.stderr.contains("hidden"), "{}", ran.stderr);
    assert_eq!(run(&["check", "examples/bots/release-day.bot.json", "--config", "/no/such/file"]).code, 2);
}

#[cfg(target_os = "linux")]
#[test]
fn a_process_leaves_no_core_file() {
    let simulated = crate::cli::support::Simulated::start();
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", simulated.id())).expect("it runs");
    let line =
        limits.lines().find(|line| line.starts_with("Max core file size")).expect("Linux has the limit");
    assert_eq!(line.split_whitespace().skip(4).take(2).collect::<Vec<_>>(), ["0", "0"], "{line}");
}
