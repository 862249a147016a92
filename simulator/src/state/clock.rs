//! The simulator's clock: the runtime's, so that simulated time moves it, set by the machine's when it starts.

use std::time::Duration;
use std::time::SystemTime;

use serde::Deserialize;
use serde::Deserializer;
use serde::Serialize;
use serde::Serializer;
use time::OffsetDateTime;
use tokio::time::Instant;

/// When the simulator started, on both clocks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock(OffsetDateTime, Instant);

impl Clock {
    /// One that shows the machine's time from now on.
    pub(crate) fn started() -> Clock {
        Clock(SystemTime::now().into(), Instant::now())
    }

    /// What it shows.
    pub(crate) fn now(self) -> OffsetDateTime {
        self.0 + self.1.elapsed()
    }
}

/// A moment, as a saved world has it: how long ago it was.
pub(in crate::state) fn serialize<S: Serializer>(moment: &Instant, serializer: S) -> Result<S::Ok, S::Error> {
    moment.elapsed().serialize(serializer)
}

/// A run goes on where it was when it was saved. A machine that is not up for so long has no such moment; then it
/// starts anew.
pub(in crate::state) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Instant, D::Error> {
    let since = Duration::deserialize(deserializer)?;
    let now = Instant::now();
    Ok(now.checked_sub(since).unwrap_or(now))
}
