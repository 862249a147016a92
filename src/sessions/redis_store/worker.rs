//! The one task of the store in a process: it renews leases, does work in the background, and passes messages on.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::Weak;
use std::time::Duration;

use redis::PushInfo;
use redis::PushKind;
use redis::Value;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::sync::oneshot;
use tokio::time::Instant;
use tokio::time::MissedTickBehavior;

use crate::contract::SessionName;
use crate::sessions::redis_store::access::RedisAccess;
use crate::sessions::redis_store::access::key;
use crate::sessions::sharing::EntryId;
use crate::sessions::sharing::StoreError;
use crate::sessions::sharing::TreePlace;
use crate::sessions::sharing::Watcher;

/// The message that the root has ended; all others begin with the id of a session
const END: &[u8] = b"end";

/// What the worker does
pub(super) enum StoreTask {
    /// Begins a run tree, or renews its lease
    Renew(TreePlace),
    /// Calls a watcher
    Watch(TreePlace, Weak<dyn Watcher>),
    /// Keeps a reservation until it is let go
    Hold(TreePlace, SessionName, EntryId),
    /// Keeps a reservation no longer
    LetGo(EntryId),
    /// Closes a session again at each renewal: a server that takes over may have missed it
    Closed(TreePlace, Option<SessionName>, EntryId, Vec<u8>),
    /// Releases a reservation, and closes what was opened from it
    Release(TreePlace, Option<SessionName>, EntryId),
    /// Ends a run tree
    End(TreePlace),
    /// Says when all before is done, and whether all of it was
    Flush(oneshot::Sender<Result<(), StoreError>>),
}

/// The task of the store
pub(super) struct Worker {
    link: Arc<RedisAccess>,
    renewal: Duration,
    tasks: UnboundedReceiver<StoreTask>,
    pushes: UnboundedReceiver<PushInfo>,
    watchers: HashMap<String, Watched>,
    held: HashMap<EntryId, (TreePlace, SessionName)>,
    closed: Vec<ClosedLately>,
    /// Why the last task failed that a flush has not reported yet
    failure: Option<StoreError>,
}

/// The watchers of a run tree
struct Watched {
    tree: TreePlace,
    watchers: Vec<Weak<dyn Watcher>>,
    is_subscribed: bool,
}

/// A session that this process closed
struct ClosedLately {
    tree: TreePlace,
    name: Option<SessionName>,
    id: EntryId,
    note: Vec<u8>,
    until: Instant,
}

impl Worker {
    pub(super) fn new(
        link: Arc<RedisAccess>,
        renewal: Duration,
        tasks: UnboundedReceiver<StoreTask>,
        pushes: UnboundedReceiver<PushInfo>,
    ) -> Self {
        Worker {
            link,
            renewal,
            tasks,
            pushes,
            watchers: HashMap::new(),
            held: HashMap::new(),
            closed: Vec::new(),
            failure: None,
        }
    }

    /// Works until the store is dropped
    pub(super) async fn work(mut self) {
        let mut renewals = tokio::time::interval_at(Instant::now() + self.renewal, self.renewal);
        renewals.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                biased;
                Some(push) = self.pushes.recv() => self.pass_on(&push),
                _ = renewals.tick() => self.renew().await,
                task = self.tasks.recv() => match task {
                    Some(task) => self.run(task).await,
                    None => return,
                },
            }
        }
    }

    async fn run(&mut self, task: StoreTask) {
        let done = match task {
            StoreTask::Renew(tree) => self.renew_tree(tree).await,
            StoreTask::Watch(tree, watcher) => self.watch(tree, watcher).await,
            StoreTask::Hold(tree, name, id) => {
                self.held.insert(id, (tree, name));
                Ok(())
            }
            StoreTask::LetGo(id) => {
                self.held.remove(&id);
                Ok(())
            }
            StoreTask::Closed(tree, name, id, note) => {
                let until = Instant::now() + 4 * self.renewal;
                self.closed.push(ClosedLately { tree, name, id, note, until });
                Ok(())
            }
            StoreTask::Release(tree, name, id) => self.release(tree, name, id).await,
            StoreTask::End(tree) => self.end(tree).await,
            StoreTask::Flush(done) => {
                let failure = self.failure.take();
                let _ = done.send(failure.map_or(Ok(()), Err));
                Ok(())
            }
        };
        if let Err(error) = done {
            self.failure = Some(error);
        }
    }

    async fn renew_tree(&self, tree: TreePlace) -> Result<(), StoreError> {
        // It may have ended since.
        if !self.link.roots().contains(&tree) {
            return Ok(());
        }
        let link = &self.link;
        link.run(&link.scripts.renew, tree, |invocation| {
            invocation.arg(link.lease()).arg(env!("CARGO_PKG_VERSION"));
        })
        .await
        .map(drop)
    }

    async fn watch(&mut self, tree: TreePlace, watcher: Weak<dyn Watcher>) -> Result<(), StoreError> {
        let new = Watched { tree, watchers: Vec::new(), is_subscribed: false };
        let watched = self.watchers.entry(key(tree)).or_insert(new);
        watched.watchers.push(watcher);
        if !watched.is_subscribed {
            self.link.subscribe(tree).await?;
            watched.is_subscribed = true;
        }
        Ok(())
    }

    async fn release(
        &mut self,
        tree: TreePlace,
        name: Option<SessionName>,
        id: EntryId,
    ) -> Result<(), StoreError> {
        self.held.remove(&id);
        if let Some(name) = &name {
            let release = &self.link.scripts.release;
            self.link
                .run(release, tree, |invocation| {
                    invocation.arg(&id.0).arg(name.as_str());
                })
                .await?;
        }
        self.link.close(tree, name.as_ref(), id, &[]).await.map(drop)
    }

    async fn end(&mut self, tree: TreePlace) -> Result<(), StoreError> {
        self.held.retain(|_, (held, _)| *held != tree);
        self.closed.retain(|closed| closed.tree != tree);
        self.link.run(&self.link.scripts.end, tree, |_| {}).await.map(drop)
    }

    /// Renews what this process keeps; what fails is tried again at the next renewal
    async fn renew(&mut self) {
        let roots: Vec<_> = self.link.roots().iter().copied().collect();
        for tree in roots {
            let _ = self.renew_tree(tree).await;
        }
        for (id, (tree, name)) in &self.held {
            let _ = self
                .link
                .run(&self.link.scripts.hold, *tree, |invocation| {
                    invocation.arg(&id.0).arg(name.as_str()).arg(self.link.lease());
                })
                .await;
        }
        self.closed.retain(|closed| closed.until > Instant::now());
        for closed in &self.closed {
            let _ = self.link.close(closed.tree, closed.name.as_ref(), closed.id, &closed.note).await;
        }
        self.watchers.values_mut().for_each(|watched| {
            watched.watchers.retain(|watcher| watcher.strong_count() > 0);
        });
        for watched in self.watchers.values_mut() {
            match watched.watchers.is_empty() {
                true if watched.is_subscribed => {
                    watched.is_subscribed = self.link.unsubscribe(watched.tree).await.is_err();
                }
                false if !watched.is_subscribed => {
                    watched.is_subscribed = self.link.subscribe(watched.tree).await.is_ok();
                }
                _ => {}
            }
        }
        self.watchers.retain(|_, watched| watched.is_subscribed || !watched.watchers.is_empty());
    }

    /// Passes a message of the server on to the watchers
    fn pass_on(&self, push: &PushInfo) {
        match (&push.kind, push.data.as_slice()) {
            (PushKind::Message, [Value::BulkString(channel), Value::BulkString(text)]) => {
                let Some(watched) = std::str::from_utf8(channel).ok().and_then(|key| self.watchers.get(key))
                else {
                    return;
                };
                let watchers = watched.watchers.iter().filter_map(Weak::upgrade);
                if text == END {
                    watchers.for_each(|watcher| watcher.ended());
                } else if let Some((id, note)) = text.split_first_chunk() {
                    watchers.for_each(|watcher| watcher.closed(EntryId(*id), note));
                }
            }
            (PushKind::Disconnection, _) => {
                let watched = self.watchers.values().flat_map(|watched| &watched.watchers);
                watched.filter_map(Weak::upgrade).for_each(|watcher| watcher.missed());
            }
            _ => {}
        }
    }
}
