//! What the package writes: whole lines, at once where the host keeps up, else by a thread of their own, so that a
//! host that does not read stops nothing else.

use std::io;
use std::io::Write;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;

use tokio::sync::mpsc;
use tokio::sync::oneshot;

/// How many lines may wait to be written; when they do, whoever has the next one waits
const WAITING: usize = 64;

/// How many bytes are written in one go at most, unless one line has more
const BATCH: usize = 64 << 10;

/// Where lines go
pub(crate) trait OutputPipe: Write + Send + 'static {
    /// Whether it takes this many bytes without waiting for the host
    fn takes(&self, bytes: usize) -> bool;
}

/// The way to the host
pub(crate) struct Outbox {
    sender: mpsc::Sender<Item>,
    shared: Arc<Shared<dyn OutputPipe>>,
}

struct Shared<O: ?Sized> {
    /// How many items are on their way through the thread; while there are any, every line goes behind them
    behind: AtomicUsize,
    output: Mutex<O>,
}

enum Item {
    Line(String),
    /// Answered when everything before it is written
    Mark(oneshot::Sender<()>),
}

impl Outbox {
    /// Starts the thread
    pub(crate) fn new(output: impl OutputPipe) -> io::Result<Self> {
        let (sender, receiver) = mpsc::channel(WAITING);
        let shared: Arc<Shared<dyn OutputPipe>> =
            Arc::new(Shared { behind: AtomicUsize::new(0), output: Mutex::new(output) });
        let of_thread = Arc::clone(&shared);
        std::thread::Builder::new()
            .name("json-rpc writer".to_owned())
            .spawn(move || write_all(receiver, &of_thread))?;
        Ok(Outbox { sender, shared })
    }

    /// Hands a line with its end over, waiting for room; when the host is gone nobody misses it
    pub(crate) async fn send(&self, line: String) {
        if !self.shared.write_now(&line) {
            self.queue(Item::Line(line)).await;
        }
    }

    /// Hands a line with its end over if there is room at once, else gives it back
    pub(crate) fn try_send(&self, line: String) -> Result<(), String> {
        if self.shared.write_now(&line) {
            return Ok(());
        }
        let Ok(room) = self.sender.try_reserve() else { return Err(line) };
        self.shared.behind.fetch_add(1, Ordering::Relaxed);
        room.send(Item::Line(line));
        Ok(())
    }

    /// Resolves when the host no longer reads
    pub(crate) async fn closed(&self) {
        self.sender.closed().await;
    }

    /// Waits until everything is written
    pub(crate) async fn flush(&self) {
        let (mark, written) = oneshot::channel();
        self.queue(Item::Mark(mark)).await;
        let _ = written.await;
    }

    async fn queue(&self, item: Item) {
        if let Ok(room) = self.sender.reserve().await {
            self.shared.behind.fetch_add(1, Ordering::Relaxed);
            room.send(item);
        }
    }
}

impl Shared<dyn OutputPipe> {
    /// Writes a line without a thread in between, if it is its turn and need not wait
    fn write_now(&self, line: &str) -> bool {
        let Ok(mut output) = self.output.try_lock() else { return false };
        // A host that is gone is found so by the thread, which ends then.
        self.behind.load(Ordering::Acquire) == 0
            && output.takes(line.len())
            && output.write_all(line.as_bytes()).and_then(|()| output.flush()).is_ok()
    }
}

/// Writes until nobody can send, or the host no longer reads
fn write_all(mut items: mpsc::Receiver<Item>, shared: &Shared<dyn OutputPipe>) {
    let mut batch = Vec::new();
    let mut marks = Vec::new();
    while let Some(item) = items.blocking_recv() {
        let mut count = 0;
        let mut next = Some(item);
        while let Some(item) = next {
            count += 1;
            match item {
                Item::Line(line) => batch.extend_from_slice(line.as_bytes()),
                Item::Mark(mark) => marks.push(mark),
            }
            next = if batch.len() < BATCH { items.try_recv().ok() } else { None };
        }
        let mut output = shared.output.lock().unwrap_or_else(PoisonError::into_inner);
        if output.write_all(&batch).and_then(|()| output.flush()).is_err() {
            return;
        }
        drop(output);
        shared.behind.fetch_sub(count, Ordering::Release);
        batch.clear();
        for mark in marks.drain(..) {
            let _ = mark.send(());
        }
    }
}
