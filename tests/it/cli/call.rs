//! `azdo-bot call`.

use crate::cli::support::Folder;
use crate::cli::support::Ran;
use crate::cli::support::Simulated;
use crate::cli::support::azdo_bot;
use crate::cli::support::ran;
use crate::cli::support::run;

fn call(simulated: &Simulated, arguments: &[&str]) -> Ran {
    let mut command = azdo_bot();
    command.env("AZDO_PAT", &simulated.token).arg("call").args(arguments);
    command.args([
        "--organization-url",
        &simulated.url,
        "--project",
        "Fabrikam",
        "--credential",
        "env:AZDO_PAT",
    ]);
    ran(command.arg("--allow-loopback-http"))
}

#[test]
fn one_action_in_any_spelling() {
    let simulated = Simulated::start();
    for name in ["list-repositories", "listRepositories", "List Repositories", "list_repositories"] {
        let ran = call(&simulated, &[name]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        assert!(ran.stdout.starts_with("id ") && ran.stdout.contains("site"), "{}", ran.stdout);
    }
    let created = call(&simulated, &["create-repository", "name=notes", "--json"]);
    let outcome: serde_json::Value = serde_json::from_str(&created.stdout).expect("one document");
    assert_eq!((&outcome["outputs"]["name"], &outcome["requests"]), (&"notes".into(), &3.into()));

    let commit =
        ["commit-files", "repository=notes", "branch=main", "message=First", "files={\"a.txt\":\"one\"}"];
    assert_eq!(call(&simulated, &commit).code, 0);
    let folder = Folder::new();
    let target = folder.path().join("one.txt");
    let read = ["get-repository-file", "repository=notes", "path=a.txt"];
    let to = ["--field", "content", "--output", target.to_str().expect("a plain path")];
    let written = call(&simulated, &[&read[..], &to].concat());
    assert_eq!((written.code, written.stdout.as_str()), (0, ""), "{}", written.stderr);
    assert_eq!(std::fs::read(&target).expect("it is written"), b"one");
    let file = call(&simulated, &read);
    assert!(file.stdout.lines().any(|line| line == "content   one"), "{}", file.stdout);
}

#[test]
fn a_simulator_with_a_sentence_refuses_every_request_with_it() {
    let sentence = "VS404999: The IP address 203.0.113.7 is not in the allowed range.";
    let folder = Folder::new();
    // An editor may begin the file with a byte order mark.
    let world = folder.file("world.toml", "\u{feff}pace = \"polls\"\n");
    let world = world.to_str().expect("a plain path");
    let simulated = Simulated::with(&["--world", world, "--refuse", sentence]);
    let refused = call(&simulated, &["list-repositories", "--json"]);
    assert_eq!(refused.code, 1, "{}", refused.stderr);
    let outcome: serde_json::Value = serde_json::from_str(&refused.stdout).expect("one document");
    let error = &outcome["error"];
    assert_eq!(error["code"], "permission.denied", "{error}");
    assert!(error["message"].as_str().is_some_and(|text| text.contains(sentence)), "{error}");
    assert_eq!(error["context"]["seenFrom"], "203.0.113.7", "{error}");
}

#[test]
fn a_failure_has_its_reason_and_help() {
    let simulated = Simulated::start();
    let taken = call(&simulated, &["create-repository", "name=site"]);
    assert_eq!(taken.code, 1);
    assert!(taken.stderr.starts_with("error: resource.conflict: "), "{}", taken.stderr);
    assert!(taken.stderr.contains("help: ") && taken.stderr.contains("activityId "), "{}", taken.stderr);
    let json = call(&simulated, &["create-repository", "name=site", "--json"]);
    let document: serde_json::Value = serde_json::from_str(&json.stdout).expect("one document");
    assert_eq!(document["error"]["code"], "resource.conflict");
}

#[test]
fn an_error_names_inputs_as_the_command_line_does() {
    let simulated = Simulated::start();
    assert_eq!(call(&simulated, &["update-repository", "repository=site", "is-disabled=true"]).code, 0);
    let failed = call(&simulated, &["list-branches", "repository=site"]);
    assert_eq!(failed.code, 1);
    assert!(
        failed.stderr.contains("help: Enable it with Update repository (is-disabled false)."),
        "{}",
        failed.stderr
    );
}

#[test]
fn a_wrong_command_line_is_refused_before_any_request() {
    let simulated = Simulated::start();
    for (arguments, expected) in [
        (vec!["list-repositorys"], "did you mean \"list-repositories\"?"),
        (vec!["create-repository"], "the field \"name\" is missing"),
        (vec!["create-repository", "nmae=x"], "did you mean \"name\"?"),
        (vec!["create-repository", "name=a/b"], "cannot contain \"/\""),
        (vec!["create-repository", "name=a", "name=b"], "given twice"),
        (
            vec![
                "create-branch",
                "repository=site",
                "branch=a",
                "from-branch=main",
                "from-commit=0123456789012345678901234567890123456789",
            ],
            "give from-branch or from-commit, not both",
        ),
        (vec!["get-pipeline-run", "id=x"], "takes a whole number"),
        (vec!["commit-files", "repository=a", "branch=b", "message=c", "files={"], "takes JSON"),
        (vec!["connect"], "connects by itself"),
    ] {
        let ran = call(&simulated, &arguments);
        assert_eq!(ran.code, 2, "{arguments:?}: {}", ran.stderr);
        assert!(ran.stderr.contains(expected), "{arguments:?}: {}", ran.stderr);
    }
}

#[test]
fn a_token_on_the_command_line_is_refused_and_not_repeated() {
    let pasted = ["hid", "den", "token"].concat();
    let ran = run(&[
        "call",
        "list-repositories",
        "--organization-url",
        "https://dev.azure.com/x",
        "--project",
        "p",
        "--credential",
        &pasted,
    ]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("takes a reference") && !ran.stderr.contains(&pasted), "{}", ran.stderr);
}

#[test]
fn a_credential_of_another_organization_is_refused_before_any_request() {
    let simulated = Simulated::start();
    let folder = Folder::new();
    let config = folder.file(
        "azdo-bot.toml",
        "[lockers.\"a/b/c\"]\nreference = \"env:AZDO_PAT\"\norganization = \"https://dev.azure.com/contoso\"\n",
    );
    let ran = call(&simulated, &["list-repositories", "--config", config.to_str().expect("a plain path")]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("credential.organization_mismatch"), "{}", ran.stderr);
}

#[test]
fn plain_http_and_other_hosts_must_be_allowed_by_the_operator() {
    let simulated = Simulated::start();
    let mut command = azdo_bot();
    command.env("AZDO_PAT", &simulated.token).args(["call", "list-repositories", "--project", "Fabrikam"]);
    let ran_http = ran(command.args(["--organization-url", &simulated.url, "--credential", "env:AZDO_PAT"]));
    assert_eq!(ran_http.code, 1);
    assert!(ran_http.stderr.contains("--allow-loopback-http"), "{}", ran_http.stderr);
    let mut command = azdo_bot();
    command.env("AZDO_PAT", "x").args([
        "call",
        "list-repositories",
        "--project",
        "p",
        "--credential",
        "env:AZDO_PAT",
    ]);
    let ran_host = ran(command.args(["--organization-url", "https://tfs.example/Main"]));
    assert_eq!(ran_host.code, 1);
    assert!(ran_host.stderr.contains("--allow-host"), "{}", ran_host.stderr);
}

#[test]
fn a_value_from_a_file_or_a_variable_is_read_as_its_field_wants_it() {
    let simulated = Simulated::start();
    let folder = Folder::new();
    let at = |file: &std::path::Path| format!("@file:{}", file.display());
    let long = folder.file("text.html", &format!("  <b>one</b>\n\ntwo {}\n", "x".repeat(100_000)));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(&long, std::fs::Permissions::from_mode(0o666)).expect("it is ours");
    }
    let title = folder.file("title.txt", "@ann: look here\n");
    let fields = folder.file("fields.json", "{ \"Microsoft.VSTS.Common.Priority\": 1 }\n");
    let made = call(
        &simulated,
        &[
            "create-work-item",
            "type=Bug",
            &format!("title={}", at(&title)),
            &format!("description={}", at(&long)),
            &format!("fields={}", at(&fields)),
            "--json",
        ],
    );
    assert_eq!(made.code, 0, "{}", made.stderr);
    let outputs: serde_json::Value = serde_json::from_str(&made.stdout).expect("one document");
    let outputs = &outputs["outputs"];
    let description = outputs["description"].as_str().expect("a text");
    assert!(description.starts_with("  <b>one</b>\n\ntwo x") && description.ends_with("x\n"));
    assert_eq!(outputs["title"], "@ann: look here");
    assert_eq!(outputs["fields"]["Microsoft.VSTS.Common.Priority"], "1");

    let number = folder.file("id", "1\n");
    let read =
        call(&simulated, &["get-work-item", &format!("id={}", at(&number)), "include-raw=@env:RAW_FLAG"]);
    assert_eq!(read.code, 2, "the variable is not set: {}", read.stderr);
    assert!(read.stderr.contains("the environment variable RAW_FLAG is not set"), "{}", read.stderr);
    let read = call(&simulated, &["get-work-item", &format!("id={}", at(&number)), "session=Default"]);
    assert_eq!(read.code, 0, "{}", read.stderr);
    let literal = call(&simulated, &["update-work-item", "id=1", "title=@someone: done", "comment=@@env:X"]);
    assert_eq!(literal.code, 0, "{}", literal.stderr);
    let missing = call(&simulated, &["get-work-item", "id=@file:no/such/file"]);
    assert!(
        missing.code == 2 && missing.stderr.contains("no/such/file cannot be read"),
        "{}",
        missing.stderr
    );
}

#[cfg(unix)]
#[test]
fn an_interrupted_simulator_saves_its_world_to_its_own_file() {
    let folder = Folder::new();
    let kept = folder.path().join("world.json");
    let kept = kept.to_str().expect("a plain path");
    let simulated = Simulated::with(&["--save-world", kept]);
    assert_eq!(call(&simulated, &["create-repository", "name=notes"]).code, 0);
    simulated.end();
    Simulated::with(&["--world", kept, "--save-world", kept]).end();
    let again = Simulated::with(&["--world", kept]);
    assert!(call(&again, &["list-repositories"]).stdout.contains("notes"));
}

#[test]
fn a_choice_has_any_spelling_and_a_dash_is_standard_output() {
    let listed =
        run(&["call", "list-pull-requests", "--simulate", "status=active", "--json=id", "--output", "-"]);
    assert_eq!((listed.code, listed.stdout.as_str()), (0, "[{\"id\":1}]\n"), "{}", listed.stderr);
}
