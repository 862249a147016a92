//! Links of work items: the names of their types, and the addresses of web pages.

use std::fmt;

use url::Url;

use crate::contract::ParseError;
use crate::contract::TextKind;
use crate::contract::inputs::text_kind::MAX_SHOWN;
use crate::contract::inputs::text_kind::text_kind;
use crate::contract::printable;

/// Limit of the service: its naming restrictions for link types
const MAX_NAME: usize = 128;

/// The name of a link type, `Parent`, or its reference name, `System.LinkTypes.Hierarchy-Reverse`; 1 to 128 characters
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkTypeName(String);

impl LinkTypeName {
    /// Returns the name as it was written; the service ignores its case
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for LinkTypeName {
    /// Writes the text in a form that is safe to show: control and bidirectional characters are escaped
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&printable(&self.0, MAX_SHOWN))
    }
}

impl TextKind for LinkTypeName {
    const EXPECTED: &'static str = "the name of a link type";

    fn parse(text: &str) -> Result<Self, ParseError> {
        if text.trim().is_empty() || text.chars().count() > MAX_NAME || text.chars().any(char::is_control) {
            return Err(ParseError::invalid("the name of a link type has 1 to 128 characters in one line"));
        }
        Ok(LinkTypeName(text.trim().to_owned()))
    }
}

text_kind!(LinkTypeName, { "minLength": 1, "maxLength": MAX_NAME });

/// The address that a hyperlink of a work item leads to: an absolute URL without user or password
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HyperlinkUrl(String);

impl HyperlinkUrl {
    /// Returns the address as it was written
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for HyperlinkUrl {
    /// Writes the text in a form that is safe to show: control and bidirectional characters are escaped
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&printable(&self.0, MAX_SHOWN))
    }
}

impl TextKind for HyperlinkUrl {
    const EXPECTED: &'static str = "a URL";

    fn parse(text: &str) -> Result<Self, ParseError> {
        let refuse = |reason: &str| Err(ParseError::invalid(format!("a URL {reason}")));
        if text.chars().any(|c| c.is_control() || c.is_whitespace()) {
            return refuse("has no spaces");
        }
        let Ok(url) = Url::parse(text) else {
            return refuse("begins with its scheme, such as https://");
        };
        if !url.username().is_empty() || url.password().is_some() {
            return refuse("cannot contain a user or password");
        }
        Ok(HyperlinkUrl(text.to_owned()))
    }
}

text_kind!(HyperlinkUrl, { "minLength": 1 });

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hyperlink_is_an_absolute_url_without_user() {
        for good in ["https://example.com/a?b=c", "vstfs:///Git/Commit/a%2Fb%2Fc", "file://server/share"] {
            assert!(HyperlinkUrl::parse(good).is_ok(), "{good}");
        }
        for bad in ["", "example.com", "https://user@example.com", "https://example.com/a b"] {
            assert!(HyperlinkUrl::parse(bad).is_err(), "{bad}");
        }
        assert_eq!(LinkTypeName::parse(" Parent ").expect("a name").as_str(), "Parent");
        assert!(LinkTypeName::parse(" ").is_err() && LinkTypeName::parse("a\nb").is_err());
    }
}
