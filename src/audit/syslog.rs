//! The system's log as the place of the audit trail: one datagram per line, to the socket of syslog or journald.
//!
//! Decision 0152.

use std::io;
use std::os::unix::net::UnixDatagram;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::PoisonError;

use crate::audit::chain::ChainEnd;
use crate::contract::AuditField;
use crate::contract::AuditRecord;
use crate::contract::AuditSink;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::local_now;
use crate::contract::printable;

/// The facility `authpriv` and the severity `info`: security messages that only administrators may read
const PRIORITY: u8 = 10 * 8 + 6;

/// The connection to the system's log, and the chain of this process
struct Syslog {
    path: PathBuf,
    output: Mutex<(UnixDatagram, ChainEnd)>,
    left_out: Vec<AuditField>,
}

/// Connects to the socket
///
/// Errors: `input.invalid` if there is no socket.
pub(super) fn open(path: &Path, left_out: &[AuditField]) -> Result<Box<dyn AuditSink>, Error> {
    let opened = connect(path).and_then(|socket| Ok((socket, ChainEnd::new()?)));
    let output = opened.map_err(|error| {
        let shown = printable(&path.to_string_lossy(), 512);
        let message = format!("the socket {shown} of the system's log cannot be used ({})", error.kind());
        Error::new(ErrorCode::InputInvalid, message).with("field", "audit.syslog").help(
            "Name the socket of syslog or journald, usually /dev/log, or write to a file with `audit.file`.",
        )
    })?;
    let (path, left_out) = (path.to_owned(), left_out.to_vec());
    Ok(Box::new(Syslog { path, output: Mutex::new(output), left_out }))
}

impl AuditSink for Syslog {
    fn write(&self, record: &AuditRecord) -> io::Result<()> {
        let record = serde_json::to_string(record).map_err(io::Error::other)?;
        let mut output = self.output.lock().unwrap_or_else(PoisonError::into_inner);
        let (line, end) = output.1.line(&record, None);
        let time = local_now().strftime("%b %e %H:%M:%S").to_string();
        let message = format!("<{PRIORITY}>{time} azdo-bot[{}]: {}", std::process::id(), line.trim_end());
        if output.0.send(message.as_bytes()).is_err() {
            // The log was restarted.
            output.0 = connect(&self.path)?;
            output.0.send(message.as_bytes())?;
        }
        output.1 = end;
        Ok(())
    }

    fn left_out(&self) -> &[AuditField] {
        &self.left_out
    }
}

fn connect(path: &Path) -> io::Result<UnixDatagram> {
    let socket = UnixDatagram::unbound()?;
    socket.connect(path)?;
    Ok(socket)
}
