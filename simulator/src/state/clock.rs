//! The simulator's clock: it starts with the machine's time and advances with the runtime's, which tests can control.

use std::time::Duration;
use std::time::SystemTime;

use serde::Deserialize;
use serde::Deserializer;
use serde::Serialize;
use serde::Serializer;
use time::OffsetDateTime;
use tokio::time::Instant;

/// The time of the start, on both clocks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock(OffsetDateTime, Instant);

impl Clock {
    /// A clock that starts with the machine's time.
    pub(crate) fn started() -> Clock {
        Clock(SystemTime::now().into(), Instant::now())
    }

    /// Returns the current time.
    pub(crate) fn now(self) -> OffsetDateTime {
        self.0 + self.1.elapsed()
    }
}

/// Serializes a time as its age.
pub(in crate::state) fn serialize<S: Serializer>(moment: &Instant, serializer: S) -> Result<S::Ok, S::Error> {
    moment.elapsed().serialize(serializer)
}

/// Restores a time from its age, so that a run continues where it was saved. If the machine has not been up for that
/// long, the run starts again.
pub(in crate::state) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Instant, D::Error> {
    let since = Duration::deserialize(deserializer)?;
    let now = Instant::now();
    Ok(now.checked_sub(since).unwrap_or(now))
}
