//! `azdo-bot test`.

use serde_json::json;

use crate::cli::support::Folder;
use crate::cli::support::run;
use crate::cli::support::text;

/// A bot that says what it gets, and one that fails
fn folder(tests: &str) -> Folder {
    let folder = Folder::new();
    let greeting = json!({
        "nodes": [
            { "commandName": "messageBox", "packageName": "MessageBox", "attributes": [
                { "name": "title", "value": text("") },
                { "name": "content", "value": { "type": "STRING", "expression": "Hello $name$" } } ] },
            { "commandName": "logToFile", "packageName": "LogToFile", "attributes": [
                { "name": "filePath", "value": { "type": "FILE", "string": "run.log" } },
                { "name": "logContent", "value": { "type": "STRING", "expression": "$name$" } } ] },
            { "commandName": "delay", "packageName": "Delay", "attributes": [
                { "name": "delayTime", "value": { "type": "NUMBER", "number": "3600" } } ] }
        ],
        "variables": [
            { "name": "name", "type": "STRING", "input": true, "output": true, "defaultValue": text("world") } ]
    });
    folder.file("greeting.bot.json", &greeting.to_string());
    folder.file("greeting.test.toml", tests);
    folder
}

fn test(folder: &Folder, more: &[&str]) -> crate::cli::support::Ran {
    let path = folder.path().to_str().expect("a plain path").to_owned();
    run(&[&["test", path.as_str()], more].concat())
}

#[test]
fn the_tests_of_the_examples_pass() {
    let ran = run(&["test", "examples/bots"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{}", ran.stdout);
    insta::assert_snapshot!("test_examples", ran.stdout);
}

#[test]
fn what_is_as_expected_passes_in_a_copy_of_the_folder() {
    let folder = folder(
        "[[test]]\nname = \"a name\"\ninputs = { name = \"Ann\" }\n\
         expect = { outputs = { name = \"A*\" }, messages = [\"Hello Ann\"], actions = [], request_count = 0, \
         files = { \"run.log\" = \"Ann\\n\" } }\n\n\
         [[test]]\nname = \"the default\"\nexpect.messages = [\"Hello *\"]\n",
    );
    let ran = test(&folder, &[]);
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    assert_eq!(
        ran.stdout,
        "ok      greeting.test.toml: a name\nok      greeting.test.toml: the default\n2 tests passed.\n"
    );
    assert!(!folder.path().join("run.log").exists(), "the bot ran in a copy");
    let one = test(&folder, &["--filter", "default", "--json"]);
    let document: serde_json::Value = serde_json::from_str(&one.stdout).expect("it is JSON");
    assert_eq!((one.code, &document["passed"], &document["failed"]), (0, &json!(1), &json!(0)));
    assert_eq!(document["tests"][0]["name"], "the default");
}

#[test]
fn what_is_not_as_expected_is_said_in_plain_words() {
    let folder = folder(
        "[[test]]\nname = \"everything is wrong\"\n\
         expect = { outputs = { name = \"moon\", nme = 1 }, messages = [\"Hello moon\", \"Bye\"], actions = [\"connect\"], \
         requests = [\"GET /fabrikam/*\"], request_count = 1, files = { \"run.log\" = \"moon\", \"other.log\" = \"\" } }\n\n\
         [[test]]\nname = \"no error\"\nexpect.code = \"session.not_found\"\n\n\
         [[test]]\nname = \"an input that the bot does not have\"\ninputs = { nam = \"x\" }\n\n\
         [[test]]\nname = \"that is an error\"\ninputs = { nam = \"x\" }\nexpect.code = \"input.invalid\"\n\n\
         [[test]]\nname = \"no bot\"\nbot = \"other.bot.json\"\n\n\
         [[test]]\nname = \"no world\"\nworld = \"none.toml\"\n",
    );
    let junit = folder.path().join("results.xml");
    let ran = test(&folder, &["--junit", junit.to_str().expect("a plain path")]);
    assert_eq!(ran.code, 1, "{}{}", ran.stdout, ran.stderr);
    let shown = ran.stdout.replace(folder.path().to_str().expect("a plain path"), "FOLDER");
    insta::assert_snapshot!("test_failures", shown);
    let document = std::fs::read_to_string(junit).expect("it was written");
    assert!(
        document.contains("<testsuite name=\"greeting.test.toml\" tests=\"6\" failures=\"5\" errors=\"0\""),
        "{document}"
    );
    assert!(
        document.contains("<failure message=\"the output &quot;name&quot; is &quot;world&quot;; expected"),
        "{document}"
    );
    let unwritten = test(&folder, &["--junit", "/no/folder/results.xml"]);
    assert_eq!((unwritten.code, unwritten.stdout), (1, ran.stdout));
    assert!(unwritten.stderr.contains("its folder does not exist"), "{}", unwritten.stderr);
}

#[test]
fn a_wrong_test_file_and_a_folder_without_tests_are_wrong_usage() {
    for (tests, message) in [
        ("[[test]]\nnam = \"x\"\n", "greeting.test.toml, line 2, column 1"),
        ("[[test]]\nname = \"x\"\nexpect.output = {}\n", "expect.output\"; did you mean \"outputs\"?"),
        ("name = [\n", "this is not valid TOML"),
        (
            "[[test]]\nname = \"x\"\nexpect.code = \"session.not_fund\"\n",
            "\"test.0.expect.code\" names no error: there is no \"session.not_fund\"; did you mean \"session.not_found\"?",
        ),
        (
            "[[test]]\nname = \"x\"\nexpect.actions = [\"connect\", \"create-repository\"]\n",
            "names no action: there is no \"create-repository\"; did you mean \"createRepository\"?",
        ),
    ] {
        let ran = test(&folder(tests), &[]);
        assert_eq!(ran.code, 2, "{}", ran.stdout);
        assert!(ran.stderr.contains(message), "{}", ran.stderr);
    }
    let empty = Folder::new();
    let ran = test(&empty, &[]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("there is no test file (NAME.test.toml)"), "{}", ran.stderr);
    let ran = test(&folder("[[test]]\nname = \"x\"\n"), &["--filter", "y"]);
    assert!(ran.code == 2 && ran.stderr.contains("no test has \"y\""), "{}", ran.stderr);
    assert_eq!(run(&["test", "no/such/folder"]).code, 2);
}

#[test]
fn help_has_examples_and_exit_codes() {
    let ran = run(&["test", "--help"]);
    assert_eq!(ran.code, 0);
    insta::assert_snapshot!("help_test", ran.stdout);
}
