//! Escapes control and bidirectional characters.

use std::fmt::Write as _;

/// Returns the text with control and bidirectional characters escaped, cut after `most` characters
///
/// Use it only for texts that are already masked.
pub(super) fn escape(text: &str, most: usize) -> String {
    // Most texts are plain and short, so they are copied unchanged.
    if text.len() <= most && text.bytes().all(|b| matches!(b, b' '..=b'~')) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len().min(most.saturating_mul(4)));
    for (at, c) in text.chars().enumerate() {
        if at == most {
            out.push('…');
            break;
        }
        let bidirectional = matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{61c}');
        if c.is_control() || bidirectional || matches!(c, '\u{2028}' | '\u{2029}') {
            // The form of JSON and of most languages.
            let _ = write!(out, "\\u{:04x}", u32::from(c));
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_and_marked() {
        assert_eq!(escape("äöü", 2), "äö…");
        assert_eq!(escape("äöü", 3), "äöü");
    }
}
