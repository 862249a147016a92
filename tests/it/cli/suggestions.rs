//! The name that is meant, wherever the command line takes a name; and no help that belongs to another message.

use crate::cli::support::Folder;
use crate::cli::support::run;

const FLOW: &str = "examples/bots/release-day.bot.json";

#[test]
fn a_misspelt_name_is_recognized() {
    for (arguments, expected) in [
        (&["cal"][..], "'call'"),
        (&["rn"], "exists: 'run'\n"),
        (&["run-helpr"], "Usage: "),
        (&["doctor", "--simulat"], "'--simulate'"),
        (&["call", "lst-repositories"], "; did you mean \"list-repositories\"?"),
        (&["call", "list-repos"], "; did you mean \"list-repositories\"?"),
        (&["call", "list-work-items"], "; did you mean \"query-work-items\"?"),
        (&["needs", "start-workflow"], "; did you mean \"run-pipeline\"?"),
        (&["actions", "createRepositry"], "; did you mean \"create-repository\"?"),
        (&["policy", "check", "/no/file", "x"], "cannot be read"),
        (&["call", "list-repositories", "--simulate", "top=5"], "; did you mean \"limit\"?"),
        (&["call", "wait-for-pipeline-run", "--simulate", "time-limt=5"], "; did you mean \"time-limit\"?"),
        (&["call", "get-project", "--simulate", "--field", "nmae"], "; did you mean \"name\"?"),
        (&["call", "get-project", "--simulate", "--json=nmae"], "; did you mean \"name\"?"),
        (&["doctor", "--simulate", "--credential", "evn:X"], "; did you mean \"env:\"?"),
        (&["doctor", "--simulate", "--credential", "vualt:a#b"], "; did you mean \"vault:\"?"),
        (&["doctor", "--simulate", "--intended-usage", "repositories.raed"], "'repositories.read'"),
        (&["check", FLOW, "--scope", "Code (raed)"], "; did you mean \"Code (read)\"?"),
        (&["completions", "bsh"], "'bash'"),
        (&["help", "cal"], "'call'"),
        (&["help", "policy", "chek"], "'check'"),
        (&["validate", FLOW], "'check'"),
        (&["doctor", "--simulate", "--log", "inf"], "'info'"),
        (&["call", "get-pull-request", "--simulate", "pull-request=1"], "; did you mean \"id\"?"),
        (&["call", "list-pull-requests", "--simulate", "status=ACTVE"], "; did you mean \"ACTIVE\"?"),
        (&["mcp", "--groups", "repos"], "; did you mean \"repositories\"?"),
        (&["mcp", "--http", "0", "--bearer", "evn:X"], "; did you mean \"env:\"?"),
        (
            &["manifest", "--automation-360", "/tmp/unused", "--groups", "repos"],
            "; did you mean \"repositories\"?",
        ),
    ] {
        let shown = run(arguments);
        assert_eq!(shown.code, 2, "{arguments:?}: {}", shown.stderr);
        // With --json the error is a document on standard output.
        let said = format!("{}{}", shown.stdout.replace("\\\"", "\""), shown.stderr);
        assert!(said.contains(expected), "{arguments:?}: {said}");
        assert!(!said.contains("'run-helper'"), "a hidden command is suggested: {said}");
    }
}

#[test]
fn a_wrong_value_has_what_is_expected() {
    for (arguments, expected) in [
        (&["test", ".", "--jobs", "x"][..], "must be a number from 1 to 64"),
        (&["test", ".", "--jobs", "65"], "must be a number from 1 to 64"),
        (&["simulate", "--port", "99999"], "must be a number from 0 to 65535"),
        (&["call", "list-projects", "--simulate", "--proxy", "x"], "`--proxy` is not the URL of a proxy"),
        (&["run", FLOW, "--simulate", "--report", "/no/folder/x.html"], "its folder does not exist"),
        (&["check", FLOW, "--graph", "/no/folder/x.svg"], "its folder does not exist"),
        (&["check", FLOW, "--graph", "-"], "Name a file, such as flow.svg."),
    ] {
        let shown = run(arguments);
        assert!(shown.stderr.contains(expected), "{arguments:?}: {}", shown.stderr);
    }
}

#[test]
fn an_input_is_spelled_as_on_the_command_line() {
    for (arguments, expected) in [
        (&["call", "create-pull-request", "repository=a"][..], "the field \"source-branch\" is missing"),
        (&["call", "wait-for-pipeline-run", "id=1", "time-limit=x"], "time-limit takes a whole number"),
        (&["call", "wait-for-pipeline-run", "id=1", "time-limit=-1"], "\"time-limit\""),
        (&["call", "get-pipeline-run"], "azdo-bot actions get-pipeline-run"),
        (&["call", "wait-for-pipeline-run", "id=x"], "azdo-bot actions wait-for-pipeline-run"),
    ] {
        let shown = run(&[arguments, &["--simulate"]].concat());
        assert_eq!(shown.code, 2, "{arguments:?}: {}", shown.stderr);
        assert!(shown.stderr.contains(expected), "{arguments:?}: {}", shown.stderr);
    }
}

#[test]
fn a_file_that_is_wrong_has_a_place_and_a_help_of_its_own() {
    let folder = Folder::new();
    let files = std::cell::Cell::new(0);
    let file = |text: &str| {
        files.set(files.get() + 1);
        folder.file(&format!("{}.toml", files.get()), text).to_str().expect("a plain path").to_owned()
    };
    let operator = |text: &str| ["check".to_owned(), FLOW.to_owned(), "--config".to_owned(), file(text)];
    let world = |text: &str| {
        let world = file(text);
        ["run".to_owned(), FLOW.to_owned(), "--simulate".to_owned(), format!("--world={world}")]
    };
    for (arguments, expected, help) in [
        (
            operator("[netwrk]\n"),
            "line 1, column 2: there is no field \"netwrk\"; did you mean \"network\"?",
            "The fields are: ",
        ),
        (operator("[network\n"), "line 1, column 9: this is not valid TOML", "Correct the line"),
        (
            operator("[lockers.\"a/b/c\"]\nreference = \"evn:X\"\n"),
            "; did you mean \"env:\"?",
            "Correct what the message names.",
        ),
        (
            operator("[lockers.\"a/b/c\"]\nreference = \"env:X\"\nscopes = [\"Code (raed)\"]\n"),
            "line 3, column 11: \"lockers.a/b/c.scopes.0\" is not a scope of the token page; did you mean \"Code (read)\"?",
            "Correct what the message names.",
        ),
        (
            operator("[policy]\n"),
            "there is no field \"policy\"; did you mean \"actions\"?",
            "The fields are: ",
        ),
        (
            operator("[actions]\ndeny = [\"repositories\"]\n"),
            "there is no \"repositories\"; did you mean \"group:repositories\"?",
            "Correct what the message names.",
        ),
        (
            world("[[organizations]]\nnmae = \"x\"\n"),
            "line 2, column 1: unknown field `nmae`, expected one of `name`,",
            "did you mean `name`?",
        ),
        (world("[[organizations]\n"), "line 1, column ", "docs/simulator.md"),
    ] {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let shown = run(&arguments);
        assert_eq!(shown.code, 2, "{arguments:?}: {}", shown.stderr);
        assert!(shown.stderr.contains(expected), "{arguments:?}: {}", shown.stderr);
        assert!(shown.stderr.contains(help), "{arguments:?}: {}", shown.stderr);
        assert!(!shown.stderr.contains("azdo-bot actions"), "{arguments:?}: {}", shown.stderr);
    }
    let missing = run(&["serve", "--folder", "/no/such/folder"]);
    assert!(
        missing.stderr.contains("the folder /no/such/folder cannot be opened: it does not exist"),
        "{}",
        missing.stderr
    );
    let missing = run(&["check", "no/such/bot.json"]);
    assert!(
        missing.stdout.contains("help: Create the file or its folder, or correct the path."),
        "{}",
        missing.stdout
    );
}
