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
use crate::contract::ServiceKind;
use crate::contract::SessionHandle;
use crate::contract::SessionTarget;
use crate::contract::Stated;
use crate::contract::TokenSource;
use crate::contract::Warning;
use crate::contract::WarningCode;
use crate::devops::Connection;
use crate::sessions::Session;

/// The context of one call of an action
pub struct Context<'a> {
    /// The services that all actions share
    pub services: &'a Services,
    /// The calling bot run
    pub bot_run: &'a BotRunId,
    /// The target of a new session
    pub target: &'a SessionTarget,
    /// The deadline and the requests of the call
    pub call: &'a Call,
    /// The receiver of progress reports
    pub progress: &'a dyn Progress,
    /// The masker for the secrets of this run tree
    pub masker: &'a Masker,
    /// The notes of the call
    pub notes: &'a Notes,
}

/// What a call did besides its outputs, for the outcome and the audit file
#[derive(Default)]
pub struct Notes {
    connecting: OnceLock<RequestedConnection>,
    session: OnceLock<Arc<Session<Connection>>>,
    opened: OnceLock<SessionHandle>,
    warnings: Mutex<Vec<Warning>>,
}

/// What Connect is asked to reach, known before there is a session
#[derive(Debug, Clone)]
pub struct RequestedConnection {
    /// The organization's URL
    pub organization: String,
    /// What serves the organization
    pub service: ServiceKind,
    /// The project
    pub project: String,
    /// The reference to the credential
    pub credential: String,
}

impl Notes {
    /// Returns what the call is asked to reach, if it is a Connect
    pub fn connecting(&self) -> Option<&RequestedConnection> {
        self.connecting.get()
    }

    /// Returns the session that the call used
    pub fn session(&self) -> Option<&Arc<Session<Connection>>> {
        self.session.get()
    }

    /// Returns the service that the call uses, if it is known
    pub fn service(&self) -> Option<ServiceKind> {
        let of_session = self.session().map(|session| session.connection().organization().service());
        of_session.or_else(|| self.connecting().map(|connecting| connecting.service))
    }

    /// Returns the session that the call opened
    pub fn opened(&self) -> Option<SessionHandle> {
        self.opened.get().copied()
    }

    /// Returns the warnings and clears them
    pub fn take_warnings(&self) -> Vec<Warning> {
        std::mem::take(&mut self.warnings.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl<'a> Context<'a> {
    /// Records the session that the call uses
    pub fn note_session(&self, session: &Arc<Session<Connection>>) {
        let _ = self.notes.session.set(session.clone());
    }

    /// Records what a Connect is asked to reach
    pub fn note_connecting(&self, connecting: RequestedConnection) {
        let _ = self.notes.connecting.set(connecting);
    }

    /// Records the session that the call opened
    pub fn note_opened(&self, session: &Arc<Session<Connection>>) {
        self.note_session(session);
        let _ = self.notes.opened.set(session.handle());
    }

    /// Returns the source of tokens for the call
    pub fn tokens(&'a self) -> MaskedTokens<'a> {
        MaskedTokens { tokens: self.services.tokens.as_ref(), masker: self.masker }
    }

    /// Adds a warning
    pub fn warn(&self, code: WarningCode, message: impl Into<String>) {
        let warning = Warning { code, message: message.into() };
        self.notes.warnings.lock().unwrap_or_else(PoisonError::into_inner).push(warning);
    }
}

/// A source of tokens that masks each token in all further output of the run tree
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

    fn is_of_host(&self, credential: &Credential) -> bool {
        self.tokens.is_of_host(credential)
    }
}
