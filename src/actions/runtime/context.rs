//! The context of one call of an action.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::OnceLock;
use std::sync::PoisonError;

use crate::actions::runtime::services::Services;
use crate::contract::BotRunId;
use crate::contract::Call;
use crate::contract::ConnectTarget;
use crate::contract::Credential;
use crate::contract::Error;
use crate::contract::Masker;
use crate::contract::Progress;
use crate::contract::Secret;
use crate::contract::SessionHandle;
use crate::contract::SessionTarget;
use crate::contract::Stated;
use crate::contract::TokenSource;
use crate::contract::Warning;
use crate::contract::WarningCode;
use crate::devops::Connection;
use crate::sessions::Session;

/// What one call of an action may touch
pub struct Context<'a> {
    /// What all actions share
    pub services: &'a Services,
    /// The bot run that calls
    pub bot_run: &'a BotRunId,
    /// Where a session that is opened goes
    pub target: &'a SessionTarget,
    /// The call's books
    pub call: &'a Call,
    /// How a long action tells where it is
    pub progress: &'a dyn Progress,
    /// What must not be shown in this run tree
    pub masker: &'a Masker,
    /// What the call did beside its outputs
    pub notes: &'a Notes,
}

/// What a call did beside its outputs, for the answer and the audit file
#[derive(Default)]
pub struct Notes {
    session: OnceLock<Arc<Session<Connection>>>,
    opened: OnceLock<SessionHandle>,
    warnings: Mutex<Vec<Warning>>,
}

impl Notes {
    /// The session the call worked with
    pub fn session(&self) -> Option<&Arc<Session<Connection>>> {
        self.session.get()
    }

    /// The session the call opened
    pub fn opened(&self) -> Option<SessionHandle> {
        self.opened.get().copied()
    }

    /// What the bot's author should know
    pub fn take_warnings(&self) -> Vec<Warning> {
        std::mem::take(&mut self.warnings.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl<'a> Context<'a> {
    /// Keeps which session the call is about
    pub fn note_session(&self, session: &Arc<Session<Connection>>) {
        let _ = self.notes.session.set(session.clone());
    }

    /// Keeps the session the call opened
    pub fn note_opened(&self, session: &Arc<Session<Connection>>) {
        self.note_session(session);
        let _ = self.notes.opened.set(session.handle());
    }

    /// Where the call gets tokens
    pub fn tokens(&'a self) -> MaskedTokens<'a> {
        MaskedTokens { tokens: self.services.tokens.as_ref(), masker: self.masker }
    }

    /// Adds what the bot's author should know
    pub fn warn(&self, code: WarningCode, message: impl Into<String>) {
        let warning = Warning { code, message: message.into() };
        self.notes.warnings.lock().unwrap_or_else(PoisonError::into_inner).push(warning);
    }
}

/// Tokens as an action gets them: each is masked in the run tree's output from then on
pub struct MaskedTokens<'a> {
    tokens: &'a dyn TokenSource,
    masker: &'a Masker,
}

impl TokenSource for MaskedTokens<'_> {
    fn token<'a>(
        &'a self,
        credential: &'a Credential,
        target: ConnectTarget<'a>,
    ) -> Pin<Box<dyn Future<Output = Result<Secret, Error>> + Send + 'a>> {
        Box::pin(async move {
            let token = self.tokens.token(credential, target).await?;
            self.masker.remember(&token);
            Ok(token)
        })
    }

    fn refused(&self, token: &Secret) {
        self.tokens.refused(token);
    }

    fn stated(&self, credential: &Credential, target: ConnectTarget<'_>) -> Stated {
        self.tokens.stated(credential, target)
    }
}
