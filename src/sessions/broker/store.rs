//! The store of a process that uses a broker: each method is a message.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::Weak;
use std::sync::atomic::Ordering;

use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::mpsc::unbounded_channel;
use tokio::sync::oneshot;

use crate::contract::SessionName;
use crate::sessions::broker::connecting::BrokerOptions;
use crate::sessions::broker::connecting::garbage;
use crate::sessions::broker::message::BrokerCall;
use crate::sessions::broker::message::BrokerReply;
use crate::sessions::broker::message::SealedText;
use crate::sessions::broker::message::WrittenReference;
use crate::sessions::broker::worker::BrokerLink;
use crate::sessions::broker::worker::BrokerTask;
use crate::sessions::broker::worker::BrokerWorker;
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

/// The store in a broker, which the processes of one user on one machine use
pub struct BrokerStore {
    options: BrokerOptions,
    link: Arc<BrokerLink>,
    tasks: UnboundedSender<BrokerTask>,
    /// The worker, until it is started
    worker: Mutex<Option<BrokerWorker>>,
}

impl BrokerStore {
    /// Creates a store; it connects on first use
    pub fn new(options: BrokerOptions) -> Arc<Self> {
        let (tasks, to_do) = unbounded_channel();
        let link = Arc::new(BrokerLink::default());
        let worker = BrokerWorker::new(options.clone(), Arc::clone(&link), to_do);
        Arc::new(BrokerStore { options, link, tasks, worker: Mutex::new(Some(worker)) })
    }

    /// Hands a task to the worker, and starts it if it does not run yet
    fn post(&self, task: BrokerTask) {
        // The worker ends with its runtime only; then nothing is left to do.
        let _ = self.tasks.send(task);
        if let Ok(runtime) = tokio::runtime::Handle::try_current()
            && let Some(worker) = self.worker.lock().unwrap_or_else(PoisonError::into_inner).take()
        {
            runtime.spawn(worker.work());
        }
    }

    pub(super) fn tell(&self, call: BrokerCall) {
        self.post(BrokerTask::Tell(call));
    }

    pub(super) async fn ask(&self, call: BrokerCall) -> Result<BrokerReply, StoreError> {
        let (reply, replied) = oneshot::channel();
        let mut limit = self.options.patience;
        if !self.link.is_connected.load(Ordering::Acquire) {
            limit += self.options.patience;
            if self.options.start.is_some() {
                limit += self.options.start_limit;
            }
        }
        self.post(BrokerTask::Ask(call, reply));
        match tokio::time::timeout(limit, replied).await {
            Ok(Ok(Ok(BrokerReply::Failed { reason }))) => Err(StoreError(reason)),
            Ok(Ok(reply)) => reply,
            Ok(Err(_)) => Err(StoreError("is not in use any more".to_owned())),
            Err(_) => Err(StoreError("did not respond in time".to_owned())),
        }
    }

    /// Asks for something that has no result
    pub(super) async fn ask_for_done(&self, call: BrokerCall) -> Result<(), StoreError> {
        match self.ask(call).await? {
            BrokerReply::Done => Ok(()),
            _ => Err(garbage()),
        }
    }
}

impl SessionStore for BrokerStore {
    fn begin(&self, tree: TreePlace) {
        self.tell(BrokerCall::Begin { tree });
    }

    fn watch(&self, tree: TreePlace, watcher: Weak<dyn Watcher>) {
        self.link.watch(tree, watcher);
        self.tell(BrokerCall::Watch { tree });
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
            let name = name.as_str().to_owned();
            match self.ask(BrokerCall::Claim { tree, name, entry: id, by: by.into(), replace }).await? {
                BrokerReply::Reserved => Ok(Claimed::Reserved),
                BrokerReply::Connecting { by: SealedText(by) } => Ok(Claimed::Connecting(by)),
                BrokerReply::Open { entry, sealed: SealedText(sealed), .. } => {
                    Ok(Claimed::Open(StoredEntry { id: entry, sealed }))
                }
                BrokerReply::NoTree => Ok(Claimed::NoTree),
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
            let sealed = entry.sealed.as_slice().into();
            let call = BrokerCall::Open {
                tree,
                name: written(name),
                entry: entry.id,
                sealed,
                replaced: replaced.into(),
            };
            match self.ask(call).await? {
                BrokerReply::Opened => Ok(OpenResult::Opened),
                BrokerReply::Lost => Ok(OpenResult::Lost),
                BrokerReply::NoTree => Ok(OpenResult::NoTree),
                _ => Err(garbage()),
            }
        })
    }

    fn find<'a>(&'a self, tree: TreePlace, by: FindBy<'a>, known: Option<EntryId>) -> StoreFuture<'a, Found> {
        Box::pin(async move {
            let by = match by {
                FindBy::Name(name) => WrittenReference::Name(name.as_str().to_owned()),
                FindBy::Id(id) => WrittenReference::Entry(id),
            };
            match self.ask(BrokerCall::Find { tree, by, known }).await? {
                BrokerReply::Open { entry, sealed: SealedText(sealed), replaced } => {
                    let replaced = replaced.map(|SealedText(note)| note);
                    Ok(Found::Open { entry: StoredEntry { id: entry, sealed }, replaced })
                }
                BrokerReply::Missing { note } => Ok(Found::Missing(note.map(|SealedText(note)| note))),
                BrokerReply::NoTree => Ok(Found::NoTree),
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
            let call = BrokerCall::Close { tree, name: written(name), entry: id, note: note.into() };
            match self.ask(call).await? {
                BrokerReply::Closed { was_open } => Ok(was_open),
                _ => Err(garbage()),
            }
        })
    }

    fn release(&self, tree: TreePlace, name: Option<&SessionName>, id: EntryId) {
        self.tell(BrokerCall::Release { tree, name: written(name), entry: id });
    }

    fn end(&self, tree: TreePlace) {
        self.tell(BrokerCall::End { tree });
    }

    fn flush(&self) -> StoreFuture<'_, ()> {
        Box::pin(self.ask_for_done(BrokerCall::Flush))
    }
}

fn written(name: Option<&SessionName>) -> Option<String> {
    name.map(|name| name.as_str().to_owned())
}
