//! The error of a request that the rate limit leaves no time for: `service.rate_limited`.

use std::time::Duration;

use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Retry;
use crate::devops::limits::rate_limiter::PastDeadline;
use crate::devops::message::request::Request;

/// Who limits the rate, in messages
pub(crate) const AZURE_DEVOPS: &str = "Azure DevOps";

/// The error of a request that the rate limit of a service leaves no time for
pub(crate) fn past_deadline(request: &Request<'_>, service: &str, past_deadline: PastDeadline) -> Error {
    let description = request.description();
    let time_left = past_deadline.time_left.as_secs_f64().ceil();
    let others = match past_deadline.others {
        0 => String::new(),
        1 => ", and 1 other request of this user waits".to_owned(),
        others => format!(", and {others} other requests of this user wait"),
    };
    let Some(retry_after) = past_deadline.retry_after.map(|retry_after| retry_after.as_secs_f64().ceil())
    else {
        let message = format!(
            "Could not {description}: {service} limits the requests of this user, and with {time_left} s left of the action's \
             time limit it was not this one's turn{others}"
        );
        return Error::new(ErrorCode::ServiceRateLimited, message)
            .help("Run fewer bots as this user at the same time, or try again later.")
            .retry(Retry::Later)
            .operation(request.label());
    };
    let message = format!(
        "Could not {description}: {service} asks to slow down for {retry_after} s, and {time_left} s are left of the action's time \
         limit{others}"
    );
    Error::new(ErrorCode::ServiceRateLimited, message)
        .retry(Retry::After(Duration::from_secs_f64(retry_after)))
        .operation(request.label())
        .with("retryAfterSeconds", retry_after)
}
