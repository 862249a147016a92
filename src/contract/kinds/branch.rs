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
    ///
    /// A branch whose short name means something else, such as `refs/heads/@` or `refs/heads/refs/tags/v1`, has its full ref.
    pub fn short(&self) -> &str {
        let means_itself = |name: &&str| !["@", "refs"].contains(name) && !name.starts_with("refs/");
        self.branch().filter(means_itself).unwrap_or(&self.0)
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
        check_ref("a branch name", text)?;
        if text == "refs" || (text.starts_with("refs/") && text.matches('/').count() < 2) {
            return Err(ParseError::invalid(
                "a branch name that begins with \"refs/\" must be a full ref such as refs/heads/main",
            ));
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

/// A Git tag as people write it (`v1.0`), or its full ref (`refs/tags/v1.0`)
///
/// It follows git's rules for ref names, as [`BranchName`] does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GitTagName(BranchName);

impl GitTagName {
    /// Returns the tag as a ref
    pub fn full(&self) -> &BranchName {
        &self.0
    }

    /// Returns the name without `refs/tags/`, unless the rest begins with that too
    pub fn as_str(&self) -> &str {
        self.0.tag().filter(|name| !name.starts_with(TAGS)).unwrap_or(self.0.full())
    }
}

impl fmt::Display for GitTagName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&printable(self.as_str(), MAX_SHOWN))
    }
}

impl TextKind for GitTagName {
    const EXPECTED: &'static str = "the name of a Git tag";

    fn parse(text: &str) -> Result<Self, ParseError> {
        let short = text.strip_prefix(TAGS).unwrap_or(text);
        check_ref(Self::EXPECTED, short)?;
        Ok(GitTagName(BranchName(format!("{TAGS}{short}"))))
    }
}

text_kind!(GitTagName, { "minLength": 1 });

/// A prefix of the names of Git tags: `v1.`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GitTagPrefix(String);

impl GitTagPrefix {
    /// Returns the prefix without `refs/tags/`
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TextKind for GitTagPrefix {
    const EXPECTED: &'static str = "a prefix of the names of Git tags";

    fn parse(text: &str) -> Result<Self, ParseError> {
        let text = text.strip_prefix(TAGS).unwrap_or(text);
        // It has to be a prefix of at least one valid name.
        check_ref(Self::EXPECTED, &format!("{text}x"))?;
        Ok(GitTagPrefix(text.to_owned()))
    }
}

text_kind!(GitTagPrefix, { "minLength": 1 });

/// The prefix of the refs of tags
const TAGS: &str = "refs/tags/";

/// Checks git's rules for the names of refs; the error begins with `what`
fn check_ref(what: &str, short: &str) -> Result<(), ParseError> {
    let refuse = |reason: &str| Err(ParseError::invalid(format!("{what} {reason}")));
    if short.is_empty() {
        return refuse("cannot be empty");
    }
    if short.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return refuse("cannot contain blanks or control characters");
    }
    if let Some(c) = short.chars().find(|c| "~^:?*[\\".contains(*c)) {
        return refuse(&format!("cannot contain \"{c}\""));
    }
    if short.contains("..") || short.contains("@{") || short == "@" {
        return refuse("cannot contain \"..\" or \"@{\"");
    }
    let bad = |part: &str| {
        part.is_empty() || part.starts_with('.') || part.ends_with('.') || part.ends_with(".lock")
    };
    if short.split('/').any(bad) {
        return refuse(
            "has parts separated by \"/\", none of which is empty, begins or ends with \".\", or ends with \".lock\"",
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_means_something_else_when_it_is_short_is_written_in_full() {
        for text in ["refs/heads/@", "refs/heads/refs", "refs/heads/refs/tags/v1"] {
            let branch = BranchName::parse(text).expect("it is a branch");
            assert_eq!((branch.short(), branch.full()), (text, text));
            assert_eq!(BranchName::parse(branch.short()), Ok(branch));
        }
        let tag = GitTagName::parse("refs/tags/refs/tags/v1").expect("it is a tag");
        assert_eq!(GitTagName::parse(tag.as_str()), Ok(tag));
    }

    #[test]
    fn a_tag_is_a_short_name_or_a_full_ref() {
        for text in ["v1.0", "refs/tags/v1.0"] {
            let tag = GitTagName::parse(text).expect("it is a tag");
            assert_eq!((tag.as_str(), tag.full().full()), ("v1.0", "refs/tags/v1.0"));
        }
        assert_eq!(GitTagPrefix::parse("v1.").expect("it is a prefix").as_str(), "v1.");
        for bad in ["", "refs/tags/", "a b", "a..b", "v1.", ".v1", "a^", "a.lock", "a//b", "@"] {
            let error = GitTagName::parse(bad).expect_err(bad);
            assert!(error.reason.starts_with("the name of a Git tag"), "{}", error.reason);
        }
    }
}
