//! The audit file: one JSON line per action, appended and flushed before the action answers.

use std::fs::File;
use std::io::ErrorKind;
use std::io::Write as _;
use std::path::Path;
use std::sync::Mutex;
use std::sync::PoisonError;

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::contract::AuditRecord;
use crate::contract::AuditSink;
use crate::contract::Error;
use crate::contract::printable;
use crate::files;

/// An open audit file
pub(crate) struct AuditFile(Mutex<Output>);

struct Output {
    file: File,
    /// The latest line was written in part, as on a disk that is full
    torn: bool,
}

impl AuditFile {
    /// Opens or creates the file; others may not read a new one
    ///
    /// Errors: also a file, or a folder above it, that another user may write, and what is no file.
    pub(crate) fn open(path: &Path) -> Result<Self, Error> {
        let shown = printable(&path.to_string_lossy(), 512);
        let opened = files::append_trusted(path);
        let file = opened
            .map_err(|error| files::failed(&format!("the audit file {shown} cannot be opened"), error))?;
        Ok(AuditFile(Mutex::new(Output { file, torn: false })))
    }
}

impl AuditSink for AuditFile {
    fn write(&self, record: &AuditRecord<'_>) -> std::io::Result<()> {
        let time = OffsetDateTime::from(record.time).format(&Rfc3339).map_err(std::io::Error::other)?;
        let line = serde_json::json!({
            "time": time,
            "botRun": record.bot_run,
            "action": record.action,
            "session": record.session,
            "target": record.target,
            "outcome": record.error.map_or("ok", |code| code.as_str()),
            "activityId": record.activity,
            "requests": record.requests,
        });
        // One write per line, so that lines of several processes do not mix.
        let mut output = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let line = format!("{}{line}\n", if output.torn { "\n" } else { "" });
        let mut rest = line.as_bytes();
        while !rest.is_empty() {
            match output.file.write(rest) {
                Ok(0) => return Err(ErrorKind::WriteZero.into()),
                Ok(written) => rest = &rest[written..],
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            }
            // The line comes again, and must not stand behind its own beginning.
            output.torn = !rest.is_empty();
        }
        Ok(())
    }
}
