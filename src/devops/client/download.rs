//! Downloads: files streamed from a link in a response, never held in memory as a whole.

use std::sync::Arc;
use std::time::SystemTime;

use hyper::body::Bytes;
use reqwest::Response;
use reqwest::Url;
use reqwest::header::ACCEPT;
use reqwest::header::AUTHORIZATION;
use reqwest::header::LOCATION;
use tokio::time::Instant;

use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Retry;
use crate::contract::Secret;
use crate::devops::client::link::Link;
use crate::devops::client::link::MAX_HOPS;
use crate::devops::client::service_client::ServiceClient;
use crate::devops::errors::foreign_response::appearance;
use crate::devops::errors::rate_limit_error;
use crate::devops::errors::rate_limit_error::AZURE_DEVOPS;
use crate::devops::errors::response_error;
use crate::devops::errors::transport_error::TransportError;
use crate::devops::http::authorization::authorization;
use crate::devops::http::min_throughput::MinThroughput;
use crate::devops::http::user_limits::UserLimits;
use crate::devops::http::wait_report::report_wait;
use crate::devops::limits::rate_limiter::AttemptOutcome;
use crate::devops::limits::rate_limiter::QueueTicket;
use crate::devops::limits::retry_after;
use crate::devops::message::body;
use crate::devops::message::request::Request;
use crate::devops::message::response::Destination;
use crate::devops::message::response::ServiceResponse;
use crate::devops::message::response_class::ResponseClass;
use crate::devops::message::route::Route;

/// A file that is being downloaded
pub struct Download {
    response: Response,
    throughput: MinThroughput,
    description: String,
    route: Route,
}

/// A response to the request for a file
enum Opened {
    /// The file, of which nothing is read yet
    File(Response),
    /// Anything else, with its body
    Other(ServiceResponse),
}

impl Download {
    /// Returns the size of the file in bytes, if the service states it
    pub fn size(&self) -> Option<u64> {
        self.response.content_length()
    }

    /// Returns the next piece, or nothing at the end of the complete file
    ///
    /// Errors: `network.failed` if the connection breaks before the end, `deadline.exceeded` if less than
    /// 1 KiB/s arrive over 20 s.
    pub async fn next(&mut self) -> Result<Option<impl AsRef<[u8]> + Send + use<>>, Error> {
        let until = self.throughput.deadline();
        match tokio::time::timeout_at(until, self.response.chunk()).await {
            Ok(Ok(Some(piece))) => {
                self.throughput.arrived(piece.len());
                Ok(Some(piece))
            }
            Ok(Ok(None)) => Ok(None),
            Ok(Err(error)) => {
                Err(TransportError::of_request(error, &self.route).into_error(&self.description))
            }
            Err(_) => Err(Error::new(
                ErrorCode::DeadlineExceeded,
                format!("Could not {}: {} sends less than 1 KiB/s", self.description, self.route),
            )
            .retry(Retry::Later)),
        }
    }
}

impl ServiceClient<'_> {
    /// Opens the file that a request for it returns
    ///
    /// Errors: those of [`ServiceClient::download`].
    pub async fn open_file(self, request: &Request<'_>) -> Result<Download, Error> {
        let url = request.url(&self.connection.transport.base, &self.connection.project.id, &[])?;
        self.download(request, url.as_str()).await
    }

    /// Opens the file at a link in a response; `request` has the description and the needs for messages
    ///
    /// The link must be https and may redirect at most 3 times; each redirect is checked, and the token is sent
    /// only to the organization of the session. Errors: `service.bad_response` for a link that is not
    /// followed, and those of [`ServiceClient::send`].
    pub async fn download(self, request: &Request<'_>, link: &str) -> Result<Download, Error> {
        let base = &self.connection.transport.base;
        let mut link = Link::check(link, base).map_err(|reason| bad_link(request, reason))?;
        for _ in 0..=MAX_HOPS {
            let mut token = self.connection.authenticator.token(self.call, self.tokens).await?;
            let mut opened = self.open(request, &link, &token.token).await?;
            if let Opened::Other(response) = &opened
                && link.signed_in
                && response.class() == ResponseClass::Unauthenticated
            {
                token = self.another_token(request, &token, response).await?;
                opened = self.open(request, &link, &token.token).await?;
            }
            let response = match opened {
                Opened::File(file) => return Ok(self.begin(request, &link.url, file)),
                Opened::Other(response) => response,
            };
            match response.class() {
                ResponseClass::Unauthenticated if link.signed_in => {
                    return Err(self.scope_missing(request, &response, &token));
                }
                // The service redirects to the host of the file, which has none of its headers.
                ResponseClass::Unexpected(_) | ResponseClass::Foreign { .. }
                    if response.status.is_redirection() =>
                {
                    let next = response.headers.get(LOCATION).and_then(|value| value.to_str().ok());
                    let next = link
                        .url
                        .join(next.unwrap_or_default())
                        .map_err(|_| bad_link(request, "redirects to an invalid URL"))?;
                    link = Link::check(next.as_str(), base).map_err(|reason| bad_link(request, reason))?;
                }
                _ if !link.signed_in => {
                    let appearance = appearance(&response, &token.token);
                    let host = response.from.host();
                    let reason = format!("is rejected by {host}, the host of the file: {appearance}");
                    return Err(bad_link(request, &reason).with("status", response.status.as_u16()));
                }
                _ => {
                    let error_text = self.connection.authenticator.error_text();
                    let rejected = response_error::error(&response, request, error_text, &token.token);
                    return Err(
                        rejected.unwrap_or_else(|| response_error::unreadable(request, "is a web page"))
                    );
                }
            }
        }
        Err(bad_link(request, "redirects too often"))
    }

    fn begin(&self, request: &Request<'_>, url: &Url, response: Response) -> Download {
        let limits = &self.connection.transport.limits;
        Download {
            response,
            throughput: MinThroughput::new(limits.stream_bytes, limits.stream_stretch),
            description: request.description().into_owned(),
            route: self.connection.transport.route(url),
        }
    }

    /// Requests a file until the rate limit accepts the request; the headers must arrive within the time of one request
    async fn open(&self, request: &Request<'_>, link: &Link, token: &Secret) -> Result<Opened, Error> {
        let limits = &self.connection.transport.limits;
        let host = link.url.host_str().unwrap_or_default();
        // Requests to another host do not count for the limits of the user.
        let (user, service) = match link.signed_in {
            true => (self.connection.transport.user.limits(), AZURE_DEVOPS),
            false => (Arc::new(UserLimits::new()), host),
        };
        let mut ticket = QueueTicket::default();
        let mut rejected: Option<ServiceResponse> = None;
        loop {
            let permit = match user
                .limiter
                .acquire(&mut ticket, self.call.deadline(), report_wait(self.call, request, service))
                .await
            {
                Ok(permit) => permit,
                Err(past_deadline) => {
                    let error = rate_limit_error::past_deadline(request, service, past_deadline);
                    return Err(match &rejected {
                        Some(head) => response_error::with_origin(error, head, request, token),
                        None => error,
                    });
                }
            };
            let other = match self.open_once(request, link, token).await? {
                Opened::Other(response) => response,
                Opened::File(file) => {
                    user.limiter.record(&permit, AttemptOutcome::Accepted, file.headers(), limits);
                    return Ok(Opened::File(file));
                }
            };
            let is_rejected = match other.class() {
                ResponseClass::RateLimited => true,
                ResponseClass::Unavailable { transient: true }
                | ResponseClass::Foreign { transient: true } => {
                    retry_after::from_headers(&other.headers, SystemTime::now()).is_some()
                }
                _ => false,
            };
            let outcome = if is_rejected { AttemptOutcome::Rejected } else { AttemptOutcome::Accepted };
            user.limiter.record(&permit, outcome, &other.headers, limits);
            if !is_rejected {
                return Ok(Opened::Other(other));
            }
            rejected = Some(other);
        }
    }

    async fn open_once(&self, request: &Request<'_>, link: &Link, token: &Secret) -> Result<Opened, Error> {
        let transport = &self.connection.transport;
        let mut message = transport.client.get(link.url.clone()).header(ACCEPT, "application/zip, */*;q=0.5");
        if link.signed_in {
            message = message
                .header(AUTHORIZATION, authorization(token))
                .header("x-tfs-fedauthredirect", "Suppress");
        }
        self.call.count_request();
        let until = self.call.deadline().min(Instant::now() + transport.limits.request);
        let host = link.url.host_str().unwrap_or_default();
        let opening = async {
            let response = message.send().await?;
            tracing::debug!(method = "GET", host, status = response.status().as_u16());
            Ok(self.opened(response, link).await)
        };
        let error = match tokio::time::timeout_at(until, opening).await {
            Ok(Ok(opened)) => return Ok(opened),
            Ok(Err(error)) => TransportError::of_request(error, &transport.route(&link.url)),
            Err(_) => TransportError::too_slow(transport.limits.request),
        };
        Err(error.into_error(&request.description()))
    }

    /// Returns the file of a response, or any other response with its body, which has the reason of a refusal
    async fn opened(&self, response: Response, link: &Link) -> Opened {
        let transport = &self.connection.transport;
        let mut other = ServiceResponse {
            status: response.status(),
            headers: response.headers().clone(),
            body: Bytes::new(),
            from: Destination { url: link.url.clone(), service: transport.service },
            change: None,
        };
        if other.class() == ResponseClass::Success && !other.is_web_page() {
            return Opened::File(response);
        }
        // What arrives of a body that cannot be read says nothing: status and headers decide then.
        other.body =
            body::read(response, &other.headers, transport.limits.object_bytes).await.unwrap_or_default();
        Opened::Other(other)
    }
}

fn bad_link(request: &Request<'_>, reason: &str) -> Error {
    let message = format!("Could not {}: the link in the response {reason}", request.description());
    Error::new(ErrorCode::ServiceBadResponse, message)
}
