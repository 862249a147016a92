//! Where a token comes from: the trait that `credentials` implements and the wiring hands in.

use std::future::Future;
use std::pin::Pin;

use crate::contract::Credential;
use crate::contract::Error;
use crate::contract::OrganizationUrl;
use crate::contract::ProjectName;
use crate::contract::Scheme;
use crate::contract::Scope;
use crate::contract::Secret;

/// What a token is wanted for; a stored credential is bound to one organization
#[derive(Debug, Clone, Copy)]
pub struct ConnectTarget<'a> {
    /// The organization to connect to
    pub organization: &'a OrganizationUrl,
    /// The project to connect to
    pub project: &'a ProjectName,
    /// How the token is to sign in, unless it says Bearer itself
    pub scheme: Scheme,
}

/// What the operator wrote down beside a stored credential
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stated {
    /// The scopes of its token; empty when they are not stated
    pub scopes: Vec<Scope>,
    /// What to tell when the token ends soon, or has ended
    pub expiry_warning: Option<String>,
}

/// Resolves a credential to a token
pub trait TokenSource: Send + Sync {
    /// The token of a credential, for one organization
    ///
    /// Errors: `credential.not_found`, `credential.invalid_format`, `credential.timeout`, and
    /// `credential.organization_mismatch` before anything is sent anywhere.
    fn token<'a>(
        &'a self,
        credential: &'a Credential,
        target: ConnectTarget<'a>,
    ) -> Pin<Box<dyn Future<Output = Result<Secret, Error>> + Send + 'a>>;

    /// Hears of a token that the service does not accept, so that it is not given again
    fn refused(&self, _token: &Secret) {}

    /// What is stated beside the credential; nothing is read or asked for it
    fn stated(&self, credential: &Credential, target: ConnectTarget<'_>) -> Stated {
        let _ = (credential, target);
        Stated::default()
    }
}
