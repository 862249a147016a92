//! Writes lines to the host: directly if the host keeps up, otherwise in a thread, so that a
//! host that does not read blocks nothing else.

use std::io;
use std::io::Write;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;

use tokio::sync::mpsc;
use tokio::sync::oneshot;

/// The maximum number of lines that wait to be written; then the sender of the next one waits
const WAITING: usize = 64;

/// The maximum size of a write, unless one line is longer
const BATCH: usize = 64 << 10;

/// The output that lines are written to
pub(crate) trait OutputPipe: Write + Send + 'static {
    /// Returns whether this number of bytes can be written without blocking
    fn takes(&self, bytes: usize) -> bool;
}

/// The queue of lines to the host
pub(crate) struct Outbox {
    sender: mpsc::Sender<Item>,
    shared: Arc<Shared<dyn OutputPipe>>,
}

struct Shared<O: ?Sized> {
    /// The number of items in the queue of the thread; while there are any, further lines are queued as well
    behind: AtomicUsize,
    output: Mutex<O>,
}

enum Item {
    Line(String),
    /// Completed when all earlier lines are written
    Mark(oneshot::Sender<()>),
}

impl Outbox {
    /// Starts the writer thread
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

    /// Sends a line, which includes its line break, and waits for room in the queue; it is dropped if the host no
    /// longer reads
    pub(crate) async fn send(&self, line: String) {
        if !self.shared.write_now(&line) {
            self.queue(Item::Line(line)).await;
        }
    }

    /// Sends a line, which includes its line break; returns the line if there is no room in the queue
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

    /// Waits until all lines are written
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
    /// Writes a line directly, if the queue is empty and the output does not block
    fn write_now(&self, line: &str) -> bool {
        let Ok(mut output) = self.output.try_lock() else { return false };
        // The thread detects that the host is gone, and ends.
        self.behind.load(Ordering::Acquire) == 0
            && output.takes(line.len())
            && output.write_all(line.as_bytes()).and_then(|()| output.flush()).is_ok()
    }
}

/// Writes lines until the outbox is dropped or the host no longer reads
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
