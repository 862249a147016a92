//! Requests tokens from the host, for a runtime that has its own credential store.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use crate::contract::ConnectTarget;
use crate::contract::Credential;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Retry;
use crate::contract::Secret;
use crate::contract::Stated;
use crate::contract::TokenOrigin;
use crate::contract::TokenSource;
use crate::contract::Value;
use crate::contract::check_token;
use crate::contract::decode;
use crate::contract::printable;
use crate::hosts::json_rpc::host::Host;
use crate::hosts::json_rpc::host::RequestError;
use crate::hosts::json_rpc::protocol::NamedCredential;
use crate::hosts::json_rpc::protocol::ResolveCredential;
use crate::hosts::json_rpc::protocol::ResolvedCredential;

/// The time limit for `credential/resolve`
const LIMIT: Duration = Duration::from_secs(3);

/// A token source that requests credentials of the host from it, and uses another token source for all others
pub struct HostCredentials {
    host: Arc<Host>,
    own: Box<dyn TokenSource>,
}

impl HostCredentials {
    /// Creates a token source that uses `own` for insecure strings and for credentials that the host does not provide
    pub fn new(host: Arc<Host>, own: Box<dyn TokenSource>) -> Self {
        HostCredentials { host, own }
    }

    async fn resolve(&self, credential: NamedCredential, target: ConnectTarget<'_>) -> Result<Secret, Error> {
        let label = label(&credential);
        let request_params = ResolveCredential {
            credential,
            organization_url: target.organization.to_string(),
            project_name: target.project.as_str().to_owned(),
        };
        match self.host.request("credential/resolve", request_params, LIMIT).await {
            Ok(answer) => token(answer),
            Err(RequestError::Rejected) => Err(Error::new(
                ErrorCode::CredentialNotFound,
                format!("The host has no credential {label} for {}", target.organization),
            )),
            Err(RequestError::TimedOut) => Err(Error::new(
                ErrorCode::CredentialTimeout,
                format!("The host did not return the credential {label} within {} seconds", LIMIT.as_secs()),
            )
            .retry(Retry::Later)),
        }
        .map_err(|error| error.with("credential", label))
    }
}

impl TokenSource for HostCredentials {
    fn token<'a>(
        &'a self,
        credential: &'a Credential,
        target: ConnectTarget<'a>,
    ) -> Pin<Box<dyn Future<Output = Result<Secret, Error>> + Send + 'a>> {
        match named(credential).filter(|named| self.host.owns(named)) {
            Some(named) => Box::pin(self.resolve(named, target)),
            None => self.own.token(credential, target),
        }
    }

    fn refused(&self, token: &Secret) {
        self.own.refused(token);
    }

    fn stated(&self, credential: &Credential, target: ConnectTarget<'_>) -> Stated {
        self.own.stated(credential, target)
    }

    fn is_of_host(&self, credential: &Credential) -> bool {
        named(credential).is_some_and(|named| self.host.names(&named))
    }
}

/// Returns how a credential is named to the host; nothing for a token that was passed as text
fn named(credential: &Credential) -> Option<NamedCredential> {
    match credential {
        Credential::Reference(reference) => {
            Some(NamedCredential::Reference { reference: reference.to_string() })
        }
        Credential::Locker(locker) => Some(NamedCredential::Locker {
            locker_name: locker.locker_name.clone(),
            name: locker.name.clone(),
            attribute_name: locker.attribute_name.clone(),
        }),
        Credential::Insecure(_) => None,
    }
}

/// Reads the token from the response of the host
fn token(answer: Value) -> Result<Secret, Error> {
    let wrong = |reason: &str| {
        let message = format!("The host's response to credential/resolve is invalid: {reason}");
        Error::new(ErrorCode::CredentialInvalidFormat, message)
    };
    let Value::Dictionary(answer) = answer else { return Err(wrong("it is not an object")) };
    let ResolvedCredential { token } = decode::<ResolvedCredential>("credential/resolve", answer)
        .map_err(|_| wrong("the text \"token\" is missing"))?;
    check_token(token.expose(), TokenOrigin::Stored).map_err(|refusal| wrong(&refusal.reason))
}

fn label(credential: &NamedCredential) -> String {
    let text = match credential {
        NamedCredential::Reference { reference } => reference.clone(),
        NamedCredential::Locker { locker_name, name, attribute_name } => {
            format!("{locker_name}/{name}/{attribute_name}")
        }
    };
    printable(&text, 512)
}
