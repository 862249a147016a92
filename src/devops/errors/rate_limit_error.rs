//! The error of a request that the rate limit leaves no time for: `service.rate_limited`.

use std::time::Duration;

use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Retry;
use crate::devops::limits::limiter_state::PastDeadline;
use crate::devops::message::request::Request;

/// The name of the service in messages
pub(crate) const AZURE_DEVOPS: &str = "Azure DevOps";

/// Returns the error of a request that cannot be sent before its deadline because of a rate limit
pub(crate) fn past_deadline(request: &Request<'_>, service: &str, past_deadline: PastDeadline) -> Error {
    let description = request.description();
    let time_left = past_deadline.time_left.as_secs_f64().ceil();
    let others = match past_deadline.others {
        0 => String::new(),
        1 => "; 1 other request of this user is waiting".to_owned(),
        others => format!("; {others} other requests of this user are waiting"),
    };
    let Some(retry_after) = past_deadline.retry_after.map(|retry_after| retry_after.as_secs_f64().ceil())
    else {
        let message = format!(
            "Could not {description}: {service} limits the request rate of this user, and the request was still waiting \
             with {time_left} s left of the action's time limit{others}"
        );
        return Error::new(ErrorCode::ServiceRateLimited, message)
            .help("Run fewer bots as this user at the same time, or try again later.")
            .retry(Retry::Later)
            .operation(request.label());
    };
    let message = format!(
        "Could not {description}: {service} asks to wait for {retry_after} s, but only {time_left} s of the action's time limit \
         are left{others}"
    );
    Error::new(ErrorCode::ServiceRateLimited, message)
        .retry(Retry::After(Duration::from_secs_f64(retry_after)))
        .operation(request.label())
        .with("retryAfterSeconds", retry_after)
}
