//! HTTP requests to credential stores, with the same TLS, proxy and limits as requests to Azure DevOps.

use std::future::Future;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::OnceLock;
use std::time::Duration;
use std::time::SystemTime;

use hyper::body::Bytes;
use reqwest::Client;
use reqwest::Method;
use reqwest::StatusCode;
use reqwest::Url;
use reqwest::header::HeaderMap;
use secrecy::zeroize::Zeroizing;
use tokio::time::Instant;
use tokio::time::timeout;

use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Secret;
use crate::contract::ServiceKind;
use crate::contract::StoreClient;
use crate::contract::StoreRequest;
use crate::contract::StoreResponse;
use crate::devops::errors::foreign_response::foreign_response;
use crate::devops::errors::transport_error::TransportError;
use crate::devops::http::clients;
use crate::devops::http::network_options::NetworkOptions;
use crate::devops::http::proxy::OperatorProxy;
use crate::devops::http::tls;
use crate::devops::limits::retry_after;
use crate::devops::message::body;
use crate::devops::message::response::Destination;
use crate::devops::message::response::ServiceResponse;
use crate::devops::message::sender::NETWORK_SIGN_IN;
use crate::devops::message::web_page;

/// The largest response of a store, in bytes after decompression
const MAX_BYTES: usize = 1 << 20;

/// The longest `Retry-After` time of a store: resolving a credential may take three seconds in total
const MAX_WAIT: Duration = Duration::from_secs(2);

/// The capacity of the buffer for a response: growing would leave copies of a secret in memory
const USUAL_BYTES: usize = 64 * 1024;

/// Sends the requests of credential stores
pub struct StoreHttp {
    options: NetworkOptions,
    secure: OnceLock<Client>,
    plain: OnceLock<Client>,
}

impl StoreHttp {
    /// Creates it with these options; nothing is loaded, built or sent yet
    pub fn new(options: NetworkOptions) -> Self {
        StoreHttp { options, secure: OnceLock::new(), plain: OnceLock::new() }
    }

    /// Returns the client for a URL; after a failure it is built again
    fn client(&self, url: &Url) -> Result<&Client, Error> {
        let not_allowed = |reason: &str| {
            let message = format!("Cannot connect to the credential store {}: {reason}", shown(url));
            Err(Error::new(ErrorCode::InputInvalid, message))
        };
        if self.options.simulator.is_some() {
            return not_allowed("with the simulator, no request leaves this machine");
        }
        let (cell, tls, proxy) = match url.scheme() {
            "https" => {
                let proxy = OperatorProxy::of(&self.options)?;
                (&self.secure, tls::trusting as fn(&[Vec<u8>]) -> _, proxy)
            }
            "http" if self.options.allow_loopback_http && is_loopback(url) => {
                (&self.plain, (|_: &[Vec<u8>]| Ok(tls::without_trust())) as fn(&[Vec<u8>]) -> _, None)
            }
            _ => {
                return not_allowed(
                    "plain http is allowed only to a loopback address, with `--allow-loopback-http`",
                );
            }
        };
        if let Some(client) = cell.get() {
            return Ok(client);
        }
        let built = clients::build(
            tls(&self.options.certificate_authorities)?,
            proxy.as_ref(),
            &self.options.limits,
        )?;
        Ok(cell.get_or_init(|| built))
    }

    async fn exchange(&self, request: &Sendable) -> Result<StoreResponse, Error> {
        let Sendable { method, url, headers, body } = request;
        let client = self.client(url)?;
        let route = OperatorProxy::route(OperatorProxy::of(&self.options)?.as_ref(), url);
        let description = format!("query the credential store {}", route.host);
        let message = client.request(method.clone(), url.clone()).headers(headers.clone()).body(body.clone());
        let mut response = message
            .send()
            .await
            .map_err(|error| TransportError::of_request(error, &route).into_error(&description))?;
        let status = response.status();
        let headers = std::mem::take(response.headers_mut());
        let mut body = Zeroizing::new(Vec::with_capacity(USUAL_BYTES));
        match body::read_into(&mut body, response, &headers, MAX_BYTES).await {
            Ok(()) => match foreign_page(request, &route.host, status, &headers, &body) {
                Some(error) => Err(error),
                None => Ok(StoreResponse { status, headers, body, proxy: route.proxy }),
            },
            Err(fault) => {
                let error = TransportError::of_body(fault, &route, MAX_BYTES).into_error(&description);
                if error.code() == ErrorCode::NetworkFailed {
                    return Err(error);
                }
                Err(Error::new(ErrorCode::CredentialNotFound, error.message().to_owned()))
            }
        }
    }
}

/// Returns the error of a response that no store sends: a web page, a redirect to a page elsewhere, the status of a
/// network that requires a sign-in
///
/// It says nothing about the credential, so its code is one of the network.
fn foreign_page(
    request: &Sendable,
    host: &str,
    status: StatusCode,
    headers: &HeaderMap,
    body: &[u8],
) -> Option<Error> {
    let is_page = web_page::is_web_page(headers, body);
    // A vault redirects with another status, to its active node.
    let may_lead_away = matches!(status.as_u16(), 301..=303);
    if !is_page && !may_lead_away && status.as_u16() != NETWORK_SIGN_IN {
        return None;
    }
    let response = ServiceResponse {
        status,
        headers: headers.clone(),
        body: if is_page { Bytes::copy_from_slice(body) } else { Bytes::new() },
        from: Destination { url: request.url.clone(), service: ServiceKind::Hosted },
        change: None,
    };
    let leads_away = response.target().is_some_and(|target| target.host_str() != request.url.host_str());
    if !is_page && !leads_away && status.as_u16() != NETWORK_SIGN_IN {
        return None;
    }
    let description = format!("query the credential store {host}");
    let error = foreign_response(&response, ErrorCode::NetworkFailed, &description, host, &request.token());
    Some(error.with("status", status.as_u16()))
}

/// A request that can be sent more than once; its body is zeroized with the last copy
struct Sendable {
    method: Method,
    url: Url,
    headers: HeaderMap,
    body: Bytes,
}

impl Sendable {
    fn new(request: StoreRequest) -> Self {
        let StoreRequest { method, url, mut headers, body } = request;
        headers.values_mut().for_each(|value| value.set_sensitive(true));
        Sendable { method, url, headers, body: Bytes::from_owner(body) }
    }

    /// Returns the token in its headers, which a page must not show
    fn token(&self) -> Secret {
        let header = |name: &str| self.headers.get(name)?.to_str().ok();
        let token = header("authorization").map(|text| text.trim_start_matches("Bearer "));
        Secret::new(token.or_else(|| header("x-vault-token")).unwrap_or_default().to_owned())
    }
}

impl StoreClient for StoreHttp {
    fn send(
        &self,
        request: StoreRequest,
    ) -> Pin<Box<dyn Future<Output = Result<StoreResponse, Error>> + Send + '_>> {
        let description = format!("query the credential store {}", shown(&request.url));
        let limit = self.options.limits.request;
        let request = Sendable::new(request);
        let wait_limit = Instant::now() + MAX_WAIT;
        Box::pin(async move {
            loop {
                let response = timeout(limit, self.exchange(&request)).await;
                let response = response
                    .unwrap_or_else(|_| Err(TransportError::too_slow(limit).into_error(&description)))?;
                // A rejected request did nothing, so it may be sent again.
                let retry_at = matches!(response.status.as_u16(), 429 | 503)
                    .then(|| retry_after::from_headers(&response.headers, SystemTime::now()))
                    .flatten()
                    .map(|wait| Instant::now() + wait);
                match retry_at {
                    Some(until) if until <= wait_limit => tokio::time::sleep_until(until).await,
                    _ => return Ok(response),
                }
            }
        })
    }
}

/// Returns host and port, for messages
fn shown(url: &Url) -> String {
    match (url.host_str().unwrap_or_default(), url.port()) {
        (host, Some(port)) => format!("{host}:{port}"),
        (host, None) => host.to_owned(),
    }
}

/// Whether the host is a literal loopback address
fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}
