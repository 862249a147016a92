//! The audit file: one chained JSON line per record, appended under a lock that all processes respect.
//!
//! Decisions 0150 and 0151.

use std::fs::File;
use std::fs::TryLockError;
use std::io;
use std::io::Seek as _;
use std::io::SeekFrom;
use std::io::Write as _;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;

use crate::audit::chain::ChainEnd;
use crate::audit::rotation;
use crate::audit::tail;
use crate::contract::AuditField;
use crate::contract::AuditRecord;
use crate::contract::AuditSink;
use crate::contract::Error;
use crate::contract::printable;
use crate::files;

/// How often a file that is replaced all the time is opened again for one line
const MOST_OPENINGS: usize = 16;

/// An open audit file
pub(super) struct AuditFile {
    output: Mutex<Output>,
    left_out: Vec<AuditField>,
}

struct Output {
    path: PathBuf,
    file: File,
    /// The size beyond which the file is rotated, in bytes
    max_size: Option<u64>,
    /// The length of the file after the line that this process wrote last, and that line
    written: Option<(u64, ChainEnd)>,
    /// The hash of the line that this process wrote last to the file before
    before: Option<String>,
}

impl AuditFile {
    /// Opens the file, or creates it unreadable for others
    ///
    /// Errors: the file or a folder above it is writable by another user, the path is not a file, or its file system has no
    /// locks.
    pub(super) fn open(path: &Path, max_size: Option<u64>, left_out: &[AuditField]) -> Result<Self, Error> {
        let shown = printable(&path.to_string_lossy(), 512);
        let file = files::append_trusted(path)
            .map_err(|error| files::failed(&format!("the audit file {shown} cannot be opened"), error))?;
        match file.try_lock() {
            Ok(()) => unlock(&file),
            // Another process writes a line.
            Err(TryLockError::WouldBlock) => {}
            Err(TryLockError::Error(error)) => {
                return Err(files::failed(&format!("the audit file {shown} cannot be locked"), error));
            }
        }
        let output = Output { path: path.to_owned(), file, max_size, written: None, before: None };
        Ok(AuditFile { output: Mutex::new(output), left_out: left_out.to_vec() })
    }

    fn lock(&self) -> MutexGuard<'_, Output> {
        self.output.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Releases the lock; it is released with the file at the latest
///
/// An error says nothing: Wine reports one although the lock is gone.
fn unlock(file: &File) {
    let _ = file.unlock();
}

impl AuditSink for AuditFile {
    fn write(&self, record: &AuditRecord) -> io::Result<()> {
        let record = serde_json::to_string(record).map_err(io::Error::other)?;
        self.lock().with_current_file(|output| output.append(&record))
    }

    fn left_out(&self) -> &[AuditField] {
        &self.left_out
    }

    fn reopen(&self) -> io::Result<()> {
        self.lock().with_current_file(|_| Ok(()))
    }
}

impl Output {
    /// Does something with the lock on the file that the path names now
    fn with_current_file(&mut self, work: impl FnOnce(&mut Self) -> io::Result<()>) -> io::Result<()> {
        for _ in 0..MOST_OPENINGS {
            self.file.lock()?;
            if files::is_at(&self.file, &self.path)? {
                let result = work(self);
                // After a rotation this is the new file, which is not locked.
                unlock(&self.file);
                return result;
            }
            // Another program moved the file away, or another process rotated it.
            unlock(&self.file);
            self.file = files::append_trusted(&self.path)?;
            self.before = self.written.take().map(|(_, end)| end.hash).or(self.before.take());
        }
        Err(io::Error::other("the file is replaced all the time"))
    }

    /// Appends a record, or begins a new file with it; the file is locked
    fn append(&mut self, record: &str) -> io::Result<()> {
        let length = self.file.metadata()?.len();
        let (length, end) = match &self.written {
            Some((written, end)) if *written == length => (length, Some(end.clone())),
            _ => {
                let length = tail::repair(&self.file, length)?;
                (length, tail::chain_end(&self.file, length)?)
            }
        };
        let continues = match (&self.before, &end, &self.written) {
            (Some(before), _, _) => Some(before.clone()),
            (None, Some(_), _) => None,
            // The file was emptied after it was copied.
            (None, None, Some((_, last))) => Some(last.hash.clone()),
            (None, None, None) => rotation::last_line_before(&self.path),
        };
        let chain = end.map_or_else(ChainEnd::new, Ok)?;
        let (line, next) = chain.line(record, continues.as_deref());
        let after = length + u64::try_from(line.len()).unwrap_or_default();
        if self.max_size.is_some_and(|most| after > most) && chain.seq > 0 {
            let (first, new) = ChainEnd::new()?.line(record, Some(&chain.hash));
            match rotation::rotate(&self.path, &self.file, &first) {
                Ok(file) => {
                    self.file = file;
                    self.before = None;
                    self.written = Some((u64::try_from(first.len()).unwrap_or_default(), new));
                    return Ok(());
                }
                // A file that is too large is better than a bot that stops.
                Err(error) => tracing::warn!("the audit file cannot be rotated: {}", error.kind()),
            }
        }
        self.file.seek(SeekFrom::End(0))?;
        if let Err(error) = self.file.write_all(line.as_bytes()) {
            // A part of the line may be there; if it cannot be removed now, the next line removes it.
            self.written = None;
            let _ = self.file.set_len(length);
            return Err(error);
        }
        self.before = None;
        self.written = Some((after, next));
        Ok(())
    }
}

#[cfg(test)]
#[path = "file_tests.rs"]
mod tests;
