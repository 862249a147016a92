//! The one task of a process that uses a broker: it connects, again if need be, and passes messages on.

use std::collections::HashMap;
use std::collections::HashSet;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::sync::Weak;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::io::AsyncBufRead;
use tokio::io::AsyncWrite;
use tokio::io::AsyncWriteExt as _;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::sync::oneshot;

use crate::sessions::broker::connecting::BrokerOptions;
use crate::sessions::broker::connecting::connect;
use crate::sessions::broker::message::BrokerCall;
use crate::sessions::broker::message::BrokerLine;
use crate::sessions::broker::message::BrokerReply;
use crate::sessions::broker::message::CallLine;
use crate::sessions::broker::message::SealedText;
use crate::sessions::broker::message::read_line;
use crate::sessions::broker::message::write_line;
use crate::sessions::sharing::StoreError;
use crate::sessions::sharing::TreePlace;
use crate::sessions::sharing::Watcher;

/// How often a process that has run trees tries to reach a broker that it has lost
const RETRY: Duration = Duration::from_millis(250);

/// How many bytes are sent together
const BATCH: usize = 64 << 10;

/// What the worker does
pub(super) enum BrokerTask {
    /// Sends a call that has no response
    Tell(BrokerCall),
    /// Sends a call and hands its response on
    Ask(BrokerCall, AskReply),
}

type AskReply = oneshot::Sender<Result<BrokerReply, StoreError>>;

/// What the store and its worker share
#[derive(Default)]
pub(super) struct BrokerLink {
    /// Whether there is a connection now
    pub(super) is_connected: AtomicBool,
    watchers: Mutex<HashMap<TreePlace, Vec<Weak<dyn Watcher>>>>,
}

impl BrokerLink {
    fn watchers(&self) -> MutexGuard<'_, HashMap<TreePlace, Vec<Weak<dyn Watcher>>>> {
        self.watchers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a watcher
    pub(super) fn watch(&self, tree: TreePlace, watcher: Weak<dyn Watcher>) {
        self.watchers().entry(tree).or_default().push(watcher);
    }

    /// Returns the run trees that are watched
    fn watched(&self) -> Vec<TreePlace> {
        let mut watchers = self.watchers();
        watchers.retain(|_, of_tree| of_tree.iter().any(|watcher| watcher.strong_count() > 0));
        watchers.keys().copied().collect()
    }

    fn of_tree(&self, tree: TreePlace) -> Vec<Arc<dyn Watcher>> {
        self.watchers().get(&tree).into_iter().flatten().filter_map(Weak::upgrade).collect()
    }

    /// Says to all that they may have missed messages
    fn missed(&self) {
        let all: Vec<_> = self.watchers().values().flatten().filter_map(Weak::upgrade).collect();
        all.iter().for_each(|watcher| watcher.missed());
    }
}

/// Why a connection is not served any more
enum Over {
    /// It was lost
    Lost,
    /// The store was dropped
    Unused,
}

/// The task of the store
pub(super) struct BrokerWorker {
    options: BrokerOptions,
    link: Arc<BrokerLink>,
    tasks: UnboundedReceiver<BrokerTask>,
    /// The run trees whose root runs in this process
    roots: HashSet<TreePlace>,
    /// Whether there was a connection before
    was_connected: bool,
    last_id: u64,
}

impl BrokerWorker {
    pub(super) fn new(
        options: BrokerOptions,
        link: Arc<BrokerLink>,
        tasks: UnboundedReceiver<BrokerTask>,
    ) -> Self {
        BrokerWorker { options, link, tasks, roots: HashSet::new(), was_connected: false, last_id: 0 }
    }

    /// Works until the store is dropped
    pub(super) async fn work(mut self) {
        while let Some(wanted) = self.wait_for_need().await {
            match connect(&self.options, wanted.is_needed).await {
                Ok((read, write)) => {
                    self.link.is_connected.store(true, Ordering::Release);
                    let over = self.serve(read, write, wanted.ask).await;
                    self.link.is_connected.store(false, Ordering::Release);
                    if matches!(over, Over::Unused) {
                        return;
                    }
                }
                Err(error) => {
                    if let Some((_, reply)) = wanted.ask {
                        let _ = reply.send(Err(error));
                    }
                }
            }
        }
    }

    /// Waits until a connection is needed; nothing when the store was dropped
    async fn wait_for_need(&mut self) -> Option<Wanted> {
        loop {
            let task = tokio::select! {
                task = self.tasks.recv() => task?,
                () = tokio::time::sleep(RETRY), if self.keeps_something() => {
                    return Some(Wanted { is_needed: false, ask: None });
                }
            };
            match task {
                BrokerTask::Tell(call) => {
                    if self.note(&call) {
                        return Some(Wanted { is_needed: true, ask: None });
                    }
                }
                // What was told before ended with the last connection, or will be told with the next one.
                BrokerTask::Ask(BrokerCall::Flush, reply) if !self.keeps_something() => {
                    let _ = reply.send(Ok(BrokerReply::Done));
                }
                // The caller may have given up.
                BrokerTask::Ask(call, reply) if !reply.is_closed() => {
                    return Some(Wanted { is_needed: true, ask: Some((call, reply)) });
                }
                BrokerTask::Ask(..) => {}
            }
        }
    }

    /// Whether a new connection would have something to tell the broker
    fn keeps_something(&self) -> bool {
        !self.roots.is_empty() || !self.link.watched().is_empty()
    }

    /// Keeps what is told again on a new connection; returns whether it is something to connect for
    fn note(&mut self, call: &BrokerCall) -> bool {
        match call {
            BrokerCall::Begin { tree } => self.roots.insert(*tree),
            BrokerCall::End { tree } => {
                self.roots.remove(tree);
                false
            }
            call => matches!(call, BrokerCall::Watch { .. }),
        }
    }

    /// Passes calls and their responses on until the connection is lost
    async fn serve(
        &mut self,
        mut read: impl AsyncBufRead + Unpin,
        write: impl AsyncWrite + Unpin,
        first: Option<(BrokerCall, AskReply)>,
    ) -> Over {
        let pending = Mutex::new(HashMap::new());
        let link = Arc::clone(&self.link);
        let over = tokio::select! {
            () = receive(&mut read, &pending, &link) => Over::Lost,
            over = self.send(write, &pending, first) => over,
        };
        let unanswered = pending.into_inner().unwrap_or_else(PoisonError::into_inner);
        for reply in unanswered.into_values() {
            let _: Result<(), _> = reply.send(Err(StoreError("ended before it responded".to_owned())));
        }
        over
    }

    /// Sends what is told again, and then every task
    async fn send(
        &mut self,
        mut write: impl AsyncWrite + Unpin,
        pending: &Mutex<HashMap<u64, AskReply>>,
        first: Option<(BrokerCall, AskReply)>,
    ) -> Over {
        let mut lines = Vec::new();
        for &tree in &self.roots {
            write_line(&mut lines, &CallLine { id: None, call: BrokerCall::Begin { tree } });
        }
        for tree in self.link.watched() {
            write_line(&mut lines, &CallLine { id: None, call: BrokerCall::Watch { tree } });
        }
        if std::mem::replace(&mut self.was_connected, true) {
            // A broker that was started again has nothing of what is known here.
            self.link.missed();
        }
        let mut task = first.map(|(call, reply)| BrokerTask::Ask(call, reply));
        loop {
            while let Some(next) = task.take() {
                self.add(&mut lines, next, pending);
                task = if lines.len() < BATCH { self.tasks.try_recv().ok() } else { None };
            }
            if write.write_all(&lines).await.is_err() || write.flush().await.is_err() {
                return Over::Lost;
            }
            lines.clear();
            task = self.tasks.recv().await;
            if task.is_none() {
                return Over::Unused;
            }
        }
    }

    fn add(&mut self, lines: &mut Vec<u8>, task: BrokerTask, pending: &Mutex<HashMap<u64, AskReply>>) {
        let (id, call) = match task {
            BrokerTask::Tell(call) => {
                self.note(&call);
                (None, call)
            }
            BrokerTask::Ask(call, reply) => {
                self.last_id += 1;
                pending.lock().unwrap_or_else(PoisonError::into_inner).insert(self.last_id, reply);
                (Some(self.last_id), call)
            }
        };
        write_line(lines, &CallLine { id, call });
    }
}

/// A need of a connection
struct Wanted {
    /// Whether something waits for it, so that a broker is started
    is_needed: bool,
    ask: Option<(BrokerCall, AskReply)>,
}

/// Hands responses and messages on until the connection is lost
async fn receive(
    read: &mut (impl AsyncBufRead + Unpin),
    pending: &Mutex<HashMap<u64, AskReply>>,
    link: &BrokerLink,
) {
    let mut line = Vec::new();
    while let Some(message) = read_line(read, &mut line).await {
        match message {
            BrokerLine::Reply { id, reply } => {
                let waiting = pending.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
                if let Some(waiting) = waiting {
                    let _ = waiting.send(Ok(reply));
                }
            }
            BrokerLine::Closed { tree, entry, note: SealedText(note) } => {
                link.of_tree(tree).iter().for_each(|watcher| watcher.closed(entry, &note));
            }
            BrokerLine::Ended { tree } => link.of_tree(tree).iter().for_each(|watcher| watcher.ended()),
            BrokerLine::Missed => link.missed(),
            BrokerLine::Hello { .. } => return,
        }
    }
}
