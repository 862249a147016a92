//! The fixture of a test: a simulator, a dispatcher connected to it, and a root bot run.

use std::future::Future;
#[cfg(target_os = "linux")]
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Mutex;
use std::time::Duration;

use azdo_bot::actions::Folders;
use azdo_bot::actions::Polling;
use azdo_bot::actions::Services;
use azdo_bot::contract::AuditSink;
use azdo_bot::contract::BotRunId;
use azdo_bot::contract::ConnectTarget;
use azdo_bot::contract::Credential;
use azdo_bot::contract::Dictionary;
use azdo_bot::contract::Error;
use azdo_bot::contract::ErrorCode;
use azdo_bot::contract::Invocation;
use azdo_bot::contract::Outcome;
use azdo_bot::contract::Progress;
use azdo_bot::contract::Scheme;
use azdo_bot::contract::Secret;
use azdo_bot::contract::SessionHandle;
use azdo_bot::contract::SessionTarget;
use azdo_bot::contract::Silent;
use azdo_bot::contract::TextKind;
use azdo_bot::contract::TokenSource;
use azdo_bot::contract::Value;
use azdo_bot::devops::Network;
use azdo_bot::devops::NetworkOptions;
use azdo_bot::dispatch::Dispatcher;
use azdo_bot::sessions::Sessions;
use azdo_simulator::Artifact;
use azdo_simulator::ArtifactKind;
use azdo_simulator::BuildResult;
use azdo_simulator::JournalEntry;
use azdo_simulator::Organization;
use azdo_simulator::Pace;
use azdo_simulator::Pipeline;
use azdo_simulator::Project;
use azdo_simulator::Server;
use azdo_simulator::Simulator;
use azdo_simulator::Stage;
use azdo_simulator::World;
use serde_json::json;
use tempfile::TempDir;

/// A simulator, a dispatcher and a root bot run
pub(crate) struct House {
    pub(crate) simulator: Simulator,
    pub(crate) dispatcher: Dispatcher,
    pub(crate) root: BotRunId,
    /// The folder that its bots may write to
    pub(crate) folder: TempDir,
}

/// Resolves every reference to the organization's own token, or to its own Entra token; an insecure string is its own
/// token
struct Tokens {
    own: Mutex<String>,
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
            _ => self.own.lock().expect("no test panics here").clone(),
        };
        Box::pin(async move { Ok(Secret::new(token)) })
    }
}

/// The strict world, in which polls advance runs instead of a clock
pub(crate) fn world() -> World {
    World::hard().pace(Pace::Polls)
}

/// The same, with a pipeline `release` of two stages, of which `Deploy` fails, and an artifact `drop`
pub(crate) fn releasing() -> World {
    let release = Pipeline::named("release")
        .on("site", "/azure-pipelines.yml")
        .stage(Stage::named("Build").steps(2).line("compiling").line("linking").line("done"))
        .stage(Stage::named("Deploy").steps(2).ending(BuildResult::Failed).line("no room left"))
        .artifact(Artifact::named("drop").file("index.html", "<h1>site</h1>"))
        .artifact(Artifact::named("logs").kept(ArtifactKind::Container).file("a.log", "fine"));
    let project = Project::with_site("Fabrikam").pipeline(release);
    world().organization(Organization::named("fabrikam").project(project))
}

impl House {
    pub(crate) async fn new() -> Self {
        Self::with(world()).await
    }

    pub(crate) async fn with(world: World) -> Self {
        let simulator = Simulator::start(world, 0).await.expect("a port on loopback is free");
        let first = simulator.organizations().into_iter().next().expect("the world has an organization");
        let token = simulator.token(&first).expect("every organization has a token");
        let entra = simulator.entra_token(&first).expect("and one of Entra");
        Self::on(simulator, Box::new(Tokens { own: Mutex::new(token), entra }), None, POLLING)
    }

    /// The same, with an audit file, and with fewer polls while a call waits
    pub(crate) async fn audited(world: World, audit: Box<dyn AuditSink>) -> Self {
        let simulator = Simulator::start(world, 0).await.expect("a port on loopback is free");
        let token = simulator.token("fabrikam").expect("every organization has a token");
        let entra = simulator.entra_token("fabrikam").expect("and one of Entra");
        let tokens = Box::new(Tokens { own: Mutex::new(token), entra });
        let polling = Polling { first: Duration::from_millis(50), most: Duration::from_millis(200) };
        Self::on(simulator, tokens, Some(audit), polling)
    }

    /// Returns an audited fixture whose tokens come from a source made with the organization's own token
    pub(crate) async fn custom(
        world: World,
        tokens: impl FnOnce(String) -> Box<dyn TokenSource>,
        audit: Option<Box<dyn AuditSink>>,
    ) -> Self {
        let simulator = Simulator::start(world, 0).await.expect("a port on loopback is free");
        let token = simulator.token("fabrikam").expect("every organization has a token");
        Self::on(simulator, tokens(token), audit, POLLING)
    }

    /// A fixture whose root is connected to a collection at a host that counts as a server, and the collection's URL
    pub(crate) async fn on_a_server() -> (Self, String) {
        let collection = Organization::named("Main").project(Project::with_site("Fabrikam"));
        let world = world().collection(Server::V2022_1, collection);
        let simulator = Simulator::start(world, 0).await.expect("a port on loopback is free");
        let own = simulator.token("Main").expect("every organization has a token");
        let tokens = Box::new(Tokens { own: Mutex::new(own), entra: String::new() });
        // The host is not an address, so it does not count as a simulator of the hosted service.
        let host = format!("localhost:{}", simulator.address().port());
        let network = NetworkOptions { plain_http_hosts: vec![host.clone()], ..NetworkOptions::default() };
        let Process { dispatcher, root, folder } = Process::over(network, tokens, None, POLLING, false);
        let house = House { simulator, dispatcher, root, folder };
        let url = format!("http://{host}/tfs/Main");
        house.connect(&house.root, None, json!({ "organizationUrl": url })).await.expect("it connects");
        (house, url)
    }

    fn on(
        simulator: Simulator,
        tokens: Box<dyn TokenSource>,
        audit: Option<Box<dyn AuditSink>>,
        polling: Polling,
    ) -> Self {
        let Process { dispatcher, root, folder } = Process::on(&simulator, tokens, audit, polling, false);
        House { simulator, dispatcher, root, folder }
    }

    /// Another process with a token of the same user, independent of this process
    pub(crate) fn another_process(&self, commit_trailer: bool) -> Process {
        let own = self.simulator.token("fabrikam").expect("every organization has a token");
        let tokens = Tokens { own: Mutex::new(own), entra: String::new() };
        Process::on(&self.simulator, Box::new(tokens), None, POLLING, commit_trailer)
    }

    /// A child bot run of the root
    pub(crate) fn child(&self) -> BotRunId {
        let child = BotRunId::mint();
        self.dispatcher.start(&child, Some(&self.root)).expect("a child starts");
        child
    }

    pub(crate) async fn execute(&self, run: &BotRunId, action: &str, inputs: serde_json::Value) -> Outcome {
        self.watch(run, action, inputs, &Silent).await
    }

    pub(crate) async fn watch(
        &self,
        run: &BotRunId,
        action: &str,
        inputs: serde_json::Value,
        progress: &dyn Progress,
    ) -> Outcome {
        self.dispatcher.execute(invocation(run, action, inputs, None), progress).await
    }

    /// Runs an action of the root that succeeds, and returns its outputs
    pub(crate) async fn ok(&self, action: &str, inputs: serde_json::Value) -> Dictionary {
        match self.execute(&self.root, action, inputs).await {
            Ok(success) => success.outputs,
            Err(failure) => panic!("{action}: {:?}", failure.error),
        }
    }

    /// Runs an action of the root that fails, and returns its error
    pub(crate) async fn error(&self, action: &str, inputs: serde_json::Value) -> Error {
        match self.execute(&self.root, action, inputs).await {
            Ok(_) => panic!("{action} worked"),
            Err(failure) => failure.error,
        }
    }

    /// Connects a bot run; the inputs replace the defaults or add to them
    pub(crate) async fn connect(
        &self,
        run: &BotRunId,
        target: Option<SessionTarget>,
        more: serde_json::Value,
    ) -> Outcome {
        let mut inputs = json!({
            "personalAccessToken": "env:AZDO_PAT",
            "organizationUrl": "https://dev.azure.com/fabrikam",
            "projectName": "Fabrikam"
        });
        for (name, value) in more.as_object().expect("inputs are an object") {
            inputs[name] = value.clone();
        }
        self.dispatcher.execute(invocation(run, "connect", inputs, target), &Silent).await
    }

    /// Connects the root into its local session `Default`
    pub(crate) async fn connected() -> Self {
        let house = Self::new().await;
        house.connect_root().await;
        house
    }

    pub(crate) async fn connect_root(&self) -> SessionHandle {
        let outcome = self.connect(&self.root, None, json!({})).await;
        outcome.expect("it connects").session.expect("Connect returns a session")
    }

    /// Returns the requests since the journal was last cleared: `GET /fabrikam/_apis/projects`
    pub(crate) fn requests(&self) -> Vec<String> {
        self.journal().iter().map(|entry| format!("{} {}", entry.method, entry.path)).collect()
    }

    pub(crate) fn journal(&self) -> Vec<JournalEntry> {
        self.simulator.journal()
    }
}

/// The polling intervals
const POLLING: Polling = Polling { first: Duration::from_millis(1), most: Duration::from_millis(2) };

/// A separate dispatcher and a root bot run
pub(crate) struct Process {
    dispatcher: Dispatcher,
    root: BotRunId,
    folder: TempDir,
}

impl Process {
    fn on(
        simulator: &Simulator,
        tokens: Box<dyn TokenSource>,
        audit: Option<Box<dyn AuditSink>>,
        polling: Polling,
        commit_trailer: bool,
    ) -> Self {
        let network = NetworkOptions { simulator: Some(simulator.address()), ..NetworkOptions::default() };
        Self::over(network, tokens, audit, polling, commit_trailer)
    }

    /// A process whose requests go to a simulator in another process
    #[cfg(target_os = "linux")]
    pub(crate) fn at(simulator: SocketAddr, tokens: Box<dyn TokenSource>) -> Self {
        let network = NetworkOptions { simulator: Some(simulator), ..NetworkOptions::default() };
        Self::over(network, tokens, None, POLLING, false)
    }

    /// Ends the root bot run
    #[cfg(target_os = "linux")]
    pub(crate) fn end(&self) {
        self.dispatcher.end(&self.root).expect("it was started");
    }

    fn over(
        network: NetworkOptions,
        tokens: Box<dyn TokenSource>,
        audit: Option<Box<dyn AuditSink>>,
        polling: Polling,
        commit_trailer: bool,
    ) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let services = Services {
            network: Network::new(network),
            tokens,
            sessions: Sessions::new(),
            polling,
            folders: Folders::open(Some(folder.path()), &[], &[]).expect("the folder is there"),
            commit_trailer,
        };
        let dispatcher = Dispatcher::new(services, audit);
        let root = BotRunId::mint();
        dispatcher.start(&root, None).expect("a new bot run starts");
        Process { dispatcher, root, folder }
    }

    pub(crate) async fn connect(&self) {
        let inputs = json!({
            "personalAccessToken": "env:AZDO_PAT",
            "organizationUrl": "https://dev.azure.com/fabrikam",
            "projectName": "Fabrikam"
        });
        self.execute("connect", inputs).await.expect("it connects");
    }

    pub(crate) async fn execute(&self, action: &str, inputs: serde_json::Value) -> Outcome {
        self.dispatcher.execute(invocation(&self.root, action, inputs, None), &Silent).await
    }
}

pub(crate) fn invocation(
    run: &BotRunId,
    action: &str,
    inputs: serde_json::Value,
    target: Option<SessionTarget>,
) -> Invocation {
    let Value::Dictionary(inputs) = Value::from(inputs) else { panic!("inputs are an object") };
    Invocation::new(run.clone(), action, inputs).target(target)
}

/// Returns a session name
pub(crate) fn name(text: &str) -> azdo_bot::contract::SessionName {
    azdo_bot::contract::SessionName::parse(text).expect("the test's name is good")
}

/// Returns the code of a failed outcome
pub(crate) fn code(outcome: Outcome) -> ErrorCode {
    outcome.expect_err("the action should fail").error.code()
}

/// Returns a text of the outputs
pub(crate) fn text<'a>(outputs: &'a Dictionary, name: &str) -> &'a str {
    outputs
        .get(name)
        .and_then(Value::as_text)
        .unwrap_or_else(|| panic!("there is no text {name} in {outputs:?}"))
}

/// Returns an integer of the outputs
pub(crate) fn integer(outputs: &Dictionary, name: &str) -> i64 {
    match outputs.get(name) {
        Some(Value::Number(azdo_bot::contract::Number::Integer(number))) => *number,
        _ => panic!("there is no number {name} in {outputs:?}"),
    }
}

/// The progress reports of an action
#[derive(Default)]
pub(crate) struct Reports(Mutex<Vec<String>>);

impl Reports {
    pub(crate) fn lines(&self) -> Vec<String> {
        self.0.lock().expect("no test panics here").clone()
    }
}

impl Progress for Reports {
    fn report(&self, message: &str) {
        self.0.lock().expect("no test panics here").push(message.to_owned());
    }
}
