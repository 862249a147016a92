//! Where the audit trail goes.

use std::fmt;
use std::path::PathBuf;

use crate::audit::file::AuditFile;
use crate::audit::syslog;
use crate::contract::AuditField;
use crate::contract::AuditSink;
use crate::contract::Error;
use crate::contract::printable;

/// Where the audit trail goes
#[derive(Debug, Clone)]
pub enum AuditDestination {
    /// To a file
    File {
        /// Its path
        path: PathBuf,
        /// The size beyond which it is rotated, in bytes
        max_size: Option<u64>,
    },
    /// To the system's log, through this socket
    Syslog(PathBuf),
}

impl fmt::Display for AuditDestination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (what, path) = match self {
            AuditDestination::File { path, .. } => ("file", path),
            AuditDestination::Syslog(path) => ("system's log at", path),
        };
        write!(f, "{what} {}", printable(&path.to_string_lossy(), 512))
    }
}

/// Opens a destination for records without some fields
///
/// Errors: `input.invalid` and `file.*` if it cannot be written, or if another user may write it.
pub fn open(destination: &AuditDestination, left_out: &[AuditField]) -> Result<Box<dyn AuditSink>, Error> {
    match destination {
        AuditDestination::File { path, max_size } => {
            AuditFile::open(path, *max_size, left_out).map(|file| Box::new(file) as Box<dyn AuditSink>)
        }
        AuditDestination::Syslog(path) => syslog::open(path, left_out),
    }
}
