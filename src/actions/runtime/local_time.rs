//! Moments without a time zone: the local time of this machine.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::actions::runtime::open_session::OpenSession;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Moment;
use crate::contract::WarningCode;

impl OpenSession<'_> {
    /// Returns a moment as the service accepts it; a moment without a zone adds a warning that says how it is read
    ///
    /// Errors: `input.invalid` for a moment that the calendar of this machine does not have.
    pub(crate) fn moment(&self, field: &str, moment: &Moment) -> Result<String, Error> {
        let local = match moment {
            Moment::Zoned(text) => return Ok(text.clone()),
            Moment::Local(text) => text,
        };
        let zoned = in_zone(local, TimeZone::system()).ok_or_else(|| {
            let message =
                format!("{field}: the date {local} cannot be read in the time zone of this machine");
            Error::new(ErrorCode::InputInvalid, message).help("Write it with its zone: 2026-11-01T08:00:00Z.")
        })?;
        let message = format!(
            "{field}: {local} has no time zone and is read as the local time of this machine, {zoned}"
        );
        self.warn(WarningCode::LocalTime, message);
        Ok(zoned)
    }
}

/// Returns a local date and time with its offset in a zone
fn in_zone(local: &str, zone: TimeZone) -> Option<String> {
    let moment = local.parse::<DateTime>().ok()?.to_zoned(zone).ok()?;
    Some(moment.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::tz::Offset;

    #[test]
    fn a_local_time_gets_the_offset_of_its_zone() {
        let zone = TimeZone::fixed(Offset::constant(2));
        assert_eq!(
            in_zone("2026-11-01T08:00:00", zone.clone()).as_deref(),
            Some("2026-11-01T08:00:00+02:00")
        );
        assert_eq!(in_zone("2026-11-01T00:00:00.5", zone).as_deref(), Some("2026-11-01T00:00:00+02:00"));
        assert_eq!(
            in_zone("2026-11-01T08:00:00", TimeZone::UTC).as_deref(),
            Some("2026-11-01T08:00:00+00:00")
        );
    }

    #[test]
    fn a_local_time_at_the_change_to_and_from_summer_time_is_one_moment() {
        let zone = || TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").expect("a zone with summer time");
        for (local, expected) in [
            ("2026-03-29T01:59:59", "2026-03-29T01:59:59+01:00"),
            // The clock goes from 2 to 3 o'clock: half past two is half an hour after two.
            ("2026-03-29T02:30:00", "2026-03-29T03:30:00+02:00"),
            ("2026-03-29T03:00:00", "2026-03-29T03:00:00+02:00"),
            // The clock goes back from 3 to 2 o'clock: the first of the two.
            ("2026-10-25T02:30:00", "2026-10-25T02:30:00+02:00"),
            ("2026-10-25T03:00:00", "2026-10-25T03:00:00+01:00"),
            ("9999-12-29T23:59:59", "9999-12-29T23:59:59+01:00"),
        ] {
            assert_eq!(in_zone(local, zone()).as_deref(), Some(expected), "{local}");
        }
    }
}
