//! What the fuzz targets check of the texts that people enter, and what the targets of all rooms share.
//!
//! Each room that reads what others write has such a file. A target in `fuzz/` calls one of its functions with endless inputs, and
//! `cargo test` calls it with the inputs that are kept. Decision 0280.

use percent_encoding::percent_decode_str;
use url::Url;

use crate::contract::ArtifactName;
use crate::contract::BranchName;
use crate::contract::CommitId;
use crate::contract::Credential;
use crate::contract::CredentialReference;
use crate::contract::Error;
use crate::contract::FieldName;
use crate::contract::FilePath;
use crate::contract::FolderPath;
use crate::contract::GitTagName;
use crate::contract::IdempotencyKey;
use crate::contract::LocalFile;
use crate::contract::Masker;
use crate::contract::Moment;
use crate::contract::NewPipelineName;
use crate::contract::OrganizationUrl;
use crate::contract::ParseError;
use crate::contract::PipelineName;
use crate::contract::ProjectName;
use crate::contract::RepositoryName;
use crate::contract::Secret;
use crate::contract::SessionName;
use crate::contract::SourceUrl;
use crate::contract::StageName;
use crate::contract::Tag;
use crate::contract::TextKind;
use crate::contract::TokenOrigin;
use crate::contract::TreePath;
use crate::contract::WebAddress;
use crate::contract::WorkItemType;
use crate::contract::check_secret;
use crate::contract::check_token;
use crate::contract::token_shape;

/// Where an input has a token: the token itself is in no file
const MARK: &[u8] = b"@token@";

/// The longest text of an error about an input, in bytes
const LONGEST: usize = 4096;

/// Returns a text that has the form of a personal access token
pub fn token() -> String {
    format!("{}{}xyz1", &"aB3".repeat(26)[..76], ["AZ", "DO"].concat())
}

/// Returns an input with the token at each mark, between two of `around`
pub fn planted(input: &[u8], around: &str) -> Vec<u8> {
    let token = format!("{around}{}{around}", token());
    let mut planted = Vec::with_capacity(input.len());
    let mut rest = input;
    while let Some(at) = memchr::memmem::find(rest, MARK) {
        planted.extend_from_slice(&rest[..at]);
        planted.extend_from_slice(token.as_bytes());
        rest = &rest[at + MARK.len()..];
    }
    planted.extend_from_slice(rest);
    planted
}

/// Asserts that a text does not contain the token and has a bounded length
pub fn check_text(text: &str) {
    assert!(!text.contains(&token()), "a text contains the token");
    assert!(text.len() <= LONGEST, "a text has {} bytes: {text}", text.len());
}

/// Asserts of every text of an error what [`check_text`] asserts of one
pub fn check_error(error: &Error) {
    [error.message(), error.help_text()].into_iter().chain(error.operation_name()).for_each(check_text);
    error.context().iter().for_each(|(_, value)| check_text(value));
}

fn check_refusal(refusal: &ParseError) {
    check_text(&refusal.reason);
    check_text(refusal.help.as_deref().unwrap_or_default());
}

/// An accepted organization URL is one that every parser reads in the same way, and is its own canonical form
pub fn url(input: &[u8]) {
    let Ok(text) = String::from_utf8(planted(input, "")) else { return };
    same_again::<SourceUrl>(&text, |url| url.as_str().to_owned());
    same_again::<WebAddress>(&text, |url| url.as_str().to_owned());
    let url = match OrganizationUrl::parse(&text) {
        Ok(url) => url,
        Err(refusal) => return check_refusal(&refusal),
    };
    let base = url.base();
    assert!(base.bytes().all(|b| b.is_ascii_graphic()), "{base}");
    assert!(!base.contains(['@', '?', '#', '\\']) && !base.ends_with('/'), "{base}");
    assert_eq!(OrganizationUrl::parse(&base).as_ref(), Ok(&url), "the canonical form is another URL");
    let parsed = Url::parse(&base).expect("the canonical form is a URL");
    assert_eq!(parsed.authority(), url.authority());
    assert_eq!(parsed.as_str().trim_end_matches('/'), base, "a parser changes the canonical form");
    let last = parsed.path().rsplit('/').next().unwrap_or_default();
    let decoded = percent_decode_str(last).decode_utf8_lossy();
    assert!(decoded.is_empty() || decoded == url.organization(), "{base}: {}", url.organization());
}

/// An accepted token is sent as it is; the reason to refuse a text never quotes it; a masker finds what it knows
pub fn token_text(input: &[u8]) {
    let Ok(text) = String::from_utf8(planted(input, "")) else { return };
    for origin in [TokenOrigin::Typed, TokenOrigin::Stored] {
        match check_token(&text, origin) {
            Ok(secret) => check_accepted(&secret, &text, origin),
            Err(refusal) => check_refusal(&refusal),
        }
    }
    let _ = check_secret(&text).map_err(|refusal| check_refusal(&refusal));
    let _ = Credential::parse(&text).map_err(|refusal| check_refusal(&refusal));
    same_again::<CredentialReference>(&text, ToString::to_string);
}

fn check_accepted(secret: &Secret, text: &str, origin: TokenOrigin) {
    let token = secret.expose();
    assert!(text.contains(token) && (origin == TokenOrigin::Stored || token == text));
    assert!(token.bytes().all(|b| b.is_ascii_graphic()), "a header cannot contain the token");
    check_text(&token_shape(secret));
    let masker = Masker::default();
    masker.remember(secret);
    // A shorter secret is in too many texts.
    if token.len() >= 8 {
        let masked = masker.mask(&format!("before {token} after")).into_owned();
        assert!(!masked.contains(token), "a masker does not find the secret that it knows");
        assert!(masked.starts_with("before ") && masked.ends_with(" after"), "{masked}");
    }
}

/// An accepted name is its own canonical form; the reason to refuse one never quotes it
pub fn names(input: &[u8]) {
    let Ok(text) = String::from_utf8(planted(input, "")) else { return };
    same_again::<ArtifactName>(&text, |name| name.as_str().to_owned());
    same_again::<BranchName>(&text, |name| name.full().to_owned());
    same_again::<BranchName>(&text, |name| name.short().to_owned());
    same_again::<CommitId>(&text, |id| id.as_str().to_owned());
    same_again::<FieldName>(&text, |name| name.as_str().to_owned());
    same_again::<FilePath>(&text, |path| path.as_str().to_owned());
    same_again::<FolderPath>(&text, |path| path.as_str().to_owned());
    same_again::<GitTagName>(&text, |name| name.as_str().to_owned());
    same_again::<GitTagName>(&text, |name| name.full().full().to_owned());
    same_again::<IdempotencyKey>(&text, |key| key.as_str().to_owned());
    same_again::<LocalFile>(&text, |path| path.as_str().to_owned());
    same_again::<NewPipelineName>(&text, |name| match name.folder() {
        Some(folder) => format!("{}\\{}", folder.as_str(), name.as_str()),
        None => name.as_str().to_owned(),
    });
    same_again::<PipelineName>(&text, |name| name.as_str().to_owned());
    same_again::<ProjectName>(&text, |name| name.as_str().to_owned());
    same_again::<RepositoryName>(&text, |name| name.as_str().to_owned());
    same_again::<SessionName>(&text, |name| name.as_str().to_owned());
    same_again::<StageName>(&text, |name| name.as_str().to_owned());
    same_again::<Tag>(&text, |tag| tag.as_str().to_owned());
    same_again::<TreePath>(&text, |path| path.as_str().to_owned());
    same_again::<WorkItemType>(&text, |name| name.as_str().to_owned());
    let _ = Moment::parse(&text).map_err(|refusal| check_refusal(&refusal));
}

/// Asserts that what a kind has read from a text, written again, is the same value
fn same_again<K: TextKind>(text: &str, write: impl Fn(&K) -> String) {
    match K::parse(text) {
        Ok(value) => {
            let written = write(&value);
            let again = K::parse(&written).map(|value| write(&value));
            assert_eq!(again.as_ref(), Ok(&written), "{}: {text:?}", K::EXPECTED);
        }
        Err(refusal) => check_refusal(&refusal),
    }
}

/// Calls a target with each input that is kept for it
#[cfg(test)]
pub(crate) fn over_kept_inputs(target: &str, check: impl Fn(&[u8])) {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let entries = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut count = 0;
    for entry in entries {
        check(&std::fs::read(entry.expect("an entry").path()).expect("it can be read"));
        count += 1;
    }
    assert!(count > 0, "{} is empty", folder.display());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kept_urls_are_refused_or_have_one_meaning() {
        over_kept_inputs("url", url);
    }

    #[test]
    fn kept_tokens_are_not_quoted() {
        over_kept_inputs("token", token_text);
    }

    #[test]
    fn kept_names_are_refused_or_written_as_they_are_read() {
        over_kept_inputs("names", names);
    }

    #[test]
    #[should_panic(expected = "a text contains the token")]
    fn a_token_in_a_text_is_found() {
        check_text(&String::from_utf8(planted(b"x@token@", " ")).expect("UTF-8"));
    }
}
