//! Expected texts, in which `*` is any text.

/// Returns whether a text is as expected
pub(super) fn matches(expected: &str, text: &str) -> bool {
    let mut parts = expected.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    let mut others: Vec<&str> = parts.collect();
    let Some(last) = others.pop() else { return rest.is_empty() };
    for part in others {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_is_any_text() {
        for (expected, text, is) in [
            ("a", "a", true),
            ("a", "ab", false),
            ("*", "", true),
            ("a*", "abc", true),
            ("*c", "abc", true),
            ("a*b*c", "a1b2c", true),
            ("a*b*c", "a1c", false),
            ("ab*ba", "aba", false),
            ("", "", true),
            ("", "a", false),
            ("*b*", "abc", true),
        ] {
            assert_eq!(matches(expected, text), is, "{expected} {text}");
        }
    }
}
