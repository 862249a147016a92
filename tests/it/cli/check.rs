//! `azdo-bot check`.

use crate::cli::support::Folder;
use crate::cli::support::bot;
use crate::cli::support::node;
use crate::cli::support::run;
use crate::cli::support::text;

const BOT: &str = "examples/bots/release-day.bot.json";

#[test]
fn the_needs_of_the_release_day_by_node_and_its_token() {
    let ran = run(&["check", BOT]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    assert_eq!(
        crate::cli::support::transcript("docs/first-steps.md", 0),
        ran.stdout,
        "docs/first-steps.md shows another transcript"
    );
    insta::assert_snapshot!("check_release_day", ran.stdout);
}

#[test]
fn the_vendors_example_scopes_are_not_enough_to_create_a_repository() {
    let example = ["Code: Read & Write", "Build: Read & Execute", "Pipeline Resources: Use"];
    let mut arguments = vec!["check", BOT];
    example.iter().for_each(|scope| arguments.extend(["--scope", scope]));
    let ran = run(&arguments);
    assert_eq!(ran.code, 3);
    let lines = ran.unwrapped();
    let shown: Vec<&str> =
        lines.lines().filter(|line| line.contains("which the token does not have")).collect();
    assert_eq!(shown.len(), 1, "{}", ran.stdout);
    assert!(
        shown[0].contains("Create repository needs the scope Code (read, write, and manage)"),
        "{}",
        shown[0]
    );

    let enough = ["Code (read, write, and manage)", "vso.build_execute"];
    let mut arguments = vec!["check", BOT];
    enough.iter().for_each(|scope| arguments.extend(["--scope", scope]));
    assert_eq!(run(&arguments).code, 0);
    assert_eq!(run(&["check", BOT, "--scope", "Code: everything"]).code, 2);
}

#[test]
fn stated_scopes_of_the_operators_file_are_compared_too() {
    let folder = Folder::new();
    let config = |scopes: &str| {
        let text = format!(
            "[lockers.\"devops/azdo/pat\"]\nreference = \"env:AZDO_PAT\"\n\
             organization = \"https://dev.azure.com/fabrikam\"\nscopes = [{scopes}]\n"
        );
        folder.file("azdo-bot.toml", &text).to_str().expect("a plain path").to_owned()
    };
    let lacking = run(&["check", BOT, "--config", &config("\"vso.code_write\", \"vso.build_execute\"")]);
    assert_eq!(lacking.code, 3);
    assert!(lacking.stdout.contains("Code (read, write, and manage): missing"), "{}", lacking.stdout);
    assert!(!lacking.stdout.contains("not mapped"), "{}", lacking.stdout);
    assert_eq!(run(&["check", BOT, "--config", &config("\"Full access\"")]).code, 0);
}

#[test]
fn every_node_is_compared_with_the_token_and_its_user() {
    let target = ["--organization-url", "https://dev.azure.com/fabrikam", "--project", "Fabrikam"];
    let arguments =
        [["check", BOT, "--simulate"].as_slice(), &target, &["--credential", "env:AZDO_PAT"]].concat();
    let ran = run(&arguments);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    insta::assert_snapshot!("check_release_day_simulated", ran.stdout);
}

#[test]
fn a_connect_that_may_create_its_project_needs_that_permission() {
    let folder = Folder::new();
    let connect = |if_missing: serde_json::Value| {
        let fields = [
            ("personalAccessToken", text("env:AZDO_PAT")),
            ("organizationUrl", text("https://dev.azure.com/fabrikam")),
            ("projectName", text("New")),
            ("ifProjectMissing", if_missing),
        ];
        let choice = serde_json::json!({ "name": "choice", "type": "STRING", "input": true });
        let file = folder.file("flow.bot.json", &bot(vec![node("connect", &fields)], vec![choice]));
        run(&["check", file.to_str().expect("a plain path")]).stdout
    };
    let known_when_it_runs = serde_json::json!({ "type": "STRING", "expression": "$choice$" });
    for choice in [text("CREATE"), known_when_it_runs] {
        let shown = connect(choice);
        assert!(shown.contains("Organization: Create new projects"), "{shown}");
        assert!(shown.contains("Create a token with: Project and team (read, write and manage)"), "{shown}");
    }
    assert!(!connect(text("FAIL")).contains("Create new projects"));
}

#[test]
fn an_expired_token_gives_one_warning() {
    let folder = Folder::new();
    let locker = |name: &str| {
        format!("[lockers.\"devops/{name}/pat\"]\nreference = \"env:AZDO_PAT\"\nexpires = 2020-01-01\n")
    };
    let config = folder.file("azdo-bot.toml", &(locker("one") + &locker("other")));
    let connect = |name: &str| {
        let credential = serde_json::json!({ "lockerName": "devops", "name": name, "attributeName": "pat" });
        let fields = [
            ("personalAccessToken", serde_json::json!({ "type": "CREDENTIAL", "credential": credential })),
            ("organizationUrl", text("https://dev.azure.com/fabrikam")),
            ("projectName", text("Fabrikam")),
        ];
        node("connect", &fields)
    };
    let nodes = ["one", "other", "one"].map(connect);
    let file = folder.file("flow.bot.json", &bot(nodes.to_vec(), vec![]));
    let [file, config] = [&file, &config].map(|path| path.to_str().expect("a plain path"));
    let ran = run(&["check", file, "--config", config]);
    let lines = ran.unwrapped();
    let warnings: Vec<&str> = lines.lines().filter(|line| line.contains("expired on 2020-01-01")).collect();
    assert_eq!(warnings.len(), 2, "{}", ran.stdout);
    assert!(
        warnings[0].contains("devops/one/pat") && warnings[1].contains("devops/other/pat"),
        "{warnings:?}"
    );
}

#[test]
fn with_json_there_is_one_document() {
    let ran = run(&["check", BOT, "--json"]);
    let document: serde_json::Value = serde_json::from_str(&ran.stdout).expect("one document");
    assert_eq!(ran.stdout.lines().count(), 1);
    assert_eq!(document["token"][0]["id"], "vso.code_manage");
    assert_eq!(document["token"][1]["label"], "Build (read and execute)");
    assert_eq!(document["faults"], serde_json::json!([]));
    let needs = document["needs"].as_array().expect("there are needs");
    let create = needs.iter().find(|node| node["action"] == "createRepository").expect("it creates one");
    assert_eq!(create["permissions"][0]["name"], "Create repository");
    assert_eq!(create["place"]["file"], "release.bot.json");
}

#[test]
fn nodes_of_a_package_that_is_not_supported_are_one_line_with_their_number() {
    let folder = Folder::new();
    let node = |package: &str, command: &str| serde_json::json!({ "uid": "", "packageName": package, "commandName": command, "disabled": false });
    let mut nodes = vec![node("Comment", "Comment"); 4];
    nodes.extend(vec![node("Recorder", "capture"); 3]);
    nodes.extend([node("Excel_MS", "OpenSpreadsheet"), node("Recorder", "recorder"), node("Unknown", "x")]);
    let path = folder.file("bot.bot.json", &serde_json::json!({ "nodes": nodes }).to_string());
    let path = path.to_str().expect("a plain path");
    let ran = run(&["check", path]);
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    insta::assert_snapshot!("check_unsupported", ran.stdout);
    let all = run(&["check", path, "--verbose"]);
    assert_eq!(
        all.unwrapped().matches("the package \"Recorder\" drives a desktop").count(),
        4,
        "{}",
        all.stdout
    );
    let stopped = run(&["run", path, "--simulate"]);
    assert!(
        stopped.code == 3 && stopped.stderr.contains("(4 nodes; --verbose shows all)"),
        "{}",
        stopped.stderr
    );
    let document: serde_json::Value =
        serde_json::from_str(&run(&["check", path, "--json"]).stdout).expect("it is JSON");
    assert_eq!(document["nodes"], serde_json::json!({ "enabled": 10, "supported": 4 }));
    assert_eq!(document["faults"].as_array().map(Vec::len), Some(6), "every place is in the document");
}
