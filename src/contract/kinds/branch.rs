//! Branches and other refs.

use std::fmt;

use crate::contract::ParseError;
use crate::contract::TextKind;
use crate::contract::inputs::text_kind::MAX_SHOWN;
use crate::contract::inputs::text_kind::text_kind;
use crate::contract::printable;

/// A branch as people write it (`main`, `release/7`), or a full ref (`refs/tags/v1`)
///
/// Checked by git's own rules for ref names, so that it can stand in a URL and a request as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BranchName(String);

impl BranchName {
    /// The full ref: `refs/heads/main`
    pub fn full(&self) -> &str {
        &self.0
    }

    /// The name without `refs/heads/`; nothing when it is not a branch
    pub fn branch(&self) -> Option<&str> {
        self.0.strip_prefix("refs/heads/")
    }

    /// The name without `refs/tags/`; nothing when it is not a tag
    pub fn tag(&self) -> Option<&str> {
        self.0.strip_prefix("refs/tags/")
    }
}

impl fmt::Display for BranchName {
    /// As people write it, safe to show: `main`, `refs/tags/v1`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&printable(self.branch().unwrap_or(&self.0), MAX_SHOWN))
    }
}

impl TextKind for BranchName {
    const EXPECTED: &'static str = "a branch name";

    fn parse(text: &str) -> Result<Self, ParseError> {
        let refuse = |reason: &str| Err(ParseError::invalid(format!("a branch name {reason}")));
        if text.is_empty() || text.len() > 1000 {
            return refuse("has 1 to 1,000 bytes");
        }
        if text.chars().any(|c| c.is_control() || c.is_whitespace()) {
            return refuse("cannot contain blanks or control characters");
        }
        if let Some(c) = text.chars().find(|c| "~^:?*[\\".contains(*c)) {
            return refuse(&format!("cannot contain \"{c}\""));
        }
        if text.contains("..") || text.contains("@{") || text == "@" {
            return refuse("cannot contain \"..\" or \"@{\"");
        }
        let bad = |part: &str| {
            part.is_empty() || part.starts_with('.') || part.ends_with('.') || part.ends_with(".lock")
        };
        if text.split('/').any(bad) {
            return refuse(
                "is parts joined by \"/\", none empty, none beginning or ending with \".\" or ending with \".lock\"",
            );
        }
        if text == "refs" || (text.starts_with("refs/") && text.matches('/').count() < 2) {
            return refuse("that begins with \"refs/\" is a full ref as refs/heads/main");
        }
        let full = if text.starts_with("refs/") { text.to_owned() } else { format!("refs/heads/{text}") };
        Ok(BranchName(full))
    }
}

text_kind!(BranchName, { "minLength": 1, "maxLength": 1000 });

/// What names of branches begin with: `release/`, or a part of a name
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BranchPrefix(String);

impl BranchPrefix {
    /// What comes after `refs/heads/`
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TextKind for BranchPrefix {
    const EXPECTED: &'static str = "what branch names begin with";

    fn parse(text: &str) -> Result<Self, ParseError> {
        let text = text.strip_prefix("refs/heads/").unwrap_or(text);
        // Whatever may follow, it has to be a name then.
        BranchName::parse(&format!("refs/heads/{text}x"))?;
        Ok(BranchPrefix(text.to_owned()))
    }
}

text_kind!(BranchPrefix, { "minLength": 1, "maxLength": 1000 });
