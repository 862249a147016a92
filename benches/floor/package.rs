//! The package as an embedding program uses it: a dispatcher, one session, and the action *List repositories*.

use std::net::SocketAddr;

use azdo_bot::actions::Folders;
use azdo_bot::actions::Polling;
use azdo_bot::actions::Services;
use azdo_bot::contract::BotRunId;
use azdo_bot::contract::Dictionary;
use azdo_bot::contract::Invocation;
use azdo_bot::contract::Silent;
use azdo_bot::contract::Success;
use azdo_bot::contract::Value;
use azdo_bot::devops::Network;
use azdo_bot::devops::NetworkOptions;
use azdo_bot::dispatch::Dispatcher;
use azdo_bot::sessions::Sessions;

use crate::bare::Token;

/// A dispatcher with one bot run
pub(crate) struct Package {
    dispatcher: Dispatcher,
    run: BotRunId,
}

impl Package {
    pub(crate) fn new(server: SocketAddr, token: String) -> Self {
        let network = NetworkOptions { simulator: Some(server), ..NetworkOptions::default() };
        let services = Services {
            network: Network::new(network),
            tokens: Box::new(Token(token)),
            sessions: Sessions::new(),
            polling: Polling::default(),
            folders: Folders::open(None, &[], &[]).expect("no folder is opened"),
            commit_trailer: false,
        };
        let dispatcher = Dispatcher::new(services, None);
        let run = BotRunId::mint();
        dispatcher.start(&run, None).expect("a new bot run starts");
        Package { dispatcher, run }
    }

    pub(crate) async fn connect(&self) {
        let inputs = Dictionary::from_iter([
            ("personalAccessToken", Value::from("env:AZDO_PAT")),
            ("organizationUrl", Value::from("https://dev.azure.com/fabrikam")),
            ("projectName", Value::from("Fabrikam")),
        ]);
        self.execute("connect", inputs).await;
    }

    pub(crate) async fn repositories(&self) -> Dictionary {
        self.execute("listRepositories", Dictionary::new()).await.outputs
    }

    async fn execute(&self, action: &str, inputs: Dictionary) -> Success {
        let invocation = Invocation::new(self.run.clone(), action, inputs);
        self.dispatcher.execute(invocation, &Silent).await.expect("the action succeeds")
    }
}
