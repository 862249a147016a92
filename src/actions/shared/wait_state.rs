//! What an action waits for: in its progress reports, and in the error when its time limit ends.

use std::sync::Mutex;
use std::sync::PoisonError;

use tokio::time::Instant;

use crate::actions::runtime::Context;

/// A wait, and what it waited for last
pub(crate) struct WaitState<'a> {
    cx: &'a Context<'a>,
    started: Instant,
    last: Mutex<Option<String>>,
}

impl<'a> WaitState<'a> {
    /// Begins a wait
    pub(crate) fn new(cx: &'a Context<'a>) -> Self {
        WaitState { cx, started: Instant::now(), last: Mutex::default() }
    }

    /// Reports a whole sentence that says what is waited for
    pub(crate) fn report(&self, what: String) {
        self.cx.progress.report(&format!("{what}, {} s", self.started.elapsed().as_secs()));
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(what);
    }

    /// Returns `: …` with the last report, for the end of a message; nothing before the first one
    pub(crate) fn last(&self) -> String {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        last.as_ref().map(|what| format!(": {what}")).unwrap_or_default()
    }
}
