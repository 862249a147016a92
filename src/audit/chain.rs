//! The chain of lines: what a line has beside its record, and how its hash is made.
//!
//! A line is the record as JSON, followed by `chain`, `seq`, `prev`, for the first line after another file `continues`, and
//! at last `hash`: SHA-256 of all bytes of the line before `,"hash"`, as 64 hexadecimal digits.

use std::fmt::Write as _;

use ring::digest;
use ring::rand::SecureRandom as _;
use ring::rand::SystemRandom;
use schemars::JsonSchema;
use serde::Deserialize;

/// What precedes the hash of a line
const HASH: &str = ",\"hash\":\"";

/// What follows the hash of a line
const END: &str = "\"}";

/// The digits of a hash
const DIGITS: usize = 64;

/// The members of a line that link it with other lines
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct ChainFields {
    /// The id of the chain: that of a file, or of a process that writes to the system's log
    pub chain: String,
    /// The number of the line in its chain, from 1
    pub seq: u64,
    /// The hash of the line before; null in the first line of a chain
    pub prev: Option<String>,
    /// The hash of the last line of the file before, in the first line that a process writes to a new file
    #[serde(default)]
    pub continues: Option<String>,
    /// SHA-256 of the line up to here
    pub hash: String,
}

/// The end of a chain: what the next line links to
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ChainEnd {
    pub(super) chain: String,
    pub(super) seq: u64,
    pub(super) hash: String,
}

impl ChainEnd {
    /// Returns a new chain without lines
    ///
    /// Errors: the system's random generator fails.
    pub(super) fn new() -> std::io::Result<Self> {
        let mut id = [0; 8];
        let filled = SystemRandom::new().fill(&mut id);
        filled.map_err(|_| std::io::Error::other("the system's random generator fails"))?;
        Ok(ChainEnd { chain: hex(&id), seq: 0, hash: String::new() })
    }

    /// Returns the line for a record, with its line break, and the new end of the chain
    pub(super) fn line(&self, record: &str, continues: Option<&str>) -> (String, ChainEnd) {
        let seq = self.seq + 1;
        let mut line = record.strip_suffix('}').unwrap_or(record).to_owned();
        let _ = write!(line, ",\"chain\":\"{}\",\"seq\":{seq},\"prev\":", self.chain);
        match self.seq {
            0 => line.push_str("null"),
            _ => drop(write!(line, "\"{}\"", self.hash)),
        }
        if let Some(continues) = continues {
            let _ = write!(line, ",\"continues\":\"{continues}\"");
        }
        let hash = hash(&line);
        let _ = writeln!(line, "{HASH}{hash}{END}");
        (line, ChainEnd { chain: self.chain.clone(), seq, hash })
    }
}

/// Why a line is not one of a chain
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BrokenLine {
    /// It is no line of an audit trail
    Foreign,
    /// It is not as it was written
    Changed,
}

/// Reads the chain fields of a line without its line break, and checks its own hash
pub(super) fn read(line: &str) -> Result<ChainFields, BrokenLine> {
    let fields: ChainFields = serde_json::from_str(line).map_err(|_| BrokenLine::Foreign)?;
    let hashed = line
        .strip_suffix(END)
        .and_then(|line| line.len().checked_sub(DIGITS).and_then(|at| line.split_at_checked(at)))
        .and_then(|(before, stated)| Some((before.strip_suffix(HASH)?, stated)));
    match hashed {
        Some((before, stated)) if stated == hash(before) && stated == fields.hash => Ok(fields),
        _ => Err(BrokenLine::Changed),
    }
}

fn hash(text: &str) -> String {
    hex(digest::digest(&digest::SHA256, text.as_bytes()).as_ref())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_as_it_was_written_and_any_other_byte_is_found() {
        let start = ChainEnd::new().unwrap();
        let (first, end) = start.line(r#"{"version":1,"what":"x"}"#, None);
        let (second, _) = end.line(r#"{"version":1,"what":"y"}"#, Some("ab"));
        let fields = read(first.trim_end()).unwrap();
        assert_eq!((fields.seq, fields.prev, &fields.hash), (1, None, &end.hash));
        let fields = read(second.trim_end()).unwrap();
        assert_eq!((fields.seq, fields.prev.as_ref()), (2, Some(&end.hash)));
        assert_eq!(fields.continues.as_deref(), Some("ab"));
        let line = second.trim_end();
        for at in 0..line.len() {
            let mut bytes = line.as_bytes().to_vec();
            bytes[at] = if bytes[at] == b'0' { b'1' } else { b'0' };
            let changed = String::from_utf8(bytes).unwrap();
            assert!(read(&changed).is_err(), "{changed}");
        }
    }
}
