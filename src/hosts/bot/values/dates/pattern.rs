//! The patterns that a flow writes and reads dates with: `yyyy-MM-dd HH:mm:ss`.

use jiff::Zoned;
use jiff::civil::Time;
use jiff::fmt::strtime;
use jiff::fmt::strtime::BrokenDownTime;
use jiff::tz::TimeZone;

use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::hosts::bot::values::expression_error;

/// A checked pattern
#[derive(Debug)]
pub(crate) struct Pattern {
    /// The pattern in the notation of the library
    directives: String,
}

/// The patterns with a name
const PREBUILT: &[(&str, &str)] = &[
    ("BASIC_ISO_DATE", "yyyyMMdd"),
    ("ISO_DATE", "yyyy-MM-ddXXX"),
    ("ISO_LOCAL_DATE", "yyyy-MM-dd"),
    ("ISO_LOCAL_TIME", "HH:mm:ss"),
    ("ISO_LOCAL_DATE_TIME", "yyyy-MM-dd'T'HH:mm:ss"),
    ("ISO_OFFSET_DATE_TIME", "yyyy-MM-dd'T'HH:mm:ssXXX"),
    ("ISO_ZONED_DATE_TIME", "yyyy-MM-dd'T'HH:mm:ssXXX"),
    ("ISO_ORDINAL_DATE", "yyyy-DDD"),
    ("RFC_1123_DATE_TIME", "EEE, d MMM yyyy HH:mm:ss Z"),
];

/// Returns the pattern with this name
///
/// Errors: `input.invalid` for another name.
pub(crate) fn prebuilt(name: &str) -> Result<Pattern, Error> {
    if let Some((_, text)) = PREBUILT.iter().find(|(known, _)| *known == name) {
        return Pattern::parse(text);
    }
    match name {
        // The week has no letter of its own in most patterns.
        "ISO_WEEK_DATE" => Ok(Pattern { directives: "%G-W%V-%u".to_owned() }),
        _ => {
            let names: Vec<&str> =
                PREBUILT.iter().map(|(known, _)| *known).chain(["ISO_WEEK_DATE"]).collect();
            let message = format!("the name of the date format is not one of {}", names.join(", "));
            Err(Error::new(ErrorCode::InputInvalid, message))
        }
    }
}

impl Pattern {
    /// Reads a pattern of letters, with texts in single quotes
    ///
    /// Errors: `input.invalid` for a letter that this host does not support.
    pub(crate) fn parse(text: &str) -> Result<Self, Error> {
        let mut directives = String::new();
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            let run = rest.chars().take_while(|other| *other == c).count();
            let after = &rest[c.len_utf8() * run..];
            rest = match c {
                '\'' => quoted(rest, &mut directives)?,
                c if c.is_ascii_alphabetic() => {
                    directives += &directive(c, run)?;
                    after
                }
                '%' => {
                    directives += &"%%".repeat(run);
                    after
                }
                c => {
                    directives.extend(std::iter::repeat_n(c, run));
                    after
                }
            };
        }
        if directives.is_empty() {
            return Err(invalid("the date pattern is empty".to_owned()));
        }
        Ok(Pattern { directives })
    }

    /// Writes a date
    ///
    /// Errors: `bot.expression`.
    pub(crate) fn format(&self, date: &Zoned) -> Result<String, Error> {
        strtime::format(&self.directives, date)
            .map_err(|_| expression_error("the date cannot be written with this pattern"))
    }

    /// Reads a date; without a zone it is in the local time of this machine, without a time it is midnight
    ///
    /// Errors: `bot.expression`; the text is never quoted.
    pub(crate) fn read(&self, text: &str) -> Result<Zoned, Error> {
        let read = || {
            let parsed = BrokenDownTime::parse(&self.directives, text.trim()).ok()?;
            let time = parsed.to_time().unwrap_or(Time::midnight());
            let zone = parsed.offset().map_or_else(TimeZone::system, TimeZone::fixed);
            parsed.to_date().ok()?.to_datetime(time).to_zoned(zone).ok()
        };
        read().ok_or_else(|| expression_error("the text is not a date of this pattern"))
    }
}

/// Copies a text in single quotes, and returns the text after it; two single quotes are one
fn quoted<'a>(text: &'a str, directives: &mut String) -> Result<&'a str, Error> {
    let body = &text[1..];
    if let Some(after) = body.strip_prefix('\'') {
        directives.push('\'');
        return Ok(after);
    }
    let (inside, after) = body
        .split_once('\'')
        .ok_or_else(|| invalid("a ' in the date pattern has no second one".to_owned()))?;
    *directives += &inside.replace('%', "%%");
    // A quote inside a quoted text is written twice.
    match after.starts_with('\'') {
        true => quoted_again(after, directives),
        false => Ok(after),
    }
}

fn quoted_again<'a>(text: &'a str, directives: &mut String) -> Result<&'a str, Error> {
    directives.push('\'');
    match text[1..].split_once('\'') {
        Some((inside, after)) => {
            *directives += &inside.replace('%', "%%");
            Ok(after)
        }
        None => Err(invalid("a ' in the date pattern has no second one".to_owned())),
    }
}

/// Returns the directive for a letter that is written this many times
fn directive(letter: char, count: usize) -> Result<String, Error> {
    let found = match (letter, count) {
        ('y' | 'u', 2) => "%y",
        ('y' | 'u', 1 | 3 | 4) => "%Y",
        ('Y', 2) => "%g",
        ('Y', 1 | 3 | 4) => "%G",
        ('M' | 'L', 1) => "%-m",
        ('M' | 'L', 2) => "%m",
        ('M' | 'L', 3) => "%b",
        ('M' | 'L', 4) => "%B",
        ('d', 1) => "%-d",
        ('d', 2) => "%d",
        ('D', 1) => "%-j",
        ('D', 3) => "%j",
        ('E', 1..=3) => "%a",
        ('E', 4) => "%A",
        ('e', 1) => "%u",
        ('w', 1) => "%-V",
        ('w', 2) => "%V",
        ('H', 1) => "%-H",
        ('H', 2) => "%H",
        ('h', 1) => "%-I",
        ('h', 2) => "%I",
        ('m', 1) => "%-M",
        ('m', 2) => "%M",
        ('s', 1) => "%-S",
        ('s', 2) => "%S",
        ('a', 1) => "%p",
        ('Z', 1..=3) => "%z",
        ('X' | 'x', 2) => "%z",
        ('X' | 'x', 3) => "%:z",
        ('z', 1..=3) => "%Z",
        ('V', 2) => "%Q",
        ('S', 1..=9) => return Ok(format!("%{count}f")),
        _ => {
            let letters: String = std::iter::repeat_n(letter, count.min(9)).collect();
            return Err(invalid(format!(
                "the date pattern has \"{letters}\", which this host does not support"
            ))
            .help("Use y, M, d, E, H, h, m, s, S, a, D, w, Z and X, and put text in single quotes."));
        }
    };
    Ok(found.to_owned())
}

fn invalid(message: String) -> Error {
    Error::new(ErrorCode::InputInvalid, message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hosts::bot::values::dates;

    #[test]
    fn dates_are_written_with_patterns() {
        let date = dates::parse("2026-03-04T15:06:07.089+02:00").expect("it is a date");
        for (pattern, expected) in [
            ("yyyy-MM-dd", "2026-03-04"),
            ("MM-dd-yyyy_HH-mm-ss", "03-04-2026_15-06-07"),
            ("dd-MMM", "04-Mar"),
            ("ddMMyy_HH_mm", "040326_15_06"),
            ("d.M.yy h:mm a", "4.3.26 3:06 PM"),
            ("EEEE, dd MMMM yyyy", "Wednesday, 04 March 2026"),
            ("yyyyMMddHHmmssSSS", "20260304150607089"),
            ("yyyy-MM-dd'T'HH:mm:ssXXX", "2026-03-04T15:06:07+02:00"),
            ("HH 'o''clock' 100%", "15 o'clock 100%"),
            ("DDD", "063"),
        ] {
            let written = Pattern::parse(pattern).and_then(|parsed| parsed.format(&date));
            assert_eq!(written.unwrap_or_else(|error| panic!("{pattern}: {error}")), expected, "{pattern}");
        }
        for (name, expected) in [
            ("ISO_LOCAL_DATE", "2026-03-04"),
            ("BASIC_ISO_DATE", "20260304"),
            ("ISO_WEEK_DATE", "2026-W10-3"),
            ("RFC_1123_DATE_TIME", "Wed, 4 Mar 2026 15:06:07 +0200"),
        ] {
            assert_eq!(prebuilt(name).and_then(|pattern| pattern.format(&date)).expect(name), expected);
        }
    }

    #[test]
    fn dates_are_read_with_patterns() {
        for (pattern, text, expected) in [
            ("dd.MM.yyyy", "04.03.2026", "2026-03-04T00:00:00.000"),
            ("MM/dd/yyyy HH:mm", "03/04/2026 15:06", "2026-03-04T15:06:00.000"),
            ("yyyy-MM-dd'T'HH:mm:ssXXX", "2026-03-04T15:06:07+09:00", "2026-03-04T15:06:07.000+09:00"),
        ] {
            let read = Pattern::parse(pattern).and_then(|parsed| parsed.read(text)).expect(pattern);
            assert!(dates::to_text(&read).starts_with(expected), "{pattern}: {}", dates::to_text(&read));
        }
        let pattern = Pattern::parse("dd.MM.yyyy").expect("it is a pattern");
        for text in ["", "2026-03-04", "32.01.2026", "04.03.2026 and more"] {
            let error = pattern.read(text).expect_err(text);
            assert_eq!(error.code(), ErrorCode::BotExpression, "{text}");
        }
    }

    #[test]
    fn a_pattern_with_an_unknown_letter_is_refused() {
        for pattern in ["", "yyyy-QQ", "MMMMM", "n", "'open", "'a''b", "ddd"] {
            assert_eq!(Pattern::parse(pattern).expect_err(pattern).code(), ErrorCode::InputInvalid);
        }
        assert!(prebuilt("ISO_MOON").expect_err("there is none").message().contains("ISO_LOCAL_DATE"));
    }
}
