//! Text from outside made safe to show.

use crate::contract::secrets::escape::escape;
use crate::contract::secrets::mask_tokens::mask_tokens;

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
    }
}
