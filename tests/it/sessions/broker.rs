//! The session store in a broker, over a real socket: the rules for every store.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use azdo_bot::sessions::Broker;
use azdo_bot::sessions::BrokerOptions;
use azdo_bot::sessions::BrokerStore;
use tempfile::TempDir;
use tokio::io::AsyncReadExt as _;

use crate::sessions::broker_channel::connect;
use crate::sessions::broker_channel::new_folder;
use crate::sessions::broker_channel::shows_a_broker;
use crate::sessions::machine::Limits;
use crate::sessions::machine::Machine;
use crate::sessions::machines;
use crate::sessions::model::random_operations;

/// How long a machine relies on what the store said: longer than any test, so that only messages change it
pub(crate) const RECENT: Duration = Duration::from_secs(600);

/// A broker of a test, which ends with the test's runtime
pub(crate) struct Running {
    folder: TempDir,
}

impl Running {
    /// Starts a broker on the runtime of the test
    pub(crate) fn start() -> Self {
        let running = Running { folder: new_folder() };
        let broker = Broker::bind(running.folder()).expect("the socket can be created");
        tokio::spawn(broker.serve(None));
        running
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn store(&self) -> Arc<BrokerStore> {
        store_in(self.folder())
    }

    fn machines(&self, count: usize, recent: Duration) -> Vec<Machine> {
        (0..count).map(|_| Machine::sharing(self.store(), recent)).collect()
    }
}

/// Returns the store of another process that uses the broker of a folder
pub(crate) fn store_in(folder: &Path) -> Arc<BrokerStore> {
    BrokerStore::new(BrokerOptions::new(folder.to_owned()))
}

#[test]
fn processes_behave_like_the_reference_model() {
    // The broker of each case is dropped with the runtime of its case; the folder is there for its machines.
    let kept = std::sync::Mutex::new(Vec::new());
    random_operations(16, 200, Limits::WIDE, async || {
        let running = Running::start();
        let machines = running.machines(3, RECENT);
        kept.lock().expect("no test panicked").push(running);
        machines
    });
}

#[test]
fn processes_that_ask_each_time_behave_like_the_reference_model() {
    let kept = std::sync::Mutex::new(Vec::new());
    random_operations(8, 200, Limits::WIDE, async || {
        let running = Running::start();
        let machines = running.machines(2, Duration::ZERO);
        kept.lock().expect("no test panicked").push(running);
        machines
    });
}

#[tokio::test]
async fn sessions_are_found_in_their_tree_only() {
    machines::sessions_are_found_in_their_tree_only(&Running::start().machines(2, RECENT)).await;
}

#[tokio::test]
async fn one_of_fifty_gets_the_name() {
    machines::one_of_fifty_gets_the_name(&Running::start().machines(5, RECENT)).await;
}

#[tokio::test]
async fn disconnect_is_seen_on_every_machine() {
    machines::disconnect_is_seen_on_every_machine(&Running::start().machines(2, RECENT)).await;
}

#[tokio::test]
async fn the_root_owns_the_tree() {
    machines::the_root_owns_the_tree(&Running::start().machines(2, RECENT)).await;
}

#[tokio::test]
async fn a_token_without_a_reference_stays_in_its_process() {
    machines::a_token_without_a_reference_stays_in_its_process(&Running::start().machines(2, RECENT)).await;
}

#[tokio::test]
async fn reuse_waits_for_the_connect_of_another_machine() {
    machines::reuse_waits_for_the_connect_of_another_machine(&Running::start().machines(2, RECENT)).await;
}

#[tokio::test]
async fn a_broker_ends_when_no_process_has_been_connected_for_its_time() {
    const HOUR: Duration = Duration::from_secs(3600);
    let folder = new_folder();
    let broker = Broker::bind(folder.path()).expect("the socket can be created");
    assert!(shows_a_broker(folder.path()));
    let mut served = Box::pin(broker.serve(Some(HOUR)));
    let mut greeting = [0; 9];
    let greeted = async {
        let mut process = connect(folder.path()).await;
        process.read_exact(&mut greeting).await.expect("the broker speaks first");
        process
    };
    let process = tokio::select! {
        process = greeted => process,
        () = &mut served => panic!("an hour has not passed"),
    };
    assert_eq!(&greeting, br#"{"hello":"#);
    // From now on, the clock goes on when nothing else happens.
    tokio::time::pause();
    assert!(tokio::time::timeout(24 * HOUR, &mut served).await.is_err(), "a process is connected");
    drop(process);
    served.await;
    assert!(!shows_a_broker(folder.path()), "the socket is removed");
}
