//! Tests of the queue before standard error, with a reader that stops, and one that fails.

use std::io;
use std::io::Write;
use std::sync::Arc;
use std::sync::mpsc;
use std::time::Duration;

use super::CAPACITY;
use super::Kind;
use super::Queue;

/// After this long a test gives up; no test waits for it to pass
const PATIENCE: Duration = Duration::from_secs(30);

/// Hands on what is written, and for each write waits for what comes of it
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

/// A queue, what is written of it, and what becomes of each write
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
fn what_finds_no_room_is_dropped_and_counted_where_it_is_missing_and_a_report_never_is() {
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
    let told = "azdo-bot: 3 log lines were dropped, as standard error did not take them\n";
    assert_eq!(rest, format!("{long}{told}report\n"));
    queue.wait(None);
}

#[test]
fn what_cannot_be_written_is_counted_and_told_before_what_can() {
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
    assert_eq!(next(&seen), "azdo-bot: 2 log lines were dropped, as standard error did not take them\n");
    assert_eq!(next(&seen), "three\n");
    queue.wait(None);
}
