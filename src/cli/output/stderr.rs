//! Standard error: a thread writes it from a bounded queue, so that an unread log blocks nothing. Decision 0118.
//!
//! No other file writes to standard error. Every line is masked here.

use std::io;
use std::io::IsTerminal as _;
use std::io::Write;
use std::sync::Arc;
use std::sync::Condvar;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::OnceLock;
use std::sync::PoisonError;
use std::time::Duration;

use crate::cli::output::look::Look;
use crate::cli::output::look::Tone;
use crate::contract::mask_log;

/// The capacity of the queue in bytes; further lines are dropped
const CAPACITY: usize = 1 << 20;

/// The most bytes of one write: a pipe takes them atomically, so that lines of several processes do not mix
const PIECE: usize = 4096;

/// Queues a line; drops and counts it when the queue is full. Never waits
pub(in crate::cli) fn line(text: &str) {
    say(text, Kind::Log);
}

/// Queues a line that is never dropped, such as the final error of a command. Never waits
pub(in crate::cli) fn report(text: &str) {
    say(text, Kind::Report);
}

fn say(text: &str, kind: Kind) {
    queue().push(format!("{}\n", mask_log(text)).as_bytes(), kind);
}

/// Writes the result of a command and waits until it is written, as for standard output
pub(in crate::cli) fn result(text: &str) {
    report(text);
    queue().wait(None);
}

/// Waits until a terminal shows what was queued, so that the rows of standard output follow it; elsewhere does nothing
#[cfg(feature = "simulator")]
pub(in crate::cli) fn shown_first() {
    if is_terminal() && io::stdout().is_terminal() {
        queue().wait(None);
    }
}

/// Flushes the queue, and gives up when nothing was written for this long; later lines are discarded
pub(in crate::cli) fn finish(timeout: Duration) {
    if let Some(queue) = QUEUE.get() {
        queue.wait(Some(timeout));
    }
}

/// Whether standard error is a terminal
pub(in crate::cli) fn is_terminal() -> bool {
    io::stderr().is_terminal()
}

/// Queues a warning for people
pub(in crate::cli) fn warn(text: &str) {
    report(&look().labelled(Tone::Warning, "warning", text));
}

/// How standard error shows text
pub(in crate::cli) fn look() -> Look {
    Look::stderr(io::stderr())
}

/// A writer for the log that gets one event per write
pub(in crate::cli) struct Log;

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        queue().push(mask_log(&String::from_utf8_lossy(bytes)).as_bytes(), Kind::Log);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

static QUEUE: OnceLock<Arc<Queue>> = OnceLock::new();

/// The queue of this process; the first line starts its thread
fn queue() -> &'static Queue {
    QUEUE.get_or_init(|| {
        let queue = Arc::new(Queue::default());
        let of_thread = Arc::clone(&queue);
        let started = std::thread::Builder::new()
            .name("standard error".to_owned())
            .spawn(move || of_thread.write_to(io::stderr()));
        if started.is_err() {
            queue.state().closed = true;
        }
        queue
    })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Log,
    Report,
}

#[derive(Default)]
struct Queue {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    waiting: Vec<u8>,
    /// The number of lines dropped since the queue was full
    dropped: usize,
    /// The thread has taken bytes that it has not written yet
    writing: bool,
    /// The number of writes so far, to detect progress
    pieces: u64,
    /// There is no thread, or the flush timed out
    closed: bool,
}

impl Queue {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn push(&self, text: &[u8], kind: Kind) {
        let mut state = self.state();
        if state.closed {
            return;
        }
        if kind == Kind::Report {
            state.report_dropped();
        } else if state.dropped > 0 || state.waiting.len() + text.len() > CAPACITY {
            // Keep dropping until the thread writes the count, so that it appears where the lines are missing.
            state.dropped += count(text);
            return;
        }
        state.waiting.extend_from_slice(text);
        drop(state);
        self.changed.notify_all();
    }

    /// Waits until the queue is empty; with a timeout, until nothing was written for that long
    fn wait(&self, timeout: Option<Duration>) {
        let mut state = self.state();
        while !state.is_done() {
            let Some(timeout) = timeout else {
                state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
                continue;
            };
            let before = state.pieces;
            let stuck = |state: &mut State| !state.is_done() && state.pieces == before;
            let waited = self.changed.wait_timeout_while(state, timeout, stuck);
            let (next, result) = waited.unwrap_or_else(PoisonError::into_inner);
            state = next;
            state.closed = result.timed_out();
        }
    }

    /// Writes queued bytes for ever; bytes that cannot be written count as dropped lines
    fn write_to(&self, mut out: impl Write) {
        let mut lost = 0;
        let mut torn = false;
        loop {
            let batch = self.take();
            let earlier = if lost > 0 { dropped_notice(lost) } else { String::new() };
            let earlier = format!("{}{earlier}", if torn { "\n" } else { "" });
            let (left, rest) = match self.write(earlier.as_bytes(), &mut out) {
                left if left > 0 => (lost, &batch[..]),
                _ => (0, &batch[batch.len() - self.write(&batch, &mut out)..]),
            };
            lost = left + count(rest);
            torn =
                !rest.is_empty() && rest.len() < batch.len() && batch[batch.len() - rest.len() - 1] != b'\n';
            self.state().writing = false;
            self.changed.notify_all();
        }
    }

    /// Writes the bytes and returns how many could not be written
    fn write(&self, mut rest: &[u8], out: &mut impl Write) -> usize {
        while !rest.is_empty() {
            match out.write(&rest[..piece(rest)]) {
                Ok(0) => break,
                Ok(written) => {
                    rest = &rest[written..];
                    self.state().pieces += 1;
                    self.changed.notify_all();
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => break,
            }
        }
        rest.len()
    }

    /// Waits until the queue has bytes and takes all of them
    fn take(&self) -> Vec<u8> {
        let idle = |state: &mut State| state.waiting.is_empty() && state.dropped == 0;
        let mut state = self.changed.wait_while(self.state(), idle).unwrap_or_else(PoisonError::into_inner);
        state.report_dropped();
        state.writing = true;
        std::mem::take(&mut state.waiting)
    }
}

impl State {
    fn is_done(&self) -> bool {
        self.closed || (!self.writing && self.waiting.is_empty() && self.dropped == 0)
    }

    fn report_dropped(&mut self) {
        if self.dropped > 0 {
            self.waiting.extend_from_slice(dropped_notice(std::mem::take(&mut self.dropped)).as_bytes());
        }
    }
}

/// The line that replaces dropped lines
fn dropped_notice(dropped: usize) -> String {
    let (lines, were) = if dropped == 1 { ("line", "was") } else { ("lines", "were") };
    format!("azdo-bot: {dropped} log {lines} {were} dropped because standard error was blocked\n")
}

fn count(text: &[u8]) -> usize {
    text.iter().filter(|byte| **byte == b'\n').count()
}

/// The number of bytes of the next write: whole lines, if one fits
fn piece(text: &[u8]) -> usize {
    let most = text.len().min(PIECE);
    text[..most].iter().rposition(|byte| *byte == b'\n').map_or(most, |last| last + 1)
}

#[cfg(test)]
#[path = "stderr_tests.rs"]
mod tests;
