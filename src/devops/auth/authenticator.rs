//! The token of each request: replaced before it expires, and checked when the service rejects it.

use std::sync::Arc;

use tokio::sync::MutexGuard;

use crate::contract::Call;
use crate::contract::ConnectTarget;
use crate::contract::Credential;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::OrganizationUrl;
use crate::contract::ProjectName;
use crate::contract::Scheme;
use crate::contract::Secret;
use crate::contract::Stated;
use crate::contract::TokenSource;
use crate::devops::auth::connect_request::ConnectRequest;
use crate::devops::auth::identity;
use crate::devops::auth::identity::Identity;
use crate::devops::auth::resolve_token::resolve_token;
use crate::devops::auth::sign_in_response::SignInResponse;
use crate::devops::auth::token_state::CurrentToken;
use crate::devops::auth::token_state::TokenState;
use crate::devops::auth::token_state::TokenStatus;
use crate::devops::errors::error_text::ErrorText;
use crate::devops::errors::error_text::out_of_time;
use crate::devops::errors::token_refusal::StaleToken;
use crate::devops::errors::token_refusal::TokenRefusal;
use crate::devops::http::credential_key::CredentialKeys;
use crate::devops::http::transport::Transport;
use crate::devops::message::response_class::ResponseClass;

/// The credential of a connection and the token in use
pub(crate) struct Authenticator {
    error_text: ErrorText,
    project: ProjectName,
    credential: Credential,
    scheme: Scheme,
    keys: Arc<CredentialKeys>,
    state: TokenState,
}

impl Authenticator {
    /// Creates an authenticator whose first token is already resolved and accepted
    pub(crate) fn new(request: ConnectRequest<'_>, keys: Arc<CredentialKeys>, token: Secret) -> Self {
        Authenticator {
            error_text: ErrorText::new(request.organization, token.scheme()),
            project: request.project.clone(),
            credential: request.credential,
            scheme: request.scheme,
            keys,
            state: TokenState::new(token),
        }
    }

    /// Returns the words that errors have for the organization and its tokens
    pub(crate) fn error_text(&self) -> &ErrorText {
        &self.error_text
    }

    /// Returns the organization as it was given
    pub(crate) fn organization(&self) -> &OrganizationUrl {
        &self.error_text.url
    }

    /// Returns the project as it was given
    pub(crate) fn requested_project(&self) -> &ProjectName {
        &self.project
    }

    /// Returns the reference to the credential
    pub(crate) fn credential(&self) -> String {
        self.credential.shown()
    }

    /// Returns the credential and the scheme of its token
    pub(crate) fn access(&self) -> (&Credential, Scheme) {
        (&self.credential, self.scheme)
    }

    /// Whether no token of the credential is accepted any more
    pub(crate) fn is_stale(&self) -> bool {
        self.state.is_stale()
    }

    /// Whether a request to connect has the same organization, credential and scheme
    pub(crate) fn is_for(&self, request: &ConnectRequest<'_>) -> bool {
        self.organization().identity() == request.organization.identity()
            && self.scheme == request.scheme
            && self.keys.key(&request.credential) == self.keys.key(&self.credential)
    }

    /// Returns what the operator states about the credential
    pub(crate) fn stated(&self, tokens: &dyn TokenSource) -> Stated {
        tokens.stated(&self.credential, self.target())
    }

    /// Returns the token in use
    ///
    /// Errors: `auth.failed` if it is not accepted any more.
    pub(crate) fn current(&self) -> Result<CurrentToken, Error> {
        self.state.current().map_err(|stale| self.error_text.stale(&stale))
    }

    /// Returns the token for a request; one that expires soon is replaced first
    ///
    /// If no other token can be resolved, the one in use serves until the service rejects it.
    pub(crate) async fn token(&self, call: &Call, tokens: &dyn TokenSource) -> Result<CurrentToken, Error> {
        if !self.current()?.token.is_due() {
            return self.current();
        }
        // One request renews the token for all; the others must not wait for a store that hangs.
        let Ok(_refreshing) = self.state.refresh.try_lock() else { return self.current() };
        if self.current()?.token.is_due()
            && let Ok(token) = self.resolve(call, tokens).await
        {
            self.state.replace(token);
        }
        self.current()
    }

    /// Checks whether the token is still accepted, and returns its user
    ///
    /// Errors: `auth.failed` if neither the token nor a renewed one is accepted; `network.*` and
    /// `service.*` if there was no usable response.
    pub(crate) async fn check(
        &self,
        transport: &Transport,
        call: &Call,
        tokens: &dyn TokenSource,
    ) -> Result<Identity, Error> {
        let _refreshing = self.lock(call).await?;
        let current = self.current()?;
        match self.identify(transport, call, &current.token).await? {
            Ok(identity) => {
                self.state.confirm();
                Ok(identity)
            }
            Err(refusal) => self.renew(transport, call, tokens, &current, refusal).await,
        }
    }

    /// Returns the token to try next after one was rejected, or nothing if the rejected one lacks a scope
    ///
    /// `reason` is the reason in the rejection, which is more precise than that of the check that follows, if the
    /// service gives one. Errors: `auth.failed` if no other token is accepted.
    pub(crate) async fn after_rejection(
        &self,
        transport: &Transport,
        call: &Call,
        tokens: &dyn TokenSource,
        rejected: &CurrentToken,
        reason: TokenRefusal,
    ) -> Result<Option<CurrentToken>, Error> {
        let _refreshing = self.lock(call).await?;
        match self.state.status(rejected) {
            TokenStatus::Stale(stale) => return Err(self.error_text.refused(&stale.refusal, &stale.token)),
            TokenStatus::Good => return Ok(None),
            TokenStatus::Renewed(token) => return Ok(Some(token)),
            TokenStatus::Unknown => {}
        }
        let Err(refusal) = self.identify(transport, call, &rejected.token).await? else {
            self.state.confirm();
            return Ok(None);
        };
        let refusal = if refusal.is_explained() || !reason.is_explained() { refusal } else { reason };
        self.renew(transport, call, tokens, rejected, refusal).await?;
        Ok(self.state.current().ok())
    }

    /// Waits until no other request checks or renews the token
    async fn lock(&self, call: &Call) -> Result<MutexGuard<'_, ()>, Error> {
        tokio::time::timeout_at(call.deadline(), self.state.refresh.lock())
            .await
            .map_err(|_| out_of_time("check whether the token is still valid"))
    }

    /// Returns the user of a token, or why the token is not accepted
    async fn identify(
        &self,
        transport: &Transport,
        call: &Call,
        token: &Secret,
    ) -> Result<Result<Identity, TokenRefusal>, Error> {
        let request = identity::request();
        let url = request.url(&transport.base, "", &[])?;
        let response = SignInResponse::identity(transport.send(call, &request, &url, token).await?);
        if response.class == ResponseClass::Unauthenticated {
            return Ok(Err(TokenRefusal::of(&response.response, token)));
        }
        let identity = response.into_value(&request, &self.error_text, token)?.identity();
        if let Some(identity) = &identity {
            transport.user.identify(&identity.id);
        }
        Ok(identity.ok_or(TokenRefusal::Unexplained { is_unmarked: false }))
    }

    /// Resolves the credential again; a token that differs and is accepted replaces the rejected one
    ///
    /// Otherwise the error says why the last of the tokens was not accepted.
    async fn renew(
        &self,
        transport: &Transport,
        call: &Call,
        tokens: &dyn TokenSource,
        rejected: &CurrentToken,
        refusal: TokenRefusal,
    ) -> Result<Identity, Error> {
        tokens.refused(&rejected.token);
        let token = match self.resolve(call, tokens).await {
            Ok(token) => token,
            // A store that is slow or out of reach says nothing about the token: the next action tries again.
            Err(error)
                if matches!(
                    error.code(),
                    ErrorCode::DeadlineExceeded
                        | ErrorCode::CredentialTimeout
                        | ErrorCode::NetworkFailed
                        | ErrorCode::NetworkTls
                ) =>
            {
                return Err(error);
            }
            Err(error) => {
                let refused = self.error_text.refused(&refusal, &rejected.token);
                self.state.mark_stale(StaleToken { refusal, token: rejected.token.clone() });
                return Err(refused.caused_by(error));
            }
        };
        let mut refusal = refusal;
        if token.expose() != rejected.token.expose() {
            match self.identify(transport, call, &token).await? {
                Ok(identity) => {
                    self.state.replace(token);
                    return Ok(identity);
                }
                Err(of_new) => refusal = of_new,
            }
        }
        let refused = self.error_text.refused(&refusal, &token);
        self.state.mark_stale(StaleToken { refusal, token: Arc::new(token) });
        Err(refused)
    }

    async fn resolve(&self, call: &Call, tokens: &dyn TokenSource) -> Result<Secret, Error> {
        resolve_token(call, tokens, &self.credential, self.target()).await
    }

    fn target(&self) -> ConnectTarget<'_> {
        ConnectTarget { organization: self.organization(), project: &self.project, scheme: self.scheme }
    }
}
