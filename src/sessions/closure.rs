//! How a session ended, and through which bot run: what `session.closed` tells the bot's author.

use std::fmt;
use std::sync::Arc;

use crate::contract::BotRunId;
use crate::sessions::run_id_text::quoted;

/// Who closed a session and how
#[derive(Debug, Clone)]
pub(super) struct Closure {
    /// The bot run that disconnected, ended or connected anew
    pub(super) by: Arc<BotRunId>,
    /// What it did
    pub(super) how: How,
}

/// What closes a session
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    /// The action Disconnect
    Disconnect,
    /// The end of its bot run, or of the root
    End,
    /// Another Connect, told to replace it
    Replace,
}

impl fmt::Display for Closure {
    /// Completes `The session was closed …`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let by = quoted(&self.by);
        match self.how {
            How::Disconnect => write!(f, "by bot run {by} with Disconnect"),
            How::End => write!(f, "when bot run {by} ended"),
            How::Replace => write!(f, "by bot run {by} with a Connect that replaced it"),
        }
    }
}
