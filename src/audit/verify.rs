//! Verification of an audit trail: gaps, edits, and changes that were interrupted.

use std::collections::HashMap;
use std::collections::HashSet;
use std::io;
use std::io::BufRead;

use serde::Deserialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::audit::chain;
use crate::audit::chain::BrokenLine;
use crate::audit::chain::ChainFields;
use crate::contract::AUDIT_FORMAT;
use crate::contract::printable;

/// The longest line that is read, in bytes; a line of this package is shorter
const MAX_LINE: u64 = 1 << 20;

/// The longest text of a record that is shown, in characters
const MOST_SHOWN: usize = 600;

/// A file to verify
pub struct VerifyInput<R> {
    /// Its name in messages
    pub name: String,
    /// Its content
    pub content: R,
}

/// The result of a verification
#[derive(Debug, Default)]
pub struct Verification {
    /// Lines read
    pub lines: u64,
    /// Chains found
    pub chains: usize,
    /// Gaps and edits: `audit.jsonl line 7: the line was changed`
    pub faults: Vec<String>,
    /// Changes that have no line for their end: the process was ended, or is still working
    pub interrupted: Vec<String>,
    /// What cannot be checked
    pub notes: Vec<String>,
    /// The hash of the last line
    pub last: Option<String>,
}

/// What is read of a record
#[derive(Deserialize)]
struct Record {
    version: u32,
    time: String,
    phase: String,
    call: String,
    action: String,
    #[serde(default)]
    what: Option<String>,
}

/// A reference of a line to the end of another file
struct Continuation {
    file: usize,
    place: String,
    hash: String,
}

/// The time of the first record of a file, and the time and the hash of the last one
#[derive(Default)]
struct FileSpan {
    first: Option<OffsetDateTime>,
    last: Option<OffsetDateTime>,
    end: Option<String>,
}

#[derive(Default)]
struct Verifier {
    result: Verification,
    /// The chains and their last lines
    ends: HashMap<String, (u64, String)>,
    hashes: HashSet<String>,
    continuations: Vec<Continuation>,
    /// The changes that started, each with the number of its line and its description
    started: HashMap<String, (u64, String)>,
    /// The calls that finished; files may be given in any order
    finished: HashSet<String>,
    files: Vec<FileSpan>,
    partial: bool,
}

/// Verifies files, in any order
///
/// `last` is the hash of a line that has to be there; `partial` accepts chains without their beginnings, as in an export
/// of the system's log. Errors: a file cannot be read.
pub fn verify<R: BufRead>(
    inputs: impl IntoIterator<Item = VerifyInput<R>>,
    last: Option<&str>,
    partial: bool,
) -> io::Result<Verification> {
    let mut verifier = Verifier { partial, ..Verifier::default() };
    for (file, input) in inputs.into_iter().enumerate() {
        verifier.files.push(FileSpan::default());
        verifier.read(file, input)?;
    }
    Ok(verifier.finish(last))
}

impl Verifier {
    fn read<R: BufRead>(&mut self, file: usize, input: VerifyInput<R>) -> io::Result<()> {
        let VerifyInput { name, mut content } = input;
        let mut line = Vec::new();
        for number in 1_u64.. {
            line.clear();
            let read = io::Read::take(&mut content, MAX_LINE).read_until(b'\n', &mut line)?;
            if read == 0 {
                break;
            }
            let place = format!("{name} line {number}");
            if line.pop_if(|last| *last == b'\n').is_none() && read < MAX_LINE as usize {
                let what = "the line was cut off when it was written, and counts as absent";
                self.result.notes.push(format!("{place}: {what}"));
                break;
            }
            self.line(file, &place, &line);
        }
        Ok(())
    }

    fn line(&mut self, file: usize, place: &str, line: &[u8]) {
        self.result.lines += 1;
        let text = std::str::from_utf8(line).unwrap_or_default();
        let fields = match chain::read(text) {
            Ok(fields) => fields,
            Err(broken) => {
                let what = match broken {
                    BrokenLine::Foreign => "this is not a line of an audit trail",
                    BrokenLine::Changed => "the line was changed",
                };
                self.fault(place, what);
                // The lines after it are compared with what it states.
                if let Ok(fields) = serde_json::from_str::<ChainFields>(text) {
                    self.hashes.insert(fields.hash.clone());
                    self.ends.insert(fields.chain, (fields.seq, fields.hash));
                }
                return;
            }
        };
        self.link(place, &fields);
        self.continuations.extend(fields.continues.map(|hash| Continuation {
            file,
            place: place.to_owned(),
            hash,
        }));
        match serde_json::from_str::<Record>(text) {
            Ok(record) if record.version == AUDIT_FORMAT => self.record(file, place, record, &fields.hash),
            Ok(record) => self.fault(place, &format!("the format {} is not known", record.version)),
            Err(_) => self.fault(place, "the line has no record"),
        }
        self.hashes.insert(fields.hash);
    }

    /// Compares a line with the one before it in its chain
    fn link(&mut self, place: &str, line: &ChainFields) {
        let before = self.ends.insert(line.chain.clone(), (line.seq, line.hash.clone()));
        let fault = match before {
            None if line.seq == 1 || self.partial => None,
            None => Some(missing(line.seq - 1)),
            Some((seq, hash)) if line.seq == seq + 1 => (line.prev.as_ref() != Some(&hash))
                .then(|| "the line before it was replaced or removed".to_owned()),
            Some((seq, _)) if line.seq > seq + 1 => Some(missing(line.seq - seq - 1)),
            Some(_) => Some("the line is repeated or out of order".to_owned()),
        };
        fault.iter().for_each(|fault| self.fault(place, fault));
    }

    fn record(&mut self, file: usize, place: &str, record: Record, hash: &str) {
        let Record { time, phase, call, action, what, .. } = record;
        let moment = OffsetDateTime::parse(&time, &Rfc3339).ok();
        let span = &mut self.files[file];
        span.first = span.first.or(moment);
        span.last = moment;
        span.end = Some(hash.to_owned());
        if phase == "started" {
            // The file may have been edited; a terminal must not obey it.
            let shown = |text: &str| printable(text, MOST_SHOWN);
            let what = what.map(|what| format!(" ({})", shown(&what))).unwrap_or_default();
            let change = format!("{place}: {}{what}, started at {}", shown(&action), shown(&time));
            self.started.insert(call, (self.result.lines, change));
        } else {
            self.finished.insert(call);
        }
    }

    fn fault(&mut self, place: &str, what: &str) {
        self.result.faults.push(format!("{place}: {what}"));
    }

    fn finish(mut self, last: Option<&str>) -> Verification {
        // Files follow each other as they continue each other. Times decide only between files that do not, since the clock of
        // a machine may be set back.
        let continuations = std::mem::take(&mut self.continuations);
        let known = continuations.iter().filter(|one| self.hashes.contains(&one.hash));
        let (later, continued): (HashSet<usize>, HashSet<&String>) =
            known.map(|one| (one.file, &one.hash)).unzip();
        // Only the oldest file may continue one that is not given; one that continues none is older than all others.
        let continues = |file: &usize| continuations.iter().any(|one| one.file == *file);
        let earliest = |file: &usize| {
            let first = self.files[*file].first;
            (continues(file), first.is_none(), first)
        };
        let is_first = |file: &usize| self.files[*file].end.is_some() && !later.contains(file);
        let oldest = (0..self.files.len()).filter(is_first).min_by_key(earliest);
        let ends = self.files.iter().filter_map(|span| Some((span.last, span.end.as_ref()?)));
        let latest = ends.filter(|(_, end)| !continued.contains(end)).max_by_key(|(time, _)| *time);
        self.result.last = latest.map(|(_, end)| end.clone());
        for one in continuations {
            if self.hashes.contains(&one.hash) {
                continue;
            }
            if Some(one.file) == oldest {
                self.result.notes.push(format!("{}: it continues a file that is not given", one.place));
            } else {
                let what =
                    "it continues a line that is in no file: a file is missing, or its end was removed";
                self.fault(&one.place, what);
            }
        }
        if let Some(last) = last
            && !self.hashes.contains(last)
        {
            let what = format!("no line has the hash {last}: lines were removed or replaced");
            self.result.faults.push(what);
        }
        self.started.retain(|call, _| !self.finished.contains(call));
        let mut interrupted: Vec<(u64, String)> = self.started.into_values().collect();
        interrupted.sort_unstable();
        self.result.interrupted = interrupted.into_iter().map(|(_, what)| what).collect();
        self.result.chains = self.ends.len();
        self.result
    }
}

fn missing(count: u64) -> String {
    match count {
        1 => "a line before it is missing".to_owned(),
        _ => format!("{count} lines before it are missing"),
    }
}

#[cfg(test)]
#[path = "verify_tests.rs"]
mod tests;
