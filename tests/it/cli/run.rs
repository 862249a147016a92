//! `azdo-bot run`.

use serde_json::json;

use crate::cli::support::Folder;
use crate::cli::support::Simulated;
use crate::cli::support::azdo_bot;
use crate::cli::support::bot;
use crate::cli::support::node;
use crate::cli::support::ran;
use crate::cli::support::run;
use crate::cli::support::text;

/// The output without ports and commit ids, which differ from run to run
fn settled(output: &str) -> String {
    let words = output.split_inclusive([' ', '\n', '/']).map(|word| {
        let bare = word.trim_end_matches([' ', '\n', '/']);
        let end = &word[bare.len()..];
        if bare.len() == 40 && bare.bytes().all(|b| b.is_ascii_hexdigit()) {
            format!("<commit>{end}")
        } else if let Some(port) = bare.strip_prefix("127.0.0.1:")
            && port.bytes().all(|b| b.is_ascii_digit())
        {
            format!("127.0.0.1:<port>{end}")
        } else {
            word.to_owned()
        }
    });
    words.collect()
}

#[test]
fn the_release_day_of_the_readme() {
    let ran = run(&["run", "examples/bots/release-day.bot.json", "--simulate"]);
    assert_eq!((ran.code, ran.stderr.contains("nothing leaves this machine")), (0, true), "{}", ran.stderr);
    let screen = settled(&ran.stdout);
    assert_eq!(crate::cli::support::transcript("README.md", 0), screen, "README.md shows another transcript");
    insta::assert_snapshot!("release_day", screen);
}

#[test]
fn a_whole_release_day_from_the_branch_to_the_work_item() {
    let folder = Folder::new();
    let bot = "examples/bots/whole-release-day.bot.json";
    let own = folder.path().to_string_lossy();
    let kept = folder.path().join("after.json");
    let kept = kept.to_str().expect("a plain path");
    let ran = run(&["run", bot, "--simulate", "--json", "--repository", &own, "--save-world", kept]);
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    let lines: Vec<serde_json::Value> =
        ran.stdout.lines().map(|line| serde_json::from_str(line).expect("every line is JSON")).collect();
    let done: Vec<&str> = lines.iter().filter_map(|line| line["action"].as_str()).collect();
    for action in [
        "createBranch",
        "commitFiles",
        "completePullRequest",
        "waitForPipelineRun",
        "readPipelineRunLogs",
        "downloadArtifact",
        "createRelease",
        "deployReleaseStage",
        "attachFileToWorkItem",
        "updateWorkItem",
    ] {
        assert!(done.contains(&action), "{action} in {done:?}");
    }
    assert!(lines.iter().all(|line| line["code"].is_null()), "{}", ran.stdout);
    assert!(folder.path().join("drop.zip").is_file());

    // Another simulator has everything that the bot created.
    let simulated = Simulated::with(&["--world", kept]);
    let mut command = azdo_bot();
    command.env("AZDO_PAT", &simulated.token).args([
        "call",
        "list-releases",
        "--json",
        "--project",
        "Fabrikam",
    ]);
    command.args([
        "--organization-url",
        &simulated.url,
        "--credential",
        "env:AZDO_PAT",
        "--allow-loopback-http",
    ]);
    let listed = crate::cli::support::ran(&mut command);
    assert!(listed.stdout.contains("Release-1"), "{}{}", listed.stdout, listed.stderr);
}

#[test]
fn the_flow_catches_a_taken_name_and_continues() {
    let ran = run(&["run", "examples/bots/release-day.bot.json", "--simulate", "--input", "repository=site"]);
    assert_eq!(ran.code, 0, "{}", ran.stdout);
    assert!(ran.stdout.contains("resource.conflict"), "{}", ran.stdout);
    assert!(ran.stdout.contains("result: succeeded"), "{}", ran.stdout);
}

#[test]
fn with_json_each_line_is_one_document() {
    let ran = run(&["run", "examples/bots/release-day.bot.json", "--simulate", "--json"]);
    assert_eq!(ran.code, 0);
    let lines: Vec<serde_json::Value> =
        ran.stdout.lines().map(|line| serde_json::from_str(line).expect("every line is JSON")).collect();
    let events = |name: &str| lines.iter().filter(|line| line["event"] == name).count();
    assert_eq!((events("action"), events("summary")), (14, 1));
    assert!(events("progress") > 0, "waiting shows progress");
    let refused = lines.iter().find(|line| line["code"] == "session.not_found").expect("one is refused");
    assert_eq!((&refused["action"], &refused["requests"]), (&"listRepositories".into(), &0.into()));
    assert_eq!(refused["place"]["file"], "archive.bot.json");
    let summary = lines.last().expect("there are lines");
    assert_eq!((&summary["event"], &summary["requests"]), (&"summary".into(), &23.into()));
    assert_eq!((&summary["sessionsOpened"], &summary["sessionsClosedByFlow"]), (&3.into(), &1.into()));
}

/// A bot with a wrong field, an unknown action and a node of another package
fn three_faults() -> String {
    let connect = node(
        "connect",
        &[
            (
                "personalAccessToken",
                serde_json::json!({ "type": "CREDENTIAL",
                "credential": { "lockerName": "devops", "name": "azdo", "attributeName": "pat" } }),
            ),
            ("organisationUrl", text("https://dev.azure.com/fabrikam")),
            ("organizationUrl", text("https://dev.azure.com/fabrikam")),
            ("projectName", text("Fabrikam")),
        ],
    );
    let unknown = node("createRepositry", &[("name", text("site"))]);
    let mut other = node("openSpreadsheet", &[]);
    other["packageName"] = "Excel_MS".into();
    bot(vec![connect, unknown, other], vec![])
}

#[test]
fn three_errors_are_reported_together_with_their_locations_and_nothing_is_run() {
    let folder = Folder::new();
    let path = folder.file("faulty.bot.json", &three_faults());
    let path = path.to_str().expect("a plain path");
    let ran = run(&["run", path, "--simulate"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (3, ""));
    insta::assert_snapshot!("three_faults_run", ran.stderr);

    let checked = run(&["check", path]);
    assert_eq!(checked.code, 3);
    for place in ["faulty.bot.json line 1", "faulty.bot.json line 2", "faulty.bot.json line 3"] {
        assert!(ran.stderr.contains(place) && checked.stdout.contains(place), "{place}");
    }
    let json = run(&["run", path, "--simulate", "--json"]);
    let document: serde_json::Value = serde_json::from_str(&json.stdout).expect("one document");
    assert_eq!(document["faults"].as_array().map(Vec::len), Some(3));
}

#[test]
fn a_failed_bot_exits_with_1_and_the_location() {
    let folder = Folder::new();
    let mut throw = node("throw", &[("message", text("lonely"))]);
    throw["packageName"] = "ErrorHandler".into();
    let path = folder.file("lonely.bot.json", &bot(vec![throw], vec![]));
    let ran = run(&["run", path.to_str().expect("a plain path"), "--simulate"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stdout.contains("lonely.bot.json line 1"), "{}", ran.stdout);
    assert!(ran.stdout.contains("bot.thrown: lonely"), "{}", ran.stdout);
}

#[test]
fn a_file_that_is_not_a_bot_is_reported_without_quoting_it() {
    let folder = Folder::new();
    for (name, content, code) in
        [("a.json", "hidden", 4), ("b.json", "{\"nodes\": hidden}", 4), ("c.json", "[1]", 4)]
    {
        let path = folder.file(name, content);
        let path = path.to_str().expect("a plain path");
        let checked = run(&["check", path]);
        assert_eq!(checked.code, code, "{content}");
        assert!(!format!("{}{}", checked.stdout, checked.stderr).contains("hidden"));
        assert_eq!(run(&["run", path]).code, 3, "{content}");
    }
    assert_eq!(run(&["check", "no/such/file.json"]).code, 4);
    assert_eq!(run(&["run", "no/such/file.json"]).code, 3);
}

#[test]
fn inputs_are_read_from_their_references() {
    let folder = Folder::new();
    let mut show = node(
        "messageBox",
        &[
            ("title", text("")),
            ("content", serde_json::json!({ "type": "STRING", "expression": "got $name$" })),
        ],
    );
    show["packageName"] = "MessageBox".into();
    let variable = serde_json::json!({ "name": "name", "type": "STRING", "input": true, "output": false });
    let path = folder.file("inputs.bot.json", &bot(vec![show], vec![variable]));
    let path = path.to_str().expect("a plain path");
    let input = folder.file("input.txt", "from-a-file\n");
    let from_file = format!("name=@file:{}", input.display());
    for (argument, shown) in [
        ("name=plain", "got plain"),
        (from_file.as_str(), "got from-a-file"),
        ("name=@env:ANY_NAME", "got from-the-environment"),
    ] {
        let ran =
            ran(azdo_bot().env("ANY_NAME", "from-the-environment").args(["run", path, "--input", argument]));
        assert!(ran.code == 0 && ran.stdout.contains(shown), "{argument}: {}{}", ran.stdout, ran.stderr);
    }
    assert_eq!(run(&["run", path, "--input", "name=a", "--input", "name=b"]).code, 2);
    assert_eq!(run(&["run", path, "--input", "name"]).code, 2);
}

#[test]
fn an_input_from_a_file_may_be_any_value_of_its_variable() {
    let folder = Folder::new();
    let show = |content: &str| {
        let content = serde_json::json!({ "type": "STRING", "expression": content });
        let mut show = node("messageBox", &[("title", text("")), ("content", content)]);
        show["packageName"] = "MessageBox".into();
        show
    };
    let variable = |name: &str, kind: &str| serde_json::json!({ "name": name, "type": kind, "input": true, "output": false });
    let variables =
        vec![variable("note", "STRING"), variable("count", "NUMBER"), variable("pat", "CREDENTIAL")];
    let path = folder
        .file("inputs.bot.json", &bot(vec![show("got [$note$] and [$count.Number:toString$]")], variables));
    let path = path.to_str().expect("a plain path");
    let note = folder.file("note.txt", "  two words\nand a line ");
    let count = folder.file("count.txt", " 7\n");
    let note = format!("note=@file:{}", note.display());
    let count = format!("count=@file:{}", count.display());
    let ran = run(&["run", path, "--input", &note, "--input", &count]);
    assert!(ran.code == 0, "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains("got [  two words") && ran.stdout.contains("and [7]"), "{}", ran.stdout);
    // Only a credential is checked as one.
    let refused = run(&["run", path, "--input", &note.replace("note=", "pat=")]);
    assert_eq!(refused.code, 2, "{}", refused.stdout);
}

#[test]
fn organizations_and_projects_of_a_connect_are_added_to_the_easy_world_and_reported() {
    let folder = Folder::new();
    let connect = |url: &str| {
        node(
            "connect",
            &[
                ("personalAccessToken", text("any-token-will-do")),
                ("organizationUrl", text(url)),
                ("projectName", text("Elsewhere")),
            ],
        )
    };
    let path =
        folder.file("elsewhere.bot.json", &bot(vec![connect("https://dev.azure.com/tailspin")], vec![]));
    let added = run(&["run", path.to_str().expect("a plain path"), "--simulate"]);
    assert_eq!(added.code, 0, "{}", added.stdout);
    assert!(added.stderr.contains("added the organization \"tailspin\""), "{}", added.stderr);
    assert!(added.stderr.contains("added the project \"Elsewhere\""), "{}", added.stderr);

    let path = folder.file("outside.bot.json", &bot(vec![connect("https://tfs.example/Main")], vec![]));
    let refused = run(&["run", path.to_str().expect("a plain path"), "--simulate"]);
    assert_eq!(refused.code, 1);
    assert!(refused.stdout.contains("organization.invalid_url"), "{}", refused.stdout);
}

#[test]
fn a_flow_gets_missing_permissions_of_its_usage_and_creates_its_project() {
    let folder = Folder::new();
    let list = |uses: &[&str]| {
        let items: Vec<_> = uses.iter().map(|one| text(one)).collect();
        json!({ "type": "LIST", "list": items })
    };
    let flow = |token: &str, more: &[(&str, serde_json::Value)]| {
        let mut fields = vec![
            ("personalAccessToken", text(token)),
            ("organizationUrl", text("https://dev.azure.com/fabrikam")),
            ("projectName", text("Web")),
        ];
        fields.extend(more.iter().cloned());
        bot(vec![node("connect", &fields)], Vec::new())
    };
    let usage = [("intendedUsage", list(&["repositories.read", "pipelineRuns.queue"]))];
    let scoped = format!("{}vso.code", azdo_simulator::SCOPES_TOKEN_PREFIX);
    let path = folder.file("lacks.bot.json", &flow(&scoped, &usage));
    let ran = run(&["run", path.to_str().expect("plain"), "--simulate"]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    let written = format!("{}{}", ran.stdout, ran.stderr);
    assert!(written.contains("auth.scope_missing") && written.contains("pipelineRuns.queue"), "{written}");

    let world = folder.file("world.toml", "[[organizations]]\nname = \"fabrikam\"\n");
    let create = [("ifProjectMissing", text("CREATE")), ("visibility", text("PRIVATE"))];
    let path = folder.file("creates.bot.json", &flow("any-token-will-do", &create));
    let arguments = ["run", path.to_str().expect("plain"), "--simulate", "--world"];
    let ran = run(&[&arguments[..], &[world.to_str().expect("plain")]].concat());
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
}

#[test]
fn a_token_that_expired_by_the_operators_file_gives_one_warning() {
    let simulated = crate::cli::support::Simulated::start();
    let folder = Folder::new();
    let config = format!(
        "[lockers.\"devops/azdo/pat\"]\nreference = \"env:AZDO_PAT\"\norganization = \"{}\"\nexpires = 2020-01-01\n",
        simulated.url
    );
    let config = folder.file("azdo-bot.toml", &config);
    let credential = json!({
        "type": "CREDENTIAL",
        "credential": { "lockerName": "devops", "name": "azdo", "attributeName": "pat" }
    });
    let fields = [
        ("personalAccessToken", credential),
        ("organizationUrl", text(&simulated.url)),
        ("projectName", text("Fabrikam")),
    ];
    let path = folder.file("old.bot.json", &bot(vec![node("connect", &fields)], Vec::new()));
    let mut command = azdo_bot();
    command.env("AZDO_PAT", &simulated.token).arg("run").arg(path).arg("--config").arg(config);
    let ran = ran(command.arg("--allow-loopback-http"));
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    let written = format!("{}{}", ran.stdout, ran.stderr);
    assert_eq!(written.matches("expired on 2020-01-01").count(), 1, "{written}");
}
