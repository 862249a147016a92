//! No command shows a token that the service returns in its texts, or that a user writes instead of a name.

use std::collections::BTreeSet;
use std::process::Command;

use azdo_simulator::Fault;
use azdo_simulator::World;
use serde_json::Value;
use serde_json::json;

use crate::cli::doctor::BackgroundSimulator;
use crate::cli::support::Folder;
use crate::cli::support::azdo_bot;
use crate::cli::support::bot;
use crate::cli::support::node;
use crate::cli::support::ran;
use crate::cli::support::text;
use crate::common::encodings::assert_hidden;
use crate::common::leaks::assert_no_run;
use crate::common::leaks::planted;
use crate::common::rewritten::rewrite;
use crate::common::rewritten::texts;

const BOT: &str = "examples/bots/release-day.bot.json";

/// A simulator with modified responses, and the token of its organization
pub(crate) struct Service {
    pub(crate) background: BackgroundSimulator,
    url: String,
    pub(crate) token: String,
}

impl Service {
    fn start() -> Self {
        Service::with(World::easy())
    }

    pub(crate) fn with(world: World) -> Self {
        let background = BackgroundSimulator::of(world);
        let url = background.simulator.organization_url("fabrikam");
        let token = background.simulator.token("fabrikam").expect("fabrikam has a token");
        Service { background, url, token }
    }

    pub(crate) fn command(&self, arguments: &[&str], json: bool) -> Command {
        let mut command = azdo_bot();
        command.env("AZDO_PAT", &self.token).args(arguments).args(["--organization-url", &self.url]);
        command.args(["--project", "Fabrikam", "--credential", "env:AZDO_PAT"]);
        command.args(["--allow-loopback-http", "--log", "trace"]);
        if json {
            command.arg("--json");
        }
        command
    }

    /// Runs a command in both forms; returns its output, and whether it succeeded
    fn written(&self, arguments: &[&str]) -> (String, bool) {
        let (mut written, mut worked) = (String::new(), true);
        for json in [false, true] {
            let ran = ran(&mut self.command(arguments, json));
            assert!(ran.stderr.contains("TRACE"), "the log level is the most verbose: {}", ran.stderr);
            written += &ran.stdout;
            written += &ran.stderr;
            worked &= ran.code == 0;
        }
        (written, worked)
    }
}

/// A flow that reads lists, shows their content and returns them as outputs
fn reading_flow(url: &str) -> String {
    let list = |action: &str, attributes: &[(&str, Value)], variable: &str| {
        let mut node = node(action, attributes);
        node["uid"] = variable.into();
        node["returnTo"] = json!({ "type": "VARIABLE", "variableName": variable });
        node
    };
    let mut aloud = node(
        "messageBox",
        &[
            ("title", text("")),
            (
                "content",
                json!({
                    "type": "STRING", "expression": "$repositories[0]{name}$ at $repositories[0]{webUrl}$ on $branches[0]{name}$"
                }),
            ),
        ],
    );
    aloud["packageName"] = "MessageBox".into();
    let connect = node(
        "connect",
        &[
            ("authenticationMethod", text("PAT")),
            ("personalAccessToken", json!({ "type": "STRING", "expression": "$token$" })),
            ("organizationUrl", text(url)),
            ("projectName", text("Fabrikam")),
        ],
    );
    let raw = ("includeRaw", json!({ "type": "BOOLEAN", "boolean": true }));
    let lists = [
        list("listRepositories", std::slice::from_ref(&raw), "repositories"),
        list("listBranches", &[("repository", text("site"))], "branches"),
        list("listPipelines", &[raw], "pipelines"),
    ];
    let variable =
        |name: &str| json!({ "name": name, "type": "LIST", "subtype": "DICTIONARY", "output": true });
    let token = json!({ "name": "token", "type": "STRING", "input": true });
    let variables = vec![token, variable("repositories"), variable("branches"), variable("pipelines")];
    bot([vec![connect], lists.into(), vec![aloud]].concat(), variables)
}

#[test]
fn a_run_does_not_show_the_token_as_text_or_json() {
    let service = Service::start();
    let folder = Folder::new();
    let path = folder.file("reading.bot.json", &reading_flow(&service.url));
    let run = |json: bool| {
        let mut command = azdo_bot();
        command.env("AZDO_PAT", &service.token).arg("run").arg(&path);
        command.args(["--input", "token=@env:AZDO_PAT", "--allow-loopback-http", "--log", "trace"]);
        if json {
            command.arg("--json");
        }
        ran(&mut command)
    };
    let clean = run(true);
    assert_eq!(clean.code, 0, "{} {}", clean.stdout, clean.stderr);
    let summary: Value =
        serde_json::from_str(clean.stdout.lines().last().expect("a summary")).expect("it is JSON");
    let mut found = BTreeSet::new();
    texts(&summary["outputs"], &mut found);
    let mut masked = 0;
    for planted in planted(&service.token) {
        for one in &found {
            rewrite(&service.background.simulator, std::slice::from_ref(one), &planted);
            for json in [false, true] {
                let ran = run(json);
                let written = ran.stdout + &ran.stderr;
                let place = format!("a run (JSON: {json}) with the token for {one:?}");
                assert_no_run(&written, &service.token, &place);
                assert_hidden(&written, &service.token, &place);
                masked += usize::from(written.contains("********"));
            }
        }
    }
    assert!(masked >= 12, "{masked}");
}

#[test]
fn call_doctor_and_check_do_not_show_the_token_as_text_or_json() {
    let service = Service::start();
    let mut masked = 0;
    for arguments in
        [&["call", "list-repositories"][..], &["call", "get-project"], &["doctor"], &["check", BOT]]
    {
        service.background.simulator.clear_faults();
        let clean = ran(&mut service.command(arguments, true));
        let document: Value = serde_json::from_str(&clean.stdout).expect("it is a document");
        let mut found = BTreeSet::from(["Fabrikam".to_owned(), "site".to_owned()]);
        texts(&document, &mut found);
        let own = ["project", "granted", "there", "denied", "unknown"];
        found.retain(|text| text.chars().any(char::is_alphabetic) && !own.contains(&text.as_str()));
        for planted in planted(&service.token) {
            // A command needs some of its texts: the others are replaced in halves.
            let mut waiting = vec![found.iter().cloned().collect::<Vec<_>>()];
            while let Some(replaced) = waiting.pop() {
                rewrite(&service.background.simulator, &replaced, &planted);
                let (written, worked) = service.written(arguments);
                let place = format!("{arguments:?} with the token for {replaced:?}");
                assert_no_run(&written, &service.token, &place);
                assert_hidden(&written, &service.token, &place);
                if worked {
                    masked += usize::from(written.contains("********"));
                } else if replaced.len() > 1 {
                    let half = replaced.len() / 2;
                    waiting.extend([replaced[..half].to_vec(), replaced[half..].to_vec()]);
                }
            }
        }
    }
    assert!(masked >= 8, "{masked}");
}

#[test]
fn the_throttling_header_is_masked() {
    let service = Service::start();
    for planted in planted(&service.token) {
        let names =
            ["X-RateLimit-Resource", "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Delay"];
        let headers = names.map(|name| (name, planted.as_str()));
        service.background.simulator.clear_faults();
        service.background.simulator.fault(Fault::on("*").times(u32::MAX).add_headers(&headers));
        let (written, _) = service.written(&["doctor"]);
        assert!(written.contains("resource "), "{written}");
        assert_no_run(&written, &service.token, "doctor");
    }
}

/// Texts in the two known forms, and one that is a token only after the name of a store
fn forms() -> [String; 3] {
    let mark = ["AZ", "DO"].concat();
    let letters = "q7Rz2Lm9Xc4Vb8Nw1Kt6Hj3Gf5Dp0SyAoEuIiTtRrWwQq".repeat(2);
    [
        "k3j5qz7w2mxp4vd6tbnrc5hgy2lfs".repeat(2)[..52].to_owned(),
        format!("{}{mark}w9Zq", &letters[..76]),
        letters[..60].to_owned(),
    ]
}

/// Runs a command that must fail, and checks that its output does not contain the token
fn refused(command: &mut Command, token: &str, place: &str) -> String {
    let ran = ran(command);
    assert_ne!(ran.code, 0, "{place}: {}", ran.stdout);
    let written = ran.stdout + &ran.stderr;
    assert_no_run(&written, token, place);
    written
}

/// Runs every command that accepts a reference with a token as the reference
fn refuse_reference(folder: &Folder, store: &str, token: &str) {
    let reference = format!("{store}{token}");
    let place = format!("{store}<{} characters>", token.len());
    // Both forms of output, in turn.
    let json = store.len().is_multiple_of(2);
    let written = |arguments: &[&str]| {
        let mut command = azdo_bot();
        command.args(arguments).args(json.then_some("--json")).args(["--log", "trace"]);
        refused(&mut command, token, &place)
    };
    let at =
        ["--organization-url", "https://dev.azure.com/fabrikam", "--project", "Fabrikam", "--credential"];
    let asking = |command: &[&str], credential: &str| written(&[command, &at, &[credential]].concat());
    for command in [&["call", "get-project"][..], &["doctor"], &["check", BOT]] {
        let written = asking(command, &reference);
        assert!(written.contains("without $"), "{place}: the mistake is explained: {written}");
    }
    let config = folder.file("a.toml", &format!("[lockers.\"a/b/c\"]\nreference = \"{reference}\"\n"));
    let config = config.to_str().expect("the path is UTF-8");
    let input = format!("name=@{reference}");
    for arguments in [["check", BOT, "--config", config], ["run", BOT, "--input", &input]] {
        let written = written(&arguments);
        assert!(written.contains("contains a token") || written.contains("a token was entered"), "{written}");
    }
    if store.is_empty() {
        // In a flow, a token without a store is an insecure string, which is accepted.
        return;
    }
    let connect = [
        ("authenticationMethod", text("PAT")),
        ("personalAccessToken", text(&reference)),
        ("organizationUrl", text("https://dev.azure.com/fabrikam")),
        ("projectName", text("Fabrikam")),
    ];
    let flow = folder.file("a.bot.json", &bot(vec![node("connect", &connect)], vec![]));
    let flow = flow.to_str().expect("the path is UTF-8");
    for command in ["run", "check"] {
        let written = written(&[command, flow]);
        assert!(written.contains("contains a token"), "{written}");
    }
    asking(&["doctor", "--proxy", &reference], "env:A");
}

#[test]
fn a_token_in_a_reference_is_masked_and_the_mistake_is_explained() {
    let folder = Folder::new();
    for token in forms() {
        for store in
            ["env:", "env:$", "file:", "file:/", "exec:", "vault:", "keyring:", "entra:", "keyvault:", ""]
        {
            refuse_reference(&folder, store, &token);
        }
    }
}

#[test]
fn a_token_instead_of_a_name_is_masked_and_the_mistake_is_explained() {
    let folder = Folder::new();
    let connect = [
        "--organization-url",
        "https://dev.azure.com/fabrikam",
        "--project",
        "Fabrikam",
        "--credential",
        "env:A",
    ];
    for token in forms().into_iter().take(2) {
        let file = |name: &str, content: String| {
            folder.file(name, &content).to_str().expect("the path is UTF-8").to_owned()
        };
        let attribute =
            file("attribute.bot.json", bot(vec![node("listRepositories", &[(&token, text("x"))])], vec![]));
        let plain = file("plain.bot.json", bot(vec![], vec![]));
        let key = file("key.toml", format!("\"{token}\" = 1\n"));
        let locker = file("locker.toml", format!("[lockers.\"{token}\"]\nreference = \"env:A\"\n"));
        let named = file(&format!("{token}.bot.json"), bot(vec![node(&token, &[])], vec![]));
        let (input, setting) = (format!("{token}=x"), format!("name={token}"));
        let mut call = vec!["call", "create-repository", &input];
        call.extend(connect);
        for json in [false, true] {
            let one = |arguments: &[&str]| {
                let mut command = azdo_bot();
                command.args(arguments).args(json.then_some("--json"));
                refused(&mut command, &token, &format!("{} characters in {:?}", token.len(), arguments[0]))
            };
            for slip in [
                &call[..],
                &["actions", &token],
                &["run", &plain, "--input", &input],
                &["run", &attribute],
                &["check", &attribute],
                &["run", &plain, "--config", &key],
            ] {
                let written = one(slip);
                assert!(written.contains("********") && written.contains("looks like a token"), "{written}");
            }
            for masked in [
                &["run", &plain, "--config", &locker][..],
                &["check", &named],
                &["run", &named],
                &[&token],
                &["run", &token],
                &["check", &plain, "--scope", &token],
                &["doctor", "--intended-usage", &token],
                &["actions", "--log", &token],
                &["simulate", "--world", &token],
                &["simulate", "--port", &token],
                &["call", "get-project", &setting],
            ] {
                one(masked);
            }
        }
    }
}
