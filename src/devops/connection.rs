//! A connection: one organization, one project, one user, and the way to ask for things there.

use std::fmt;
use std::sync::Arc;

use serde::de::DeserializeOwned;
use time::OffsetDateTime;

use crate::contract::Call;
use crate::contract::Credential;
use crate::contract::Error;
use crate::contract::OrganizationUrl;
use crate::contract::ProjectName;
use crate::contract::Scheme;
use crate::contract::TokenSource;
use crate::devops::body;
use crate::devops::connect::ConnectRequest;
use crate::devops::credential_key::CredentialKeys;
use crate::devops::error_text::ErrorText;
use crate::devops::handed_out::HandedOut;
use crate::devops::identity::Identity;
use crate::devops::project::ConnectedProject;
use crate::devops::request::Request;
use crate::devops::response::ResponseClass;
use crate::devops::response::ServiceResponse;
use crate::devops::response_error;
use crate::devops::throttling::Throttling;
use crate::devops::token_state::CurrentToken;
use crate::devops::token_state::TokenState;
use crate::devops::transport::Transport;

/// An authenticated connection to one organization and project
///
/// It is never copied: dropping the last one of an organization and credential closes its idle
/// connections. `Debug` shows no secret.
pub struct Connection {
    pub(super) transport: Transport,
    pub(super) place: ErrorText,
    pub(super) requested: ProjectName,
    pub(super) credential: Credential,
    pub(super) scheme: Scheme,
    pub(super) keys: Arc<CredentialKeys>,
    pub(super) access: TokenState,
    pub(super) identity: Identity,
    pub(super) instance_id: Option<String>,
    pub(super) project: ConnectedProject,
}

impl Connection {
    /// The organization as it was given
    pub fn organization(&self) -> &OrganizationUrl {
        &self.place.url
    }

    /// The organization's own id, if the service says it
    pub fn instance_id(&self) -> Option<&str> {
        self.instance_id.as_deref()
    }

    /// The project, with the name as the service spells it
    pub fn project(&self) -> &ConnectedProject {
        &self.project
    }

    /// Who the token's user was when the connection was opened
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// Whether the token was refused for good: nothing is sent until another connection is opened
    pub fn is_stale(&self) -> bool {
        self.access.is_stale()
    }

    /// Whether this is the access that such a Connect would open: same organization, project, credential and
    /// way of signing in with it
    pub fn same_access(&self, wanted: &ConnectRequest<'_>) -> bool {
        let project = wanted.project.as_str().to_lowercase();
        let names = [&self.project.name, &self.project.id, self.requested.as_str()];
        self.place.url.identity() == wanted.organization.identity()
            && names.iter().any(|name| name.to_lowercase() == project)
            && self.scheme == wanted.scheme
            && self.keys.key(&wanted.credential) == self.keys.key(&self.credential)
    }

    /// What the service said last about slowing the requests of this user down
    pub fn throttling(&self) -> Option<Throttling> {
        self.transport.user.limits().limiter.throttling()
    }

    /// What the service's own clock shows at least, if an answer ever told its time
    pub fn service_clock(&self) -> Option<OffsetDateTime> {
        self.transport.clock.now()
    }

    /// Hears of a moment that the service has passed: when it made something
    pub fn hear_service_clock(&self, moment: OffsetDateTime) {
        self.transport.clock.hear(moment);
    }

    /// What this process has told its calls about in this organization, through whichever connection
    pub fn handed_out(&self) -> &Arc<HandedOut> {
        &self.transport.handed_out
    }

    /// Sends a request and reads the value it is answered with
    ///
    /// `()` takes an answer without a body, `serde::de::IgnoredAny` any JSON. Errors: `input.invalid`
    /// for a name that cannot stand in an address, `auth.failed`, `auth.scope_missing`,
    /// `permission.denied`, `resource.*`, `project.not_found`, `service.*`, `network.*`,
    /// `deadline.exceeded`; for a change whose answer is lost, `service.outcome_unknown`.
    pub async fn send<T: DeserializeOwned>(
        &self,
        call: &Call,
        tokens: &dyn TokenSource,
        request: Request<'_>,
    ) -> Result<T, Error> {
        let (mut answer, pass) = self.exchange(call, tokens, &request, &[]).await?;
        let read = body::decode(&answer);
        self.readable(read, &request, &mut answer, &pass)
    }

    /// Sends a request and reads the text of a file, exactly as it is, at most one object's limit
    ///
    /// Errors: those of [`Connection::send`]; `service.bad_response` for what is not UTF-8 text.
    pub async fn send_text(
        &self,
        call: &Call,
        tokens: &dyn TokenSource,
        request: Request<'_>,
    ) -> Result<String, Error> {
        let request = request.for_text();
        let (mut answer, pass) = self.exchange(call, tokens, &request, &[]).await?;
        let read = body::text(&answer);
        self.readable(read, &request, &mut answer, &pass)
    }

    /// Asks once whether the token is still good, and who its user is now
    ///
    /// Errors: `auth.failed` if neither the token nor a renewed one is accepted; `network.*` and
    /// `service.*` if there was no usable answer.
    pub async fn check(&self, call: &Call, tokens: &dyn TokenSource) -> Result<Identity, Error> {
        let _asking = self.ask_first(call).await?;
        let pass = self.access.pass().ok_or_else(|| self.place.stale())?;
        match self.who(call, &pass.token).await? {
            Some(identity) => {
                self.access.confirm();
                Ok(identity)
            }
            None => self.renew(call, tokens, &pass).await,
        }
    }

    /// An answer that did what was asked, and the pass it was asked with
    pub(super) async fn exchange(
        &self,
        call: &Call,
        tokens: &dyn TokenSource,
        request: &Request<'_>,
        page: &[(&str, &str)],
    ) -> Result<(ServiceResponse, CurrentToken), Error> {
        let url = request.url(&self.transport.base, &self.project.id, page)?;
        let mut pass = self.pass(call, tokens).await?;
        let mut answer = self.transport.ask(call, request, &url, &pass.token).await?;
        if answer.meaning() == ResponseClass::NotSignedIn {
            pass = self.another_pass(call, tokens, request, &pass, &answer).await?;
            answer = self.transport.ask(call, request, &url, &pass.token).await?;
            if answer.meaning() == ResponseClass::NotSignedIn {
                return Err(self.scope_missing(request, &answer, &pass));
            }
        }
        match response_error::error(&answer, request, &self.place, &pass.token) {
            Some(error) => Err(error),
            None => Ok((answer, pass)),
        }
    }

    /// The pass to try next where one was refused
    ///
    /// Errors: `auth.scope_missing` where the refused one is good, `auth.failed` where no other is to be had.
    pub(super) async fn another_pass(
        &self,
        call: &Call,
        tokens: &dyn TokenSource,
        request: &Request<'_>,
        refused: &CurrentToken,
        answer: &ServiceResponse,
    ) -> Result<CurrentToken, Error> {
        let settled = self.settle_refusal(call, tokens, refused).await;
        settled
            .map_err(|error| response_error::with_origin(error, answer, request, &refused.token))?
            .ok_or_else(|| self.scope_missing(request, answer, refused))
    }

    /// The error of a pass that signs somebody in and was refused all the same
    pub(super) fn scope_missing(
        &self,
        request: &Request<'_>,
        answer: &ServiceResponse,
        pass: &CurrentToken,
    ) -> Error {
        response_error::with_origin(self.place.scope_missing(request), answer, request, &pass.token)
    }

    /// What was read of an answer, or the error of one that cannot be read; a change was made all the same
    pub(super) fn readable<T>(
        &self,
        read: Result<T, String>,
        request: &Request<'_>,
        answer: &mut ServiceResponse,
        pass: &CurrentToken,
    ) -> Result<T, Error> {
        let reason = match read {
            Ok(value) => {
                answer.read();
                return Ok(value);
            }
            Err(reason) => reason,
        };
        let error = match answer.change.take() {
            Some(change) => self.transport.outcome_unknown(change, request, &format!("it {reason}")),
            None => response_error::unreadable(request, &reason),
        };
        Err(response_error::with_origin(error, answer, request, &pass.token))
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection")
            .field("organization", &self.organization().base())
            .field("project", &self.project)
            .finish_non_exhaustive()
    }
}
