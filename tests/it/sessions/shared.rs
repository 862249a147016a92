//! Run trees on several machines, with the store in this process: the rules for every store, and a store that fails.

use std::sync::Arc;
use std::sync::Weak;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::time::Duration;

use azdo_bot::contract::ErrorCode;
use azdo_bot::contract::SessionName;
use azdo_bot::contract::SessionTarget;
use azdo_bot::sessions::Claimed;
use azdo_bot::sessions::EntryId;
use azdo_bot::sessions::FindBy;
use azdo_bot::sessions::Found;
use azdo_bot::sessions::InProcessStore;
use azdo_bot::sessions::OpenResult;
use azdo_bot::sessions::SessionStore;
use azdo_bot::sessions::StoreError;
use azdo_bot::sessions::StoreFuture;
use azdo_bot::sessions::StoredEntry;
use azdo_bot::sessions::TreePlace;
use azdo_bot::sessions::Watcher;

use crate::sessions::machine::Machine;
use crate::sessions::machines;
use crate::sessions::machines::connect;
use crate::sessions::machines::family;
use crate::sessions::machines::look;
use crate::sessions::support::by_handle;
use crate::sessions::support::by_name;
use crate::sessions::support::global;
use crate::sessions::support::local;
use crate::sessions::support::run;

const RECENT: Duration = Duration::from_secs(5);

fn two() -> [Machine; 2] {
    let store = Arc::new(InProcessStore::new());
    [(), ()].map(|()| Machine::sharing(Arc::clone(&store) as _, RECENT))
}

#[tokio::test(start_paused = true)]
async fn sessions_are_found_in_their_tree_only() {
    machines::sessions_are_found_in_their_tree_only(&two()).await;
}

#[tokio::test(start_paused = true)]
async fn one_of_fifty_gets_the_name() {
    machines::one_of_fifty_gets_the_name(&two()).await;
}

#[tokio::test(start_paused = true)]
async fn disconnect_is_seen_on_every_machine() {
    machines::disconnect_is_seen_on_every_machine(&two()).await;
}

#[tokio::test(start_paused = true)]
async fn the_root_owns_the_tree() {
    machines::the_root_owns_the_tree(&two()).await;
}

#[tokio::test(start_paused = true)]
async fn a_token_without_a_reference_stays_in_its_process() {
    machines::a_token_without_a_reference_stays_in_its_process(&two()).await;
}

#[tokio::test(start_paused = true)]
async fn reuse_waits_for_the_connect_of_another_machine() {
    machines::reuse_waits_for_the_connect_of_another_machine(&two()).await;
}

/// A store that can be lost, and that can lose its messages
#[derive(Default)]
struct Unreliable {
    store: InProcessStore,
    is_lost: AtomicBool,
    is_silent: AtomicBool,
}

impl Unreliable {
    fn unless_lost<'a, T: Send + 'a>(&self, future: StoreFuture<'a, T>) -> StoreFuture<'a, T> {
        match self.is_lost.load(Ordering::Relaxed) {
            true => Box::pin(std::future::ready(Err(StoreError("is lost".to_owned())))),
            false => future,
        }
    }
}

impl SessionStore for Unreliable {
    fn begin(&self, tree: TreePlace) {
        self.store.begin(tree);
    }

    fn watch(&self, tree: TreePlace, watcher: Weak<dyn Watcher>) {
        if !self.is_silent.load(Ordering::Relaxed) {
            self.store.watch(tree, watcher);
        }
    }

    fn claim<'a>(
        &'a self,
        tree: TreePlace,
        name: &'a SessionName,
        id: EntryId,
        by: &'a [u8],
        replace: bool,
    ) -> StoreFuture<'a, Claimed> {
        self.unless_lost(self.store.claim(tree, name, id, by, replace))
    }

    fn open<'a>(
        &'a self,
        tree: TreePlace,
        name: Option<&'a SessionName>,
        entry: &'a StoredEntry,
        replaced: &'a [u8],
    ) -> StoreFuture<'a, OpenResult> {
        self.unless_lost(self.store.open(tree, name, entry, replaced))
    }

    fn find<'a>(&'a self, tree: TreePlace, by: FindBy<'a>, known: Option<EntryId>) -> StoreFuture<'a, Found> {
        self.unless_lost(self.store.find(tree, by, known))
    }

    fn close<'a>(
        &'a self,
        tree: TreePlace,
        name: Option<&'a SessionName>,
        id: EntryId,
        note: &'a [u8],
    ) -> StoreFuture<'a, bool> {
        self.unless_lost(self.store.close(tree, name, id, note))
    }

    fn release(&self, tree: TreePlace, name: Option<&SessionName>, id: EntryId) {
        self.store.release(tree, name, id);
    }

    fn end(&self, tree: TreePlace) {
        self.store.end(tree);
    }

    fn flush(&self) -> StoreFuture<'_, ()> {
        self.unless_lost(self.store.flush())
    }
}

#[tokio::test(start_paused = true)]
async fn without_the_store_nothing_global_is_opened_and_all_else_goes_on() {
    let store = Arc::new(Unreliable::default());
    let machines = [(), ()].map(|()| Machine::sharing(Arc::clone(&store) as _, RECENT));
    family(&machines).await;
    connect(&machines[0], "root", &global("Default"), 1).await.expect("the name is free");
    let held = connect(&machines[0], "root", &SessionTarget::Variable, 2).await.expect("it has no name");
    assert_eq!(look(&machines[1], "child 1", &by_name("Default")).await, Ok(1));

    store.is_lost.store(true, Ordering::Relaxed);
    for (machine, id) in machines.iter().zip(["root", "child 1"]) {
        let refused =
            connect(machine, id, &global("New"), 3).await.expect_err("nobody knows whether it is free");
        assert_eq!(refused.code(), ErrorCode::StoreUnavailable);
        assert_eq!(refused.message(), "The session store is lost");
        connect(machine, id, &local("Own"), 4).await.expect("it needs no store");
        connect(machine, id, &SessionTarget::Variable, 5).await.expect("it needs no store");
        assert_eq!(look(machine, id, &by_name("Own")).await, Ok(4));
        assert_eq!(look(machine, id, &by_name("Default")).await, Ok(1), "the store said so lately");
    }
    tokio::time::advance(RECENT).await;
    for (machine, id) in machines.iter().zip(["root", "child 1"]) {
        assert_eq!(look(machine, id, &by_name("Default")).await, Err(ErrorCode::StoreUnavailable));
    }
    assert_eq!(look(&machines[0], "root", &by_handle(held.handle())).await, Ok(2));
    machines[0].room.close(&run("root"), &by_handle(held.handle())).await.expect("it is closed here");

    store.is_lost.store(false, Ordering::Relaxed);
    assert_eq!(look(&machines[1], "child 1", &by_name("Default")).await, Ok(1), "the store is back");
}

#[tokio::test(start_paused = true)]
async fn without_messages_a_disconnect_is_seen_within_the_time_of_the_cache() {
    let store = Arc::new(Unreliable { is_silent: AtomicBool::new(true), ..Unreliable::default() });
    let machines = [(), ()].map(|()| Machine::sharing(Arc::clone(&store) as _, RECENT));
    family(&machines).await;
    connect(&machines[0], "root", &global("Default"), 1).await.expect("the name is free");
    assert_eq!(look(&machines[1], "child 1", &by_name("Default")).await, Ok(1));
    machines[0].room.close(&run("root"), &by_name("Default")).await.expect("it is open");
    assert_eq!(look(&machines[0], "root", &by_name("Default")).await, Err(ErrorCode::SessionClosed));
    tokio::time::advance(RECENT - Duration::from_millis(1)).await;
    assert_eq!(look(&machines[1], "child 1", &by_name("Default")).await, Ok(1));
    tokio::time::advance(Duration::from_millis(1)).await;
    assert_eq!(look(&machines[1], "child 1", &by_name("Default")).await, Err(ErrorCode::SessionClosed));

    // The end of the root is seen as late.
    connect(&machines[0], "root", &global("Default"), 2).await.expect("the name is free");
    assert_eq!(look(&machines[1], "child 1", &by_name("Default")).await, Ok(2));
    machines[0].room.end(&run("root")).expect("it was started");
    tokio::time::advance(RECENT).await;
    assert_eq!(look(&machines[1], "child 1", &by_name("Default")).await, Err(ErrorCode::SessionClosed));
    let refused = connect(&machines[1], "child 1", &global("New"), 3).await.expect_err("the tree has ended");
    assert_eq!(refused.code(), ErrorCode::BotRunEnded);
}

#[tokio::test(start_paused = true)]
async fn the_machines_of_one_setting_join_its_run_tree() {
    let store: Arc<dyn SessionStore> = Arc::new(InProcessStore::new());
    let root = Machine::sharing(Arc::clone(&store), RECENT);
    let tree = family(std::slice::from_ref(&root)).await;
    let member = Machine::joining(store, RECENT, tree.clone());
    member.room.start(&run("member"), None).expect("it was never started");
    assert_eq!(member.room.run_tree(&run("member")).expect("it is running"), Some(tree));
    connect(&root, "root", &global("Default"), 1).await.expect("the name is free");
    assert_eq!(look(&member, "member", &by_name("Default")).await, Ok(1));
}
