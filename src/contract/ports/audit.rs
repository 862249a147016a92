//! The audit record of an action: without secrets, written before the outcome is sent.

use std::time::SystemTime;

use crate::contract::ErrorCode;

/// The audit record of one action
#[derive(Debug)]
pub struct AuditRecord<'a> {
    /// When the action ended
    pub time: SystemTime,
    /// The bot run that called the action
    pub bot_run: &'a str,
    /// The action's name, `createRepository`
    pub action: &'a str,
    /// The session used or opened, as a keyed hash of its handle
    pub session: Option<String>,
    /// Organization and project the action worked on
    pub target: Option<String>,
    /// The error code; `None` when the action succeeded
    pub error: Option<ErrorCode>,
    /// The service's activity id of the latest request, for support
    pub activity: Option<String>,
    /// Requests sent
    pub requests: u64,
}

/// Receives the audit records of all actions, one at a time, on a thread that may block
pub trait AuditSink: Send + Sync {
    /// Writes one record; if this fails, the action fails, since it would be unrecorded
    ///
    /// A record that could not be written is passed again before the next action.
    fn write(&self, record: &AuditRecord<'_>) -> std::io::Result<()>;
}
