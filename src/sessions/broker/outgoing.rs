//! What waits to be sent to a process: responses, and what happens in the run trees that it watches.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;

use tokio::io::AsyncWrite;
use tokio::io::AsyncWriteExt as _;
use tokio::sync::mpsc::Receiver;
use tokio::sync::mpsc::Sender;
use tokio::sync::mpsc::channel;

use crate::sessions::broker::message::BrokerLine;
use crate::sessions::broker::message::BrokerReply;
use crate::sessions::broker::message::PROTOCOL;
use crate::sessions::broker::message::write_line;
use crate::sessions::sharing::EntryId;
use crate::sessions::sharing::TreePlace;
use crate::sessions::sharing::Watcher;

/// How many lines wait for a process that does not read
const QUEUE: usize = 1024;

/// How many bytes are sent together
const BATCH: usize = 64 << 10;

/// The lines that wait for a process
pub(super) struct Queue {
    lines: Sender<BrokerLine>,
    /// Whether a line about a session was left out
    has_missed: AtomicBool,
}

impl Queue {
    /// Creates a queue and its other end
    pub(super) fn new() -> (Arc<Self>, Receiver<BrokerLine>) {
        let (lines, waiting) = channel(QUEUE);
        (Arc::new(Queue { lines, has_missed: AtomicBool::new(false) }), waiting)
    }

    /// Adds a response when there is room; returns whether the process can still get it
    pub(super) async fn reply(&self, id: u64, reply: BrokerReply) -> bool {
        self.lines.send(BrokerLine::Reply { id, reply }).await.is_ok()
    }

    /// Adds a line about a session, or notes that it was left out; it never waits
    fn pass_on(&self, line: BrokerLine) {
        if self.lines.try_send(line).is_err() {
            self.has_missed.store(true, Ordering::Release);
        }
    }
}

/// Greets a process, and sends it what waits until the connection ends
pub(super) async fn send(
    write: &mut (impl AsyncWrite + Unpin),
    waiting: &mut Receiver<BrokerLine>,
    queue: &Queue,
    store: &str,
) -> std::io::Result<()> {
    let mut lines = Vec::new();
    let (version, store) = (env!("CARGO_PKG_VERSION").to_owned(), store.to_owned());
    write_line(&mut lines, &BrokerLine::Hello { protocol: PROTOCOL, version, store });
    loop {
        write.write_all(&lines).await?;
        write.flush().await?;
        lines.clear();
        let mut next = waiting.recv().await;
        while let Some(line) = next.take() {
            write_line(&mut lines, &line);
            if lines.len() < BATCH {
                next = waiting.try_recv().ok();
            }
        }
        if queue.has_missed.swap(false, Ordering::AcqRel) {
            write_line(&mut lines, &BrokerLine::Missed);
        }
    }
}

/// Passes on what happens in a run tree
pub(super) struct Forwarder {
    tree: TreePlace,
    queue: Arc<Queue>,
    has_ended: AtomicBool,
}

impl Forwarder {
    pub(super) fn new(tree: TreePlace, queue: Arc<Queue>) -> Self {
        Forwarder { tree, queue, has_ended: AtomicBool::new(false) }
    }

    /// Returns whether the run tree has ended
    pub(super) fn has_ended(&self) -> bool {
        self.has_ended.load(Ordering::Acquire)
    }
}

impl Watcher for Forwarder {
    fn closed(&self, id: EntryId, note: &[u8]) {
        self.queue.pass_on(BrokerLine::Closed { tree: self.tree, entry: id, note: note.into() });
    }

    fn ended(&self) {
        self.has_ended.store(true, Ordering::Release);
        self.queue.pass_on(BrokerLine::Ended { tree: self.tree });
    }

    fn missed(&self) {
        self.queue.pass_on(BrokerLine::Missed);
    }
}
