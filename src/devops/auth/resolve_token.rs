//! Resolves a credential to its token, within the time of the call.

use crate::contract::Call;
use crate::contract::ConnectTarget;
use crate::contract::Credential;
use crate::contract::Error;
use crate::contract::Scheme;
use crate::contract::Secret;
use crate::contract::TokenSource;
use crate::contract::check_method;
use crate::contract::printable;
use crate::devops::errors::error_text::out_of_time;

/// Returns the token of a credential
///
/// Errors: those of the token source; `credential.invalid_format` for a token of the other method; `deadline.exceeded`.
pub(crate) async fn resolve_token(
    call: &Call,
    tokens: &dyn TokenSource,
    credential: &Credential,
    target: ConnectTarget<'_>,
) -> Result<Secret, Error> {
    let token = tokio::time::timeout_at(call.deadline(), tokens.token(credential, target))
        .await
        .unwrap_or_else(|_| Err(out_of_time("resolve the credential")))?;
    check_method(&token, target.scheme).map_err(|refusal| {
        let whose = match credential {
            Credential::Reference(reference) => format!(" of {}", printable(&reference.to_string(), 512)),
            Credential::Locker(locker) => format!(" of {}", printable(&locker.to_string(), 512)),
            Credential::Insecure(_) => String::new(),
        };
        let error = Error::new(refusal.code, format!("The token{whose} {}", refusal.reason));
        error.help(refusal.help.unwrap_or_default())
    })?;
    Ok(if target.scheme == Scheme::Bearer { token.as_bearer() } else { token })
}
