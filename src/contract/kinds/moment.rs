//! Dates.

use time::Date;
use time::OffsetDateTime;
use time::format_description::well_known::Iso8601;
use time::format_description::well_known::Rfc3339;

use crate::contract::ParseError;
use crate::contract::TextKind;
use crate::contract::inputs::text_kind::text_kind;

/// A moment in RFC 3339 form (`2026-11-01T08:00:00Z`), or a day (`2026-11-01`), which begins at midnight UTC
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment(String);

impl Moment {
    /// Returns the moment with its time zone, as the service accepts it
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TextKind for Moment {
    const EXPECTED: &'static str = "a date";

    fn parse(text: &str) -> Result<Self, ParseError> {
        let day = || Date::parse(text, &Iso8601::DATE).ok().map(|day| day.midnight().assume_utc());
        let moment = OffsetDateTime::parse(text, &Rfc3339).ok().or_else(|| (text.len() == 10).then(day)?);
        match moment.and_then(|moment| moment.format(&Rfc3339).ok()) {
            Some(moment) => Ok(Moment(moment)),
            None => Err(ParseError::invalid("a date is written 2026-11-01T08:00:00Z or 2026-11-01")),
        }
    }
}

text_kind!(Moment, { "minLength": 10, "maxLength": 40 });

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_has_a_zone_and_a_day_begins_at_midnight() {
        let read = |text: &str| Moment::parse(text).map(|moment| moment.0).ok();
        assert_eq!(read("2026-11-01T08:00:00Z").as_deref(), Some("2026-11-01T08:00:00Z"));
        assert_eq!(read("2026-11-01T08:00:00+02:00").as_deref(), Some("2026-11-01T08:00:00+02:00"));
        assert_eq!(read("2026-11-01").as_deref(), Some("2026-11-01T00:00:00Z"));
        for bad in ["", "yesterday", "2026-11-01T08:00:00", "2026-13-01", "01.11.2026"] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
