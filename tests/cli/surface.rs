//! Help, lists and the manifest; the operator's file.

use crate::support::Folder;
use crate::support::run;

#[test]
fn help_shows_the_commands() {
    let ran = run(&["--help"]);
    assert_eq!(ran.code, 0);
    insta::assert_snapshot!("help", ran.stdout);
    assert_eq!(run(&["--version"]).stdout, format!("azdo-bot {}\n", env!("CARGO_PKG_VERSION")));
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
    assert_eq!(json[0]["name"], "connect");
}

#[test]
fn the_manifest_is_the_committed_one() {
    let committed = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/package-manifest.json"));
    assert_eq!(run(&["manifest"]).stdout, committed.expect("it is there"));
}

#[test]
fn a_misspelt_key_of_the_operators_file_is_an_error_with_its_place() {
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
    let simulated = crate::support::Simulated::start();
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", simulated.id())).expect("it runs");
    let line =
        limits.lines().find(|line| line.starts_with("Max core file size")).expect("Linux has the limit");
    assert_eq!(line.split_whitespace().skip(4).take(2).collect::<Vec<_>>(), ["0", "0"], "{line}");
}
