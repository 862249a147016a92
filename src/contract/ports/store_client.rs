//! One HTTP request to a credential store: the trait that `devops` implements and `cli` passes on.

use std::future::Future;
use std::pin::Pin;

use http::HeaderMap;
use http::Method;
use http::StatusCode;
use secrecy::zeroize::Zeroizing;
use url::Url;

use crate::contract::Error;

/// A request to a store; it has no `Debug`, since all of it may be secret
pub struct StoreRequest {
    /// The method
    pub method: Method,
    /// The complete URL
    pub url: Url,
    /// The headers; each is treated as a secret
    pub headers: HeaderMap,
    /// The body; may be empty
    pub body: Zeroizing<Vec<u8>>,
}

/// A store's response, whatever its status; it has no `Debug` either
pub struct StoreResponse {
    /// The status; a redirect is not followed
    pub status: StatusCode,
    /// The headers
    pub headers: HeaderMap,
    /// The body, at most 1 MiB
    pub body: Zeroizing<Vec<u8>>,
    /// The host and port of the proxy that it came through, for messages
    pub proxy: Option<String>,
}

/// Sends requests to credential stores, with the same TLS and proxy rules as for Azure DevOps
pub trait StoreClient: Send + Sync {
    /// Sends one request, once, and reads the whole response
    ///
    /// Does not follow redirects. Errors: `network.failed`, also for a web page in place of a response, `network.tls`,
    /// `credential.not_found` for a response that is too large or malformed, `input.invalid` for a URL that may not be reached.
    fn send(
        &self,
        request: StoreRequest,
    ) -> Pin<Box<dyn Future<Output = Result<StoreResponse, Error>> + Send + '_>>;
}
