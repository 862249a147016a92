//! Processes that work for one user through the proxy: dispatchers, bot runs and sessions.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use azdo_bot::actions::Folders;
use azdo_bot::actions::Polling;
use azdo_bot::actions::Services;
use azdo_bot::contract::BotRunId;
use azdo_bot::contract::ConnectTarget;
use azdo_bot::contract::Credential;
use azdo_bot::contract::Dictionary;
use azdo_bot::contract::Error;
use azdo_bot::contract::Invocation;
use azdo_bot::contract::Outcome;
use azdo_bot::contract::Secret;
use azdo_bot::contract::SessionName;
use azdo_bot::contract::SessionTarget;
use azdo_bot::contract::Silent;
use azdo_bot::contract::TextKind as _;
use azdo_bot::contract::TokenSource;
use azdo_bot::contract::Value;
use azdo_bot::devops::Network;
use azdo_bot::devops::NetworkOptions;
use azdo_bot::dispatch::Dispatcher;
use azdo_bot::sessions::Sessions;
use azdo_simulator::Simulator;
use azdo_simulator::Snapshot;
use azdo_simulator::World;
use serde_json::json;
use tempfile::TempDir;

use crate::proxy::Proxy;

/// Every reference is answered with the organization's own token
struct Token(String);

impl TokenSource for Token {
    fn token<'a>(
        &'a self,
        _: &'a Credential,
        _: ConnectTarget<'a>,
    ) -> Pin<Box<dyn Future<Output = Result<Secret, Error>> + Send + 'a>> {
        Box::pin(async move { Ok(Secret::new(self.0.clone())) })
    }
}

/// One process: a dispatcher with a bot run
pub(crate) struct Process {
    dispatcher: Dispatcher,
    run: BotRunId,
    /// What its sessions are called on the wire
    pub(crate) sessions: Vec<String>,
}

/// A simulator behind a proxy, and two processes
pub(crate) struct House {
    pub(crate) simulator: Simulator,
    pub(crate) proxy: Proxy,
    pub(crate) processes: Vec<Process>,
    folder: TempDir,
    snapshot: Option<Snapshot>,
}

/// The name of a session: the first is `Default`
pub(crate) fn session(number: usize) -> String {
    if number == 0 { "Default".to_owned() } else { format!("Session{number}") }
}

fn invocation(run: &BotRunId, action: &str, inputs: serde_json::Value) -> Invocation {
    let Value::Dictionary(inputs) = Value::from(inputs) else { panic!("inputs are an object") };
    Invocation { bot_run: run.clone(), action: action.to_owned(), inputs, target: None }
}

impl House {
    /// A world with so many processes, each with so many sessions
    pub(crate) async fn new(world: World, processes: usize, sessions: usize) -> Self {
        let simulator = Simulator::start(world, 0).await.expect("a port on loopback is free");
        let proxy = Proxy::before(simulator.address()).await;
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut house = House { simulator, proxy, processes: Vec::new(), folder, snapshot: None };
        for _ in 0..processes {
            let process = house.process(sessions).await;
            house.processes.push(process);
        }
        house
    }

    async fn process(&self, sessions: usize) -> Process {
        let network = NetworkOptions { simulator: Some(self.proxy.address), ..NetworkOptions::default() };
        let folder = self.folder.path();
        let services = Services {
            network: Network::new(network),
            tokens: Box::new(Token(self.simulator.token("fabrikam").expect("fabrikam has a token"))),
            sessions: Sessions::new(),
            polling: Polling { first: Duration::from_millis(1), most: Duration::from_millis(2) },
            folders: Folders::open(Some(folder), &[], &[]).expect("the folder is there"),
        };
        let dispatcher = Dispatcher::new(services, None);
        let run = BotRunId::mint();
        dispatcher.start(&run, None).expect("a new bot run starts");
        let mut process = Process { dispatcher, run, sessions: Vec::new() };
        for number in 0..sessions {
            let inputs = json!({
                "personalAccessToken": "env:AZDO_PAT",
                "organizationUrl": "https://dev.azure.com/fabrikam",
                "projectName": "Fabrikam"
            });
            let mut connect = invocation(&process.run, "connect", inputs);
            let name = SessionName::parse(&session(number)).expect("a good name");
            connect.target = Some(SessionTarget::Local(name));
            process.dispatcher.execute(connect, &Silent).await.expect("it connects");
            process.sessions.push(self.proxy.director().latest.clone().expect("it sent requests"));
        }
        process
    }

    /// Puts a file where its processes may read
    pub(crate) fn file(&self, name: &str, text: &str) {
        std::fs::write(self.folder.path().join(name), text).expect("the folder can be written");
    }

    /// Runs an action in a process, through one of its sessions
    pub(crate) async fn call(
        &self,
        (process, number): (usize, usize),
        action: &str,
        inputs: &serde_json::Value,
    ) -> Outcome {
        let mut inputs = inputs.clone();
        inputs["session"] = session(number).into();
        let process = &self.processes[process];
        process.dispatcher.execute(invocation(&process.run, action, inputs), &Silent).await
    }

    /// The outputs of a call that nothing happens to
    pub(crate) async fn ok(&self, action: &str, inputs: &serde_json::Value) -> Dictionary {
        match self.call((0, 0), action, inputs).await {
            Ok(success) => success.outputs,
            Err(failure) => panic!("{action} {inputs}: {:?}", failure.error),
        }
    }

    /// Keeps what is there now; an hour later it is old
    pub(crate) async fn keep(&mut self) {
        self.snapshot = Some(self.simulator.snapshot());
        tokio::time::advance(Duration::from_secs(3600)).await;
    }

    /// Puts back what was kept, and forgets what was sent
    pub(crate) fn reset(&self) {
        self.simulator.restore(self.snapshot.as_ref().expect("something was kept"));
        self.simulator.clear_journal();
        let mut director = self.proxy.director();
        director.sent.clear();
        director.scripts.clear();
        director.callers.clear();
    }
}

/// A value of the outputs as text
pub(crate) fn shown(outputs: &Dictionary, name: &str) -> Option<String> {
    match outputs.get(name)? {
        Value::Text(text) => Some(text.as_str().to_owned()),
        Value::Number(azdo_bot::contract::Number::Integer(number)) => Some(number.to_string()),
        _ => None,
    }
}
