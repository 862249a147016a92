//! No error or `Debug` output shows a token, whatever is wrong with the token or its reference.

use std::collections::BTreeSet;

use azdo_bot::contract::Credential;
use azdo_bot::contract::ErrorCode;
use azdo_bot::contract::Masker;
use azdo_bot::contract::Secret;
use azdo_bot::contract::TextKind as _;
use azdo_bot::contract::is_token_shaped;
use azdo_bot::credentials::CredentialResolver;
use azdo_bot::credentials::StorePolicy;

use crate::common::encodings::Encoding;
use crate::common::encodings::assert_hidden;
use crate::common::encodings::encodings;
use crate::credentials::support::CONTOSO;
use crate::credentials::support::by_locker;
use crate::credentials::support::by_reference;
use crate::credentials::support::environment;
use crate::credentials::support::file;
use crate::credentials::support::lockers;
use crate::credentials::support::over;
use crate::credentials::support::over_folder;
use crate::credentials::support::read;
use crate::credentials::support::resolve;
use crate::credentials::support::token;
use crate::credentials::support::write;

#[test]
fn no_error_shows_a_token() {
    let canary = token(52);
    let spoiled = [
        format!("{canary}\n{canary}"),
        format!("Basic {canary}"),
        format!("\"{canary}\""),
        format!("{canary}="),
        format!(" {canary}"),
        format!("{canary}\u{e9}"),
        canary.repeat(200),
    ];
    let folder = tempfile::tempdir().unwrap();
    let mut errors = Vec::new();
    for content in &spoiled {
        let path = write(folder.path(), "pat", content.as_bytes());
        errors.push(resolve(&over_folder(folder.path()), &by_reference(&file(&path)), CONTOSO).unwrap_err());
        let variables = [("AZDO_PAT", content.as_str())];
        errors.push(resolve(&over(&variables), &by_reference("env:AZDO_PAT"), CONTOSO).unwrap_err());
        errors.push(read(&over(&variables), "env:AZDO_PAT").unwrap_err());
    }
    // Bound to another organization
    let variables = [("AZDO_PAT", canary.as_str())];
    let bound = lockers(&[("l/n/a", "env:AZDO_PAT", Some("https://dev.azure.com/fabrikam"))]);
    let vault = CredentialResolver::new(environment(&variables), bound, StorePolicy::default());
    errors.push(resolve(&vault, &by_locker("l", "n", "a"), CONTOSO).unwrap_err());
    // Pasted after the name of a store
    for text in [format!("env:{canary}"), format!("file:{canary}"), format!("file:/{canary}")] {
        let refusal = Credential::parse(&text).unwrap_err();
        assert!(refusal.reason.contains("a token instead of"), "{refusal:?}");
        assert_hidden(&format!("{refusal:?}"), &canary, "a rejected reference");
    }
    assert_eq!(errors.len(), spoiled.len() * 3 + 1);
    for error in errors {
        let shown = format!("{error} {error:?} {}", error.help_text());
        assert_hidden(&shown, &canary, error.code().as_str());
    }
}

#[test]
fn debug_shows_nothing_of_a_token_that_was_read() {
    let canary = token(52);
    let vault = over(&[("AZDO_PAT", &canary)]);
    let secret = read(&vault, "env:AZDO_PAT").unwrap();
    assert_hidden(&format!("{secret:?}"), &canary, "a secret");
    let refused = Credential::parse(&format!("locker:{canary}")).unwrap_err();
    assert_eq!(refused.code, ErrorCode::CredentialInvalidFormat);
    assert_hidden(&format!("{refused:?}"), &canary, "a refusal");
}

#[test]
fn every_encoding_that_this_package_writes_is_masked() {
    let spoiled = ["c4n4ry", "+/&<>%\\\"", "{}!~ ?", "more0123456789"].concat();
    for canary in [token(52), token(84), spoiled] {
        let masker = Masker::default();
        masker.remember(&Secret::new(canary.clone()));
        let list = encodings(&canary);
        let names: BTreeSet<_> = list.iter().map(|encoding| encoding.name).collect();
        assert_eq!(names.len(), 14);
        for Encoding { name, whole, sought } in list {
            let masked = masker.mask(&whole);
            // This package never writes these; the canary tests of the hosts search for them anyway.
            // A token that keeps its form when reversed is masked for its form.
            let unwritten = (["hexadecimal", "reversed"].contains(&name) || name.starts_with("UTF-16"))
                && !is_token_shaped(&sought);
            assert_eq!(masked.contains(&sought), unwritten, "{name}: {whole} -> {masked}");
        }
    }
}
