//! Run trees with a part in other processes: their ids, and the sessions that others opened.

use serde::Deserialize;

use crate::actions::Entry;
use crate::actions::SessionUse;
use crate::contract::BotRunId;
use crate::contract::Dictionary;
use crate::contract::Error;
use crate::contract::RunTreeId;
use crate::contract::SessionReference;
use crate::contract::decode_inputs;
use crate::dispatch::Dispatcher;

impl Dispatcher {
    /// Returns the session of an action if another process may have opened it
    ///
    /// Disconnect needs no connection to close a session.
    pub(super) fn shared_session(
        &self,
        entry: &Entry,
        bot_run: &BotRunId,
        inputs: &Dictionary,
    ) -> Result<Option<SessionReference>, Error> {
        #[derive(Deserialize)]
        struct Fields {
            #[serde(default)]
            session: SessionReference,
        }
        let is_without = entry.returns_session || entry.session_use == SessionUse::Closes;
        if is_without || self.services.sessions.run_tree(bot_run)?.is_none() {
            return Ok(None);
        }
        let field = inputs.get("session");
        let fields = field.into_iter().map(|value| ("session".to_owned(), value.clone())).collect();
        // What is wrong with the field is said when all inputs are decoded.
        let fields = decode_inputs::<Fields>(entry.words, fields, str::to_owned);
        Ok(fields.ok().map(|fields| fields.session))
    }

    /// Returns the id with which other processes join the run tree of a bot run, if the operator set a session store
    ///
    /// Errors: `bot_run.unknown`, `bot_run.ended`.
    pub fn run_tree(&self, run: &BotRunId) -> Result<Option<RunTreeId>, Error> {
        self.services.sessions.run_tree(run)
    }

    /// Waits until the session store knows which bot runs have ended
    ///
    /// Errors: `store.unavailable`; then other processes learn it when the lease of the run tree runs out.
    pub async fn flush_sessions(&self) -> Result<(), Error> {
        self.services.sessions.flush().await
    }
}
