//! Makes text from outside safe to show.

use crate::contract::secrets::escape::escape;
use crate::contract::secrets::mask_tokens::mask_tokens;

/// Returns text from outside in a form that is safe to show: control and bidirectional characters escaped, tokens masked
///
/// Text of the service or of a caller must not move the cursor, hide text or split a log line. A text of more
/// than `most` characters is not cut, since a partial token would not be masked: its length is shown instead.
/// With a masker, [`Masked::excerpt`](crate::contract::Masked::excerpt) shows the beginning.
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
        assert_eq!(printable("a\u{1b}[2Jb\r\nc\u{202e}d", 100), "a\\u001b[2Jb\\u000d\\u000ac\\u202ed");
    }

    #[test]
    fn a_text_is_shown_whole_or_not_at_all() {
        assert_eq!(printable("äöü", 3), "äöü");
        assert_eq!(printable("äöü", 2), "(3 characters)");
    }
}
