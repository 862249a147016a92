//! The open sessions of a bot run, for a host that lists them.

use crate::contract::BotRunId;
use crate::contract::Error;
use crate::contract::SessionHandle;
use crate::dispatch::Dispatcher;

/// An open session
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionSummary {
    /// Its handle, which is valid in its run tree
    pub session: SessionHandle,
    /// The organization, in its canonical form
    pub organization_url: String,
    /// The project's name as the service spells it
    pub project_name: String,
    /// The display name of the token's user
    pub user: String,
}

impl Dispatcher {
    /// Returns the open sessions that a bot run can use, in the order of opening; their texts are masked
    ///
    /// Errors: `bot_run.unknown`, `bot_run.ended`.
    pub fn open_sessions(&self, run: &BotRunId) -> Result<Vec<SessionSummary>, Error> {
        let masker = self.masker(run)?;
        let text = |text: &str| masker.mask(text).into_owned();
        let open = self.services.sessions.open(run)?;
        let summaries = open.iter().map(|session| SessionSummary {
            session: session.handle(),
            organization_url: text(&session.connection().organization().to_string()),
            project_name: text(&session.connection().project().name),
            user: text(&session.connection().identity().name),
        });
        Ok(summaries.collect())
    }
}
