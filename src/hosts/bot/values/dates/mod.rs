//! Dates of a flow: texts in RFC 3339 form, in variables as in messages; and the patterns that they are written with.

mod pattern;
mod text;

pub(crate) use pattern::Pattern;
pub(crate) use pattern::prebuilt;
pub(crate) use text::parse;
pub(crate) use text::to_text;
