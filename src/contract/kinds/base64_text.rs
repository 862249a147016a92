//! Binary content in base64.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::contract::ParseError;
use crate::contract::TextKind;
use crate::contract::inputs::text_kind::text_kind;

/// Bytes in base64, with padding and without line breaks
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Base64Text(String);

impl Base64Text {
    /// Returns the text as it was written
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TextKind for Base64Text {
    const EXPECTED: &'static str = "content in base64";
    /// Digits are base64 too, and are rarely meant so
    const TAKES_NUMBER: bool = false;

    fn parse(text: &str) -> Result<Self, ParseError> {
        match STANDARD.decode(text) {
            Ok(_) => Ok(Base64Text(text.to_owned())),
            Err(_) => Err(ParseError::invalid(
                "content in base64 has only letters, digits, \"+\", \"/\" and padding",
            )),
        }
    }
}

text_kind!(Base64Text, { "contentEncoding": "base64" });
