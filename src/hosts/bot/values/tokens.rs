//! Finds texts that look like a personal access token, to warn the author of the flow.

use crate::contract::is_token_shaped;

/// The end of the warning, after the name of the field or variable
pub(crate) const LOOKS_LIKE_TOKEN: &str = "what looks like a token; do not put tokens into a bot file";

/// Returns whether a literal of a flow looks like a token
///
/// A text that only contains a token is not reported, to avoid a warning for every long text.
pub(crate) fn looks_like_token(text: &str) -> bool {
    is_token_shaped(text.trim())
}
