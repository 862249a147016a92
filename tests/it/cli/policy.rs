//! The operator's policy: the same refusal in every host, before any request.
#![cfg(unix)]

use serde_json::Value;
use serde_json::json;

use crate::cli::support::Folder;
use crate::cli::support::Simulated;
use crate::cli::support::azdo_bot;
use crate::cli::support::bot;
use crate::cli::support::node;
use crate::cli::support::ran;
use crate::cli::support::run;
use crate::cli::support::text;
use crate::rpc::process::Serve;

pub(crate) const ORGANIZATION: &str = "https://dev.azure.com/fabrikam";

pub(crate) fn connect(more: &[(&str, Value)]) -> Value {
    let name = json!({ "lockerName": "devops", "name": "azdo", "attributeName": "pat" });
    let token = json!({ "type": "CREDENTIAL", "credential": name });
    let mut fields = vec![
        ("personalAccessToken", token),
        ("organizationUrl", text(ORGANIZATION)),
        ("projectName", text("Fabrikam")),
    ];
    fields.extend(more.iter().cloned());
    node("connect", &fields)
}

/// Runs nodes as a bot, as JSON-RPC calls and through `check`, and returns what each says about the first failure
fn everywhere(policy: &str, nodes: &[Value]) -> [String; 3] {
    let folder = Folder::new();
    let config = folder.file("azdo-bot.toml", policy);
    let file = folder.file("root.bot.json", &bot(nodes.to_vec(), vec![]));
    let command = |name: &str| {
        let ran = ran(azdo_bot().arg(name).arg(&file).arg("--simulate").arg("--config").arg(&config));
        format!("{}{}", ran.stdout, ran.stderr)
    };
    let config = config.to_string_lossy().into_owned();
    let mut serve = Serve::start(&["--simulate", "--config", &config]);
    serve.begin("root", None);
    let mut refused = Value::Null;
    for node in nodes {
        let fields = node["attributes"].as_array().expect("a list");
        let inputs: serde_json::Map<String, Value> = fields
            .iter()
            .map(|field| {
                let value = &field["value"];
                let plain =
                    ["string", "number", "boolean", "credential"].iter().find_map(|kind| value.get(kind));
                (field["name"].as_str().expect("a name").to_owned(), plain.expect("a literal").clone())
            })
            .collect();
        let answer = serve.execute("root", node["commandName"].as_str().expect("a name"), inputs.into());
        if answer.get("error").is_some() {
            refused = answer["error"]["data"].clone();
            break;
        }
    }
    serve.finish();
    let rpc = format!("{}: {} requests {}", refused["code"], refused["message"], refused["requests"]);
    [command("run"), command("check"), rpc]
}

fn assert_everywhere(policy: &str, nodes: &[Value], words: &str) {
    for said in everywhere(policy, nodes) {
        // Without escapes, and with each message on one line.
        let plain = said.replace("\\\"", "\"").split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(plain.contains("policy.denied") && plain.contains(words), "{words}\n{plain}");
    }
}

#[test]
fn a_denied_action_is_refused_with_the_same_words_in_every_host() {
    let delete = node("deleteRepository", &[("repository", text("site"))]);
    let create = node("createRepository", &[("name", text("notes"))]);
    let approve = node(
        "authorizePipeline",
        &[("pipeline", text("ci")), ("kind", text("ENVIRONMENT")), ("resource", text("x"))],
    );
    for (policy, node, words) in [
        (
            "[actions]\ndeny = [\"delete-repository\"]",
            &delete,
            "delete repository is denied by the operator's policy: actions.deny = \"delete-repository\" (",
        ),
        (
            "[actions]\ndeny = [\"group:approvals\"]",
            &approve,
            "authorize pipeline is denied by the operator's policy: actions.deny = \"group:approvals\" (",
        ),
        (
            "[actions]\nread_only = true",
            &create,
            "create repository is denied by the operator's policy: actions.read_only = true (",
        ),
        (
            "[actions]\nallow = [\"listRepositories\", \"group:pipeline-runs\"]",
            &create,
            "create repository is denied by the operator's policy: actions.allow does not list it (",
        ),
    ] {
        assert_everywhere(policy, &[connect(&[]), node.clone()], words);
    }
}

#[test]
fn a_denied_action_is_denied_as_a_choice_of_another_action_too() {
    let creating = connect(&[("ifProjectMissing", text("CREATE"))]);
    assert_everywhere(
        "[actions]\ndeny = [\"createProject\"]",
        &[creating],
        "connect with ifProjectMissing = CREATE is denied by the operator's policy, as is create project: \
         actions.deny = \"createProject\" (",
    );
    let complete = node(
        "completePullRequest",
        &[
            ("id", json!({ "type": "NUMBER", "number": "1" })),
            ("deleteSourceBranch", json!({ "type": "BOOLEAN", "boolean": true })),
        ],
    );
    assert_everywhere(
        "[actions]\ndeny = [\"group:branches\"]",
        &[connect(&[]), complete],
        "complete pull request with deleteSourceBranch = true is denied by the operator's policy, as is delete branch: ",
    );
    let auto = node("setAutoComplete", &[("id", json!({ "type": "NUMBER", "number": "1" }))]);
    assert_everywhere(
        "[actions]\ndeny = [\"completePullRequest\"]",
        &[connect(&[]), auto],
        "set auto complete is denied by the operator's policy, as is complete pull request: actions.deny = ",
    );
}

#[test]
fn sessions_and_reading_work_under_every_policy_that_does_not_deny_them() {
    let folder = Folder::new();
    let nodes = vec![connect(&[]), node("listRepositories", &[]), node("disconnect", &[])];
    let file = folder.file("root.bot.json", &bot(nodes, vec![]));
    for policy in ["[actions]\nread_only = true", "[actions]\nallow = [\"group:repositories\"]"] {
        let config = folder.file("azdo-bot.toml", policy);
        let ran = ran(azdo_bot().arg("run").arg(&file).arg("--simulate").arg("--config").arg(&config));
        assert_eq!(ran.code, 0, "{policy}: {}{}", ran.stdout, ran.stderr);
    }
}

#[test]
fn an_organization_that_is_not_listed_gets_no_request() {
    let policy = "[organizations]\nallow = [\"https://dev.azure.com/contoso\"]";
    let words = "the organization https://dev.azure.com/fabrikam is denied by the operator's policy: \
                 organizations.allow does not list it (";
    let folder = Folder::new();
    let config = folder.file("azdo-bot.toml", policy).to_string_lossy().into_owned();
    let mut serve = Serve::start(&["--simulate", "--config", &config]);
    serve.begin("root", None);
    let inputs = json!({ "personalAccessToken": "env:AZDO_PAT", "organizationUrl": ORGANIZATION, "projectName": "Fabrikam" });
    let error = serve.execute("root", "connect", inputs)["error"]["data"].clone();
    serve.finish();
    assert_eq!(
        (error["code"].as_str(), error["requests"].as_u64()),
        (Some("policy.denied"), Some(0)),
        "{error}"
    );
    assert!(error["message"].as_str().is_some_and(|message| message.contains(words)), "{error}");
    let file = folder.file("root.bot.json", &bot(vec![connect(&[])], vec![]));
    for command in ["run", "check"] {
        let ran = ran(azdo_bot().arg(command).arg(&file).args(["--simulate", "--config", &config]));
        let said = format!("{}{}", ran.stdout, ran.stderr).replace("\n  ", " ");
        assert!(ran.code != 0 && said.contains(words), "{command}: {said}");
    }
}

/// Runs an action, and returns the code and the message of its error
fn failure(serve: &mut Serve, run: &str, action: &str, inputs: Value) -> Option<String> {
    let mut params = json!({ "botRun": run, "action": action, "inputs": inputs });
    if action == "connect" {
        params["target"] = json!({ "scope": "VARIABLE" });
    }
    let answer = serve.ask("action/execute", params);
    let error = &answer["error"]["data"];
    Some(format!("{}: {}", error["code"].as_str()?, error["message"].as_str()?))
}

fn serve_with(folder: &Folder, policy: &str) -> Serve {
    let config = folder.file("azdo-bot.toml", policy).to_string_lossy().into_owned();
    let mut serve = Serve::start(&["--simulate", "--config", &config]);
    serve.begin("root", None);
    serve.begin("child", Some("root"));
    serve
}

fn inputs() -> Value {
    json!({ "personalAccessToken": "env:AZDO_PAT", "organizationUrl": ORGANIZATION, "projectName": "Fabrikam" })
}

#[test]
fn the_limit_on_sessions_holds_for_each_bot_run() {
    let folder = Folder::new();
    let mut serve = serve_with(&folder, "[limits]\nsessions_per_bot_run = 1");
    assert_eq!(failure(&mut serve, "root", "connect", inputs()), None);
    let second = failure(&mut serve, "root", "connect", inputs()).expect("one session is the limit");
    assert!(
        second.starts_with(
            "policy.denied: connect is denied by the operator's policy, since this bot run has 1 session open or \
             being connected: limits.sessions_per_bot_run = 1 ("
        ),
        "{second}"
    );
    assert_eq!(failure(&mut serve, "child", "connect", inputs()), None, "a child has a limit of its own");
    serve.finish();
}

#[test]
fn the_limit_on_actions_holds_for_each_bot_run() {
    let folder = Folder::new();
    let mut serve = serve_with(&folder, "[limits]\nactions_per_minute = 2");
    for _ in 0..2 {
        assert_eq!(failure(&mut serve, "root", "connect", inputs()), None);
    }
    let third = failure(&mut serve, "root", "connect", inputs()).expect("two actions are the limit");
    assert!(
        third.starts_with(
            "policy.denied: connect is denied by the operator's policy, since this bot run has started 2 actions in \
             the last minute: limits.actions_per_minute = 2 ("
        ),
        "{third}"
    );
    assert_eq!(failure(&mut serve, "child", "connect", inputs()), None, "a child has a limit of its own");
    serve.finish();
}

#[test]
fn the_limit_on_runs_counts_those_whose_request_was_sent() {
    let folder = Folder::new();
    let mut serve = serve_with(&folder, "[limits]\nruns_per_bot_run = 1");
    let answer = serve.execute("root", "connect", inputs());
    assert!(answer["result"]["session"].is_string(), "{answer}");
    let pipeline = json!({ "name": "ci", "repository": "site", "path": "azure-pipelines.yml" });
    assert_eq!(failure(&mut serve, "root", "createPipeline", pipeline), None);
    let run = |pipeline: &str| json!({ "pipeline": pipeline });
    let unknown =
        failure(&mut serve, "root", "runPipeline", run("missing")).expect("there is no such pipeline");
    assert!(unknown.starts_with("resource.not_found"), "{unknown}");
    assert_eq!(failure(&mut serve, "root", "runPipeline", run("ci")), None);
    let second = failure(&mut serve, "root", "runPipeline", run("ci")).expect("one run is the limit");
    assert!(
        second.starts_with(
            "policy.denied: run pipeline is denied by the operator's policy, since this bot run has started 1 run: \
             limits.runs_per_bot_run = 1 ("
        ),
        "{second}"
    );
    serve.finish();
}

#[test]
fn a_rule_that_names_nothing_stops_the_start_with_the_nearest_name() {
    let folder = Folder::new();
    for (policy, words) in [
        (
            "[actions]\ndeny = [\"deleteRepositry\"]",
            "line 2, column 9: \"actions.deny.0\" names no action: there is no \"deleteRepositry\"; did you mean \"deleteRepository\"?",
        ),
        (
            "[actions]\nallow = [\"listProjects\", \"group:approval\"]",
            "\"actions.allow.1\" names no group of actions: there is no \"group:approval\"; did you mean \"group:approvals\"?",
        ),
        ("[actions]\nreadonly = true", "did you mean \"read_only\"?"),
        ("[organizations]\nallow = [\"fabrikam\"]", "\"organizations.allow.0\""),
    ] {
        let config = folder.file("azdo-bot.toml", policy);
        let ran = ran(azdo_bot().args(["policy", "check"]).arg(&config));
        assert!(ran.code == 2 && ran.stderr.contains(words), "{policy}: {}", ran.stderr);
    }
}

#[test]
fn policy_check_explains_a_file_and_tests_names_against_it() {
    let folder = Folder::new();
    let config = folder.file(
        "azdo-bot.toml",
        "[actions]\nread_only = true\ndeny = [\"group:approvals\"]\n\n[limits]\nruns_per_bot_run = 3\n",
    );
    let config = config.to_string_lossy().into_owned();
    let all = run(&["policy", "check", &config]);
    assert_eq!(all.code, 0, "{}", all.stderr);
    assert!(all.stdout.contains("runs that a bot run starts: 3"), "{}", all.stdout);
    let allowed = run(&["policy", "check", &config, "list-repositories", "check-session"]);
    assert_eq!(allowed.code, 0, "{}", allowed.stdout);
    let denied = run(&["policy", "check", &config, "list-repositories", "delete repository"]);
    assert_eq!(denied.code, 1, "{}", denied.stdout);
    let line = denied.stdout.lines().find(|line| line.starts_with("delete-repository")).expect("its row");
    assert!(
        line.contains("denied") && line.contains("actions.read_only = true (") && line.contains("line 2"),
        "{line}"
    );
    let document: Value =
        serde_json::from_str(&run(&["policy", "check", &config, "listPipelineApprovals", "--json"]).stdout)
            .expect("JSON");
    assert_eq!(document["actions"][0]["rule"], json!("actions.deny = \"group:approvals\""));
}

#[test]
fn a_host_learns_the_denied_actions_when_it_starts() {
    let folder = Folder::new();
    let config =
        folder.file("azdo-bot.toml", "[actions]\ndeny = [\"deleteRepository\", \"group:approvals\"]\n");
    let config = config.to_string_lossy().into_owned();
    let mut serve = Serve::silent(&["--simulate", "--config", &config]);
    let answer = serve.ask("initialize", json!({ "protocol": { "min": 1, "max": 1 } }));
    let denied = answer["result"]["deniedActions"].as_array().expect("a list").clone();
    let names: Vec<&str> = denied.iter().map(|one| one["action"].as_str().expect("a name")).collect();
    assert_eq!(
        names,
        [
            "deleteRepository",
            "listPipelineApprovals",
            "decidePipelineApproval",
            "listReleaseApprovals",
            "decideReleaseApproval",
            "authorizePipeline"
        ]
    );
    serve.begin("root", None);
    for one in &denied {
        let error = serve.execute("root", one["action"].as_str().expect("a name"), json!({}));
        let error = &error["error"]["data"];
        assert_eq!((&error["message"], &error["help"]), (&one["message"], &one["help"]));
        assert_eq!((&error["context"]["rule"], &error["context"]["place"]), (&one["rule"], &one["place"]));
    }
    serve.finish();
    let shown = run(&["policy", "show", "--json", "--config", &config]);
    let shown: Value = serde_json::from_str(&shown.stdout).expect("JSON");
    let rows = shown["actions"].as_array().expect("a list").iter();
    let rows: Vec<Value> = rows.filter(|row| row["allowed"] == false).cloned().collect();
    let expected: Vec<Value> = denied
        .iter()
        .map(|one| {
            let mut row = one.clone();
            row["allowed"] = json!(false);
            row
        })
        .collect();
    assert_eq!((rows, &shown["file"]), (expected, &json!(config)));
}

#[test]
fn doctor_shows_the_policy() {
    let simulated = Simulated::start();
    let folder = Folder::new();
    let config = folder.file("azdo-bot.toml", "[actions]\nread_only = true\n");
    let ran = ran(azdo_bot()
        .env("AZDO_PAT", &simulated.token)
        .args(["doctor", "--organization-url", &simulated.url, "--project", "Fabrikam"])
        .args(["--credential", "env:AZDO_PAT", "--allow-loopback-http", "--config"])
        .arg(&config));
    let line = ran.stdout.lines().find(|line| line.starts_with("policy")).unwrap_or_default();
    assert!(
        line.contains("reading only, ") && line.contains(" actions denied"),
        "{}{}",
        ran.stdout,
        ran.stderr
    );
}
