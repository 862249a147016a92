//! The summary of a run.

use std::collections::HashSet;
use std::sync::Arc;

use crate::contract::BotRunId;
use crate::contract::Dictionary;
use crate::contract::Masker;
use crate::contract::SessionHandle;
use crate::hosts::bot::finding::Fault;
use crate::hosts::bot::run::Failed;

/// The summary of a run
#[derive(Debug)]
pub struct Summary {
    /// The bot run of the root
    pub bot_run: BotRunId,
    /// The outputs of the root, or its error and location
    pub result: Result<Dictionary, Fault>,
    /// The number of actions of this package that were called, including failed ones
    pub actions: u64,
    /// The number of sessions that were opened, in all bots
    pub sessions_opened: usize,
    /// The number of these sessions that the flow closed
    pub sessions_closed_by_flow: usize,
    /// The number of these sessions that were closed at the end of a bot run
    pub sessions_closed_at_end: usize,
    /// The number of requests that were sent
    pub requests: u64,
    /// The masker of the run, for texts that are masked before they are shortened
    pub masker: Arc<Masker>,
}

/// The counters of a summary
#[derive(Default)]
pub(crate) struct Totals {
    pub(crate) actions: u64,
    pub(crate) requests: u64,
    pub(crate) opened: HashSet<SessionHandle>,
    pub(crate) closed_at_end: usize,
}

impl Totals {
    /// Returns the summary of a run with this result
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
