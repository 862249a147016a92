//! A bot run.

use crate::contract::BotRunId;
use crate::contract::Error;
use crate::dispatch::Dispatcher;

/// A bot run that ends when it is dropped
pub(crate) struct ActiveRun<'a> {
    dispatcher: &'a Dispatcher,
    pub(crate) id: BotRunId,
}

impl<'a> ActiveRun<'a> {
    /// Starts a bot run, as the child of another one or as a root
    ///
    /// Errors: those of [`Dispatcher::start`].
    pub(crate) fn start(
        dispatcher: &'a Dispatcher,
        id: BotRunId,
        parent: Option<&BotRunId>,
    ) -> Result<Self, Error> {
        dispatcher.start(&id, parent)?;
        Ok(ActiveRun { dispatcher, id })
    }

    /// Ends the bot run, and returns descriptions of the sessions that were closed
    pub(crate) fn end(self) -> Vec<String> {
        // Ending fails only for a bot run that was never started.
        self.dispatcher.end(&self.id).unwrap_or_default()
    }
}

impl Drop for ActiveRun<'_> {
    fn drop(&mut self) {
        // Ending it a second time does nothing.
        let _ = self.dispatcher.end(&self.id);
    }
}
