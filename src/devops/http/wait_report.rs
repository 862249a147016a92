//! Reports how long a request is expected to wait for the rate limit.

use std::time::Duration;

use crate::contract::Call;
use crate::devops::message::request::Request;

/// Shorter waits for the rate limit are not reported
const MIN_REPORTED_WAIT: Duration = Duration::from_secs(1);

/// Returns a function that reports the expected wait of a request
pub(crate) fn report_wait(
    call: &Call,
    request: &Request<'_>,
    service: &str,
) -> impl FnMut(Duration, usize) + Send {
    let mut reported = Duration::ZERO;
    move |expected: Duration, others: usize| {
        // A wait is reported once, and again only if it grows.
        if expected < MIN_REPORTED_WAIT || expected <= reported {
            return;
        }
        reported = expected;
        let seconds = expected.as_secs_f64().round();
        let description = request.description();
        tracing::info!(request = %request.label(), seconds, others, "waiting for the rate limit");
        let others = match others {
            0 => String::new(),
            1 => "; 1 other request is waiting".to_owned(),
            others => format!("; {others} other requests are waiting"),
        };
        call.report_wait(format!(
            "Waiting about {seconds} s to {description}: {service} limits the request rate of this user{others}"
        ));
    }
}
