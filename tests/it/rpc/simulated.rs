//! A simulator in the process of the test, so that a test can read and disturb its requests.

use std::sync::Arc;
use std::sync::mpsc;
use std::time::Instant;

use azdo_simulator::Fault;
use azdo_simulator::Pace;
use azdo_simulator::Simulator;
use azdo_simulator::World;
use serde_json::Value;
use serde_json::json;

use crate::rpc::process::PATIENCE;
use crate::rpc::process::Serve;

/// A simulator in a separate thread
pub(crate) struct Simulated {
    pub(crate) simulator: Arc<Simulator>,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
}

impl Simulated {
    /// The hard world
    pub(crate) fn start() -> Self {
        Self::with(World::hard().pace(Pace::Polls))
    }

    pub(crate) fn with(world: World) -> Self {
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let (started, simulator) = mpsc::channel();
        std::thread::spawn(move || {
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async {
                let simulator = Simulator::start(world, 0).await.expect("a port on loopback is free");
                started.send(Arc::new(simulator)).expect("the test waits for it");
                let _ = stopped.await;
            });
        });
        let simulator = simulator.recv_timeout(PATIENCE).expect("the simulator starts");
        Simulated { simulator, stop: Some(stop) }
    }

    pub(crate) fn url(&self) -> String {
        self.simulator.organization_url("fabrikam")
    }

    pub(crate) fn token(&self) -> String {
        self.simulator.token("fabrikam").expect("fabrikam has a token")
    }

    pub(crate) fn fault(&self, fault: Fault) {
        self.simulator.fault(fault);
    }

    /// Returns the journal
    pub(crate) fn journal(&self) -> String {
        format!("{:?}", self.simulator.journal())
    }

    /// Returns the number of requests with this method to a path with this suffix
    pub(crate) fn seen(&self, method: &str, end: &str) -> usize {
        let journal = self.simulator.journal();
        journal.iter().filter(|entry| entry.method == method && entry.path.ends_with(end)).count()
    }

    /// Waits for such a request
    pub(crate) fn wait_for(&self, method: &str, end: &str) {
        let begun = Instant::now();
        while self.seen(method, end) == 0 {
            assert!(begun.elapsed() < PATIENCE, "no {method} …{end} comes");
            std::thread::yield_now();
        }
    }

    /// Returns the inputs of Connect with this credential
    pub(crate) fn inputs(&self, credential: Value) -> Value {
        json!({ "personalAccessToken": credential, "organizationUrl": self.url(), "projectName": "Fabrikam" })
    }

    /// Opens the local session `Default` of a bot run, with the token as an insecure string
    pub(crate) fn connect(&self, serve: &mut Serve, run: &str) {
        let answer = serve.execute(run, "connect", self.inputs(json!({ "insecure": self.token() })));
        assert!(answer["result"]["session"].is_string(), "{answer}");
    }
}

impl Drop for Simulated {
    fn drop(&mut self) {
        self.stop.take();
    }
}
