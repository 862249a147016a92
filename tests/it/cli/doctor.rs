//! `azdo-bot doctor`, and `check` with Connect's arguments, for different users of a token.

use std::process::Command;

use azdo_simulator::Condition;
use azdo_simulator::Organization;
use azdo_simulator::Permission;
use azdo_simulator::Rejection;
use azdo_simulator::Role;
use azdo_simulator::Simulator;
use azdo_simulator::TokenOptions;
use azdo_simulator::User;
use azdo_simulator::World;

use crate::cli::support::Folder;
use crate::cli::support::Ran;
use crate::cli::support::azdo_bot;
use crate::cli::support::ran;

/// A simulator on a separate thread, so that a test can wait for a process
pub(crate) struct BackgroundSimulator {
    pub(crate) simulator: std::sync::Arc<Simulator>,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
}

impl BackgroundSimulator {
    pub(crate) fn of(world: World) -> Self {
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let (started, simulator) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async {
                let simulator = Simulator::start(world, 0).await.expect("a port on loopback is free");
                started.send(std::sync::Arc::new(simulator)).expect("the test waits for it");
                let _ = stopped.await;
            });
        });
        BackgroundSimulator { simulator: simulator.recv().expect("the simulator starts"), stop: Some(stop) }
    }

    /// A user of every kind with a token, and organizations that reject requests
    pub(crate) fn populated() -> Self {
        let roles = [
            ("owner", Role::Owner),
            ("project-administrator", Role::ProjectAdministrator),
            ("build-administrator", Role::BuildAdministrator),
            ("contributor", Role::Contributor),
            ("reader", Role::Reader),
            ("stakeholder", Role::Stakeholder),
            ("no-access", Role::NoAccess),
        ];
        let mut fabrikam = Organization::fabrikam();
        for (name, role) in roles {
            fabrikam = fabrikam
                .user(User::named(name).role(role))
                .token(TokenOptions::full().named(name).for_user(name));
        }
        let name = "denied-in-one-repository";
        let user =
            User::named(name).role(Role::Contributor).without_in("site", Permission::GenericContribute);
        let of = |name: &str, scopes: &[&str]| {
            TokenOptions::with_scopes(scopes.iter().copied()).named(name).for_user("contributor")
        };
        fabrikam = fabrikam
            .user(user)
            .token(TokenOptions::full().named(name).for_user(name))
            .token(of(
                "the-vendors-example",
                &["vso.code_write", "vso.build_execute", "vso.pipelineresources_use"],
            ))
            .token(of("code-read-only", &["vso.code"]))
            .token(of("expired", &["vso.code"]).expired())
            .token(of("revoked", &["vso.code"]).revoked());
        BackgroundSimulator::of(
            World::hard()
                .organization(fabrikam)
                .organization(Organization::named("contoso"))
                .organization(Organization::named("asleep").condition(Condition::Deactivated))
                .organization(Organization::named("fenced").condition(Condition::ConditionalAccess)),
        )
    }

    pub(crate) fn token(&self, name: &str) -> String {
        self.simulator.token_named("fabrikam", name).expect("a token has this name")
    }

    /// The command with Connect's arguments
    pub(crate) fn command(
        &self,
        command: &[&str],
        organization: &str,
        project: &str,
        token: &str,
    ) -> Command {
        let mut made = self.command_with("env:AZDO_PAT", command, organization, project);
        made.env("AZDO_PAT", token);
        made
    }

    /// The same with another credential
    pub(crate) fn command_with(
        &self,
        credential: &str,
        command: &[&str],
        organization: &str,
        project: &str,
    ) -> Command {
        let mut made = azdo_bot();
        let url = self.simulator.organization_url(organization);
        made.args(command).args(["--organization-url", &url, "--project", project]);
        made.args(["--credential", credential, "--allow-loopback-http"]);
        made
    }

    fn doctor(&self, organization: &str, token: &str) -> Ran {
        ran(&mut self.command(&["doctor"], organization, "Fabrikam", token))
    }

    /// The output without what differs from run to run
    fn screen(&self, ran: &Ran) -> String {
        let address = self.simulator.address().to_string();
        let text = format!("exit {}\n{}{}", ran.code, ran.stdout, ran.stderr).replace(&address, "HOST");
        text.lines()
            .map(|line| match line.split_once("round trip  ") {
                Some(("", _)) => "round trip  N ms".to_owned(),
                _ => match line.split_once("activityId ") {
                    Some((before, after)) => format!("{before}activityId ID{}", &after[36..]),
                    None => line.to_owned(),
                },
            })
            .collect::<Vec<_>>()
            .join("\n")
    }
}

impl Drop for BackgroundSimulator {
    fn drop(&mut self) {
        self.stop.take();
    }
}

#[test]
fn every_user_sees_what_is_possible_and_what_is_missing() {
    let background = BackgroundSimulator::populated();
    for (name, code) in [
        ("owner", 0),
        ("project-administrator", 1),
        ("build-administrator", 1),
        ("contributor", 1),
        ("reader", 1),
        ("stakeholder", 1),
        ("no-access", 1),
        ("denied-in-one-repository", 1),
        ("the-vendors-example", 1),
        ("code-read-only", 1),
        ("expired", 1),
        ("revoked", 1),
    ] {
        let token = background.token(name);
        let ran = background.doctor("fabrikam", &token);
        assert_eq!(ran.code, code, "{name}: {}{}", ran.stdout, ran.stderr);
        assert!(!format!("{}{}", ran.stdout, ran.stderr).contains(&token), "{name}");
        insta::assert_snapshot!(format!("doctor_{name}"), background.screen(&ran));
    }
    for (name, organization, token) in [
        ("organization_disabled", "asleep", "owner"),
        ("conditional_access", "fenced", "owner"),
        ("another_organization", "contoso", "owner"),
        ("no_such_organization", "nobody", "owner"),
    ] {
        let token = match organization {
            "fenced" => background.simulator.token("fenced").expect("it has a token"),
            _ => background.token(token),
        };
        let ran = background.doctor(organization, &token);
        assert_eq!((ran.code, ran.stdout.as_str()), (1, ""), "{name}");
        insta::assert_snapshot!(format!("doctor_{name}"), background.screen(&ran));
    }
}

#[test]
fn doctor_says_what_azure_devops_says_as_text_and_as_json() {
    let world = World::hard()
        .organization(Organization::fabrikam())
        .switches(|switches| switches.expired_token = Rejection::ExpiredHeader);
    let background = BackgroundSimulator::of(world);
    let mint = |options| background.simulator.mint_token("fabrikam", options).expect("it is there");
    let expired = mint(TokenOptions::full().expired());
    let sentence = "Access Denied: The Personal Access Token used has expired.";
    let text = background.doctor("fabrikam", &expired).stderr;
    assert!(text.lines().next().is_some_and(|line| line.contains(sentence)), "{text}");
    let mut command = background.command(&["doctor", "--json"], "fabrikam", "Fabrikam", &expired);
    let document: serde_json::Value = serde_json::from_str(&ran(&mut command).stdout).expect("one document");
    let message = document["error"]["message"].as_str().expect("a message");
    assert!(message.ends_with(&format!("\"{sentence}\"")), "{document}");
    let mut command = background.command(&["doctor", "--log", "debug"], "fabrikam", "Fabrikam", &expired);
    let log = ran(&mut command).stderr;
    assert!(log.lines().any(|line| line.contains("DEBUG") && line.contains(sentence)), "{log}");
    let fenced = background.doctor("fabrikam", "simulator-conditional-access-page-token");
    let mut command = background.command(
        &["doctor", "--json"],
        "fabrikam",
        "Fabrikam",
        "simulator-conditional-access-page-token",
    );
    let document: serde_json::Value = serde_json::from_str(&ran(&mut command).stdout).expect("one document");
    assert!(fenced.stderr.contains("(VS403463)"), "{}", fenced.stderr);
    assert!(
        document["error"]["context"]["serviceMessage"]
            .as_str()
            .is_some_and(|text| text.starts_with("VS403463: ")),
        "{document}"
    );
}

#[test]
fn doctor_and_check_warn_of_plain_http() {
    let background = BackgroundSimulator::populated();
    // Only an address counts as loopback, so this name stands for a server in a network.
    let host = format!("localhost:{}", background.simulator.address().port());
    let url = format!("http://{host}/fabrikam");
    let folder = Folder::new();
    let bot = folder.file("bot.json", &crate::cli::support::bot(Vec::new(), Vec::new()));
    let bot = bot.to_str().expect("a path in UTF-8");
    for command in [&["doctor"][..], &["check", bot]] {
        let arguments = [
            "--organization-url",
            &url,
            "--project",
            "Fabrikam",
            "--credential",
            "env:AZDO_PAT",
            "--allow-plain-http",
            &host,
        ];
        let mut process = azdo_bot();
        process.args(command).args(arguments).env("AZDO_PAT", background.token("owner"));
        let ran = ran(&mut process);
        let warning =
            format!("warning: requests to {host} are not encrypted: the token can be read on the network");
        assert!(ran.stderr.lines().any(|line| line == warning), "{command:?}: {}{}", ran.stdout, ran.stderr);
        assert_eq!(ran.code, 0, "{command:?}: {}{}", ran.stdout, ran.stderr);
    }
}

#[test]
fn doctor_prints_the_address_that_azure_devops_saw() {
    let background = BackgroundSimulator::populated();
    let body = r#"{"message":"VS403999: The IP address 203.0.113.7 is not allowed.","typeKey":"VssServiceException"}"#;
    let headers = [("Content-Type", "application/json")];
    background.simulator.fault(azdo_simulator::Fault::on("GET */connectionData").answer(403, &headers, body));
    let ran = background.doctor("fabrikam", &background.token("owner"));
    assert!(ran.stderr.contains("Azure DevOps saw the request come from 203.0.113.7."), "{}", ran.stderr);
}

#[test]
fn doctor_says_if_a_refused_token_has_no_known_form() {
    let background = BackgroundSimulator::populated();
    let words = "the token has 20 characters, not of a known form (52 or 84 letters and digits)";
    let ran = background.doctor("fabrikam", &"abcde".repeat(4));
    assert!(ran.stderr.contains(words), "{}", ran.stderr);
    let ran = background.doctor("fabrikam", &background.token("revoked"));
    assert!(!ran.stderr.contains("not of a known form"), "{}", ran.stderr);
}

#[test]
fn doctor_shows_the_page_of_a_proxy() {
    let background = BackgroundSimulator::populated();
    let headers = [("Content-Type", "text/html")];
    let page = "<html><title>Blocked by the web gateway</title></html>";
    background.simulator.fault(azdo_simulator::Fault::on("GET *").times(9).answer(403, &headers, page));
    let ran = background.doctor("fabrikam", &background.token("owner"));
    let line = "error: service.bad_response: Could not sign in: the response does not come from Azure DevOps: status 403, \
                a web page titled \"Blocked by the web gateway\"";
    assert!(ran.stderr.starts_with(line), "{}", ran.stderr);
}

#[test]
fn stated_scopes_replace_unknown_results() {
    let world = World::hard()
        .organization(Organization::fabrikam().user(User::named("ann").role(Role::Contributor)))
        .switches(|switches| switches.permission_batch_with_scopes = true);
    let background = BackgroundSimulator::of(world);
    let scopes = ["vso.code_write", "vso.build_execute"];
    let token =
        background.simulator.mint_token("fabrikam", TokenOptions::with_scopes(scopes)).expect("it is there");
    let folder = Folder::new();
    let config = folder.file(
        "azdo-bot.toml",
        &format!(
            "[lockers.\"devops/azdo/pat\"]\nreference = \"env:AZDO_PAT\"\norganization = \"{}\"\n\
             scopes = [\"vso.code_write\", \"vso.build_execute\"]\nexpires = 2020-01-01\n\
             [network]\nallow_loopback_http = true\n",
            background.simulator.organization_url("fabrikam")
        ),
    );
    let usage = ["--intended-usage", "repositories.write", "--intended-usage", "pipelineRuns.queue"];
    let mut command = background.command(&["doctor"], "fabrikam", "Fabrikam", &token);
    let ran = ran(command.args(usage).arg("--config").arg(config));
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    insta::assert_snapshot!("doctor_stated", background.screen(&ran));
}

#[test]
fn with_json_there_is_one_document() {
    let background = BackgroundSimulator::populated();
    let mut command =
        background.command(&["doctor", "--json"], "fabrikam", "fabrikam", &background.token("reader"));
    let ran = ran(&mut command);
    assert_eq!((ran.code, ran.stdout.lines().count()), (1, 1), "{}", ran.stderr);
    let document: serde_json::Value = serde_json::from_str(&ran.stdout).expect("one document");
    assert_eq!(document["user"]["account"], "reader@fabrikam.example");
    assert_eq!(document["project"]["name"], "Fabrikam");
    assert_eq!(document["uses"].as_array().map(Vec::len), Some(15));
    assert_eq!(document["uses"][2]["use"], "repositories.manage");
    assert_eq!(document["uses"][2]["permissionIs"], "denied");
    assert_eq!(document["throttling"], serde_json::Value::Null);
    assert_eq!(document["askFor"][0]["place"], "Project settings > Repositories > Security");
}

#[test]
fn throttling_is_shown() {
    let background = BackgroundSimulator::populated();
    let headers = [("X-RateLimit-Resource", "Pipelines"), ("X-RateLimit-Remaining", "12")];
    background.simulator.fault(azdo_simulator::Fault::on("GET */build/definitions").add_headers(&headers));
    let ran = background.doctor("fabrikam", &background.token("owner"));
    let shown = ran.stdout.lines().find(|line| line.starts_with("throttling")).expect("there is a line");
    assert_eq!(shown, "throttling    resource Pipelines, remaining 12");
}

#[test]
fn a_simulator_of_its_own_needs_no_token() {
    let arguments =
        ["doctor", "--simulate", "--organization-url", "https://dev.azure.com/fabrikam", "--project"];
    let ran =
        crate::cli::support::run(&[&arguments[..], &["Fabrikam", "--credential", "env:AZDO_PAT"]].concat());
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    let untimed = |text: &str| -> Vec<String> {
        text.lines().filter(|line| !line.starts_with("round trip")).map(str::to_owned).collect()
    };
    let shown = crate::cli::support::transcript("docs/first-steps.md", 1);
    assert_eq!(untimed(&shown), untimed(&ran.stdout), "docs/first-steps.md shows another transcript");
}

#[test]
fn a_wrong_command_line_is_refused_before_any_request() {
    let background = BackgroundSimulator::populated();
    let token = background.token("owner");
    let mut wrong = background.command(
        &["doctor", "--intended-usage", "repositories.own"],
        "fabrikam",
        "Fabrikam",
        &token,
    );
    assert_eq!(ran(&mut wrong).code, 2);
    let mut half = azdo_bot();
    half.args(["check", BOT, "--project", "Fabrikam"]);
    assert_eq!(ran(&mut half).code, 2, "Connect's arguments come together");
    assert_eq!(background.simulator.journal().len(), 0);
}

const BOT: &str = "examples/bots/release-day.bot.json";

#[test]
fn check_compares_a_flow_with_the_token_and_its_user() {
    let background = BackgroundSimulator::populated();
    for (name, code) in [("owner", 0), ("contributor", 3), ("code-read-only", 3)] {
        let mut command =
            background.command(&["check", BOT], "fabrikam", "Fabrikam", &background.token(name));
        let ran = ran(&mut command);
        assert_eq!(ran.code, code, "{name}: {}{}", ran.stdout, ran.stderr);
        insta::assert_snapshot!(format!("check_{name}"), background.screen(&ran));
    }
    let mut command = background.command(
        &["check", BOT, "--json"],
        "fabrikam",
        "Fabrikam",
        &background.token("contributor"),
    );
    let document: serde_json::Value = serde_json::from_str(&ran(&mut command).stdout).expect("one document");
    let needs = document["needs"].as_array().expect("there are needs");
    let create = needs.iter().find(|node| node["action"] == "createRepository").expect("it creates one");
    assert_eq!((&create["permissionIs"], &create["verdict"]), (&"denied".into(), &"denied".into()));
    assert_eq!(create["scopeIs"], "read seen");

    // The flow has the locker of the token, the command line its reference: it is the same token.
    let folder = Folder::new();
    let locker = "[lockers.\"devops/azdo/pat\"]\nreference = \"env:AZDO_PAT\"\nexpires = 2020-01-01\n";
    let config = folder.file("azdo-bot.toml", locker);
    let mut command = background.command(&["check", BOT], "fabrikam", "Fabrikam", &background.token("owner"));
    let shown = ran(command.arg("--config").arg(config)).stdout;
    assert_eq!(shown.matches("expired on 2020-01-01").count(), 1, "{shown}");

    let mut command =
        background.command(&["check", BOT], "fabrikam", "Fabrikam", &background.token("expired"));
    let refused = ran(&mut command);
    assert_eq!(refused.code, 3);
    assert!(refused.stderr.starts_with("error: auth.failed"), "{}", refused.stderr);
}
