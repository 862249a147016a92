//! No system's log on this system.

use std::path::Path;

use crate::contract::AuditField;
use crate::contract::AuditSink;
use crate::contract::Error;
use crate::contract::ErrorCode;

/// Fails
///
/// Errors: `input.invalid`.
pub(super) fn open(_: &Path, _: &[AuditField]) -> Result<Box<dyn AuditSink>, Error> {
    let message = "\"audit.syslog\" needs a system that has syslog or journald, which this one does not";
    Err(Error::new(ErrorCode::InputInvalid, message)
        .with("field", "audit.syslog")
        .help("Write to a file with `audit.file`, and let an agent forward it."))
}
