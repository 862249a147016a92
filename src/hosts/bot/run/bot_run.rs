//! A bot run, from its start to its end.

use crate::contract::BotRunId;
use crate::contract::Error;
use crate::dispatch::Dispatcher;

/// A bot run that ends when it goes out of sight
pub(crate) struct BotRun<'a> {
    dispatcher: &'a Dispatcher,
    pub(crate) id: BotRunId,
}

impl<'a> BotRun<'a> {
    /// Starts it, as the child of another or as a root
    ///
    /// Errors: those of [`Dispatcher::start`].
    pub(crate) fn start(
        dispatcher: &'a Dispatcher,
        id: BotRunId,
        parent: Option<&BotRunId>,
    ) -> Result<Self, Error> {
        dispatcher.start(&id, parent)?;
        Ok(BotRun { dispatcher, id })
    }

    /// Ends it and tells which sessions that closed, in words
    pub(crate) fn end(self) -> Vec<String> {
        // Only a bot run that never started cannot end, and this one has.
        self.dispatcher.end(&self.id).unwrap_or_default()
    }
}

impl Drop for BotRun<'_> {
    fn drop(&mut self) {
        // Ending twice closes nothing, so the orderly end needs no mark.
        let _ = self.dispatcher.end(&self.id);
    }
}
