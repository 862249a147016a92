//! The lines of the host: read by a thread of its own, one at a time, none of them longer than the limit.
//!
//! A blocking thread is several times faster than the runtime's own standard input, and unlike that
//! it does not keep the process from ending.

use std::io;
use std::io::BufRead;
use std::io::BufReader;
use std::io::Read;

use tokio::sync::mpsc;

/// The longest line, in bytes without its end
pub(super) const MAX_LINE: usize = 4 << 20;

/// How many lines are read ahead; when nobody takes them, the pipe fills and the host waits
const AHEAD: usize = 16;

/// One line without its end
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// What stood on it
    Text(Vec<u8>),
    /// It was longer than [`MAX_LINE`] and was skipped
    TooLong,
}

/// Starts the thread; the channel ends where the input ends or cannot be read on
pub(super) fn lines(input: impl Read + Send + 'static) -> io::Result<mpsc::Receiver<Line>> {
    let (sender, receiver) = mpsc::channel(AHEAD);
    std::thread::Builder::new().name("json-rpc reader".to_owned()).spawn(move || {
        let mut input = BufReader::with_capacity(64 << 10, input);
        while let Ok(Some(line)) = next_line(&mut input) {
            if sender.blocking_send(line).is_err() {
                return;
            }
        }
    })?;
    Ok(receiver)
}

/// The next line, or nothing at the end of the input; a last line needs no line break
fn next_line(input: &mut impl BufRead) -> io::Result<Option<Line>> {
    let mut text = Vec::new();
    let most = MAX_LINE as u64 + 1;
    if input.by_ref().take(most).read_until(b'\n', &mut text)? == 0 {
        return Ok(None);
    }
    if text.last() == Some(&b'\n') {
        text.pop();
    } else if text.len() > MAX_LINE {
        // Freed before the rest is skipped, however long that is.
        drop(text);
        input.skip_until(b'\n')?;
        return Ok(Some(Line::TooLong));
    }
    if text.last() == Some(&b'\r') {
        text.pop();
    }
    Ok(Some(Line::Text(text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(mut text: &[u8]) -> Vec<Line> {
        std::iter::from_fn(|| next_line(&mut text).unwrap()).collect()
    }

    fn texts(lines: &[&str]) -> Vec<Line> {
        lines.iter().map(|line| Line::Text(line.as_bytes().to_vec())).collect()
    }

    #[test]
    fn lines_end_in_either_way_and_the_last_one_needs_no_end() {
        assert_eq!(all(b"a\nb\r\n\n c \r\r\nd"), texts(&["a", "b", "", " c \r", "d"]));
        assert_eq!(all(b"a\n"), texts(&["a"]));
        assert_eq!(all(b""), []);
    }

    #[test]
    fn a_line_at_the_limit_is_read_and_a_longer_one_is_skipped_to_its_end() {
        let longest = "x".repeat(MAX_LINE);
        assert_eq!(all(format!("{longest}\nb").as_bytes()), texts(&[&longest, "b"]));
        let longer = format!("{longest}x\nb\n");
        assert_eq!(all(longer.as_bytes()), [Line::TooLong, Line::Text(b"b".to_vec())]);
        assert_eq!(all(&longer.as_bytes()[..MAX_LINE + 1]), [Line::TooLong]);
        assert_eq!(all(longest.as_bytes()), texts(&[&longest]));
    }
}
