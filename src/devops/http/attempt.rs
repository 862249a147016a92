//! One attempt of a request: its headers, its time limit, and its complete response.

use std::pin::pin;

use reqwest::Url;
use reqwest::header::ACCEPT;
use reqwest::header::AUTHORIZATION;
use reqwest::header::CONTENT_LENGTH;
use reqwest::header::CONTENT_TYPE;
use reqwest::header::HeaderName;
use reqwest::header::HeaderValue;
use tokio::time::Instant;

use crate::contract::Call;
use crate::contract::Secret;
use crate::devops::errors::error_text::quote;
use crate::devops::errors::foreign_response::appearance;
use crate::devops::errors::transport_error::TransportError;
use crate::devops::http::authorization::authorization;
use crate::devops::http::proxy::OperatorProxy;
use crate::devops::http::transport::Transport;
use crate::devops::http::upload::UploadProgress;
use crate::devops::message::api_version::Version;
use crate::devops::message::body;
use crate::devops::message::request::Request;
use crate::devops::message::response::Destination;
use crate::devops::message::response::ServiceResponse;
use crate::devops::message::response_class::ResponseClass;
use crate::devops::message::route::Route;

const FED_AUTH_REDIRECT: HeaderName = HeaderName::from_static("x-tfs-fedauthredirect");
const TFS_SESSION: HeaderName = HeaderName::from_static("x-tfs-session");

impl Transport {
    /// Sends a request once, and registers it with the call if it changes something
    ///
    /// The change is returned with the result unless its outcome is already known.
    pub(super) async fn attempt(
        &self,
        call: &Call,
        request: &Request<'_>,
        version: Version,
        url: &Url,
        token: &Secret,
        attempt: u32,
    ) -> Result<ServiceResponse, TransportError> {
        let start = Instant::now();
        if start >= call.deadline() {
            return Err(TransportError::out_of_time(false));
        }
        let change = (!request.is_safe()).then(|| call.begin_change(request.change()));
        let mut counted = Counted { call, sent: true };
        let progress = UploadProgress::new(&self.limits);
        let mut exchange = pin!(self.exchange(request, version, url, token, &progress));
        let mut result = loop {
            let until = call.deadline().min(progress.deadline());
            match tokio::time::timeout_at(until, &mut exchange).await {
                Ok(result) => break result,
                Err(_) if until == call.deadline() => break Err(TransportError::out_of_time(true)),
                Err(_) if until < progress.deadline() => {}
                Err(_) if progress.is_sending() => break Err(TransportError::stalled()),
                Err(_) => break Err(TransportError::too_slow(self.limits.request)),
            }
        };
        let (status, activity_id, reason) = match &result {
            Ok(response) => {
                self.clock.observe_headers(&response.headers);
                let logged = tracing::enabled!(tracing::Level::DEBUG);
                let reason = if logged { reason(response, token) } else { None };
                (Some(response.status.as_u16()), response.activity_id(), reason)
            }
            Err(_) => (None, None, None),
        };
        tracing::debug!(method = %request.method(), path = url.path(), status, activity_id, attempt, reason);
        if let Some(activity_id) = activity_id {
            call.keep_activity(activity_id);
        }
        counted.sent = result.as_ref().err().is_none_or(|error| error.sent);
        if let Some(change) = change {
            match &mut result {
                Ok(response) if response.leaves_outcome_unknown() => response.change = Some(change),
                Err(error) if error.sent => error.change = Some(change),
                _ => change.known(),
            }
        }
        result
    }

    /// Returns the way of a request, for messages
    pub(crate) fn route(&self, url: &Url) -> Route {
        OperatorProxy::route(self.proxy.as_deref(), url)
    }

    /// Sends the request and reads the complete response
    async fn exchange(
        &self,
        request: &Request<'_>,
        version: Version,
        url: &Url,
        token: &Secret,
        progress: &UploadProgress,
    ) -> Result<ServiceResponse, TransportError> {
        let mut message = self
            .client
            .request(request.method().clone(), url.clone())
            .header(AUTHORIZATION, authorization(token))
            .header(ACCEPT, version.accept(request.media()))
            // Requests status 401 instead of a redirect to the sign-in page.
            .header(FED_AUTH_REDIRECT, HeaderValue::from_static("Suppress"))
            .header(TFS_SESSION, self.session.to_string());
        message = match (request.file_content(), request.body()) {
            (Some(file), _) => message
                .header(CONTENT_TYPE, request.content_type())
                .header(CONTENT_LENGTH, file.len())
                .body(progress.body(file.clone(), &self.limits)),
            (None, Some(body)) => message.header(CONTENT_TYPE, request.content_type()).body(body.to_vec()),
            // The HTTP client omits the length of an empty body, and servers reject a POST without it (411).
            (None, None) if !request.is_safe() => message.header(CONTENT_LENGTH, 0),
            (None, None) => message,
        };
        let mut response =
            message.send().await.map_err(|error| TransportError::of_request(error, &self.route(url)))?;
        let status = response.status();
        let headers = std::mem::take(response.headers_mut());
        let limit = if request.is_list() { self.limits.list_bytes } else { self.limits.object_bytes };
        let body = match request.is_for_start() {
            true => body::read_start(response, &headers, limit).await,
            false => body::read(response, &headers, limit).await,
        };
        let body = body.map_err(|fault| TransportError::of_body(fault, &self.route(url), limit))?;
        let from = Destination { url: url.clone(), service: self.service };
        Ok(ServiceResponse { status, headers, body, from, change: None })
    }
}

/// Returns what a response says about its failure: the message of the service, or what something else calls itself
fn reason(response: &ServiceResponse, token: &Secret) -> Option<String> {
    match response.class() {
        ResponseClass::Success => None,
        ResponseClass::Foreign { .. } => Some(appearance(response, token)),
        _ => response.service_error().message.map(|message| quote(&message, token)),
    }
}

/// Counts a request when its attempt ends or is cancelled, unless nothing was sent
struct Counted<'a> {
    call: &'a Call,
    sent: bool,
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        if self.sent {
            self.call.count_request();
        }
    }
}
