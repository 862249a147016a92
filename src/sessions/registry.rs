//! The run trees of the process, and which bot run belongs to which tree.
//!
//! Lock order: the map before a tree, never after.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::PoisonError;
use std::sync::RwLockReadGuard;
use std::sync::RwLockWriteGuard;
use std::sync::Weak;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::contract::BotRunId;
use crate::contract::Error;
use crate::contract::Masker;
use crate::contract::PolicyRule;
use crate::contract::SessionReference;
use crate::contract::SessionTarget;
use crate::sessions::idempotency::IdempotencyKeys;
use crate::sessions::if_exists::IfSessionExists;
use crate::sessions::in_use::SessionInUse;
use crate::sessions::messages;
use crate::sessions::quota::Quota;
use crate::sessions::quota::QuotaPermit;
use crate::sessions::quota::ReserveLimits;
use crate::sessions::quota::SessionLimits;
use crate::sessions::recent::Recent;
use crate::sessions::reservation::Reservation;
use crate::sessions::reservation::Reserved;
use crate::sessions::reservation::mint;
use crate::sessions::session::ClosedSession;
use crate::sessions::session::Session;
use crate::sessions::sharing::TokenSeal;
use crate::sessions::sharing::TreeShare;
use crate::sessions::state::Attempt;
use crate::sessions::state::Counts;
use crate::sessions::store_calls;
use crate::sessions::store_calls::SharedTrees;
use crate::sessions::sync::Mutex;
use crate::sessions::sync::RwLock;
use crate::sessions::tree::Tree;

/// The run tree of each bot run
type Trees<C> = HashMap<BotRunId, Arc<Tree<C>>>;

/// How many ended bot runs are remembered
const ENDED_RUNS: usize = 10_000;

/// The bot runs of the process and their sessions
///
/// Every method that takes a bot run fails with `bot_run.unknown` when it was never started, and with
/// `bot_run.ended` when it, or the root of its tree, has ended.
pub struct Sessions<C> {
    trees: RwLock<Trees<C>>,
    ended: Mutex<Recent<BotRunId, ()>>,
    per_tree: usize,
    per_run: Option<(u32, PolicyRule)>,
    places: Quota,
    pub(super) sharing: Option<SharedTrees>,
    keys: IdempotencyKeys,
    pub(super) token_seal: Option<TokenSeal>,
    pub(super) version: &'static str,
}

/// The context of a call of a bot run
#[derive(Debug)]
pub struct Entered {
    /// Cancelled when the bot run has ended, which stops its calls
    pub ended: CancellationToken,
    /// The root of its run tree
    pub root: BotRunId,
    /// Masks the secrets of the run tree in all output
    pub masker: Arc<Masker>,
}

impl<C: Send + Sync + 'static> Sessions<C> {
    /// Creates a registry without bot runs, with the default limits
    pub fn new() -> Self {
        Self::with_limits(SessionLimits::default())
    }

    /// Creates a registry without bot runs, whose run trees are in this process alone
    pub fn with_limits(limits: SessionLimits) -> Self {
        Self::with_store(limits, None)
    }

    /// Creates a registry without bot runs; with a store, other processes can join its run trees
    pub fn with_store(limits: SessionLimits, sharing: Option<SharedTrees>) -> Self {
        Sessions {
            trees: RwLock::new(HashMap::new()),
            ended: Mutex::new(Recent::new(ENDED_RUNS)),
            per_tree: limits.per_tree,
            per_run: limits.per_run,
            places: Quota::new(limits.per_process),
            sharing,
            keys: IdempotencyKeys::default(),
            token_seal: None,
            version: env!("CARGO_PKG_VERSION"),
        }
    }

    /// Shares its idempotency keys with other processes
    #[must_use]
    pub fn with_keys(self, keys: IdempotencyKeys) -> Self {
        Sessions { keys, ..self }
    }

    /// Shares tokens without a reference too, sealed with the operator's key
    #[must_use]
    pub fn with_token_seal(self, seal: Option<TokenSeal>) -> Self {
        Sessions { token_seal: seal, ..self }
    }

    /// Writes another version of the package into the records of its sessions, as a process of that version does
    #[must_use]
    pub fn with_version(self, version: &'static str) -> Self {
        Sessions { version, ..self }
    }

    /// Returns the idempotency keys
    pub fn keys(&self) -> &IdempotencyKeys {
        &self.keys
    }

    /// Starts a bot run: without a parent as the root of a new run tree, else as a child in its parent's tree
    ///
    /// The id of an ended run may be used again; the new run shares nothing with the old one. Errors:
    /// `input.invalid` when the id is running, `bot_run.unknown` and `bot_run.ended` for the parent.
    pub fn start(&self, run: &BotRunId, parent: Option<&BotRunId>) -> Result<(), Error> {
        let family = match parent {
            Some(parent) => {
                let tree = self.tree(parent)?;
                // It may have ended with a root in another process.
                tree.ended(parent)?;
                Some((parent, tree))
            }
            None => None,
        };
        self.start_in(run, family, || self.share_of_root())
    }

    /// Starts a bot run in a family, or as the first of a tree in this process, with this share
    pub(super) fn start_in(
        &self,
        run: &BotRunId,
        family: Option<(&BotRunId, Arc<Tree<C>>)>,
        share: impl FnOnce() -> Result<Option<TreeShare>, Error>,
    ) -> Result<(), Error> {
        let mut trees = self.trees_to_change();
        if trees.get(run).is_some_and(|known| known.is_running(run)) {
            return Err(messages::run_running(run));
        }
        let tree = match family {
            Some((parent, tree)) => tree.start(run, parent).map(|()| tree)?,
            None => watched(Tree::new(run, share()?)),
        };
        trees.insert(run.clone(), tree);
        Ok(())
    }

    /// Ends a bot run and closes its local sessions, newest first; the end of a root ends every
    /// descendant and closes every session of the tree
    ///
    /// Returns an empty list for a run that has already ended. Errors: `bot_run.unknown`.
    pub fn end(&self, run: &BotRunId) -> Result<Vec<ClosedSession>, Error> {
        let Some(tree) = self.trees().get(run).cloned() else {
            return if self.has_ended(run) { Ok(Vec::new()) } else { Err(messages::run_unknown(run)) };
        };
        let (mut runs, closed) = tree.end(run);
        if runs.is_empty() {
            // It ended with its root, in another process.
            runs.push(Arc::new(run.clone()));
        }
        for run in runs {
            // Remember the run before its removal, so that it is never unknown in between. It may have
            // been started again since: then its entry stays.
            self.ended.lock().unwrap_or_else(PoisonError::into_inner).remember((*run).clone(), ());
            let mut trees = self.trees_to_change();
            if trees.get(&*run).is_some_and(|tree| !tree.is_running(&run)) {
                trees.remove(&*run);
            }
        }
        Ok(closed)
    }

    /// Returns the context of a call of this bot run
    pub fn enter(&self, run: &BotRunId) -> Result<Entered, Error> {
        let tree = self.tree(run)?;
        Ok(Entered { ended: tree.ended(run)?, root: tree.root().clone(), masker: Arc::clone(tree.masker()) })
    }

    /// Reserves a name for a Connect before it sends a request
    ///
    /// A name that is open or being connected in that scope is an immediate `session.name_in_use`, except
    /// that `Reuse` waits for a Connect in progress and returns its session, and that `Replace` reserves
    /// the name of an open session. A session in a variable has no name to reserve.
    /// Other errors: `limit.exceeded`.
    pub async fn reserve(
        &self,
        run: &BotRunId,
        target: &SessionTarget,
        if_exists: IfSessionExists,
    ) -> Result<Reserved<C>, Error> {
        let tree = self.tree(run)?;
        loop {
            let handle = mint()?;
            let is_shared = matches!(target, SessionTarget::Global(_));
            let entry = tree.share().filter(|_| is_shared).map(|share| share.entry_id(&handle));
            let limits =
                ReserveLimits { tree: self.per_tree, run: self.per_run.as_ref(), process: &self.places };
            match tree.reserve(run, target, if_exists, &limits, entry)? {
                Attempt::New(ticket, place) => {
                    let reservation = Reservation::new(Arc::clone(&tree), ticket, place, handle);
                    match entry {
                        None => return Ok(Reserved::New(reservation)),
                        Some(entry) => match store_calls::reserve(reservation, entry, if_exists).await? {
                            Some(reserved) => return Ok(reserved),
                            None => store_calls::pause(&tree, run).await?,
                        },
                    }
                }
                Attempt::Existing(session) => return Ok(Reserved::Existing(session)),
                Attempt::Wait { settled, ended } => tokio::select! {
                    () = settled.cancelled() => {}
                    () = ended.cancelled() => return Err(messages::ended_while_connecting(run)),
                },
            }
        }
    }

    /// Returns a session that the bot run can use: by name its own local one, then the tree's global one; by
    /// handle a session of the tree, a local one only for its own bot run
    ///
    /// Errors: `session.closed` with the bot run that closed it; `session.not_found`, the same for a session of
    /// another tree as for one that never existed.
    pub fn find(&self, run: &BotRunId, reference: &SessionReference) -> Result<Arc<Session<C>>, Error> {
        self.tree(run)?.find(run, reference)
    }

    /// Returns the open sessions that the bot run can use, in the order of opening
    pub fn open(&self, run: &BotRunId) -> Result<Vec<Arc<Session<C>>>, Error> {
        self.tree(run)?.open(run)
    }

    /// Closes the session that [`Sessions::find`] returns, also if only another process of the run tree has it
    ///
    /// It is closed for all bot runs of this process when this returns. Errors: `store.unavailable`.
    pub async fn close(&self, run: &BotRunId, reference: &SessionReference) -> Result<ClosedSession, Error> {
        let tree = self.tree(run)?;
        match store_calls::close(&tree, run, reference).await? {
            Some(closed) => Ok(closed),
            None => tree.close(run, reference),
        }
    }

    /// Returns the session that [`Sessions::find`] returns, in use until it is dropped
    pub fn find_for_use(
        &self,
        run: &BotRunId,
        reference: &SessionReference,
    ) -> Result<SessionInUse<C>, Error> {
        self.find(run, reference).map(SessionInUse::of)
    }

    /// Closes the sessions that no action has used for this time, and returns how many there were
    pub fn close_idle(&self, limit: Duration) -> usize {
        // Not under the lock of the map, since a session is dropped here.
        let trees: Vec<_> = self.trees().values().cloned().collect();
        trees.iter().map(|tree| tree.close_idle(limit)).sum()
    }

    /// Returns how many sessions the run's tree has had
    pub fn counts(&self, run: &BotRunId) -> Result<Counts, Error> {
        self.tree(run)?.counts(run)
    }

    /// Takes a place of the process's quota
    pub(super) fn take_place(&self) -> Result<QuotaPermit, Error> {
        self.places.take().ok_or_else(|| messages::process_full(self.places.limit()))
    }

    /// Returns the number of sessions of the process, open or being connected
    pub fn in_process(&self) -> usize {
        self.places.taken()
    }

    pub(super) fn tree(&self, run: &BotRunId) -> Result<Arc<Tree<C>>, Error> {
        if let Some(tree) = self.trees().get(run) {
            return Ok(Arc::clone(tree));
        }
        Err(if self.has_ended(run) { messages::run_ended(run) } else { messages::run_unknown(run) })
    }

    fn trees(&self) -> RwLockReadGuard<'_, Trees<C>> {
        self.trees.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn trees_to_change(&self) -> RwLockWriteGuard<'_, Trees<C>> {
        self.trees.write().unwrap_or_else(PoisonError::into_inner)
    }

    fn has_ended(&self, run: &BotRunId) -> bool {
        self.ended.lock().unwrap_or_else(PoisonError::into_inner).get(run).is_some()
    }
}

/// Begins or watches a shared tree in its store
fn watched<C: Send + Sync + 'static>(tree: Tree<C>) -> Arc<Tree<C>> {
    let tree = Arc::new(tree);
    if let Some(share) = tree.share() {
        let watcher: Weak<Tree<C>> = Arc::downgrade(&tree);
        if share.is_root {
            share.store.begin(share.place());
        }
        share.store.watch(share.place(), watcher);
    }
    tree
}

impl<C: Send + Sync + 'static> Default for Sessions<C> {
    fn default() -> Self {
        Self::new()
    }
}
