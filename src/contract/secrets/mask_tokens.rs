//! Masks every text that has the form of a personal access token, known or not.

use std::borrow::Cow;

use crate::contract::secrets::token_shapes;

/// What stands in the place of a secret
pub(super) const MASK: &str = "********";

/// The text with everything in it replaced that has the form of a token
pub fn mask_tokens(text: String) -> String {
    match mask_shapes(Cow::Borrowed(&text)) {
        Cow::Borrowed(_) => text,
        Cow::Owned(masked) => masked,
    }
}

/// The same for a text that may be borrowed
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
