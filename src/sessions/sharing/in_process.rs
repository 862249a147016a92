//! The store in the memory of one process, for several registries in it.

use std::collections::HashMap;
use std::future::ready;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::sync::Weak;

use crate::contract::SessionName;
use crate::sessions::recent::Recent;
use crate::sessions::sharing::store::Claimed;
use crate::sessions::sharing::store::EntryId;
use crate::sessions::sharing::store::FindBy;
use crate::sessions::sharing::store::Found;
use crate::sessions::sharing::store::OpenResult;
use crate::sessions::sharing::store::SessionStore;
use crate::sessions::sharing::store::StoreFuture;
use crate::sessions::sharing::store::StoredEntry;
use crate::sessions::sharing::store::TreePlace;
use crate::sessions::sharing::store::Watcher;

/// How many closed sessions of a tree, and how many closed names, are remembered
const CLOSED: usize = 1_000;

/// The store in the memory of this process
///
/// Nothing expires: what it holds ends with the process, or with its run tree.
#[derive(Default)]
pub struct InProcessStore {
    trees: Mutex<HashMap<TreePlace, StoredTree>>,
    watchers: Mutex<Watched>,
}

/// The watchers of run trees, also of those that the store does not have
#[derive(Default)]
struct Watched {
    of_trees: HashMap<TreePlace, Vec<Weak<dyn Watcher>>>,
    /// At this number of trees, those whose watchers are gone are removed
    sweep_at: usize,
}

impl Watched {
    fn add(&mut self, tree: TreePlace, watcher: Weak<dyn Watcher>) {
        if self.of_trees.len() >= self.sweep_at {
            self.of_trees.retain(|_, of_tree| of_tree.iter().any(|watcher| watcher.strong_count() > 0));
            self.sweep_at = 2 * self.of_trees.len() + 16;
        }
        let of_tree = self.of_trees.entry(tree).or_default();
        of_tree.retain(|watcher| watcher.strong_count() > 0);
        of_tree.push(watcher);
    }
}

/// A run tree; a broker has many of them, so it is small
struct StoredTree {
    /// The open sessions, which are few: a name is looked for among them, without a map of names
    open: HashMap<EntryId, OpenEntry>,
    claims: HashMap<SessionName, (EntryId, Vec<u8>)>,
    closed: Recent<EntryId, Vec<u8>>,
    closed_names: Recent<SessionName, Vec<u8>>,
}

struct OpenEntry {
    sealed: Box<[u8]>,
    name: Option<SessionName>,
}

impl StoredTree {
    fn new() -> Self {
        StoredTree {
            open: HashMap::new(),
            claims: HashMap::new(),
            closed: Recent::new(CLOSED),
            closed_names: Recent::new(CLOSED),
        }
    }

    fn entry(&self, id: EntryId) -> Option<StoredEntry> {
        self.open.get(&id).map(|open| StoredEntry { id, sealed: open.sealed.to_vec() })
    }

    /// Returns the session that is open under a name
    fn named(&self, name: &SessionName) -> Option<EntryId> {
        self.open.iter().find(|(_, open)| open.name.as_ref() == Some(name)).map(|(id, _)| *id)
    }

    /// Gives a name back that was reserved
    fn unclaim(&mut self, name: &SessionName) {
        self.claims.remove(name);
        if self.claims.is_empty() {
            // It keeps the room of the most names that were ever connected at the same time.
            self.claims = HashMap::new();
        }
    }

    /// Closes a session and remembers the note; returns whether it was open
    fn close(&mut self, id: EntryId, note: &[u8]) -> bool {
        let Some(open) = self.open.remove(&id) else { return false };
        if let Some(name) = open.name {
            self.closed_names.remember(name, note.to_vec());
        }
        self.closed.remember(id, note.to_vec());
        true
    }
}

impl InProcessStore {
    /// Creates a store without run trees
    pub fn new() -> Self {
        Self::default()
    }

    fn trees(&self) -> MutexGuard<'_, HashMap<TreePlace, StoredTree>> {
        self.trees.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs a change of a tree, if the store has the tree
    fn change<T>(&self, tree: TreePlace, change: impl FnOnce(&mut StoredTree) -> T) -> Option<T> {
        self.trees().get_mut(&tree).map(change)
    }

    /// Tells the watchers of a tree, without a lock
    fn tell(&self, tree: TreePlace, tell: impl Fn(&dyn Watcher)) {
        let mut watchers = self.watchers.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(of_tree) = watchers.of_trees.get_mut(&tree) else { return };
        of_tree.retain(|watcher| watcher.strong_count() > 0);
        let of_tree = of_tree.clone();
        drop(watchers);
        of_tree.iter().filter_map(Weak::upgrade).for_each(|watcher| tell(&*watcher));
    }

    fn claim_now(
        &self,
        tree: TreePlace,
        name: &SessionName,
        id: EntryId,
        by: &[u8],
        replace: bool,
    ) -> Claimed {
        let claimed = self.change(tree, |tree| {
            if let Some((_, other)) = tree.claims.get(name) {
                return Claimed::Connecting(other.clone());
            }
            match tree.named(name).and_then(|open| tree.entry(open)) {
                Some(open) if !replace => Claimed::Open(open),
                _ => {
                    tree.claims.insert(name.clone(), (id, by.to_vec()));
                    Claimed::Reserved
                }
            }
        });
        claimed.unwrap_or(Claimed::NoTree)
    }

    fn open_now(
        &self,
        place: TreePlace,
        name: Option<&SessionName>,
        entry: &StoredEntry,
        note: &[u8],
    ) -> OpenResult {
        let mut replaced = None;
        let opened = self.change(place, |tree| {
            if let Some(name) = name {
                if tree.claims.get(name).is_none_or(|(id, _)| *id != entry.id) {
                    return OpenResult::Lost;
                }
                tree.unclaim(name);
                replaced = tree.named(name).filter(|old| tree.close(*old, note));
                tree.closed_names.forget(name);
            }
            tree.open
                .insert(entry.id, OpenEntry { sealed: entry.sealed.as_slice().into(), name: name.cloned() });
            OpenResult::Opened
        });
        if let Some(old) = replaced {
            self.tell(place, |watcher| watcher.closed(old, note));
        }
        opened.unwrap_or(OpenResult::NoTree)
    }

    fn find_now(&self, tree: TreePlace, by: FindBy<'_>, known: Option<EntryId>) -> Found {
        let found = self.change(tree, |tree| {
            let id = match by {
                FindBy::Name(name) => tree.named(name),
                FindBy::Id(id) => Some(id),
            };
            match id.and_then(|id| tree.entry(id)) {
                Some(entry) => {
                    let known = known.filter(|known| *known != entry.id);
                    Found::Open { entry, replaced: known.and_then(|known| tree.closed.get(&known).cloned()) }
                }
                None => Found::Missing(match by {
                    FindBy::Name(name) => tree.closed_names.get(name).cloned(),
                    FindBy::Id(id) => tree.closed.get(&id).cloned(),
                }),
            }
        });
        found.unwrap_or(Found::NoTree)
    }

    fn close_now(&self, tree: TreePlace, id: EntryId, note: &[u8]) -> bool {
        let was_open = self.change(tree, |tree| tree.close(id, note)).unwrap_or(false);
        if was_open {
            self.tell(tree, |watcher| watcher.closed(id, note));
        }
        was_open
    }
}

impl SessionStore for InProcessStore {
    fn begin(&self, tree: TreePlace) {
        self.trees().entry(tree).or_insert_with(StoredTree::new);
    }

    fn watch(&self, tree: TreePlace, watcher: Weak<dyn Watcher>) {
        let mut watchers = self.watchers.lock().unwrap_or_else(PoisonError::into_inner);
        watchers.add(tree, watcher);
    }

    fn claim<'a>(
        &'a self,
        tree: TreePlace,
        name: &'a SessionName,
        id: EntryId,
        by: &'a [u8],
        replace: bool,
    ) -> StoreFuture<'a, Claimed> {
        Box::pin(ready(Ok(self.claim_now(tree, name, id, by, replace))))
    }

    fn open<'a>(
        &'a self,
        tree: TreePlace,
        name: Option<&'a SessionName>,
        entry: &'a StoredEntry,
        replaced: &'a [u8],
    ) -> StoreFuture<'a, OpenResult> {
        Box::pin(ready(Ok(self.open_now(tree, name, entry, replaced))))
    }

    fn find<'a>(&'a self, tree: TreePlace, by: FindBy<'a>, known: Option<EntryId>) -> StoreFuture<'a, Found> {
        Box::pin(ready(Ok(self.find_now(tree, by, known))))
    }

    fn close<'a>(
        &'a self,
        tree: TreePlace,
        _name: Option<&'a SessionName>,
        id: EntryId,
        note: &'a [u8],
    ) -> StoreFuture<'a, bool> {
        Box::pin(ready(Ok(self.close_now(tree, id, note))))
    }

    fn release(&self, tree: TreePlace, name: Option<&SessionName>, id: EntryId) {
        self.change(tree, |tree| {
            if let Some(name) = name
                && tree.claims.get(name).is_some_and(|(claim, _)| *claim == id)
            {
                tree.unclaim(name);
            }
        });
        self.close_now(tree, id, &[]);
    }

    fn end(&self, tree: TreePlace) {
        self.trees().remove(&tree);
        self.tell(tree, |watcher| watcher.ended());
        self.watchers.lock().unwrap_or_else(PoisonError::into_inner).of_trees.remove(&tree);
    }

    fn flush(&self) -> StoreFuture<'_, ()> {
        Box::pin(ready(Ok(())))
    }
}
