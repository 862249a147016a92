//! The source of tokens: the trait that `credentials` implements and `cli` passes on.

use std::future::Future;
use std::pin::Pin;

use crate::contract::Credential;
use crate::contract::Error;
use crate::contract::OrganizationUrl;
use crate::contract::ProjectName;
use crate::contract::Scheme;
use crate::contract::Scope;
use crate::contract::Secret;

/// The target of a connection; a stored credential is bound to one organization
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct ConnectTarget<'a> {
    /// The organization to connect to
    pub organization: &'a OrganizationUrl,
    /// The project to connect to
    pub project: &'a ProjectName,
    /// How the token authenticates, unless the token itself is a bearer token
    pub scheme: Scheme,
}

impl<'a> ConnectTarget<'a> {
    /// Creates a target
    pub fn new(organization: &'a OrganizationUrl, project: &'a ProjectName, scheme: Scheme) -> Self {
        ConnectTarget { organization, project, scheme }
    }
}

/// What the operator's file states about a stored credential
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stated {
    /// The scopes of its token; empty when the file states none
    pub scopes: Vec<Scope>,
    /// The warning when the token expires soon or has expired
    pub expiry_warning: Option<String>,
}

/// Resolves a credential to a token
pub trait TokenSource: Send + Sync {
    /// Returns the token of a credential, for one organization
    ///
    /// Errors: `credential.not_found`, `credential.invalid_format`, `credential.timeout`, and
    /// `credential.organization_mismatch` before any request is sent.
    fn token<'a>(
        &'a self,
        credential: &'a Credential,
        target: ConnectTarget<'a>,
    ) -> Pin<Box<dyn Future<Output = Result<Secret, Error>> + Send + 'a>>;

    /// Forgets a token that the service did not accept, so that it is not returned again
    fn refused(&self, _token: &Secret) {}

    /// Returns what is stated about the credential, without reading it
    fn stated(&self, credential: &Credential, target: ConnectTarget<'_>) -> Stated {
        let _ = (credential, target);
        Stated::default()
    }

    /// Whether no other process can resolve the credential, since it is of the host of this process
    fn is_of_host(&self, _credential: &Credential) -> bool {
        false
    }
}
