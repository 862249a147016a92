//! The first and the last line of an audit file, and the removal of one that was cut off.

use std::fs::File;
use std::io;
use std::io::BufRead as _;
use std::io::BufReader;
use std::io::Read as _;
use std::io::Seek as _;
use std::io::SeekFrom;
use std::io::Write as _;

use crate::audit::chain;
use crate::audit::chain::ChainEnd;

/// How much of the end of a file is read: more than the longest line
const WINDOW: u64 = 64 << 10;

/// How each line begins
const BEGINNING: &[u8] = b"{\"version\":";

/// Returns the end of the chain in a file, if its last complete line is one of a chain
pub(super) fn chain_end(file: &File, length: u64) -> io::Result<Option<ChainEnd>> {
    let end = window(file, length)?;
    let complete = &end[..end.iter().rposition(|byte| *byte == b'\n').unwrap_or_default()];
    let start = complete.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    let line = std::str::from_utf8(&complete[start..]).unwrap_or_default();
    let fields = chain::read(line).ok();
    Ok(fields.map(|fields| ChainEnd { chain: fields.chain, seq: fields.seq, hash: fields.hash }))
}

/// Returns the hash of the line in another file that the first line of a file continues
pub(super) fn continues(mut file: &File) -> io::Result<Option<String>> {
    file.seek(SeekFrom::Start(0))?;
    let mut line = String::new();
    BufReader::new(file.take(WINDOW)).read_line(&mut line)?;
    Ok(chain::read(line.trim_end()).ok().and_then(|fields| fields.continues))
}

/// Removes a last line that was cut off, and returns the length of the file
///
/// A process that was killed, or a full disk, leaves such a line. Where a file can only be appended to, or if the line is
/// not of an audit trail, it is completed with a line break instead.
pub(super) fn repair(mut file: &File, length: u64) -> io::Result<u64> {
    let end = window(file, length)?;
    let after_break = end.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    let cut_off = &end[after_break..];
    if cut_off.is_empty() {
        return Ok(length);
    }
    let shorter = cut_off.len().min(BEGINNING.len());
    let is_line = cut_off[..shorter] == BEGINNING[..shorter];
    let whole = length - u64::try_from(cut_off.len()).unwrap_or(length);
    if is_line && (after_break > 0 || whole == 0) && file.set_len(whole).is_ok() {
        return Ok(whole);
    }
    file.seek(SeekFrom::End(0))?;
    file.write_all(b"\n")?;
    Ok(length + 1)
}

fn window(mut file: &File, length: u64) -> io::Result<Vec<u8>> {
    file.seek(SeekFrom::Start(length.saturating_sub(WINDOW)))?;
    let mut end = Vec::new();
    file.take(WINDOW).read_to_end(&mut end)?;
    Ok(end)
}
