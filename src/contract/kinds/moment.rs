//! Dates.

use time::Date;
use time::OffsetDateTime;
use time::PrimitiveDateTime;
use time::format_description::well_known::Iso8601;
use time::format_description::well_known::Rfc3339;

use crate::contract::ParseError;
use crate::contract::TextKind;
use crate::contract::inputs::text_kind::text_kind;

/// A moment in RFC 3339 form (`2026-11-01T08:00:00Z`); without a zone (`2026-11-01T08:00:00`), or as a day (`2026-11-01`),
/// in the local time of this machine
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Moment {
    /// A moment with its time zone, as the service accepts it
    Zoned(String),
    /// A date and a time without a zone: `2026-11-01T08:00:00`
    Local(String),
}

impl TextKind for Moment {
    const EXPECTED: &'static str = "a date";

    fn parse(text: &str) -> Result<Self, ParseError> {
        let with_t = text.replacen(' ', "T", 1);
        let zoned = OffsetDateTime::parse(&with_t, &Rfc3339)
            // Other programs leave out the seconds, or the colon of the zone.
            .or_else(|_| OffsetDateTime::parse(&with_t, &Iso8601::DEFAULT));
        if let Some(moment) = zoned.ok().and_then(|one| one.format(&Rfc3339).ok()) {
            return Ok(Moment::Zoned(moment));
        }
        let day = || Date::parse(text, &Iso8601::DATE).ok().filter(|_| text.len() == 10).map(Date::midnight);
        let local = PrimitiveDateTime::parse(&with_t, &Iso8601::DATE_TIME).ok().or_else(day);
        // Formatted as a moment with a zone, which is then taken away.
        match local.and_then(|local| local.assume_utc().format(&Rfc3339).ok()) {
            Some(moment) => Ok(Moment::Local(moment.trim_end_matches('Z').to_owned())),
            None => Err(ParseError::invalid(
                "a date is written 2026-11-01T08:00:00Z, 2026-11-01T08:00:00 for the local time, or 2026-11-01",
            )),
        }
    }
}

text_kind!(Moment, { "minLength": 10 });

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_without_a_zone_is_local() {
        let zoned = |text: &str| Ok(Moment::Zoned(text.to_owned()));
        let local = |text: &str| Ok(Moment::Local(text.to_owned()));
        assert_eq!(Moment::parse("2026-11-01T08:00:00Z"), zoned("2026-11-01T08:00:00Z"));
        assert_eq!(Moment::parse("2026-11-01T08:00:00+02:00"), zoned("2026-11-01T08:00:00+02:00"));
        for text in [
            "2026-11-01 08:00:00+02:00",
            "2026-11-01T08:00:00+0200",
            "2026-11-01T08:00+02:00",
            "2026-11-01T08:00+02",
        ] {
            assert_eq!(Moment::parse(text), zoned("2026-11-01T08:00:00+02:00"), "{text}");
        }
        assert_eq!(Moment::parse("2026-11-01 08:00Z"), zoned("2026-11-01T08:00:00Z"));
        assert_eq!(Moment::parse("2026-11-01"), local("2026-11-01T00:00:00"));
        for text in ["2026-11-01T08:00:00", "2026-11-01 08:00:00", "2026-11-01T08:00"] {
            assert_eq!(Moment::parse(text), local("2026-11-01T08:00:00"), "{text}");
        }
        for bad in ["", "yesterday", "2026-13-01", "01.11.2026", "2026-11-01T25:00:00"] {
            assert!(Moment::parse(bad).is_err(), "{bad}");
        }
    }
}
