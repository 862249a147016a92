//! Times and sizes, retries, and the rate limiter of each user.

pub(super) mod backoff;
pub(super) mod drawn_slots;
pub(super) mod in_process_limits;
mod learned_rate;
pub(super) mod limiter_state;
pub(super) mod network_limits;
pub(super) mod rate_limit;
pub(super) mod rate_limiter;
pub(super) mod retry_after;
pub(super) mod retry_budget;
pub(super) mod shared_rate_limit;
pub(super) mod throttling;
