//! The parts of a status that a check gives a commit.

use std::fmt;

use url::Url;

use crate::contract::ParseError;
use crate::contract::TextKind;
use crate::contract::inputs::text_kind::MAX_SHOWN;
use crate::contract::inputs::text_kind::text_kind;
use crate::contract::printable;

/// The name of a check, or its genre: one line
///
/// The service publishes no limit for its length, so there is none here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusName(String);

impl StatusName {
    /// Returns the name as it was written
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for StatusName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&printable(&self.0, MAX_SHOWN))
    }
}

impl TextKind for StatusName {
    const EXPECTED: &'static str = "the name of a check";

    fn parse(text: &str) -> Result<Self, ParseError> {
        if text.trim().is_empty() || text.chars().any(char::is_control) {
            return Err(ParseError::invalid("the name of a check is one line and not empty"));
        }
        Ok(StatusName(text.to_owned()))
    }
}

text_kind!(StatusName, { "minLength": 1 });

/// The description of a status: one line
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusDescription(String);

impl StatusDescription {
    /// Returns the description as it was written
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TextKind for StatusDescription {
    const EXPECTED: &'static str = "the description of a status";

    fn parse(text: &str) -> Result<Self, ParseError> {
        if text.chars().any(char::is_control) {
            return Err(ParseError::invalid("the description of a status is one line"));
        }
        Ok(StatusDescription(text.to_owned()))
    }
}

text_kind!(StatusDescription, {});

/// The address of a page: `https` or `http`, without user or password
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebAddress(String);

impl WebAddress {
    /// Returns the address as it was written
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TextKind for WebAddress {
    const EXPECTED: &'static str = "the address of a page";

    fn parse(text: &str) -> Result<Self, ParseError> {
        let refuse = |reason: &str| Err(ParseError::invalid(format!("the address of a page {reason}")));
        if text.chars().any(|c| c.is_control() || c.is_whitespace()) {
            return refuse("has no spaces");
        }
        let Ok(url) = Url::parse(text) else { return refuse("is not a valid URL") };
        if !matches!(url.scheme(), "https" | "http") || url.host_str().is_none() {
            return refuse("must begin with https:// or http:// and a host");
        }
        if !url.username().is_empty() || url.password().is_some() {
            return refuse("cannot contain a user or password");
        }
        Ok(WebAddress(text.to_owned()))
    }
}

text_kind!(WebAddress, { "minLength": 1 });

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_and_a_description_are_one_line() {
        for good in ["links", "Links of the site", "nightly/links"] {
            assert!(StatusName::parse(good).is_ok() && StatusDescription::parse(good).is_ok(), "{good}");
        }
        assert!(StatusDescription::parse("").is_ok(), "an empty description is none");
        for bad in ["", "  ", "a\nb"] {
            assert!(StatusName::parse(bad).is_err(), "{bad:?}");
        }
        assert!(StatusDescription::parse("a\nb").is_err());
    }

    #[test]
    fn an_address_is_one_of_the_web() {
        for good in ["https://example.com/checks/1?a=b#c", "http://localhost:8080"] {
            assert!(WebAddress::parse(good).is_ok(), "{good}");
        }
        for bad in
            ["", "checks/1", "file:///a", "https://", "https://user@example.com", "https://example.com/a b"]
        {
            assert!(WebAddress::parse(bad).is_err(), "{bad}");
        }
    }
}
