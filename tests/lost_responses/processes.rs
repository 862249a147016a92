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
use azdo_bot::contract::Error;
use azdo_bot::contract::Invocation;
use azdo_bot::contract::Secret;
use azdo_bot::contract::SessionName;
use azdo_bot::contract::SessionTarget;
use azdo_bot::contract::Silent;
use azdo_bot::contract::TextKind as _;
use azdo_bot::contract::TokenSource;
use azdo_bot::contract::Value as Inputs;
use azdo_bot::devops::Network;
use azdo_bot::devops::NetworkOptions;
use azdo_bot::dispatch::Dispatcher;
use azdo_bot::sessions::Sessions;
use azdo_simulator::Simulator;
use azdo_simulator::Snapshot;
use azdo_simulator::World;
use serde_json::Value;
use serde_json::json;
use tempfile::TempDir;
use tokio::sync::Mutex;

use crate::proxy::Proxy;
use crate::serve::Serve;

/// Resolves every reference to the organization's own token
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

/// The outcome of a call, as a host sees it
#[derive(Debug)]
pub(crate) struct Report {
    /// The outputs of a success
    pub(crate) outputs: Option<Value>,
    /// The codes of its warnings
    pub(crate) warnings: Vec<String>,
    /// The code of a failure
    pub(crate) error: Value,
}

impl Report {
    /// Returns the outcome from the result or the error of a call as JSON
    fn of(result: &Value, error: &Value) -> Self {
        let warnings = result["warnings"].as_array().cloned().unwrap_or_default();
        Report {
            outputs: result.get("outputs").cloned(),
            warnings: warnings
                .iter()
                .filter_map(|warning| warning["code"].as_str().map(str::to_owned))
                .collect(),
            error: error.clone(),
        }
    }

    /// Returns an output as text; `None` for a failure
    pub(crate) fn output(&self, name: &str) -> Option<String> {
        plain(self.outputs.as_ref()?.get(name)?)
    }
}

/// Returns a text or a number as text
pub(crate) fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A process of the package
enum Worker {
    /// A dispatcher in the test's own process, with a bot run
    Dispatcher(Box<Dispatcher>, BotRunId),
    /// `azdo-bot serve`, one call at a time
    Serve(Box<Mutex<Serve>>),
}

/// A process, and the names of its sessions on the wire
pub(crate) struct Process {
    worker: Worker,
    pub(crate) sessions: Vec<String>,
}

/// A simulator behind a proxy, and processes that work for one user
pub(crate) struct House {
    pub(crate) simulator: Simulator,
    pub(crate) proxy: Proxy,
    pub(crate) processes: Vec<Process>,
    folder: TempDir,
    snapshot: Option<Snapshot>,
    /// Whether time is simulated
    simulated: bool,
}

/// The name of a session: the first is `Default`
fn session(number: usize) -> String {
    if number == 0 { "Default".to_owned() } else { format!("Session{number}") }
}

impl House {
    /// Returns a world with processes and their sessions, in simulated time
    pub(crate) async fn new(world: World, processes: usize, sessions: usize) -> Self {
        let mut house = Self::empty(world, true).await;
        for _ in 0..processes {
            let process = house.dispatcher();
            house.connect(process, sessions).await;
        }
        house
    }

    /// Returns a world with separate processes, in real time
    pub(crate) async fn real(world: World, processes: usize) -> Self {
        let mut house = Self::empty(world, false).await;
        for _ in 0..processes {
            let serve = Serve::start(house.folder.path()).await;
            house.connect(Worker::Serve(Box::new(Mutex::new(serve))), 1).await;
        }
        house
    }

    async fn empty(world: World, simulated: bool) -> Self {
        let simulator = Simulator::start(world, 0).await.expect("a port on loopback is free");
        let proxy = Proxy::before(simulator.address()).await;
        let folder = tempfile::tempdir().expect("a temporary folder");
        for (name, text) in [("drop.zip", "what was built"), ("other.zip", "something else")] {
            std::fs::write(folder.path().join(name), text).expect("the folder can be written");
        }
        for (name, text) in [("pages", "a page\n"), ("others", "another page\n")] {
            let local = folder.path().join(name);
            std::fs::create_dir(&local).expect("the folder can be created");
            std::fs::write(local.join("page.txt"), text).expect("the folder can be written");
        }
        House { simulator, proxy, processes: Vec::new(), folder, snapshot: None, simulated }
    }

    fn dispatcher(&self) -> Worker {
        let network = NetworkOptions { simulator: Some(self.proxy.address), ..NetworkOptions::default() };
        let services = Services {
            network: Network::new(network),
            tokens: Box::new(Token(self.simulator.token("fabrikam").expect("fabrikam has a token"))),
            sessions: Sessions::new(),
            polling: Polling { first: Duration::from_millis(1), most: Duration::from_millis(2) },
            folders: Folders::open(Some(self.folder.path()), &[], &[]).expect("the folder is there"),
            commit_trailer: false,
        };
        let dispatcher = Dispatcher::new(services, None);
        let run = BotRunId::mint();
        dispatcher.start(&run, None).expect("a new bot run starts");
        Worker::Dispatcher(Box::new(dispatcher), run)
    }

    async fn connect(&mut self, worker: Worker, sessions: usize) {
        let (credential, url) = match &worker {
            Worker::Dispatcher(..) => (json!("env:AZDO_PAT"), "https://dev.azure.com/fabrikam".to_owned()),
            Worker::Serve(_) => (
                json!({ "insecure": self.simulator.token("fabrikam") }),
                format!("http://{}/fabrikam", self.proxy.address),
            ),
        };
        let inputs =
            json!({ "personalAccessToken": credential, "organizationUrl": url, "projectName": "Fabrikam" });
        let mut names = Vec::new();
        for number in 0..sessions {
            let report = worker.call("connect", inputs.clone(), Some(&session(number))).await;
            assert!(report.outputs.is_some(), "{report:?}");
            names.push(self.proxy.director().latest.clone().expect("it sent requests"));
        }
        self.processes.push(Process { worker, sessions: names });
    }

    /// Runs an action in a process, through one of its sessions
    pub(crate) async fn call(
        &self,
        (process, number): (usize, usize),
        action: &str,
        inputs: &Value,
    ) -> Report {
        let mut inputs = inputs.clone();
        inputs["session"] = session(number).into();
        for name in ["file", "localFolder"] {
            if let Some(path) = inputs.get(name).and_then(Value::as_str) {
                inputs[name] = self.folder.path().join(path).display().to_string().into();
            }
        }
        self.processes[process].worker.call(action, inputs, None).await
    }

    /// Returns the outputs of a call without an interruption
    pub(crate) async fn ok(&self, action: &str, inputs: &Value) -> Value {
        let report = self.call((0, 0), action, inputs).await;
        report.outputs.unwrap_or_else(|| panic!("{action} {inputs}: {}", report.error))
    }

    /// Advances the time, if it is simulated
    pub(crate) async fn pass(&self, time: Duration) {
        if self.simulated {
            tokio::time::advance(time).await;
        }
    }

    /// Saves the current state; an hour passes, so that it is old
    pub(crate) async fn keep(&mut self) {
        self.snapshot = Some(self.simulator.snapshot());
        self.pass(Duration::from_secs(3600)).await;
    }

    /// Restores the saved state, and clears the recorded requests
    pub(crate) fn reset(&self) {
        self.simulator.restore(self.snapshot.as_ref().expect("something was kept"));
        self.simulator.clear_journal();
        let mut director = self.proxy.director();
        director.sent.clear();
        director.scripts.clear();
        director.callers.clear();
    }
}

impl Worker {
    /// Runs an action; a returned session gets this name
    async fn call(&self, action: &str, inputs: Value, target: Option<&str>) -> Report {
        match self {
            Worker::Dispatcher(dispatcher, run) => {
                let Inputs::Dictionary(inputs) = Inputs::from(inputs) else { panic!("inputs are an object") };
                let target =
                    target.map(|name| SessionTarget::Local(SessionName::parse(name).expect("a good name")));
                let invocation = Invocation::new(run.clone(), action, inputs).target(target);
                match dispatcher.execute(invocation, &Silent).await {
                    Ok(success) => {
                        Report::of(&serde_json::to_value(&success).expect("it is JSON"), &Value::Null)
                    }
                    Err(failure) => {
                        let failure = serde_json::to_value(&failure).expect("it is JSON");
                        Report::of(&Value::Null, &failure["error"])
                    }
                }
            }
            Worker::Serve(serve) => {
                // The only session is the default one.
                let params = json!({ "botRun": "root", "action": action, "inputs": inputs });
                let answer = serve.lock().await.ask("action/execute", params).await;
                Report::of(&answer["result"], &answer["error"]["data"])
            }
        }
    }
}
