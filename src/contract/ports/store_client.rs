//! One small HTTP exchange with a credential store: the trait that `devops` implements and the wiring hands in.

use std::future::Future;
use std::pin::Pin;

use http::HeaderMap;
use http::Method;
use http::StatusCode;
use secrecy::zeroize::Zeroizing;
use url::Url;

use crate::contract::Error;

/// What a store is asked; it has no `Debug`, since all of it may be secret
pub struct StoreRequest {
    /// The method
    pub method: Method,
    /// The whole address
    pub url: Url,
    /// Headers; every one is treated as a secret
    pub headers: HeaderMap,
    /// The body; may be empty
    pub body: Zeroizing<Vec<u8>>,
}

/// What a store answered, whatever its status; it has no `Debug` either
pub struct StoreAnswer {
    /// The status; a redirect is an answer like any other
    pub status: StatusCode,
    /// Headers
    pub headers: HeaderMap,
    /// The body, at most 1 MiB
    pub body: Zeroizing<Vec<u8>>,
}

/// Sends requests to credential stores under the rules of the road to Azure DevOps
pub trait StoreClient: Send + Sync {
    /// Sends one request, once, and reads the whole answer
    ///
    /// Follows no redirect. Errors: `network.failed`, `network.tls`, `credential.not_found` for an answer
    /// that is too large or broken, `input.invalid` for an address that is not reached at all.
    fn send(
        &self,
        request: StoreRequest,
    ) -> Pin<Box<dyn Future<Output = Result<StoreAnswer, Error>> + Send + '_>>;
}
