//! A machine: a registry, and its store if it shares its run trees.

use std::sync::Arc;
use std::time::Duration;

use azdo_bot::contract::BotRunId;
use azdo_bot::contract::Error;
use azdo_bot::contract::RunTreeId;
use azdo_bot::contract::SessionReference;
use azdo_bot::sessions::ConnectionReference;
use azdo_bot::sessions::EntryId;
use azdo_bot::sessions::FindBy;
use azdo_bot::sessions::Session;
use azdo_bot::sessions::SessionLimits;
use azdo_bot::sessions::SessionStore;
use azdo_bot::sessions::Sessions;
use azdo_bot::sessions::SharedCredential;
use azdo_bot::sessions::SharedSession;
use azdo_bot::sessions::SharedTrees;
use azdo_bot::sessions::TreePlace;

/// A registry, and its store if it shares its run trees
pub(crate) struct Machine {
    pub(crate) room: Sessions<u32>,
    pub(crate) store: Option<Arc<dyn SessionStore>>,
}

/// The limits of a run: in a tree and in a process
#[derive(Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) per_tree: usize,
    pub(crate) per_process: usize,
}

impl Limits {
    /// Limits that are reached often
    pub(crate) const TIGHT: Limits = Limits { per_tree: 5, per_process: 8 };
    /// Limits that are never reached: each machine counts its own sessions only
    pub(crate) const WIDE: Limits = Limits { per_tree: 10_000, per_process: 10_000 };
}

impl Machine {
    /// A machine without a store
    pub(crate) fn alone(limits: Limits) -> Self {
        Machine { room: Sessions::with_limits(session_limits(limits)), store: None }
    }

    /// A machine that shares its run trees; `recent` is how long it relies on what the store said
    pub(crate) fn sharing(store: Arc<dyn SessionStore>, recent: Duration) -> Self {
        Self::with(SharedTrees { store, recent, joined: None })
    }

    /// A machine whose roots join this run tree
    pub(crate) fn joining(store: Arc<dyn SessionStore>, recent: Duration, tree: RunTreeId) -> Self {
        Self::with(SharedTrees { store, recent, joined: Some(tree) })
    }

    fn with(shared: SharedTrees) -> Self {
        let store = Arc::clone(&shared.store);
        let room = Sessions::with_store(session_limits(Limits::WIDE), Some(shared));
        Machine { room, store: Some(store) }
    }

    /// Waits until the store has done what was asked of it, and its messages have arrived here
    pub(crate) async fn settle(&self) {
        let Some(store) = &self.store else { return };
        store.flush().await.expect("the store works");
        self.ask().await;
        store.flush().await.expect("the store works");
    }

    /// Asks the store for something that nobody has: earlier responses arrive before this one
    pub(crate) async fn ask(&self) {
        if let Some(store) = &self.store {
            let nobody = FindBy::Id(EntryId([0; 16]));
            store.find(TreePlace([0; 16]), nobody, None).await.expect("the store works");
        }
    }
}

fn session_limits(limits: Limits) -> SessionLimits {
    SessionLimits { per_tree: limits.per_tree, per_process: limits.per_process, per_run: None }
}

/// Returns the record of a number as a connection
pub(crate) fn record(number: u32) -> ConnectionReference {
    ConnectionReference {
        organization: number.to_string(),
        project: String::new(),
        user: String::new(),
        bearer: false,
        credential: SharedCredential::Reference("env:TOKEN".to_owned()),
    }
}

/// Finds a session like a call of an action: one that another machine opened is opened here first
pub(crate) async fn find(
    room: &Sessions<u32>,
    run: &BotRunId,
    reference: &SessionReference,
) -> Result<Arc<Session<u32>>, Error> {
    if let Some(shared) = room.refresh(run, reference).await? {
        adopt(room, shared)?;
    }
    room.find(run, reference)
}

/// Adopts a session of another machine
pub(crate) fn adopt(room: &Sessions<u32>, shared: SharedSession<u32>) -> Result<Arc<Session<u32>>, Error> {
    let number = shared.record().organization.parse().expect("the tests write numbers");
    room.adopt(shared, number)
}
