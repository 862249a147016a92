//! Whether two texts are one value of a field: the service has its own spelling of numbers, dates, HTML and names.

use time::Date;
use time::OffsetDateTime;
use time::PrimitiveDateTime;
use time::format_description::well_known::Iso8601;
use time::format_description::well_known::Rfc3339;

/// The largest offset of a time zone, in hours: the service reads a time without a zone in the zone of the user
const LARGEST_OFFSET: i64 = 14;

/// Returns whether a field that was given one text and shows the other has the given value
pub(super) fn means_the_same(given: &str, actual: &str) -> bool {
    let (given, actual) = (given.trim(), actual.trim());
    given.eq_ignore_ascii_case(actual)
        || given.to_lowercase() == actual.to_lowercase()
        || same_number(given, actual)
        || same_moment(given, actual)
        || same_path(given, actual)
        || same_text(given, actual)
}

fn same_number(given: &str, actual: &str) -> bool {
    let number = |text: &str| text.parse::<f64>().ok().filter(|number| number.is_finite());
    matches!((number(given), number(actual)), (Some(given), Some(actual)) if (given - actual).abs() <= f64::EPSILON * actual.abs())
}

fn same_moment(given: &str, actual: &str) -> bool {
    let Ok(actual) = OffsetDateTime::parse(actual, &Rfc3339) else { return false };
    if let Ok(given) = OffsetDateTime::parse(given, &Rfc3339) {
        // The service keeps hundredths of a second.
        return (given - actual).abs() < time::Duration::seconds(1);
    }
    let day = || Date::parse(given, &Iso8601::DATE).ok().map(Date::midnight);
    let local = PrimitiveDateTime::parse(given, &Iso8601::DATE_TIME).ok().or_else(day);
    local.is_some_and(|local| (local.assume_utc() - actual).abs() <= time::Duration::hours(LARGEST_OFFSET))
}

/// A path of areas may begin with a backslash
fn same_path(given: &str, actual: &str) -> bool {
    given.strip_prefix('\\').is_some_and(|given| given.to_lowercase() == actual.to_lowercase())
}

/// Compares the words of texts of which one has markup: the service removes and rewrites elements
fn same_text(given: &str, actual: &str) -> bool {
    let has_markup = |text: &str| text.contains(['<', '&']);
    (has_markup(given) || has_markup(actual) || given.contains('\n')) && words(given) == words(actual)
}

/// Returns the letters and digits outside of elements and entities
fn words(text: &str) -> String {
    let mut words = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let after = &rest[first.len_utf8()..];
        let begins_element = after.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!'));
        rest = match first {
            '<' if begins_element => after.split_once('>').map_or("", |(_, rest)| rest),
            '&' => match after.split_once(';') {
                Some((name, rest))
                    if !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'#') =>
                {
                    rest
                }
                _ => after,
            },
            _ => {
                words.extend(Some(first).filter(|c| c.is_alphanumeric()));
                after
            }
        };
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_in_the_spelling_of_the_service_is_the_same_value() {
        for (given, actual) in [
            ("active", "Active"),
            ("3", "3.0"),
            ("2.50", "2.5"),
            ("True", "true"),
            ("2026-11-29", "2026-11-28T23:00:00Z"),
            ("2026-11-29T10:00:00+01:00", "2026-11-29T09:00:00.07Z"),
            ("2026-11-29T10:00:00", "2026-11-29T09:00:00Z"),
            ("\\Fabrikam\\web", "Fabrikam\\Web"),
            ("<b>soon</b>", "<strong>soon</strong>"),
            ("a < b & c", "a &lt; b &amp; c"),
            ("one\ntwo", "<div>one</div><div>two</div>"),
            (" x ", "x"),
        ] {
            assert!(means_the_same(given, actual), "{given} {actual}");
        }
    }

    #[test]
    fn another_value_is_not_the_same() {
        for (given, actual) in [
            ("active", "New"),
            ("3", "2"),
            ("", "2"),
            ("2026-11-29", "2026-11-27T23:00:00Z"),
            ("2026-11-29T10:00:00Z", "2026-11-29T09:00:00Z"),
            ("<b>soon</b>", "<b>later</b>"),
            ("<script>x</script>y", "<p>z</p>"),
            ("x", ""),
        ] {
            assert!(!means_the_same(given, actual), "{given} {actual}");
        }
    }
}
