//! What is kept of every action: one record, without secrets, written before the answer.

use std::time::SystemTime;

use crate::contract::ErrorCode;

/// One action as the audit file keeps it
#[derive(Debug)]
pub struct AuditRecord<'a> {
    /// When the action ended
    pub time: SystemTime,
    /// The bot run that asked
    pub bot_run: &'a str,
    /// The action's name, `createRepository`
    pub action: &'a str,
    /// The session used or opened, as a keyed hash of its handle
    pub session: Option<String>,
    /// Organization and project the action worked on
    pub target: Option<String>,
    /// Nothing when it succeeded
    pub error: Option<ErrorCode>,
    /// The service's activity id of the latest request, for support
    pub activity: Option<String>,
    /// Requests sent
    pub requests: u64,
}

/// Receives the record of every action, one after the other, on a thread that may wait
pub trait AuditSink: Send + Sync {
    /// Keeps one record; an error makes the action's answer fail, since it would go unrecorded
    ///
    /// The same record comes again before the next action, until it is kept.
    fn write(&self, record: &AuditRecord<'_>) -> std::io::Result<()>;
}
