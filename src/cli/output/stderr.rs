//! Standard error: a thread writes it from a bounded queue, so that a log that is not read stops nothing.
//!
//! Nothing else in this program writes to standard error, and all of it is masked here.

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

use crate::contract::mask_log;

/// How many bytes may wait to be written; lines beyond them are dropped
const CAPACITY: usize = 1 << 20;

/// How much is written in one call: what a pipe takes in one piece, so that lines of several processes do not mix
const PIECE: usize = 4096;

/// Adds a line, or drops and counts it when the queue is full; never waits
pub(in crate::cli) fn line(text: &str) {
    say(text, Kind::Log);
}

/// Adds what the command has to say at its end; it is never dropped, and never waits
pub(in crate::cli) fn report(text: &str) {
    say(text, Kind::Report);
}

fn say(text: &str, kind: Kind) {
    queue().push(format!("{}\n", mask_log(text)).as_bytes(), kind);
}

/// Writes the result of a command, and waits until it is read, as for any output
pub(in crate::cli) fn result(text: &str) {
    report(text);
    queue().wait(None);
}

/// Waits until everything is written, as long as some of it is read within every such time; then nothing more is
pub(in crate::cli) fn finish(patience: Duration) {
    if let Some(queue) = QUEUE.get() {
        queue.wait(Some(patience));
    }
}

/// Whether a person may look at it
pub(in crate::cli) fn is_terminal() -> bool {
    io::stderr().is_terminal()
}

/// A writer for the log, an event in each write
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

/// The queue of this process; its thread starts with the first line
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
    /// Lines that found no room behind what waits
    dropped: usize,
    /// The thread has taken something and not written it yet
    writing: bool,
    /// How many pieces were written, for those who wait
    pieces: u64,
    /// There is no thread, or no one waits for it any more
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
            state.tell_dropped();
        } else if state.dropped > 0 || state.waiting.len() + text.len() > CAPACITY {
            // One gap until the thread comes, so that the count stands where the lines are missing.
            state.dropped += count(text);
            return;
        }
        state.waiting.extend_from_slice(text);
        drop(state);
        self.changed.notify_all();
    }

    /// Waits until nothing is left; with a patience, until nothing was written for so long
    fn wait(&self, patience: Option<Duration>) {
        let mut state = self.state();
        while !state.is_done() {
            let Some(patience) = patience else {
                state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
                continue;
            };
            let before = state.pieces;
            let stands = |state: &mut State| !state.is_done() && state.pieces == before;
            let waited = self.changed.wait_timeout_while(state, patience, stands);
            let (next, result) = waited.unwrap_or_else(PoisonError::into_inner);
            state = next;
            state.closed = result.timed_out();
        }
    }

    /// Writes what comes, for ever; what cannot be written is counted as what is dropped
    fn write_to(&self, mut out: impl Write) {
        let mut lost = 0;
        let mut torn = false;
        loop {
            let batch = self.take();
            let earlier = if lost > 0 { told(lost) } else { String::new() };
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

    /// Writes all of this, and tells how many bytes of it could not be written
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

    /// Waits for something to write and takes all of it
    fn take(&self) -> Vec<u8> {
        let idle = |state: &mut State| state.waiting.is_empty() && state.dropped == 0;
        let mut state = self.changed.wait_while(self.state(), idle).unwrap_or_else(PoisonError::into_inner);
        state.tell_dropped();
        state.writing = true;
        std::mem::take(&mut state.waiting)
    }
}

impl State {
    fn is_done(&self) -> bool {
        self.closed || (!self.writing && self.waiting.is_empty() && self.dropped == 0)
    }

    fn tell_dropped(&mut self) {
        if self.dropped > 0 {
            self.waiting.extend_from_slice(told(std::mem::take(&mut self.dropped)).as_bytes());
        }
    }
}

/// The line that stands where lines are missing
fn told(dropped: usize) -> String {
    let (lines, were) = if dropped == 1 { ("line", "was") } else { ("lines", "were") };
    format!("azdo-bot: {dropped} log {lines} {were} dropped, as standard error did not take them\n")
}

fn count(text: &[u8]) -> usize {
    text.iter().filter(|byte| **byte == b'\n').count()
}

/// How much of this to write at once: whole lines, if one fits
fn piece(text: &[u8]) -> usize {
    let most = text.len().min(PIECE);
    text[..most].iter().rposition(|byte| *byte == b'\n').map_or(most, |last| last + 1)
}

#[cfg(test)]
#[path = "stderr_tests.rs"]
mod tests;
