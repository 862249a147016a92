//! Moments on the clock that moves runs, as a saved world has them: how long ago they were.

use std::time::Duration;

use serde::Deserialize;
use serde::Deserializer;
use serde::Serialize;
use serde::Serializer;
use tokio::time::Instant;

pub(super) fn serialize<S: Serializer>(moment: &Instant, serializer: S) -> Result<S::Ok, S::Error> {
    moment.elapsed().serialize(serializer)
}

/// A run goes on where it was when it was saved. A machine that is not up for so long has no such moment; then it
/// starts anew.
pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Instant, D::Error> {
    let since = Duration::deserialize(deserializer)?;
    let now = Instant::now();
    Ok(now.checked_sub(since).unwrap_or(now))
}
