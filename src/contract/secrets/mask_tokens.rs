//! Masks every text that has the form of a personal access token, known or not.

use std::borrow::Cow;

use crate::contract::secrets::token_shapes;

/// The replacement of a secret
pub(super) const MASK: &str = "********";

/// Returns the text with every token-shaped part replaced
pub fn mask_tokens(text: String) -> String {
    match mask_shapes(Cow::Borrowed(&text)) {
        Cow::Borrowed(_) => text,
        Cow::Owned(masked) => masked,
    }
}

/// Replaces every token-shaped part of a text, without a copy if there is none
pub(super) fn mask_shapes(text: Cow<'_, str>) -> Cow<'_, str> {
    let Some(mut place) = token_shapes::next(&text, 0) else { return text };
    let (mut masked, mut at) = (String::with_capacity(text.len()), 0);
    loop {
        masked += &text[at..place.start];
        masked += MASK;
        at = place.end;
        match token_shapes::next(&text, at) {
            Some(next) => place = next,
            None => break,
        }
    }
    masked += &text[at..];
    Cow::Owned(masked)
}
