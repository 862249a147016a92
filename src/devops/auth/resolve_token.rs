//! Resolves a credential to its token, within the time of the call.

use crate::contract::Call;
use crate::contract::ConnectTarget;
use crate::contract::Credential;
use crate::contract::Error;
use crate::contract::Scheme;
use crate::contract::Secret;
use crate::contract::TokenSource;
use crate::devops::errors::error_text::out_of_time;

/// Returns the token of a credential
///
/// Errors: those of the token source; `deadline.exceeded`.
pub(crate) async fn resolve_token(
    call: &Call,
    tokens: &dyn TokenSource,
    credential: &Credential,
    target: ConnectTarget<'_>,
) -> Result<Secret, Error> {
    let token = tokio::time::timeout_at(call.deadline(), tokens.token(credential, target))
        .await
        .unwrap_or_else(|_| Err(out_of_time("resolve the credential")))?;
    Ok(if target.scheme == Scheme::Bearer { token.as_bearer() } else { token })
}
