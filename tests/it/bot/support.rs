//! A simulator, a dispatcher that uses it, and an observer that records events.

use std::collections::BTreeSet;
use std::future::Future;
use std::pin::Pin;
use std::sync::Mutex;
use std::time::Duration;

use azdo_bot::actions::Folders;
use azdo_bot::actions::Polling;
use azdo_bot::actions::Services;
use azdo_bot::contract::BotRunId;
use azdo_bot::contract::ConnectTarget;
use azdo_bot::contract::Credential;
use azdo_bot::contract::Dictionary;
use azdo_bot::contract::Error;
use azdo_bot::contract::Scheme;
use azdo_bot::contract::Secret;
use azdo_bot::contract::TokenSource;
use azdo_bot::contract::Value;
use azdo_bot::devops::Network;
use azdo_bot::devops::NetworkOptions;
use azdo_bot::dispatch::Dispatcher;
use azdo_bot::hosts::bot::Event;
use azdo_bot::hosts::bot::Observer;
use azdo_bot::hosts::bot::Program;
use azdo_bot::hosts::bot::Summary;
use azdo_bot::hosts::bot::run;
use azdo_bot::sessions::Sessions;
use azdo_simulator::Pace;
use azdo_simulator::Simulator;
use azdo_simulator::World;

use crate::bot::documents::Folder;

/// The simulator and the dispatcher of a test
pub(crate) struct TestEnvironment {
    pub(crate) simulator: Simulator,
    pub(crate) dispatcher: Dispatcher,
}

/// A token source that returns the token of the organization, or an Entra token; an insecure string is its own token
struct Tokens {
    token: String,
    entra: String,
}

impl TokenSource for Tokens {
    fn token<'a>(
        &'a self,
        credential: &'a Credential,
        target: ConnectTarget<'a>,
    ) -> Pin<Box<dyn Future<Output = Result<Secret, Error>> + Send + 'a>> {
        let token = match credential {
            Credential::Insecure(token) => token.expose().to_owned(),
            _ if target.scheme == Scheme::Bearer => self.entra.clone(),
            _ => self.token.clone(),
        };
        Box::pin(async move { Ok(Secret::new(token)) })
    }
}

impl TestEnvironment {
    pub(crate) async fn new() -> Self {
        let world = World::hard().pace(Pace::Polls);
        let simulator = Simulator::start(world, 0).await.expect("a port on loopback is free");
        let token = simulator.token("fabrikam").expect("fabrikam has a token");
        let entra = simulator.entra_token("fabrikam").expect("and one of Entra");
        let network = NetworkOptions { simulator: Some(simulator.address()), ..NetworkOptions::default() };
        let services = Services {
            network: Network::new(network),
            tokens: Box::new(Tokens { token, entra }),
            sessions: Sessions::new(),
            polling: Polling { first: Duration::from_millis(1), most: Duration::from_millis(2) },
            folders: Folders::default(),
            commit_trailer: false,
        };
        TestEnvironment { simulator, dispatcher: Dispatcher::new(services, None) }
    }

    pub(crate) fn token(&self) -> String {
        self.simulator.token("fabrikam").expect("fabrikam has a token")
    }

    pub(crate) async fn run(&self, program: &Program, inputs: &[(&str, &str)], watch: &Watch) -> Summary {
        let inputs = inputs.iter().map(|(name, value)| ((*name).to_owned(), Value::from(*value))).collect();
        run(program, &self.dispatcher, inputs, watch).await
    }
}

/// Runs the bot of a folder without a simulator, and returns its outputs as JSON, or its error and location
pub(crate) async fn outcome(folder: &Folder) -> String {
    run_with_events(folder).await.0
}

/// Returns the events as well
pub(crate) async fn run_with_events(folder: &Folder) -> (String, String) {
    let (environment, watch) = (TestEnvironment::new().await, Watch::default());
    let summary = environment.run(&folder.program(), &[], &watch).await;
    let outcome = match summary.result {
        Ok(outputs) => json(&outputs),
        Err(fault) => format!("{}:{} {}", fault.place.file, fault.place.line, fault.error),
    };
    (outcome, watch.lines())
}

pub(crate) fn json(outputs: &Dictionary) -> String {
    serde_json::to_string(outputs).expect("values serialize")
}

/// An observer that records events as lines, and the bot runs that they came from
#[derive(Default)]
pub(crate) struct Watch {
    lines: Mutex<Vec<String>>,
    runs: Mutex<BTreeSet<BotRunId>>,
}

impl Watch {
    pub(crate) fn lines(&self) -> String {
        self.lines.lock().expect("no test panics here").join("\n")
    }

    /// The bot runs that called actions
    pub(crate) fn runs(&self) -> Vec<BotRunId> {
        self.runs.lock().expect("no test panics here").iter().cloned().collect()
    }
}

impl Observer for Watch {
    fn notice(&self, event: &Event<'_>) {
        let line = match event {
            Event::ChildStarted { bot, .. } => format!("run {bot}"),
            Event::BotEnded { bot, closed } => format!("end {bot} [{}]", closed.join(", ")),
            Event::ActionStarted(_) => return,
            Event::ActionProgress(call, text) => format!("progress {}: {text}", call.card.name),
            Event::ActionFinished { call, error, .. } => {
                self.runs.lock().expect("no test panics here").insert(call.bot_run.clone());
                let how = error.map_or("ok".to_owned(), |error| error.code().to_string());
                format!("{}:{} {} ({}) {how}", call.place.file, call.place.line, call.card.name, call.what)
            }
            Event::Caught { error, .. } => format!("caught {}", error.code()),
            Event::Message { title, content, .. } if title.is_empty() => format!("message {content}"),
            Event::Message { title, content, .. } => format!("message {title}: {content}"),
            Event::Logged { file, .. } => format!("log {file}"),
            Event::Warning { place, text } => format!("{}:{} warning {text}", place.file, place.line),
        };
        self.lines.lock().expect("no test panics here").push(line);
    }
}
