//! Sends one request until there is a response: rate limit, retries, and lost responses.

use std::sync::Arc;
use std::time::SystemTime;

use reqwest::Client;
use reqwest::StatusCode;
use reqwest::Url;
use tokio::time::Instant;
use uuid::Uuid;

use crate::contract::Call;
use crate::contract::Error;
use crate::contract::Secret;
use crate::contract::ServiceKind;
use crate::devops::errors::outcome_unknown::outcome_unknown;
use crate::devops::errors::rate_limit_error;
use crate::devops::errors::rate_limit_error::AZURE_DEVOPS;
use crate::devops::errors::response_error;
use crate::devops::errors::transport_error::TransportError;
use crate::devops::http::proxy::OperatorProxy;
use crate::devops::http::user_limits::CurrentUser;
use crate::devops::http::wait_report::report_wait;
use crate::devops::limits::backoff;
use crate::devops::limits::limiter_state::PastDeadline;
use crate::devops::limits::network_limits::NetworkLimits;
use crate::devops::limits::rate_limiter::AttemptOutcome;
use crate::devops::limits::rate_limiter::QueueTicket;
use crate::devops::limits::retry_after;
use crate::devops::message::api_version::Versions;
use crate::devops::message::request::Request;
use crate::devops::message::response::ServiceResponse;
use crate::devops::message::response_class::ResponseClass;
use crate::devops::message::service_clock::ServiceClock;

/// The transport to one organization
pub(crate) struct Transport {
    pub(crate) client: Arc<Client>,
    /// The base URL of the organization, without a trailing `/`
    pub(crate) base: Url,
    /// The operator's proxy, which some requests go through
    pub(crate) proxy: Option<Arc<OperatorProxy>>,
    /// What it is: the hosted service or an Azure DevOps Server
    pub(crate) service: ServiceKind,
    /// The user whose limits apply to the requests
    pub(crate) user: CurrentUser,
    pub(crate) limits: Arc<NetworkLimits>,
    /// The id that the service records for all requests of one connection
    pub(crate) session: Uuid,
    /// The clock of the service
    pub(crate) clock: ServiceClock,
    /// The API versions that the server supports
    pub(crate) versions: Versions,
}

impl Transport {
    /// Sends a request until there is a response, of whatever class, or no attempt is left
    ///
    /// A request that the rate limit rejects was not carried out, and is sent again until the deadline. Otherwise only
    /// requests that change nothing are retried, and requests that certainly did nothing: they were not sent, or were
    /// rejected for their version. Errors: `network.failed`, `network.tls`, `deadline.exceeded`, `service.rate_limited`
    /// if the rate limit leaves no time, `service.bad_response`, `service.response_too_large`; for a request that
    /// changes something and may have arrived, `service.outcome_unknown` instead of these.
    pub(crate) async fn send(
        &self,
        call: &Call,
        request: &Request<'_>,
        url: &Url,
        token: &Secret,
    ) -> Result<ServiceResponse, Error> {
        let user = self.user.limits();
        user.budget.earn();
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
            let version = self.versions.of(|| request.resource(), request.stage());
            let mut result = self.attempt(call, request, version, url, token, attempt).await;
            let retryable = match &mut result {
                Ok(response) => {
                    let (outcome, retryable) = rate_limit_outcome(request, response);
                    user.limiter.record(&permit, outcome, &response.headers, &self.limits);
                    if response.status == StatusCode::BAD_REQUEST
                        && self.versions.learn(&response.service_error(), version, request.resource())
                    {
                        continue;
                    }
                    if outcome == AttemptOutcome::Rejected {
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
            if !retryable || failures >= self.limits.attempts {
                return self.conclude(request, result);
            }
            let wait = backoff::wait(failures, self.limits.backoff);
            let fits = Instant::now() + wait < call.deadline();
            if !fits || !user.budget.spend() {
                return self.conclude(request, result);
            }
            drop(permit);
            tokio::time::sleep(wait).await;
        }
    }

    /// Returns the result of the last attempt
    fn conclude(
        &self,
        request: &Request<'_>,
        result: Result<ServiceResponse, TransportError>,
    ) -> Result<ServiceResponse, Error> {
        match result {
            Ok(ServiceResponse { status, change: Some(change), .. }) if !status.is_success() => {
                // The gateway lost the response; the service may have made the change.
                let reason = format!("a gateway responded with status {} instead", status.as_u16());
                Err(outcome_unknown(self.session, change, request, &reason))
            }
            Ok(response) => Ok(response),
            Err(mut error) => match error.change.take() {
                Some(change) => {
                    let unknown = outcome_unknown(self.session, change, request, &error.reason);
                    Err(unknown.caused_by(error.into_error(&request.description())))
                }
                None => Err(error.into_error(&request.description()).operation(request.label())),
            },
        }
    }
}

/// Returns the outcome of a response for the rate limiter, and whether the request may be retried
fn rate_limit_outcome(request: &Request<'_>, response: &ServiceResponse) -> (AttemptOutcome, bool) {
    match response.class() {
        ResponseClass::RateLimited => (AttemptOutcome::Rejected, true),
        ResponseClass::Unavailable { transient: true } | ResponseClass::Foreign { transient: true }
            if request.is_safe() =>
        {
            // With a `Retry-After` it counts as a rejection until then, not as a failure.
            let is_timed = retry_after::from_headers(&response.headers, SystemTime::now()).is_some();
            (if is_timed { AttemptOutcome::Rejected } else { AttemptOutcome::Failed }, true)
        }
        ResponseClass::Unavailable { .. } | ResponseClass::Foreign { transient: true } => {
            (AttemptOutcome::Failed, false)
        }
        _ => (AttemptOutcome::Accepted, false),
    }
}

/// Returns the result of a request that cannot be sent before its deadline
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
