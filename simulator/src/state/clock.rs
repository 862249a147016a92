//! The simulator's clock: it starts with the machine's time and advances with the runtime's, which tests can control.

use std::time::Duration;
use std::time::SystemTime;
use std::time::UNIX_EPOCH;

use serde::Deserialize;
use serde::Deserializer;
use serde::Serialize;
use serde::Serializer;
use time::OffsetDateTime;
use tokio::time::Instant;

/// The last second of the year 9999.
const LATEST: Duration = Duration::from_secs(253_402_300_799);

/// The time of the start, on both clocks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock(OffsetDateTime, Instant);

impl Clock {
    /// A clock that starts with the machine's time.
    pub(crate) fn started() -> Clock {
        Clock(moment(SystemTime::now()), Instant::now())
    }

    /// Returns the current time.
    pub(crate) fn now(self) -> OffsetDateTime {
        let passed = time::Duration::try_from(self.1.elapsed()).unwrap_or(time::Duration::MAX);
        self.0.saturating_add(passed)
    }
}

/// Returns the time of a machine, from 1970 to the last second of the year 9999: later times cannot be written.
fn moment(now: SystemTime) -> OffsetDateTime {
    OffsetDateTime::UNIX_EPOCH + now.duration_since(UNIX_EPOCH).unwrap_or_default().min(LATEST)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_stops_at_the_last_second_of_the_year_9999() {
        for later in [LATEST, LATEST + Duration::from_secs(1), Duration::from_secs(i64::MAX as u64)] {
            let clock = Clock(moment(UNIX_EPOCH + later), Instant::now());
            assert_eq!(clock.0.unix_timestamp(), 253_402_300_799);
            assert_eq!(clock.now().year(), 9999);
        }
    }
}
