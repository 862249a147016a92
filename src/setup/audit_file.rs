//! The audit file: one JSON line per action, appended before the action returns.

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
    /// The last line was written only in part, as on a full disk
    torn: bool,
}

impl AuditFile {
    /// Opens the file, or creates it unreadable for others
    ///
    /// Errors: the file or a folder above it is writable by another user, or the path is not a file.
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
            // The line is written again; it must not follow its own beginning.
            output.torn = !rest.is_empty();
        }
        Ok(())
    }
}
