//! How one request leaves and its whole answer arrives: headers, time, repeats, and lost answers.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use std::time::SystemTime;

use reqwest::Client;
use reqwest::StatusCode;
use reqwest::Url;
use reqwest::header::ACCEPT;
use reqwest::header::AUTHORIZATION;
use reqwest::header::CONTENT_LENGTH;
use reqwest::header::CONTENT_TYPE;
use reqwest::header::HeaderName;
use reqwest::header::HeaderValue;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use tokio::time::Instant;
use uuid::Uuid;

use crate::contract::Call;
use crate::contract::ChangeInFlight;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Secret;
use crate::devops::errors::rate_limit_error;
use crate::devops::errors::rate_limit_error::AZURE_DEVOPS;
use crate::devops::errors::response_error;
use crate::devops::errors::transport_error::TransportError;
use crate::devops::http::authorization::authorization;
use crate::devops::http::upload::UploadProgress;
use crate::devops::http::user_limits::CurrentUser;
use crate::devops::limits::backoff;
use crate::devops::limits::network_limits::NetworkLimits;
use crate::devops::limits::rate_limiter::AttemptOutcome;
use crate::devops::limits::rate_limiter::PastDeadline;
use crate::devops::limits::rate_limiter::QueueTicket;
use crate::devops::limits::retry_after;
use crate::devops::message::api_version::Version;
use crate::devops::message::api_version::Versions;
use crate::devops::message::body;
use crate::devops::message::request::Request;
use crate::devops::message::response::ServiceResponse;
use crate::devops::message::response_class::ResponseClass;
use crate::devops::message::service_clock::ServiceClock;

const FED_AUTH_REDIRECT: HeaderName = HeaderName::from_static("x-tfs-fedauthredirect");
const TFS_SESSION: HeaderName = HeaderName::from_static("x-tfs-session");

/// A shorter wait for the rate limit is not worth a word
const MIN_REPORTED_WAIT: Duration = Duration::from_secs(1);

/// The way to one organization
pub(crate) struct Transport {
    pub(crate) client: Arc<Client>,
    /// The organization's address, without a `/` at its end
    pub(crate) base: Url,
    /// Host and port as messages name them, with the proxy if there is one
    pub(crate) host: String,
    /// Whose limits its requests come under
    pub(crate) user: CurrentUser,
    pub(crate) limits: Arc<NetworkLimits>,
    /// The id that ties the requests of one connection together at the service
    pub(crate) session: Uuid,
    /// The service's clock, as this connection heard it
    pub(crate) clock: ServiceClock,
    /// Which versions the server speaks, as this connection learned it
    pub(crate) versions: Versions,
}

impl Transport {
    /// Sends a request until there is an answer, whatever it means, or nothing more to try
    ///
    /// What was refused for a rate limit was not carried out, and is repeated as long as there is time. Else
    /// only what reads is repeated, or what certainly did nothing: it did not leave, or was refused for
    /// its version alone. Errors: `network.failed`, `network.tls`, `deadline.exceeded`, `service.rate_limited` when
    /// the rate limit leaves no time, `service.bad_response`, `service.response_too_large`; for a request that changes
    /// something and may have arrived, `service.outcome_unknown` in place of all these.
    pub(crate) async fn send(
        &self,
        call: &Call,
        request: &Request<'_>,
        url: &Url,
        token: &Secret,
    ) -> Result<ServiceResponse, Error> {
        let user = self.user.limits();
        user.budget.earn();
        let resource = request.resource();
        let mut ticket = QueueTicket::default();
        let mut rejected: Option<ServiceResponse> = None;
        let (mut attempt, mut failures) = (0, 0);
        loop {
            let permit = match user
                .limiter
                .acquire(&mut ticket, call.deadline(), report_wait(call, request, AZURE_DEVOPS))
                .await
            {
                Ok(permit) => permit,
                Err(past_deadline) => return wait_past_deadline(request, token, past_deadline, rejected),
            };
            attempt += 1;
            let version = self.versions.of(&resource, request.stage());
            let mut result = self.attempt(call, request, version, url, token, attempt).await;
            let retryable = match &mut result {
                Ok(response) => {
                    let (outcome, retryable) = rate_limit_outcome(request, response);
                    user.limiter.record(&permit, outcome, &response.headers, &self.limits);
                    if response.status == StatusCode::BAD_REQUEST
                        && self.versions.learn(&response.service_error(), version, &resource)
                    {
                        continue;
                    }
                    if outcome == AttemptOutcome::Refused {
                        if let Some(change) = response.change.take() {
                            change.known();
                        }
                        rejected = result.ok();
                        continue;
                    }
                    retryable
                }
                Err(error) => error.retryable && (request.is_safe() || !error.sent),
            };
            failures += 1;
            let wait = backoff::wait(failures, self.limits.backoff);
            let fits = Instant::now() + wait < call.deadline();
            if !retryable || failures >= self.limits.attempts || !fits || !user.budget.spend() {
                return self.conclude(request, result);
            }
            drop(permit);
            tokio::time::sleep(wait).await;
        }
    }

    /// What the last attempt comes to
    fn conclude(
        &self,
        request: &Request<'_>,
        result: Result<ServiceResponse, TransportError>,
    ) -> Result<ServiceResponse, Error> {
        match result {
            Ok(ServiceResponse { status, change: Some(change), .. }) if !status.is_success() => {
                // A gateway lost the answer; the service behind it may have done the work.
                let reason = format!("a gateway answered {} in its place", status.as_u16());
                Err(self.outcome_unknown(change, request, &reason))
            }
            Ok(response) => Ok(response),
            Err(mut error) => match error.change.take() {
                Some(change) => {
                    let unknown = self.outcome_unknown(change, request, &error.reason);
                    Err(unknown.caused_by(error.into_error(&request.description())))
                }
                None => Err(error.into_error(&request.description()).operation(request.label())),
            },
        }
    }

    /// The error of a change whose answer is lost, which holds the change until its outcome is found out
    pub(crate) fn outcome_unknown(
        &self,
        change: ChangeInFlight,
        request: &Request<'_>,
        reason: &str,
    ) -> Error {
        let message = format!(
            "It is not known whether this was done: {}. The answer was lost: {reason}",
            request.description()
        );
        let time = OffsetDateTime::now_utc().format(&Rfc3339).unwrap_or_default();
        Error::new(ErrorCode::ServiceOutcomeUnknown, message)
            .help(
                "Look whether it happened before trying again. Azure DevOps support finds the request \
                 by the session id and the time in the context.",
            )
            .operation(request.label())
            .with("tfsSession", self.session)
            .with("time", time)
            .of_change(change)
    }

    /// Sends a request once, and enters it in the call if it changes something
    ///
    /// The change is handed on with what came of it unless its outcome is known already.
    async fn attempt(
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
        let (status, activity_id) = match &result {
            Ok(response) => {
                self.clock.observe_headers(&response.headers);
                (Some(response.status.as_u16()), response.activity_id())
            }
            Err(_) => (None, None),
        };
        tracing::debug!(method = %request.method(), path = url.path(), status, activity_id, attempt);
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

    /// Host and port as messages name them; a request to another of the organization's hosts names that one
    fn host_of(&self, url: &Url) -> String {
        match (self.base.host_str(), url.host_str()) {
            (Some(base), Some(host)) if base != host => self.host.replacen(base, host, 1),
            _ => self.host.clone(),
        }
    }

    /// One request and its whole answer
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
            .header(ACCEPT, request.accept(version))
            // Asks for 401 where a browser would be sent to the sign-in page.
            .header(FED_AUTH_REDIRECT, HeaderValue::from_static("Suppress"))
            .header(TFS_SESSION, self.session.hyphenated().encode_lower(&mut Uuid::encode_buffer()) as &str);
        message = match (request.file_content(), request.body()) {
            (Some(file), _) => message
                .header(CONTENT_TYPE, request.content_type())
                .header(CONTENT_LENGTH, file.len())
                .body(progress.body(file.clone(), &self.limits)),
            (None, Some(body)) => message.header(CONTENT_TYPE, request.content_type()).body(body.to_vec()),
            // The client leaves the length of no body out, and servers refuse a POST without one (411).
            (None, None) if !request.is_safe() => message.header(CONTENT_LENGTH, 0),
            (None, None) => message,
        };
        let mut response =
            message.send().await.map_err(|error| TransportError::of_request(error, &self.host_of(url)))?;
        let status = response.status();
        let headers = std::mem::take(response.headers_mut());
        let limit = if request.is_list() { self.limits.list_bytes } else { self.limits.object_bytes };
        let body = body::read(response, &headers, limit)
            .await
            .map_err(|fault| TransportError::of_body(fault, &self.host_of(url), limit))?;
        Ok(ServiceResponse { status, headers, body, change: None })
    }
}

/// Counts a request when its attempt is over, given up by the caller included, unless none of it left
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

/// What an answer says about the rate limit, and whether the request may be sent again if it says nothing
fn rate_limit_outcome(request: &Request<'_>, response: &ServiceResponse) -> (AttemptOutcome, bool) {
    match response.class() {
        ResponseClass::RateLimited => (AttemptOutcome::Refused, true),
        ResponseClass::Unavailable { transient: true } if request.is_safe() => {
            // It names its time: that is no fault, but a refusal until then.
            let is_timed = retry_after::from_headers(&response.headers, SystemTime::now()).is_some();
            (if is_timed { AttemptOutcome::Refused } else { AttemptOutcome::Failed }, true)
        }
        ResponseClass::Unavailable { .. } => (AttemptOutcome::Failed, false),
        _ => (AttemptOutcome::Accepted, false),
    }
}

/// Says that a request waits, and for how long
pub(crate) fn report_wait(
    call: &Call,
    request: &Request<'_>,
    service: &str,
) -> impl FnMut(Duration, usize) + Send {
    let mut reported = Duration::ZERO;
    move |expected: Duration, others: usize| {
        // Less is not worth a word, and neither is the same wait once more.
        if expected < MIN_REPORTED_WAIT || expected <= reported {
            return;
        }
        reported = expected;
        let seconds = expected.as_secs_f64().round();
        let description = request.description();
        tracing::info!(request = %request.label(), seconds, others, "waits for the rate limit");
        let others = match others {
            0 => String::new(),
            1 => "; 1 other request waits".to_owned(),
            others => format!("; {others} other requests wait"),
        };
        call.report_wait(format!(
            "Waiting about {seconds} s to {description}: {service} limits the requests of this user{others}"
        ));
    }
}

/// What a request comes to that cannot leave before its deadline
fn wait_past_deadline(
    request: &Request<'_>,
    token: &Secret,
    past_deadline: PastDeadline,
    rejected: Option<ServiceResponse>,
) -> Result<ServiceResponse, Error> {
    match rejected {
        Some(response) if response.class() != ResponseClass::RateLimited => Ok(response),
        Some(response) => Err(response_error::with_origin(
            rate_limit_error::past_deadline(request, AZURE_DEVOPS, past_deadline),
            &response,
            request,
            token,
        )),
        None => Err(rate_limit_error::past_deadline(request, AZURE_DEVOPS, past_deadline)),
    }
}
