//! Texts that look like a personal access token, so that a flow's author is warned.

use crate::contract::is_token_shaped;

/// What is said of one, behind the name of what holds it
pub(crate) const LOOKS_LIKE_TOKEN: &str = "what looks like a token; do not put tokens into a bot file";

/// Whether a literal of a flow looks like a token
///
/// A text that only contains one is not looked for: a warning on every long text would be too many.
pub(crate) fn looks_like_token(text: &str) -> bool {
    is_token_shaped(text.trim())
}
