//! A limit on the requests of each user, as a world describes it.

use serde::Deserialize;
use serde::Serialize;

/// How many requests each user of an organization may make in a stretch of time; those beyond it are refused with 429 and
/// `TF400733`, without any effect. The service counts what requests cost; here each costs one.
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
    /// So many requests a second, counted from the first one on.
    pub fn per_second(requests: u32) -> Self {
        RateLimit { requests, milliseconds: second(), retry_after: yes() }
    }

    /// Leaves out of a refusal when to come back.
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
