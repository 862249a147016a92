//! The description of a limit on the requests of each user.

use serde::Deserialize;
use serde::Serialize;

/// The number of requests that each user of an organization may send in a period. Further requests are refused with 429
/// and
/// `TF400733`. The service counts the cost of requests; here each request costs one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RateLimit {
    pub(crate) requests: u32,
    #[serde(default = "second")]
    pub(crate) milliseconds: u32,
    #[serde(default = "yes")]
    pub(crate) retry_after: bool,
}

impl RateLimit {
    /// A limit of this many requests a second, counted from the first request.
    pub fn per_second(requests: u32) -> Self {
        RateLimit { requests, milliseconds: second(), retry_after: yes() }
    }

    /// Removes the `Retry-After` header from the refusals.
    pub fn without_retry_after(mut self) -> Self {
        self.retry_after = false;
        self
    }
}

fn second() -> u32 {
    1000
}

fn yes() -> bool {
    true
}
