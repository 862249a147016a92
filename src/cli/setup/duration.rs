//! Durations of the command line.

use std::time::Duration;

use jiff::SignedDuration;

/// Parses a duration of at least a second
pub(in crate::cli) fn at_least_a_second(text: &str) -> Result<Duration, String> {
    let parsed = text.parse::<SignedDuration>().ok().and_then(|limit| Duration::try_from(limit).ok());
    parsed
        .filter(|limit| *limit >= Duration::from_secs(1))
        .ok_or_else(|| "must be a duration of at least 1s, such as 8h, 30m or 90s".to_owned())
}
