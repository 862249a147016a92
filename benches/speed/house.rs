//! A simulator in a separate process, and a dispatcher that uses it.

use std::ffi::OsStr;
use std::io::BufRead as _;
use std::io::BufReader;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;

use azdo_bot::actions::Folders;
use azdo_bot::actions::Polling;
use azdo_bot::actions::Services;
use azdo_bot::contract::AuditSink;
use azdo_bot::contract::BotRunId;
use azdo_bot::contract::Dictionary;
use azdo_bot::contract::Invocation;
use azdo_bot::contract::Outcome;
use azdo_bot::contract::SessionTarget;
use azdo_bot::contract::Silent;
use azdo_bot::contract::Value;
use azdo_bot::devops::Network;
use azdo_bot::devops::NetworkOptions;
use azdo_bot::dispatch::Dispatcher;
use azdo_bot::dispatch::Policy;
use azdo_bot::sessions::Sessions;

use crate::bare::Token;

/// The simulator in a separate process, stopped when dropped
pub(crate) struct Remote {
    child: Child,
    pub(crate) url: String,
    pub(crate) token: String,
}

impl Remote {
    pub(crate) fn start() -> Self {
        Self::with(&[])
    }

    /// Starts it with the world of a file
    pub(crate) fn in_world(file: &Path) -> Self {
        Self::with(&["--world".as_ref(), file.as_os_str()])
    }

    fn with(arguments: &[&OsStr]) -> Self {
        let mut child = on_processor(0, env!("CARGO_BIN_EXE_azdo-bot"))
            .args(["simulate", "--json"])
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the binary was built with the bench");
        let mut line = String::new();
        let stdout = child.stdout.take().expect("it is piped");
        BufReader::new(stdout).read_line(&mut line).expect("it prints its address");
        let printed: serde_json::Value = serde_json::from_str(&line).expect("it is JSON");
        let text = |key: &str| printed[key].as_str().expect("the line has it").to_owned();
        Remote { child, url: text("organizationUrl"), token: text("token") }
    }

    fn address(&self) -> SocketAddr {
        let rest = self.url.trim_start_matches("http://");
        rest.split('/').next().and_then(|authority| authority.parse().ok()).expect("an address")
    }

    pub(crate) fn dispatcher(&self) -> Dispatcher {
        self.dispatcher_in(None, Polling::default())
    }

    /// A dispatcher for bots with this folder and these polling intervals
    pub(crate) fn dispatcher_in(&self, folder: Option<&Path>, polling: Polling) -> Dispatcher {
        Dispatcher::new(self.services(folder, polling), None)
    }

    /// A dispatcher with a policy and an audit trail
    pub(crate) fn controlled(&self, policy: Policy, audit: Box<dyn AuditSink>) -> Dispatcher {
        Dispatcher::with_policy(self.services(None, Polling::default()), policy, Some(audit))
    }

    fn services(&self, folder: Option<&Path>, polling: Polling) -> Services {
        let network = NetworkOptions { simulator: Some(self.address()), ..NetworkOptions::default() };
        Services {
            network: Network::new(network),
            tokens: Box::new(Token(self.token.clone())),
            sessions: Sessions::new(),
            polling,
            folders: Folders::open(folder, &[], &[]).expect("the folder is there"),
            commit_trailer: false,
        }
    }
}

impl Drop for Remote {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A command that stays on one processor, if the system has the tool for it
///
/// Otherwise the scheduler may use one processor or two for both processes, and times differ by half.
fn on_processor(processor: u32, program: &str) -> Command {
    if Command::new("taskset").arg("--version").output().is_err() {
        return Command::new(program);
    }
    let mut command = Command::new("taskset");
    command.args(["-c", &processor.to_string(), program]);
    command
}

/// Keeps this process on the other processor
pub(crate) fn stay_on_processor(processor: u32) {
    let own = std::process::id().to_string();
    let _ = Command::new("taskset").args(["-cp", &processor.to_string(), &own]).output();
}

/// Starts a root bot run
pub(crate) fn start(dispatcher: &Dispatcher) -> BotRunId {
    let run = BotRunId::mint();
    dispatcher.start(&run, None).expect("a new bot run starts");
    run
}

pub(crate) async fn execute(
    dispatcher: &Dispatcher,
    run: &BotRunId,
    action: &str,
    inputs: Dictionary,
) -> Outcome {
    let invocation = Invocation::new(run.clone(), action, inputs);
    dispatcher.execute(invocation, &Silent).await
}

/// Connects into a session variable, so that many sessions can be open
pub(crate) async fn connect(dispatcher: &Dispatcher, run: &BotRunId) -> String {
    let inputs = Dictionary::from_iter([
        ("personalAccessToken".to_owned(), Value::from("env:AZDO_PAT")),
        ("organizationUrl".to_owned(), Value::from("https://dev.azure.com/fabrikam")),
        ("projectName".to_owned(), Value::from("Fabrikam")),
    ]);
    let target = Some(SessionTarget::Variable);
    let invocation = Invocation::new(run.clone(), "connect", inputs).target(target);
    let success = dispatcher.execute(invocation, &Silent).await.expect("it connects");
    success.session.expect("Connect returns a session").to_string()
}

pub(crate) fn session(handle: &str) -> Dictionary {
    Dictionary::from_iter([("session".to_owned(), Value::from(handle))])
}
