//! The clock of this machine, as dates can show it: it may be set to any time.
//!
//! Dates end with the year 9999, and those with a time zone a day earlier. The libraries panic at a later time.

use std::time::Duration;
use std::time::SystemTime;
use std::time::UNIX_EPOCH;

use jiff::Timestamp;
use jiff::Zoned;
use jiff::tz::TimeZone;
use time::OffsetDateTime;

/// The last second of the year 9999
const LATEST: Duration = Duration::from_secs(253_402_300_799);

/// Returns the time of this machine, from 1970 to the last second of 9999
pub fn utc_now() -> OffsetDateTime {
    utc(SystemTime::now())
}

/// Returns the time of this machine, from 1970 to the latest one of a date with a time zone: 9999-12-30T22:00:00Z
pub fn timestamp_now() -> Timestamp {
    timestamp(SystemTime::now())
}

/// The same in the time zone of this machine
pub fn local_now() -> Zoned {
    timestamp_now().to_zoned(TimeZone::system())
}

fn utc(now: SystemTime) -> OffsetDateTime {
    OffsetDateTime::UNIX_EPOCH + now.duration_since(UNIX_EPOCH).unwrap_or_default().min(LATEST)
}

fn timestamp(now: SystemTime) -> Timestamp {
    Timestamp::try_from(now.max(UNIX_EPOCH)).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    use jiff::tz::Offset;
    use time::format_description::well_known::Rfc3339;

    fn at(seconds: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(seconds)
    }

    #[test]
    fn the_clock_of_this_machine_saturates_on_the_last_day_of_dates() {
        for (seconds, in_utc, zoned) in [
            (1_795_579_200, "2026-11-25T04:00:00Z", "2026-11-25T04:00:00Z"),
            (253_402_207_200, "9999-12-30T22:00:00Z", "9999-12-30T22:00:00Z"),
            (253_402_207_201, "9999-12-30T22:00:01Z", "9999-12-30T22:00:00.999999999Z"),
            (253_402_257_600, "9999-12-31T12:00:00Z", "9999-12-30T22:00:00.999999999Z"),
            (253_402_300_799, "9999-12-31T23:59:59Z", "9999-12-30T22:00:00.999999999Z"),
            (253_402_300_800, "9999-12-31T23:59:59Z", "9999-12-30T22:00:00.999999999Z"),
            (i64::MAX as u64, "9999-12-31T23:59:59Z", "9999-12-30T22:00:00.999999999Z"),
        ] {
            let now = at(seconds);
            assert_eq!(utc(now).format(&Rfc3339).ok().as_deref(), Some(in_utc), "{seconds}");
            assert_eq!(timestamp(now).to_string(), zoned, "{seconds}");
        }
    }

    #[test]
    fn the_latest_time_is_in_the_calendar_of_every_zone() {
        for hours in [-25, -12, 0, 1, 14, 25] {
            let shown = timestamp(at(i64::MAX as u64)).to_zoned(TimeZone::fixed(Offset::constant(hours)));
            assert_eq!(shown.year(), 9999, "{hours}");
        }
    }

    #[test]
    fn a_clock_before_1970_shows_1970() {
        let before = UNIX_EPOCH - Duration::from_secs(86_400 * 366);
        assert_eq!(utc(before), OffsetDateTime::UNIX_EPOCH);
        assert_eq!(timestamp(before), Timestamp::UNIX_EPOCH);
    }
}
