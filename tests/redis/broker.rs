//! Redis through the brokers of two machines: the rules for every store.

use std::path::Path;
use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;

use azdo_bot::sessions::Broker;
use azdo_bot::sessions::BrokerOptions;
use azdo_bot::sessions::BrokerStore;
use azdo_bot::sessions::RedisStore;
use azdo_bot::sessions::SharedStores;
use tempfile::TempDir;

use crate::server::RECENT;
use crate::server::Server;
use crate::sessions::key_rules;
use crate::sessions::key_rules::Keys;
use crate::sessions::limit_rules;
use crate::sessions::limit_rules::Limit;
use crate::sessions::machine::Limits;
use crate::sessions::machine::Machine;
use crate::sessions::machines;
use crate::sessions::model::random_operations;

/// What the operator's files of these tests call the server
const STORE: &str = "file:/etc/azdo-bot/redis-url";

/// Creates the broker of a folder before Redis
pub(crate) fn bind(folder: &Path, redis: Arc<RedisStore>) -> std::io::Result<Broker> {
    Broker::bind_before(folder, STORE.to_owned(), SharedStores::of(redis))
}

/// Returns the store of a process that reaches Redis through the broker of a folder
pub(crate) fn store_in(folder: &Path) -> Arc<BrokerStore> {
    BrokerStore::new(BrokerOptions { store: STORE.to_owned(), ..BrokerOptions::new(folder.to_owned()) })
}

/// The brokers of two machines, which end with the test's runtime
pub(crate) struct Brokers([TempDir; 2]);

impl Brokers {
    pub(crate) fn start(server: &Server) -> Self {
        Self::before(|| server.store())
    }

    /// Starts brokers before stores with other options
    pub(crate) fn before(redis: impl Fn() -> Arc<RedisStore>) -> Self {
        let folders = [(), ()].map(|()| tempfile::tempdir().expect("a temporary folder"));
        for folder in &folders {
            let broker = bind(folder.path(), redis()).expect("the socket can be created");
            tokio::spawn(broker.serve(None));
        }
        Brokers(folders)
    }

    /// Returns the store of a process on either machine
    pub(crate) fn store(&self, machine: usize) -> Arc<BrokerStore> {
        store_in(self.folder(machine))
    }

    pub(crate) fn folder(&self, machine: usize) -> &Path {
        self.0[machine % 2].path()
    }

    /// Two processes on different machines
    fn two(&self) -> [Arc<BrokerStore>; 2] {
        [self.store(0), self.store(1)]
    }

    /// The same as registries
    fn machines(&self) -> [Machine; 2] {
        self.two().map(|store| Machine::sharing(store, RECENT))
    }
}

#[test]
fn processes_behave_like_the_reference_model_also_beside_one_without_a_broker() {
    let server = Server::start();
    // The brokers of each case are dropped with its runtime; the folders are there for its machines.
    let kept = Mutex::new(Vec::new());
    random_operations(8, 200, Limits::WIDE, async || {
        let brokers = Brokers::start(&server);
        let through = |machine| Machine::sharing(brokers.store(machine), RECENT);
        let machines = vec![through(0), through(0), through(1), Machine::sharing(server.store(), RECENT)];
        kept.lock().expect("no test panicked").push(brokers);
        machines
    });
}

#[test]
fn processes_that_ask_each_time_behave_like_the_reference_model() {
    let server = Server::start();
    let kept = Mutex::new(Vec::new());
    random_operations(8, 200, Limits::WIDE, async || {
        let brokers = Brokers::start(&server);
        let machines = brokers.two().map(|store| Machine::sharing(store, Duration::ZERO));
        kept.lock().expect("no test panicked").push(brokers);
        Vec::from(machines)
    });
}

#[tokio::test]
async fn sessions_are_found_in_their_tree_only() {
    let server = Server::start();
    machines::sessions_are_found_in_their_tree_only(&Brokers::start(&server).machines()).await;
}

#[tokio::test]
async fn one_of_fifty_gets_the_name() {
    let server = Server::start();
    let brokers = Brokers::start(&server);
    let machines: Vec<_> = (0..5).map(|at| Machine::sharing(brokers.store(at), RECENT)).collect();
    machines::one_of_fifty_gets_the_name(&machines).await;
}

#[tokio::test]
async fn disconnect_is_seen_on_every_machine() {
    let server = Server::start();
    machines::disconnect_is_seen_on_every_machine(&Brokers::start(&server).machines()).await;
}

#[tokio::test]
async fn the_root_owns_the_tree() {
    let server = Server::start();
    machines::the_root_owns_the_tree(&Brokers::start(&server).machines()).await;
}

#[tokio::test]
async fn a_token_without_a_reference_stays_in_its_process() {
    let server = Server::start();
    machines::a_token_without_a_reference_stays_in_its_process(&Brokers::start(&server).machines()).await;
}

#[tokio::test]
async fn reuse_waits_for_the_connect_of_another_machine() {
    let server = Server::start();
    machines::reuse_waits_for_the_connect_of_another_machine(&Brokers::start(&server).machines()).await;
}

#[tokio::test]
async fn fifty_bots_of_five_processes_stay_within_the_limit_of_their_user() {
    let server = Server::start();
    let brokers = Brokers::start(&server);
    let limits: Vec<Limit> = (0..5).map(|at| brokers.store(at) as Limit).collect();
    limit_rules::fifty_bots_of_five_processes_stay_within_the_limit_of_their_user(&limits).await;
}

#[tokio::test]
async fn a_pause_that_one_machine_is_told_holds_on_all_of_them_and_for_no_other_user() {
    let server = Server::start();
    let brokers = Brokers::start(&server);
    let limits = brokers.two().map(|store| store as Limit);
    limit_rules::a_pause_that_one_process_is_told_holds_in_all_of_them_and_for_no_other_user(limits).await;
}

#[tokio::test]
async fn a_rate_is_lowered_once_by_rejections_that_were_sent_together_and_raised_by_accepted_requests() {
    let server = Server::start();
    let brokers = Brokers::start(&server);
    let limits = brokers.two().map(|store| store as Limit);
    limit_rules::a_rate_is_lowered_once_by_rejections_that_were_sent_together_and_raised_by_accepted_requests(
        limits,
    )
    .await;
}

#[tokio::test]
async fn a_fast_user_waits_for_a_pause_too() {
    let server = Server::start();
    let brokers = Brokers::start(&server);
    limit_rules::a_fast_user_waits_for_a_pause_too(brokers.two().map(|store| store as Limit)).await;
}

#[tokio::test]
async fn the_requests_of_connect_draw_from_the_limit_of_their_user() {
    let server = Server::start();
    let brokers = Brokers::start(&server);
    let limits = brokers.two().map(|store| store as Limit);
    limit_rules::the_requests_of_connect_draw_from_the_limit_of_their_user(limits).await;
}

#[tokio::test]
async fn of_fifty_calls_one_reserves_a_key_and_the_others_learn_what_became_of_it() {
    let server = Server::start();
    let brokers = Brokers::start(&server);
    let processes: Vec<Keys> = (0..5).map(|at| brokers.store(at) as Keys).collect();
    key_rules::of_fifty_calls_one_reserves_a_key_and_the_others_learn_what_became_of_it(&processes).await;
}

#[test]
fn keys_behave_like_the_reference_model() {
    let server = Server::start();
    let kept = Mutex::new(Vec::new());
    key_rules::keys_behave_like_the_reference_model(16, async || {
        let brokers = Brokers::start(&server);
        let processes = brokers.two().map(|store| store as Keys);
        kept.lock().expect("no test panicked").push(brokers);
        processes.into()
    });
}

#[tokio::test]
async fn a_reservation_that_is_not_renewed_is_lost_for_good_and_a_free_one_is_free() {
    let server = Server::start();
    let brokers = Brokers::start(&server);
    let processes = brokers.two().map(|store| store as Keys);
    key_rules::a_reservation_that_is_not_renewed_is_lost_for_good_and_a_free_one_is_free(processes).await;
}
