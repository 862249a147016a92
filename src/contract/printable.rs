//! Text from outside made safe to show.

use crate::contract::mask_tokens;

/// Text from outside made safe to show whole: control and bidirectional characters are escaped, tokens masked
///
/// What the service or a caller wrote must not move the cursor, hide text or break a log line in two. A text of more
/// than `most` characters is not cut, since a part of a token is not masked any more: its length stands in its place.
/// Where a masker is at hand, [`Masked::excerpt`](crate::contract::Masked::excerpt) shows the beginning.
pub fn printable(text: &str, most: usize) -> String {
    // A text has at least as many bytes as characters.
    if text.len() > most {
        let count = text.chars().count();
        if count > most {
            return format!("({count} characters)");
        }
    }
    mask_tokens(escape(text, most))
}

/// The same, cut behind `most` characters; for texts that are masked already
pub(super) fn escape(text: &str, most: usize) -> String {
    // Most texts are plain and short; they are copied as they are.
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
            out.extend(c.escape_unicode());
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
    fn text_of_others_cannot_move_the_cursor_or_turn_its_direction() {
        assert_eq!(printable("a\u{1b}[2Jb\r\nc\u{202e}d", 100), "a\\u{1b}[2Jb\\u{d}\\u{a}c\\u{202e}d");
    }

    #[test]
    fn a_text_is_shown_whole_or_not_at_all() {
        assert_eq!(printable("äöü", 3), "äöü");
        assert_eq!(printable("äöü", 2), "(3 characters)");
        assert_eq!(escape("äöü", 2), "äö…");
    }
}
