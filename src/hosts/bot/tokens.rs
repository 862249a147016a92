//! Texts that look like a personal access token, so that a flow's author is warned.

/// What is said of one, behind the name of what holds it
pub(super) const LOOKS_LIKE_TOKEN: &str = "what looks like a token; a bot file is no place for one";

/// Whether a literal of a flow looks like a token
///
/// Tokens have 52 characters of base32, or since 2024 84 letters and digits with a signature in
/// them. A text that only contains one is not looked for: a warning on every long text helps nobody.
pub(super) fn looks_like_token(text: &str) -> bool {
    let text = text.trim();
    match text.len() {
        52 => text.bytes().all(|b| matches!(b, b'a'..=b'z' | b'2'..=b'7')),
        84 => text.bytes().all(|b| b.is_ascii_alphanumeric()) && text.get(76..80) == Some("AZDO"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_shapes_are_seen_and_other_texts_are_not() {
        let old = "ab2".repeat(18)[..52].to_owned();
        let new = format!("{}{}{}", "aB3".repeat(26)[..76].to_owned(), ["AZ", "DO"].concat(), "xyz1");
        assert!(looks_like_token(&old) && looks_like_token(&format!(" {old}\n")) && looks_like_token(&new));
        for other in ["", "release-notes", &old[1..], &old.to_uppercase(), &new.replace("AZ", "BZ")] {
            assert!(!looks_like_token(other), "{} characters", other.len());
        }
    }
}
