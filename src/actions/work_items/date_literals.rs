//! The dates in a query: whether one of them has a time.

/// The words that a date with a time may have besides digits
const WORDS: [&str; 18] = [
    "t", "z", "am", "pm", "utc", "gmt", "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct",
    "nov", "dec",
];

/// Returns whether a quoted text of the query is a date with a time
///
/// The service refuses such a date unless the query compares times; a query that compares times compares a whole day
/// with its first moment.
pub(super) fn has_time(query: &str) -> bool {
    literals(query).any(is_date_with_time)
}

/// Returns the quoted texts; a doubled quote stays doubled
fn literals(query: &str) -> impl Iterator<Item = &str> {
    let mut rest = query;
    std::iter::from_fn(move || {
        let start = rest.find(['\'', '"', '['])?;
        let open = rest[start..].chars().next()?;
        let close = if open == '[' { ']' } else { open };
        let inner = &rest[start + 1..];
        let end = inner.find(close)?;
        rest = &inner[end + 1..];
        // The name of a field may have quotes.
        Some(if open == '[' { "" } else { &inner[..end] })
    })
}

fn is_date_with_time(text: &str) -> bool {
    let text = text.trim();
    let known = |word: &str| {
        let word = word.to_ascii_lowercase();
        WORDS
            .iter()
            .any(|known| *known == word || (known.len() == 3 && word.len() > 3 && word.starts_with(known)))
    };
    let words = text.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| !word.is_empty());
    let is_date = text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || " -/.,:+".contains(c))
        && words.into_iter().all(known)
        && text.bytes().filter(u8::is_ascii_digit).count() >= 6;
    is_date && has_hours_and_minutes(text)
}

/// Returns whether a text has `h:mm`, an hour such as `5 PM`, or a `T` between digits
fn has_hours_and_minutes(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digit = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_digit);
    let colon = (0..bytes.len()).any(|at| {
        bytes[at] == b':' && digit(at.checked_sub(1)) && digit(Some(at + 1)) && digit(Some(at + 2))
    });
    let hours = (0..bytes.len())
        .any(|at| bytes[at].eq_ignore_ascii_case(&b'T') && digit(at.checked_sub(1)) && digit(Some(at + 1)));
    let lower = text.to_ascii_lowercase();
    colon || hours || lower.ends_with("am") || lower.ends_with("pm")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_with_a_time_is_found_and_nothing_else() {
        for literal in [
            "2026-11-29T10:00:00Z",
            "2026-11-29 10:00",
            "11/29/2026 5:30 PM",
            "29 November 2026 17:00",
            "2026-11-29T10:00:00.123+01:00",
            "Nov 29, 2026 5 PM",
            "20261129T100000Z",
            "2026-11-29T10Z",
            "2026-11-29T00:00:00+00:00",
            "29.11.2026 17:00",
        ] {
            assert!(has_time(&format!("SELECT [a] FROM x WHERE [b] > '{literal}'")), "{literal}");
            assert!(has_time(&format!("SELECT [a] FROM x WHERE [b] > \"{literal}\"")), "{literal}");
        }
        for literal in [
            "2026-11-29",
            "11/29/2026",
            "29. November 2026",
            "29.11.2026",
            "2026-W48-7",
            "2026-333",
            "2026-11-29Z",
            "Build 2026-11-29 10:00",
            "10:00",
            "it''s 10:00",
            "",
        ] {
            assert!(!has_time(&format!("SELECT [a] FROM x WHERE [b] > '{literal}'")), "{literal}");
        }
        assert!(!has_time("SELECT [a] FROM x WHERE [it's 2026-11-29 10:00] > @today AND [c] = '2026-11-29'"));
        assert!(!has_time("SELECT [a] FROM x WHERE [b] = 'never closed 2026-11-29 10:00"));
    }
}
