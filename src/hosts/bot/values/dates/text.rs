//! Dates as variables hold them: texts in RFC 3339 form.

use jiff::Zoned;
use jiff::civil::Time;
use jiff::fmt::temporal::Pieces;
use jiff::tz::TimeZone;

use crate::contract::Error;
use crate::hosts::bot::values::expression_error;

/// Writes a date as a variable holds it: `2026-11-01T08:00:00.000+01:00`
pub(crate) fn to_text(date: &Zoned) -> String {
    date.strftime("%Y-%m-%dT%H:%M:%S%.3f%:z").to_string()
}

/// Reads a date in RFC 3339 form; without a zone, or as a day, it is in the local time of this machine
///
/// Errors: `bot.expression`; the text is never quoted.
pub(crate) fn parse(text: &str) -> Result<Zoned, Error> {
    parsed(text.trim()).ok_or_else(|| {
        expression_error("a text is not a date")
            .help("Write a date as 2026-11-01T08:00:00Z or 2026-11-01, or read it with Datetime.assign and a format.")
    })
}

fn parsed(text: &str) -> Option<Zoned> {
    let spaced = text.as_bytes().get(10) == Some(&b' ');
    let text = if spaced { text.replacen(' ', "T", 1) } else { text.to_owned() };
    let pieces = Pieces::parse(&text).ok()?;
    let civil = pieces.date().to_datetime(pieces.time().unwrap_or(Time::midnight()));
    let local = civil.to_zoned(TimeZone::system()).ok()?;
    match pieces.to_numeric_offset() {
        // A moment of the local zone stays in it, so that a day added is a day on the calendar.
        Some(offset) if offset != local.offset() => civil.to_zoned(TimeZone::fixed(offset)).ok(),
        _ => Some(local),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_and_written_in_one_form() {
        for (text, expected) in [
            ("2026-11-01T08:00:00Z", "2026-11-01T08:00:00.000+00:00"),
            ("2026-11-01T08:00:00.25+05:30", "2026-11-01T08:00:00.250+05:30"),
            ("2026-11-01 08:00:00-03:00", "2026-11-01T08:00:00.000-03:00"),
        ] {
            let date = parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(to_text(&date), expected, "{text}");
            assert_eq!(parse(expected).expect("it was written here"), date, "{text}");
        }
        let local = parse("2026-11-01").expect("a day is a date");
        assert!(to_text(&local).starts_with("2026-11-01T00:00:00.000"));
        for bad in ["", "yesterday", "2026-13-01", "01.11.2026", "2026-11-01T25:00:00", "$x$"] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }
}
