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
pub(crate) fn past_deadline(request: &Request<'_>, service: &str, held: PastDeadline) -> Error {
    let words = request.words();
    let left = held.left.as_secs_f64().ceil();
    let others = match held.others {
        0 => String::new(),
        1 => ", and 1 other request of this user waits".to_owned(),
        others => format!(", and {others} other requests of this user wait"),
    };
    let Some(asked) = held.asked.map(|asked| asked.as_secs_f64().ceil()) else {
        let message = format!(
            "Could not {words}: {service} limits the requests of this user, and with {left} s left of the action's \
             time limit it was not this one's turn{others}"
        );
        return Error::new(ErrorCode::ServiceRateLimited, message)
            .help("Run fewer bots as this user at the same time, or try again later.")
            .retry(Retry::Later)
            .operation(request.label());
    };
    let message = format!(
        "Could not {words}: {service} asks to slow down for {asked} s, and {left} s are left of the action's time \
         limit{others}"
    );
    Error::new(ErrorCode::ServiceRateLimited, message)
        .retry(Retry::After(Duration::from_secs_f64(asked)))
        .operation(request.label())
        .with("retryAfterSeconds", asked)
}
