//! Tests of the queue in front of standard error, with a blocked reader and a failing one.

use std::io;
use std::io::Write;
use std::sync::Arc;
use std::sync::mpsc;
use std::time::Duration;

use super::CAPACITY;
use super::Kind;
use super::Queue;

/// The timeout of a failing test; no passing test waits for it
const PATIENCE: Duration = Duration::from_secs(30);

/// Passes on each write, and waits for the result to return
struct Reader {
    written: mpsc::Sender<Vec<u8>>,
    results: mpsc::Receiver<io::Result<()>>,
}

impl Write for Reader {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.written.send(bytes.to_vec()).map_err(io::Error::other)?;
        self.results.recv().map_err(io::Error::other)?.map(|()| bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A queue, its writes, and the results to return for them
fn queue() -> (Arc<Queue>, mpsc::Receiver<Vec<u8>>, mpsc::Sender<io::Result<()>>) {
    let ((written, seen), (results, expected)) = (mpsc::channel(), mpsc::channel());
    let queue = Arc::new(Queue::default());
    let of_thread = Arc::clone(&queue);
    std::thread::spawn(move || of_thread.write_to(Reader { written, results: expected }));
    (queue, seen, results)
}

fn next(seen: &mpsc::Receiver<Vec<u8>>) -> String {
    String::from_utf8(seen.recv_timeout(PATIENCE).expect("something is written")).expect("it is UTF-8")
}

#[test]
fn lines_beyond_the_capacity_are_dropped_and_counted_in_place_and_reports_are_not() {
    let (queue, seen, results) = queue();
    queue.push(b"first\n", Kind::Log);
    assert_eq!(next(&seen), "first\n");
    // Nothing is read from here on.
    let long = format!("{}\n", "x".repeat(CAPACITY - 1));
    queue.push(long.as_bytes(), Kind::Log);
    for _ in 0..3 {
        queue.push(b"dropped\n", Kind::Log);
    }
    queue.push(b"report\n", Kind::Report);
    results.send(Ok(())).expect("the thread is there");
    let mut rest = String::new();
    while !rest.ends_with("report\n") {
        rest += &next(&seen);
        results.send(Ok(())).expect("the thread is there");
    }
    let told = "azdo-bot: 3 log lines were dropped because standard error was blocked\n";
    assert_eq!(rest, format!("{long}{told}report\n"));
    queue.wait(None);
}

#[test]
fn lines_that_cannot_be_written_are_counted_before_the_next_line() {
    let (queue, seen, results) = queue();
    for text in ["one\n", "two\n"] {
        queue.push(text.as_bytes(), Kind::Log);
        results.send(Err(io::ErrorKind::StorageFull.into())).expect("the thread is there");
        next(&seen);
        queue.wait(None);
    }
    queue.push(b"three\n", Kind::Log);
    results.send(Ok(())).expect("the thread is there");
    results.send(Ok(())).expect("the thread is there");
    assert_eq!(next(&seen), "azdo-bot: 2 log lines were dropped because standard error was blocked\n");
    assert_eq!(next(&seen), "three\n");
    queue.wait(None);
}
