//! Splits bytes into lines up to a maximum length, and wipes each line after use, since it may contain a token.

use std::io::BufRead as _;

use secrecy::zeroize::Zeroizing;

/// The maximum length of a line, in bytes without the line break
pub(crate) const MAX_LINE: usize = 4 << 20;

/// A line without its line break
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Line {
    /// The content of the line
    Text(Zeroizing<Vec<u8>>),
    /// A line longer than [`MAX_LINE`], which was skipped
    TooLong,
}

/// The current line
#[derive(Default)]
pub(crate) struct Lines {
    text: Zeroizing<Vec<u8>>,
    too_long: bool,
}

impl Lines {
    /// Takes bytes up to the end of the line, and returns the line; `None` if the bytes end before it
    pub(crate) fn next(&mut self, bytes: &mut &[u8]) -> Option<Line> {
        // Reading from memory never fails.
        let _ = bytes.read_until(b'\n', &mut self.text);
        let ended = self.text.pop_if(|last| *last == b'\n').is_some();
        if self.too_long || self.text.len() > MAX_LINE {
            // The buffer is freed before the rest of the line is skipped.
            self.text = Zeroizing::default();
            self.too_long = true;
        }
        ended.then(|| self.whole())
    }

    /// Returns the last line, which needs no line break
    pub(crate) fn last(&mut self) -> Option<Line> {
        (self.too_long || !self.text.is_empty()).then(|| self.whole())
    }

    fn whole(&mut self) -> Line {
        if std::mem::take(&mut self.too_long) {
            return Line::TooLong;
        }
        self.text.pop_if(|last| *last == b'\r');
        Line::Text(std::mem::take(&mut self.text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Splits a text that is read in pieces of this size
    fn in_pieces(text: &[u8], size: usize) -> Vec<Line> {
        let mut lines = Lines::default();
        let mut all = Vec::new();
        for mut piece in text.chunks(size) {
            while !piece.is_empty() {
                all.extend(lines.next(&mut piece));
            }
        }
        all.extend(lines.last());
        all
    }

    fn texts(lines: &[&str]) -> Vec<Line> {
        lines.iter().map(|line| Line::Text(line.as_bytes().to_vec().into())).collect()
    }

    #[test]
    fn both_line_endings_work_and_the_last_line_needs_none() {
        for size in 1..=16 {
            assert_eq!(in_pieces(b"a\nb\r\n\n c \r\r\nd", size), texts(&["a", "b", "", " c \r", "d"]));
            assert_eq!(in_pieces(b"a\n", size), texts(&["a"]));
            assert_eq!(in_pieces(b"", size), []);
        }
    }

    #[test]
    fn a_line_at_the_limit_is_read_and_a_longer_one_is_skipped() {
        let longest = "x".repeat(MAX_LINE);
        let longer = format!("{longest}x\nb\n");
        for size in [1 << 16, usize::MAX] {
            assert_eq!(in_pieces(format!("{longest}\nb").as_bytes(), size), texts(&[&longest, "b"]));
            assert_eq!(in_pieces(longer.as_bytes(), size), [Line::TooLong, Line::Text(b"b".to_vec().into())]);
            assert_eq!(in_pieces(&longer.as_bytes()[..MAX_LINE + 1], size), [Line::TooLong]);
            assert_eq!(in_pieces(longest.as_bytes(), size), texts(&[&longest]));
        }
    }
}
