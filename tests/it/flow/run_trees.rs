//! Bot runs of one run tree in two processes: each has a dispatcher, and both share a session store.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use azdo_bot::actions::Folders;
use azdo_bot::actions::Polling;
use azdo_bot::actions::Services;
use azdo_bot::contract::BotRunId;
use azdo_bot::contract::ConnectTarget;
use azdo_bot::contract::Credential;
use azdo_bot::contract::Error;
use azdo_bot::contract::ErrorCode;
use azdo_bot::contract::Outcome;
use azdo_bot::contract::RunTreeId;
use azdo_bot::contract::Secret;
use azdo_bot::contract::SessionTarget;
use azdo_bot::contract::Silent;
use azdo_bot::contract::TokenSource;
use azdo_bot::devops::Network;
use azdo_bot::devops::NetworkOptions;
use azdo_bot::dispatch::Dispatcher;
use azdo_bot::sessions::InProcessStore;
use azdo_bot::sessions::SessionLimits;
use azdo_bot::sessions::SessionStore;
use azdo_bot::sessions::Sessions;
use azdo_bot::sessions::SharedTrees;
use azdo_simulator::Organization;
use azdo_simulator::Project;
use azdo_simulator::Simulator;
use azdo_simulator::TokenOptions;
use azdo_simulator::User;
use serde_json::json;

use crate::flow::support::code;
use crate::flow::support::invocation;
use crate::flow::support::name;
use crate::flow::support::world;

/// Resolves every reference to the token of its process
struct OwnToken(String);

impl TokenSource for OwnToken {
    fn token<'a>(
        &'a self,
        credential: &'a Credential,
        _target: ConnectTarget<'a>,
    ) -> Pin<Box<dyn Future<Output = Result<Secret, Error>> + Send + 'a>> {
        let token = match credential {
            Credential::Insecure(token) => token.expose(),
            _ => &self.0,
        };
        Box::pin(async move { Ok(Secret::new(token.to_owned())) })
    }
}

/// A process with its first bot run
struct Process {
    dispatcher: Dispatcher,
    run: BotRunId,
}

impl Process {
    fn new(
        simulator: &Simulator,
        store: &Arc<dyn SessionStore>,
        token: String,
        joined: Option<RunTreeId>,
    ) -> Self {
        Self::of_version(simulator, store, token, joined, env!("CARGO_PKG_VERSION"))
    }

    /// A process with this version of the package
    fn of_version(
        simulator: &Simulator,
        store: &Arc<dyn SessionStore>,
        token: String,
        joined: Option<RunTreeId>,
        version: &'static str,
    ) -> Self {
        let network = NetworkOptions { simulator: Some(simulator.address()), ..NetworkOptions::default() };
        let shared = SharedTrees { store: Arc::clone(store), recent: Duration::from_secs(5), joined };
        let services = Services {
            network: Network::new(network),
            tokens: Box::new(OwnToken(token)),
            sessions: Sessions::with_store(SessionLimits::default(), Some(shared)).with_version(version),
            polling: Polling { first: Duration::from_millis(1), most: Duration::from_millis(2) },
            folders: Folders::default(),
            commit_trailer: false,
        };
        let (dispatcher, run) = (Dispatcher::new(services, None), BotRunId::mint());
        dispatcher.start(&run, None).expect("a new bot run starts");
        Process { dispatcher, run }
    }

    async fn act(&self, action: &str, inputs: serde_json::Value) -> Outcome {
        self.dispatcher.execute(invocation(&self.run, action, inputs, None), &Silent).await
    }

    async fn connect(&self, credential: &str, if_exists: &str) -> Outcome {
        let inputs = json!({
            "personalAccessToken": credential,
            "organizationUrl": "https://dev.azure.com/fabrikam",
            "projectName": "Fabrikam",
            "ifSessionExists": if_exists,
        });
        let target = Some(SessionTarget::Global(name("Default")));
        self.dispatcher.execute(invocation(&self.run, "connect", inputs, target), &Silent).await
    }
}

/// A simulator, the process of the root, and one that joined its run tree, with a token of this user
async fn processes(user: &str) -> (Simulator, Process, Process) {
    let organization = Organization::named("fabrikam")
        .project(Project::with_site("Fabrikam"))
        .user(User::named("Bot Runner"))
        .user(User::named("Other"))
        .token(TokenOptions::full().named("child").for_user(user));
    let world = world().organization(organization);
    let simulator = Simulator::start(world, 0).await.expect("a port on loopback is free");
    let store: Arc<dyn SessionStore> = Arc::new(InProcessStore::new());
    let own = simulator.token("fabrikam").expect("every organization has a token");
    let root = Process::new(&simulator, &store, own, None);
    let tree = root.dispatcher.run_tree(&root.run).expect("it is running");
    let other = simulator.token_named("fabrikam", "child").expect("the world has it");
    let child = Process::new(&simulator, &store, other, tree);
    (simulator, root, child)
}

#[tokio::test]
async fn a_child_in_another_process_works_through_its_parents_global_session() {
    let (_simulator, root, child) = processes("Bot Runner").await;
    assert_eq!(root.connect("env:AZDO_PAT", "ERROR").await.expect("it connects").requests, 2);
    let first = child.act("listRepositories", json!({})).await.expect("it finds the session");
    assert_eq!(first.requests, 3, "its own Connect with its own token, and the list");
    let second = child.act("listRepositories", json!({})).await.expect("it has the session");
    assert_eq!(second.requests, 1);
    assert_eq!(code(child.connect("env:AZDO_PAT", "ERROR").await), ErrorCode::SessionNameInUse);
    let reused = child.connect("env:AZDO_PAT", "REUSE").await.expect("it is the same access");
    assert_eq!(reused.requests, 0);
    let handle = reused.session.expect("Connect returns a session").to_string();
    root.act("listRepositories", json!({ "session": handle })).await.expect("a handle works in the tree");

    child.act("disconnect", json!({})).await.expect("it is open");
    assert_eq!(code(root.act("listRepositories", json!({})).await), ErrorCode::SessionClosed);
    root.connect("env:AZDO_PAT", "ERROR").await.expect("the name is free");
    child.act("disconnect", json!({})).await.expect("no connection is needed to close a session");
    assert_eq!(code(root.act("listRepositories", json!({})).await), ErrorCode::SessionClosed);
}

#[tokio::test]
async fn the_credential_has_to_lead_to_the_same_user_in_every_process() {
    let (_simulator, root, child) = processes("Other").await;
    root.connect("env:AZDO_PAT", "ERROR").await.expect("it connects");
    let error = child.act("listRepositories", json!({})).await.expect_err("it is another user").error;
    assert_eq!(error.code(), ErrorCode::AuthFailed);
    let expected = "The global session \"Default\" was opened as another user than the one to whom env:AZDO_PAT belongs \
                    in this process";
    assert_eq!(error.message(), expected);
    root.act("listRepositories", json!({})).await.expect("the session is not harmed");
}

#[tokio::test]
async fn a_token_that_was_typed_in_does_not_leave_its_process() {
    let (simulator, root, child) = processes("Bot Runner").await;
    let typed = simulator.token("fabrikam").expect("every organization has a token");
    root.connect(&typed, "ERROR").await.expect("it connects");
    root.act("listRepositories", json!({})).await.expect("it is open");
    assert_eq!(code(child.act("listRepositories", json!({})).await), ErrorCode::CredentialNotFound);
}

#[tokio::test]
async fn the_end_of_the_root_ends_the_bot_runs_of_other_processes() {
    let (_simulator, root, child) = processes("Bot Runner").await;
    root.connect("env:AZDO_PAT", "ERROR").await.expect("it connects");
    child.act("listRepositories", json!({})).await.expect("it finds the session");
    root.dispatcher.end(&root.run).expect("it was started");
    assert_eq!(code(child.act("listRepositories", json!({})).await), ErrorCode::BotRunEnded);
}

#[tokio::test]
async fn a_child_with_another_version_of_the_package_is_warned() {
    let simulator = Simulator::start(world(), 0).await.expect("a port on loopback is free");
    let store: Arc<dyn SessionStore> = Arc::new(InProcessStore::new());
    let token = || simulator.token("fabrikam").expect("every organization has a token");
    let root = Process::of_version(&simulator, &store, token(), None, "0.0.1");
    let tree = root.dispatcher.run_tree(&root.run).expect("it is running");
    let child = Process::new(&simulator, &store, token(), tree);
    root.connect("env:AZDO_PAT", "ERROR").await.expect("it connects");
    let listed = child.act("listRepositories", json!({})).await.expect("it finds the session");
    let [warning] = listed.warnings.as_slice() else { panic!("{:?}", listed.warnings) };
    assert_eq!(warning.code.as_str(), "session.other_version");
    for version in ["version 0.0.1", env!("CARGO_PKG_VERSION")] {
        assert!(warning.message.contains(version), "{warning}");
    }
    let again = child.act("listRepositories", json!({})).await.expect("it has the session");
    assert!(again.warnings.is_empty(), "it is told once: {:?}", again.warnings);
}
