//! The store: each method is one script, and a look-up of a session that is known one plain command.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::Weak;

use tokio::sync::mpsc::UnboundedReceiver;
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::mpsc::unbounded_channel;
use tokio::sync::oneshot;

use crate::contract::SessionName;
use crate::sessions::redis_store::access::RedisAccess;
use crate::sessions::redis_store::access::entry;
use crate::sessions::redis_store::access::garbage;
use crate::sessions::redis_store::access::notes_are_kept;
use crate::sessions::redis_store::access::result;
use crate::sessions::redis_store::access::written;
use crate::sessions::redis_store::connection::RedisOptions;
use crate::sessions::redis_store::worker::StoreTask;
use crate::sessions::redis_store::worker::Worker;
use crate::sessions::sharing::Claimed;
use crate::sessions::sharing::EntryId;
use crate::sessions::sharing::FindBy;
use crate::sessions::sharing::Found;
use crate::sessions::sharing::OpenResult;
use crate::sessions::sharing::SessionStore;
use crate::sessions::sharing::StoreError;
use crate::sessions::sharing::StoreFuture;
use crate::sessions::sharing::StoredEntry;
use crate::sessions::sharing::TreePlace;
use crate::sessions::sharing::Watcher;

/// The store in Redis or Valkey, which any number of processes and machines use
pub struct RedisStore {
    link: Arc<RedisAccess>,
    tasks: UnboundedSender<StoreTask>,
    /// The receivers of the worker, until it is started
    worker: Mutex<Option<Worker>>,
}

impl RedisStore {
    /// Creates a store; it connects on first use
    ///
    /// Errors: the URL cannot be used.
    pub fn new(options: RedisOptions) -> Result<Arc<Self>, StoreError> {
        let (pushes, pushed) = unbounded_channel();
        let (tasks, to_do): (_, UnboundedReceiver<StoreTask>) = unbounded_channel();
        let link = Arc::new(RedisAccess::new(&options, pushes)?);
        let worker = Worker::new(Arc::clone(&link), options.renewal, to_do, pushed);
        Ok(Arc::new(RedisStore { link, tasks, worker: Mutex::new(Some(worker)) }))
    }

    /// Returns the connection, for what is not about sessions
    pub(super) fn access(&self) -> &RedisAccess {
        &self.link
    }

    /// Returns the connection, for work that goes on without the caller
    pub(super) fn shared_access(&self) -> Arc<RedisAccess> {
        Arc::clone(&self.link)
    }

    /// Hands a task to the worker, and starts it if it does not run yet
    fn post(&self, task: StoreTask) {
        // The worker ends with its runtime only; then nothing is left to do.
        let _ = self.tasks.send(task);
        self.start();
    }

    fn start(&self) {
        if let Ok(runtime) = tokio::runtime::Handle::try_current()
            && let Some(worker) = self.worker.lock().unwrap_or_else(PoisonError::into_inner).take()
        {
            runtime.spawn(worker.work());
        }
    }
}

impl SessionStore for RedisStore {
    fn begin(&self, tree: TreePlace) {
        self.link.roots().insert(tree);
        self.post(StoreTask::Renew(tree));
    }

    fn watch(&self, tree: TreePlace, watcher: Weak<dyn Watcher>) {
        self.post(StoreTask::Watch(tree, watcher));
    }

    fn claim<'a>(
        &'a self,
        tree: TreePlace,
        name: &'a SessionName,
        id: EntryId,
        by: &'a [u8],
        replace: bool,
    ) -> StoreFuture<'a, Claimed> {
        Box::pin(async move {
            self.start();
            let link = &self.link;
            let reply = link
                .run(&link.scripts.claim, tree, |invocation| {
                    invocation.arg(name.as_str()).arg(&id.0).arg(by).arg(if replace { "1" } else { "0" });
                    invocation.arg(link.lease()).arg(link.is_root(tree)).arg(env!("CARGO_PKG_VERSION"));
                })
                .await?;
            match result(&reply) {
                (b"reserved", []) => {
                    self.post(StoreTask::Hold(tree, name.clone(), id));
                    Ok(Claimed::Reserved)
                }
                (b"connecting", [by]) => Ok(Claimed::Connecting(by.clone())),
                (b"open", [id, sealed]) => Ok(Claimed::Open(entry(id, sealed)?)),
                (b"no_tree", []) => Ok(Claimed::NoTree),
                _ => Err(garbage()),
            }
        })
    }

    fn open<'a>(
        &'a self,
        tree: TreePlace,
        name: Option<&'a SessionName>,
        entry: &'a StoredEntry,
        replaced: &'a [u8],
    ) -> StoreFuture<'a, OpenResult> {
        Box::pin(async move {
            self.start();
            let link = &self.link;
            let reply = link
                .run(&link.scripts.open, tree, |invocation| {
                    invocation.arg(written(name)).arg(&entry.id.0).arg(&entry.sealed).arg(replaced);
                    invocation.arg(notes_are_kept()).arg(link.lease());
                    invocation.arg(link.is_root(tree)).arg(env!("CARGO_PKG_VERSION"));
                })
                .await?;
            self.post(StoreTask::LetGo(entry.id));
            match result(&reply) {
                (b"opened", []) => Ok(OpenResult::Opened),
                (b"lost", []) => Ok(OpenResult::Lost),
                (b"no_tree", []) => Ok(OpenResult::NoTree),
                _ => Err(garbage()),
            }
        })
    }

    fn find<'a>(&'a self, tree: TreePlace, by: FindBy<'a>, known: Option<EntryId>) -> StoreFuture<'a, Found> {
        Box::pin(async move {
            self.start();
            if let Some(entry) = self.link.read(tree, by, known).await? {
                return Ok(Found::Open { entry, replaced: None });
            }
            // The script says how a known session was closed, too.
            let known = known.map(|known| known.0);
            let reply = self
                .link
                .run(&self.link.scripts.find, tree, |invocation| {
                    match by {
                        FindBy::Name(name) => invocation.arg("n").arg(name.as_str()),
                        FindBy::Id(id) => invocation.arg("i").arg(&id.0),
                    };
                    invocation.arg(known.as_ref().map_or(&[][..], |known| known));
                })
                .await?;
            match result(&reply) {
                (b"open", [id, sealed]) => Ok(Found::Open { entry: entry(id, sealed)?, replaced: None }),
                (b"open", [id, sealed, note]) => {
                    Ok(Found::Open { entry: entry(id, sealed)?, replaced: Some(note.clone()) })
                }
                (b"missing", []) => Ok(Found::Missing(None)),
                (b"missing", [note]) => Ok(Found::Missing(Some(note.clone()))),
                (b"no_tree", []) => Ok(Found::NoTree),
                _ => Err(garbage()),
            }
        })
    }

    fn close<'a>(
        &'a self,
        tree: TreePlace,
        name: Option<&'a SessionName>,
        id: EntryId,
        note: &'a [u8],
    ) -> StoreFuture<'a, bool> {
        Box::pin(async move {
            self.start();
            let was_open = self.link.close(tree, name, id, note).await?;
            self.post(StoreTask::Closed(tree, name.cloned(), id, note.to_vec()));
            Ok(was_open)
        })
    }

    fn release(&self, tree: TreePlace, name: Option<&SessionName>, id: EntryId) {
        self.post(StoreTask::Release(tree, name.cloned(), id));
    }

    fn end(&self, tree: TreePlace) {
        self.link.roots().remove(&tree);
        self.post(StoreTask::End(tree));
    }

    fn flush(&self) -> StoreFuture<'_, ()> {
        Box::pin(async move {
            let (done, finished) = oneshot::channel();
            self.post(StoreTask::Flush(done));
            match finished.await {
                Ok(result) => result,
                Err(_) => Err(StoreError("was not told what has ended".to_owned())),
            }
        })
    }
}
