//! How a run went.

use std::collections::HashSet;
use std::sync::Arc;

use crate::contract::BotRunId;
use crate::contract::Dictionary;
use crate::contract::Masker;
use crate::contract::SessionHandle;
use crate::hosts::bot::finding::Fault;
use crate::hosts::bot::run::Failed;

/// How a run went
#[derive(Debug)]
pub struct Summary {
    /// The root's bot run
    pub bot_run: BotRunId,
    /// The root's output variables, or what it failed with and where
    pub result: Result<Dictionary, Fault>,
    /// Actions of this package that were called, those that failed among them
    pub actions: u64,
    /// Sessions that were opened, in all bots
    pub sessions_opened: usize,
    /// Of these, those that the flow closed itself
    pub sessions_closed_by_flow: usize,
    /// Of these, those that the end of a bot run closed
    pub sessions_closed_at_end: usize,
    /// Requests that were sent
    pub requests: u64,
    /// What masked all this, for a screen that cuts it
    pub masker: Arc<Masker>,
}

/// What a summary counts
#[derive(Default)]
pub(crate) struct Totals {
    pub(crate) actions: u64,
    pub(crate) requests: u64,
    pub(crate) opened: HashSet<SessionHandle>,
    pub(crate) closed_at_end: usize,
}

impl Totals {
    /// Makes the summary of a run with this result
    pub(crate) fn summary(
        self,
        bot_run: BotRunId,
        result: Result<Dictionary, Failed>,
        masker: Arc<Masker>,
    ) -> Summary {
        let opened = self.opened.len();
        Summary {
            bot_run,
            result: result.map_err(|failed| Fault { place: failed.origin, error: failed.error }),
            actions: self.actions,
            sessions_opened: opened,
            sessions_closed_by_flow: opened.saturating_sub(self.closed_at_end),
            sessions_closed_at_end: self.closed_at_end,
            requests: self.requests,
            masker,
        }
    }
}
