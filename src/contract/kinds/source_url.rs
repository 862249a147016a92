//! The source of a repository import.

use std::fmt;

use url::Url;

use crate::contract::ParseError;
use crate::contract::TextKind;
use crate::contract::inputs::text_kind::MAX_SHOWN;
use crate::contract::inputs::text_kind::text_kind;
use crate::contract::printable;

/// The `https` URL of a Git repository, without user or password; Azure DevOps fetches it, not this package
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceUrl(String);

impl SourceUrl {
    /// Returns the address as it was written
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SourceUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&printable(&self.0, MAX_SHOWN))
    }
}

impl TextKind for SourceUrl {
    const EXPECTED: &'static str = "the https URL of a Git repository";

    fn parse(text: &str) -> Result<Self, ParseError> {
        let refuse = |reason: &str| Err(ParseError::invalid(format!("the URL of a Git repository {reason}")));
        if text.chars().any(|c| c.is_control() || c.is_whitespace()) {
            return refuse("has no spaces");
        }
        let Ok(url) = Url::parse(text) else { return refuse("is not a valid URL") };
        if url.scheme() != "https" || url.host_str().is_none() {
            return refuse("must begin with https:// and a host");
        }
        if !url.username().is_empty() || url.password().is_some() {
            return refuse("cannot contain a user or password");
        }
        Ok(SourceUrl(text.to_owned()))
    }
}

text_kind!(SourceUrl, { "minLength": 1 });

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_plain_https_address_is_taken() {
        for good in ["https://example.com/a/b.git", "https://dev.azure.com/o/p/_git/r"] {
            assert!(SourceUrl::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "site",
            "http://example.com/a",
            "ssh://example.com/a",
            "https://",
            "https://user@example.com/a",
            "https://:word@example.com/a",
            "https://example.com/a b",
        ] {
            assert!(SourceUrl::parse(bad).is_err(), "{bad}");
        }
    }
}
