//! The tests that every store runs: a token rotation during an open session, and no token in any output.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use azdo_bot::actions::Folders;
use azdo_bot::actions::Polling;
use azdo_bot::actions::Services;
use azdo_bot::contract::BotRunId;
use azdo_bot::contract::CredentialReference;
use azdo_bot::contract::Error;
use azdo_bot::contract::Invocation;
use azdo_bot::contract::Secret;
use azdo_bot::contract::Silent;
use azdo_bot::contract::TextKind as _;
use azdo_bot::contract::Value;
use azdo_bot::credentials::CredentialResolver;
use azdo_bot::credentials::EnvLookup;
use azdo_bot::devops::Network;
use azdo_bot::devops::NetworkOptions;
use azdo_bot::dispatch::Dispatcher;
use azdo_bot::sessions::Sessions;
use azdo_simulator::Simulator;
use azdo_simulator::TokenOptions;
use azdo_simulator::World;

use crate::encodings::assert_hidden;

/// The environment of the test run: the path of the programs, and the settings of `scripts/test-stores`
#[expect(
    clippy::disallowed_methods,
    reason = "the rule is for the product; here the tests read the settings of the script"
)]
pub(crate) fn environment() -> EnvLookup {
    std::sync::Arc::new(|name: &str| std::env::var_os(name))
}

/// Returns a setting of `scripts/test-stores`; a test fails without it
pub(crate) fn setting(name: &str) -> String {
    let value = environment()(name).unwrap_or_else(|| panic!("{name} is not set: run scripts/test-stores"));
    value.into_string().expect("the script sets it in UTF-8")
}

/// Reads a reference like the command line
pub(crate) async fn read(vault: &CredentialResolver, text: &str) -> Result<Secret, Error> {
    vault.read_reference(&CredentialReference::parse(text).expect("it is a reference")).await
}

/// Replaces the token in the store and revokes the old one: an open session continues
///
/// `keep` stores a token at the place of the reference.
pub(crate) async fn follows_a_rotation(vault: CredentialResolver, reference: &str, keep: impl AsyncFn(&str)) {
    let simulator = Simulator::start(World::hard(), 0).await.expect("a port on loopback is free");
    let mint = || simulator.mint_token("fabrikam", TokenOptions::full()).expect("it is there");
    let network = NetworkOptions { simulator: Some(simulator.address()), ..NetworkOptions::default() };
    let services = Services {
        network: Network::new(network),
        tokens: Box::new(vault.trusting(CredentialReference::parse(reference).expect("it is a reference"))),
        sessions: Sessions::new(),
        polling: Polling { first: Duration::from_millis(1), most: Duration::from_millis(2) },
        folders: Folders::default(),
        commit_trailer: false,
    };
    let dispatcher = Dispatcher::new(services, None);
    let bot_run = BotRunId::mint();
    dispatcher.start(&bot_run, None).expect("a new bot run starts");
    let act = async |action: &str, inputs: &[(&str, &str)]| {
        let inputs = inputs.iter().map(|(name, text)| ((*name).to_owned(), Value::from(*text))).collect();
        let invocation = Invocation::new(bot_run.clone(), action, inputs);
        match dispatcher.execute(invocation, &Silent).await {
            Ok(_) => "done",
            Err(failure) => failure.error.code().as_str(),
        }
    };

    let first = mint();
    keep(&first).await;
    let organization = ("organizationUrl", "https://dev.azure.com/fabrikam");
    let connect = [("personalAccessToken", reference), organization, ("projectName", "Fabrikam")];
    assert_eq!(act("connect", &connect).await, "done");
    assert_eq!(act("listRepositories", &[]).await, "done");

    let second = mint();
    keep(&second).await;
    assert!(simulator.revoke(&first));
    assert_eq!(act("listRepositories", &[]).await, "done", "the session reads the new token from the store");

    assert!(simulator.revoke(&second));
    assert_eq!(act("listRepositories", &[]).await, "auth.failed", "the store has no valid token");
}

/// Runs an action through the binary with this operator's file, at the most verbose log level, and searches its output
/// for secrets
///
/// `keep` stores the simulator's token at the place of the reference; `secrets` must be masked too.
pub(crate) async fn writes_no_secret(
    folder: &Path,
    operator: &str,
    reference: &str,
    secrets: &[String],
    keep: impl AsyncFn(&str),
) {
    let simulator = Simulator::start(World::hard(), 0).await.expect("a port on loopback is free");
    let token = simulator.token("fabrikam").expect("it is there");
    keep(&token).await;
    // A proxy of the environment would be used, and does not exist.
    let proxies = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"];
    let config = folder.join("azdo-bot.toml");
    std::fs::write(&config, operator).expect("the test's folder can be written");
    let mut command = Command::new(env!("CARGO_BIN_EXE_azdo-bot"));
    command.args(["call", "list_repositories", "--project", "Fabrikam", "--allow-loopback-http"]);
    command.args(["--log", "trace", "--credential", reference, "--config"]).arg(&config);
    command.envs(proxies.map(|name| (name, "http://127.0.0.1:1")));
    command.args(["--organization-url", &simulator.organization_url("fabrikam")]);
    // The simulator runs on this thread's runtime, so another thread waits for the binary.
    let output =
        tokio::task::spawn_blocking(move || command.output().expect("it starts")).await.expect("it ends");
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && stdout.contains("site"), "{stdout}\n{stderr}");
    assert!(stderr.contains("TRACE"), "the log level is the most verbose");
    for secret in secrets.iter().chain([&token]) {
        assert_hidden(&stdout, secret, "standard output");
        assert_hidden(&stderr, secret, "the log");
    }
}
