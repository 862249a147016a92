//! What the fuzz target of a vault's responses checks. Decision 0280.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;

use http::HeaderMap;
use http::StatusCode;
use url::Url;

use crate::contract::CredentialReference;
use crate::contract::Error;
use crate::contract::StoreClient;
use crate::contract::StoreRequest;
use crate::contract::StoreResponse;
use crate::contract::TextKind as _;
use crate::contract::fuzzing::check_error;
use crate::contract::fuzzing::planted;
use crate::credentials::CredentialResolver;
use crate::credentials::HashiCorpVault;
use crate::credentials::Lockers;
use crate::credentials::SignIn;
use crate::credentials::StorePolicy;

/// The statuses that an input can name
const STATUSES: [u16; 8] = [200, 204, 400, 403, 404, 429, 500, 503];

/// A secret of a vault is read, or the error contains neither it nor the token that signs in
///
/// Each line of the input is a response: a byte for the status, then the body. The last one is repeated.
pub fn vault_response(input: &[u8]) {
    let input = planted(input, "");
    let mut responses: Vec<(u16, Vec<u8>)> = input
        .split(|byte| *byte == b'\n')
        .filter_map(|line| line.split_first())
        .map(|(status, body)| (STATUSES[usize::from(*status) % STATUSES.len()], body.to_vec()))
        .collect();
    responses.reverse();
    let client = Arc::new(Responses(Mutex::new(responses)));
    let vault = HashiCorpVault {
        address: Url::parse("https://vault.example").expect("a URL"),
        mount: "secret".to_owned(),
        version: None,
        namespace: None,
        sign_in: SignIn::AppRole {
            mount: "approle".to_owned(),
            role_id: "role".to_owned(),
            secret_id: CredentialReference::parse("env:AZDO_SECRET_ID").expect("a reference"),
        },
        bots: Vec::new(),
    };
    let lookup = Arc::new(|_: &str| Some(crate::contract::fuzzing::token().into()));
    let policy = StorePolicy { vault: Some(vault), ..StorePolicy::default() };
    let resolver = CredentialResolver::reaching(lookup, Lockers::default(), policy, Some(client));
    let reference = CredentialReference::parse("vault:team/azdo#pat").expect("a reference");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    match runtime.block_on(resolver.read_reference(&reference)) {
        Ok(secret) => assert!(!secret.expose().is_empty(), "an empty secret is a token"),
        Err(error) => check_error(&error),
    }
}

/// The responses that are left, the next one last
struct Responses(Mutex<Vec<(u16, Vec<u8>)>>);

impl StoreClient for Responses {
    fn send(
        &self,
        _: StoreRequest,
    ) -> Pin<Box<dyn Future<Output = Result<StoreResponse, Error>> + Send + '_>> {
        let mut left = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (status, body) =
            if left.len() > 1 { left.pop() } else { left.first().cloned() }.unwrap_or_default();
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::NO_CONTENT);
        let response = StoreResponse { status, headers: HeaderMap::new(), body: body.into(), proxy: None };
        Box::pin(async { Ok(response) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::fuzzing::over_kept_inputs;

    #[test]
    fn kept_responses_of_a_vault_are_a_secret_or_an_error_without_it() {
        over_kept_inputs("vault_response", vault_response);
    }
}
