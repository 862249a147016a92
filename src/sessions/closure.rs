//! How a session was closed and by which bot run, for the message of `session.closed`.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;

use crate::contract::BotRunId;
use crate::sessions::run_id_text::quoted;

/// Which bot run closed a session and how
#[derive(Debug, Clone)]
pub(super) struct Closure {
    /// The bot run that disconnected, ended or replaced the session; of an idle one the bot run that opened it
    pub(super) by: Arc<BotRunId>,
    /// How it closed the session
    pub(super) how: How,
}

/// How a session is closed
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    /// By the action Disconnect
    Disconnect,
    /// By the end of its bot run, or of the root
    End,
    /// By another Connect that replaces it
    Replace,
    /// Because no action used it for this time
    Idle(Duration),
    /// Outside of this process, which does not know how
    Elsewhere,
}

impl fmt::Display for Closure {
    /// Writes the end of the sentence `The session was closed …`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let by = quoted(&self.by);
        match self.how {
            How::Disconnect => write!(f, "by bot run {by} with Disconnect"),
            How::End => write!(f, "when bot run {by} ended"),
            How::Replace => write!(f, "by bot run {by} with a Connect that replaced it"),
            How::Elsewhere => f.write_str("by another process of the run tree, or the session store lost it"),
            How::Idle(limit) => {
                let limit = SignedDuration::try_from(limit).unwrap_or(SignedDuration::MAX);
                write!(f, "since no action used it for {limit:#}")
            }
        }
    }
}
