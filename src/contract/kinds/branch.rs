//! Branches and other refs.

use std::fmt;

use crate::contract::ParseError;
use crate::contract::TextKind;
use crate::contract::inputs::text_kind::MAX_SHOWN;
use crate::contract::inputs::text_kind::text_kind;
use crate::contract::printable;

/// A branch as people write it (`main`, `release/7`), or a full ref (`refs/tags/v1`)
///
/// It follows git's rules for ref names, so that a URL or a request can contain it unchanged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BranchName(String);

impl BranchName {
    /// Returns the full ref: `refs/heads/main`
    pub fn full(&self) -> &str {
        &self.0
    }

    /// Returns the name without `refs/heads/`, or `None` if it is not a branch
    pub fn branch(&self) -> Option<&str> {
        self.0.strip_prefix("refs/heads/")
    }

    /// Returns the branch as people write it: `main`, `refs/tags/v1`
    pub fn short(&self) -> &str {
        self.branch().unwrap_or(&self.0)
    }

    /// Returns the name without `refs/tags/`, or `None` if it is not a tag
    pub fn tag(&self) -> Option<&str> {
        self.0.strip_prefix("refs/tags/")
    }
}

impl fmt::Display for BranchName {
    /// Writes the branch as people do, in a form that is safe to show; [`short`](Self::short) is the value
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&printable(self.short(), MAX_SHOWN))
    }
}

impl TextKind for BranchName {
    const EXPECTED: &'static str = "a branch name";

    fn parse(text: &str) -> Result<Self, ParseError> {
        let refuse = |reason: &str| Err(ParseError::invalid(format!("a branch name {reason}")));
        if text.is_empty() {
            return refuse("cannot be empty");
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
                "has parts separated by \"/\", none of which is empty, begins or ends with \".\", or ends with \".lock\"",
            );
        }
        if text == "refs" || (text.starts_with("refs/") && text.matches('/').count() < 2) {
            return refuse("that begins with \"refs/\" must be a full ref such as refs/heads/main");
        }
        let full = if text.starts_with("refs/") { text.to_owned() } else { format!("refs/heads/{text}") };
        Ok(BranchName(full))
    }
}

text_kind!(BranchName, { "minLength": 1 });

/// A prefix of branch names: `release/`, or a part of a name
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BranchPrefix(String);

impl BranchPrefix {
    /// Returns the prefix without `refs/heads/`
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TextKind for BranchPrefix {
    const EXPECTED: &'static str = "a prefix of branch names";

    fn parse(text: &str) -> Result<Self, ParseError> {
        let text = text.strip_prefix("refs/heads/").unwrap_or(text);
        // It has to be a prefix of at least one valid name.
        BranchName::parse(&format!("refs/heads/{text}x"))?;
        Ok(BranchPrefix(text.to_owned()))
    }
}

text_kind!(BranchPrefix, { "minLength": 1 });
