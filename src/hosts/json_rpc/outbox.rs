//! What the package writes: whole lines, by a thread of its own, so that a host that does not read stops nothing else.

use std::io;
use std::io::Write;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::sync::oneshot;

/// How many lines may wait to be written; when they do, whoever has the next one waits
const WAITING: usize = 64;

/// How many bytes are written in one go at most, unless one line has more
const BATCH: usize = 64 << 10;

/// The way to the writing thread
pub(super) struct Outbox(mpsc::Sender<Item>);

enum Item {
    Line(String),
    /// Answered when everything before it is written
    Mark(oneshot::Sender<()>),
}

impl Outbox {
    /// Starts the thread
    pub(super) fn new(output: impl Write + Send + 'static) -> io::Result<Self> {
        let (sender, receiver) = mpsc::channel(WAITING);
        std::thread::Builder::new()
            .name("json-rpc writer".to_owned())
            .spawn(move || write_all(receiver, output))?;
        Ok(Outbox(sender))
    }

    /// Hands a line over, waiting for room; when the host is gone nobody misses it
    pub(super) async fn send(&self, line: String) {
        let _ = self.0.send(Item::Line(line)).await;
    }

    /// Hands a line over if there is room at once, and says whether there was
    pub(super) fn try_send(&self, line: String) -> Result<(), String> {
        self.0.try_send(Item::Line(line)).map_err(|error| match error.into_inner() {
            Item::Line(line) => line,
            Item::Mark(_) => String::new(),
        })
    }

    /// Resolves when the host no longer reads
    pub(super) async fn closed(&self) {
        self.0.closed().await;
    }

    /// Waits until everything is written, or no longer than this
    pub(super) async fn flush(&self, limit: Duration) {
        let (mark, written) = oneshot::channel();
        let _ = tokio::time::timeout(limit, async {
            if self.0.send(Item::Mark(mark)).await.is_ok() {
                let _ = written.await;
            }
        })
        .await;
    }
}

/// Writes until nobody can send, or the host no longer reads
fn write_all(mut items: mpsc::Receiver<Item>, mut output: impl Write) {
    let mut batch = Vec::new();
    let mut marks = Vec::new();
    while let Some(item) = items.blocking_recv() {
        let mut next = Some(item);
        while let Some(item) = next {
            match item {
                Item::Line(line) => {
                    batch.extend_from_slice(line.as_bytes());
                    batch.push(b'\n');
                }
                Item::Mark(mark) => marks.push(mark),
            }
            next = if batch.len() < BATCH { items.try_recv().ok() } else { None };
        }
        if output.write_all(&batch).and_then(|()| output.flush()).is_err() {
            return;
        }
        batch.clear();
        for mark in marks.drain(..) {
            let _ = mark.send(());
        }
    }
}
