//! An authenticated connection: one organization, one project, one user.

use std::fmt;
use std::sync::Arc;

use time::OffsetDateTime;

use crate::contract::Credential;
use crate::contract::Error;
use crate::contract::OrganizationUrl;
use crate::contract::Scheme;
use crate::contract::Secret;
use crate::contract::Stated;
use crate::contract::TokenSource;
use crate::devops::auth::authenticator::Authenticator;
use crate::devops::auth::connect_request::ConnectRequest;
use crate::devops::auth::identity::Identity;
use crate::devops::client::project::ConnectedProject;
use crate::devops::client::reported_ids::ReportedIds;
use crate::devops::http::transport::Transport;
use crate::devops::limits::throttling::Throttling;

/// An authenticated connection to one organization and project
///
/// It cannot be cloned: dropping the last one of an organization and credential closes its idle
/// connections. `Debug` shows no secret.
pub struct Connection {
    pub(crate) transport: Transport,
    pub(crate) authenticator: Authenticator,
    pub(crate) identity: Identity,
    pub(crate) instance_id: Option<String>,
    pub(crate) project: ConnectedProject,
    pub(crate) reported_ids: Arc<ReportedIds>,
}

impl Connection {
    /// Returns the organization as it was given
    pub fn organization(&self) -> &OrganizationUrl {
        self.authenticator.organization()
    }

    /// Returns the organization's own id, if the service states it
    pub fn instance_id(&self) -> Option<&str> {
        self.instance_id.as_deref()
    }

    /// Returns the project, with the name as the service spells it
    pub fn project(&self) -> &ConnectedProject {
        &self.project
    }

    /// Returns the token's user at the time when the connection was opened
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// Returns the reference to the credential, never the token
    pub fn credential(&self) -> String {
        self.authenticator.credential()
    }

    /// Returns the credential and the scheme of its token, for a connection with the same access
    pub fn access(&self) -> (&Credential, Scheme) {
        self.authenticator.access()
    }

    /// Returns the token in use
    ///
    /// Errors: `auth.failed` if it is not accepted any more.
    pub(crate) fn token(&self) -> Result<Arc<Secret>, Error> {
        self.authenticator.current().map(|current| current.token)
    }

    /// Whether the service accepts no token of the credential any more; then no request is sent
    pub fn is_stale(&self) -> bool {
        self.authenticator.is_stale()
    }

    /// Whether a request to connect has the same organization, project, credential and scheme
    pub fn same_access(&self, request: &ConnectRequest<'_>) -> bool {
        let project = request.project.as_str().to_lowercase();
        let requested = self.authenticator.requested_project().as_str();
        let names = [&self.project.name, &self.project.id, requested];
        names.iter().any(|name| name.to_lowercase() == project) && self.authenticator.is_for(request)
    }

    /// Returns what the operator states about the credential of the connection
    pub fn stated(&self, tokens: &dyn TokenSource) -> Stated {
        self.authenticator.stated(tokens)
    }

    /// Returns what the service stated last about the rate limit of this user
    pub fn throttling(&self) -> Option<Throttling> {
        self.transport.user.limits().limiter.throttling()
    }

    /// Returns the time that the service's clock has reached at least, if any response stated it
    pub fn service_clock(&self) -> Option<OffsetDateTime> {
        self.transport.clock.now()
    }

    /// Records a time that the service's clock has passed, such as the time when it created a resource
    pub fn observe_service_clock(&self, moment: OffsetDateTime) {
        self.transport.clock.observe(moment);
    }

    /// Returns the resources that this process has already reported to its calls in this organization,
    /// through any connection
    pub fn reported_ids(&self) -> &Arc<ReportedIds> {
        &self.reported_ids
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
