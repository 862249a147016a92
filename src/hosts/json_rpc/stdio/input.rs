//! Reads the lines of the host, in the task that serves them or, where that is impossible, in a thread.

use std::io;
use std::io::Read;

use tokio::sync::mpsc;
use tokio::task::coop::consume_budget;

use crate::hosts::json_rpc::stdio::Line;
use crate::hosts::json_rpc::stdio::Lines;
use crate::hosts::json_rpc::stdio::Polled;

/// The size of the read buffer, in bytes
const CHUNK: usize = 64 << 10;

/// The maximum number of lines that a thread reads ahead; then the pipe fills and the host waits
const AHEAD: usize = 16;

/// Reads the lines of the host
pub struct LineReader(How);

enum How {
    /// In the task that serves the lines, so that no thread has to wake another one
    Task(Chunks),
    /// In a separate thread
    Thread(mpsc::Receiver<Line>),
}

impl LineReader {
    /// Reads standard input
    ///
    /// Errors: the reader thread cannot be started.
    pub fn stdin() -> io::Result<Self> {
        match Polled::stdin() {
            Some(input) => Ok(LineReader(How::Task(Chunks::new(input)))),
            None => Self::thread(io::stdin()),
        }
    }

    /// Starts a reader thread; it ends with the input, or at the next line after the reader is dropped
    ///
    /// The standard input of `tokio` is several times slower, and prevents the process from ending.
    fn thread(mut input: impl Read + Send + 'static) -> io::Result<Self> {
        let (sender, receiver) = mpsc::channel(AHEAD);
        std::thread::Builder::new().name("json-rpc reader".to_owned()).spawn(move || {
            let (mut lines, mut chunk) = (Lines::default(), vec![0; CHUNK]);
            loop {
                let read = match input.read(&mut chunk) {
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                    read => read.unwrap_or(0),
                };
                let mut bytes = &chunk[..read];
                while !bytes.is_empty() {
                    if let Some(line) = lines.next(&mut bytes)
                        && sender.blocking_send(line).is_err()
                    {
                        return;
                    }
                }
                chunk[..read].fill(0);
                if read == 0 {
                    return drop(lines.last().map(|line| sender.blocking_send(line)));
                }
            }
        })?;
        Ok(LineReader(How::Thread(receiver)))
    }

    /// Returns the next line; `None` at the end of the input or after a read error
    ///
    /// This is cancel safe: if the future is dropped while it waits, no line is lost.
    pub(crate) async fn next(&mut self) -> Option<Line> {
        match &mut self.0 {
            How::Task(chunks) => chunks.next().await,
            How::Thread(receiver) => receiver.recv().await,
        }
    }
}

/// Reads an input in chunks, and wipes the bytes of each line from the chunk
struct Chunks {
    input: Polled,
    lines: Lines,
    chunk: Vec<u8>,
    /// The range of the chunk that is not processed yet
    left: (usize, usize),
}

impl Chunks {
    fn new(input: Polled) -> Self {
        Chunks { input, lines: Lines::default(), chunk: vec![0; CHUNK], left: (0, 0) }
    }

    async fn next(&mut self) -> Option<Line> {
        // A host that never stops writing must not block the calls in flight.
        consume_budget().await;
        loop {
            let mut bytes = &self.chunk[self.left.0..self.left.1];
            let line = self.lines.next(&mut bytes);
            let end = self.left.1 - bytes.len();
            self.chunk[self.left.0..end].fill(0);
            self.left.0 = end;
            if line.is_some() {
                return line;
            }
            match self.input.read(&mut self.chunk).await {
                Ok(read) if read > 0 => self.left = (0, read),
                _ => return self.lines.last(),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_thread_reads_to_the_end() {
        let mut input = LineReader::thread(&b"a\n\r\nb"[..]).unwrap();
        for expected in ["a", "", "b"] {
            assert_eq!(input.next().await, Some(Line::Text(Vec::from(expected).into())));
        }
        assert_eq!(input.next().await, None);
    }
}
