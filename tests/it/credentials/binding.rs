//! A stored token is bound to one organization and is never returned for another.

use azdo_bot::contract::Credential;
use azdo_bot::contract::ErrorCode;
use azdo_bot::contract::Secret;
use azdo_bot::credentials::CredentialResolver;
use azdo_bot::credentials::Lockers;
use azdo_bot::credentials::StorePolicy;
use insta::assert_snapshot;

use crate::credentials::support::CONTOSO;
use crate::credentials::support::by_locker;
use crate::credentials::support::by_reference;
use crate::credentials::support::environment;
use crate::credentials::support::file;
use crate::credentials::support::lockers;
use crate::credentials::support::over;
use crate::credentials::support::reference;
use crate::credentials::support::resolve;
use crate::credentials::support::token;
use crate::credentials::support::write;

const FABRIKAM: &str = "https://dev.azure.com/fabrikam";
const SERVER: &str = "https://azdo.example.com/tfs/Main";
const LOOPBACK: &str = "http://127.0.0.1:8080/contoso";

fn with_lockers(rows: &[(&str, &str, Option<&str>)]) -> CredentialResolver {
    CredentialResolver::new(environment(&[("AZDO_PAT", &token(52))]), lockers(rows), StorePolicy::default())
}

#[test]
fn a_locker_is_valid_for_its_own_organization_in_every_spelling() {
    let rows = [
        (Some(CONTOSO), "https://dev.azure.com/contoso", true),
        (Some(CONTOSO), "https://DEV.azure.com/CONTOSO/", true),
        (Some(CONTOSO), "https://contoso.visualstudio.com", true),
        (Some("https://Contoso.visualstudio.com/DefaultCollection"), CONTOSO, true),
        (Some(CONTOSO), FABRIKAM, false),
        (Some(CONTOSO), "https://fabrikam.visualstudio.com", false),
        (Some(CONTOSO), LOOPBACK, false),
        (Some(SERVER), SERVER, true),
        (Some(SERVER), "https://azdo.example.com/tfs/Other", false),
        (Some(SERVER), "https://azdo.example.com:8443/tfs/Main", false),
        (Some(SERVER), CONTOSO, false),
        (None, CONTOSO, true),
        (None, FABRIKAM, true),
        (None, "https://fabrikam.visualstudio.com", true),
        (None, SERVER, false),
        (None, LOOPBACK, false),
    ];
    for (bound, target, expected) in rows {
        let vault = with_lockers(&[("l/n/a", "env:AZDO_PAT", bound)]);
        let answers = [
            resolve(&vault, &by_locker("l", "n", "a"), target),
            // A direct reference to the locker's entry does not bypass it.
            resolve(&vault, &by_reference("env:AZDO_PAT"), target),
        ];
        for answer in answers {
            match answer {
                Ok(found) => assert!(expected && found == token(52), "{bound:?} {target}"),
                Err(error) => {
                    assert!(!expected, "{bound:?} {target}: {error}");
                    assert_eq!(error.code(), ErrorCode::CredentialOrganizationMismatch);
                }
            }
        }
    }
}

#[test]
fn nothing_is_read_for_another_organization() {
    // The variable is not set, so reading it would be a different error.
    let vault = CredentialResolver::new(
        environment(&[]),
        lockers(&[("l/n/a", "env:AZDO_PAT", Some(CONTOSO))]),
        StorePolicy::default(),
    );
    let code = |target| resolve(&vault, &by_locker("l", "n", "a"), target).unwrap_err().code();
    assert_eq!(code(FABRIKAM), ErrorCode::CredentialOrganizationMismatch);
    assert_eq!(code(CONTOSO), ErrorCode::CredentialNotFound);
}

#[test]
fn a_file_is_bound_under_every_path_to_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = write(folder.path(), "pat", token(52).as_bytes());
    let policy = StorePolicy { file_folders: vec![folder.path().to_owned()], ..StorePolicy::default() };
    let rows = [("l/n/a", &*file(&path), Some(CONTOSO))];
    let vault = CredentialResolver::new(environment(&[]), lockers(&rows), policy);
    let mut others =
        vec![file(&path), file(&path).replace("/pat", "//pat"), file(&path).replace("/pat", "/./pat")];
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(&path, folder.path().join("link")).unwrap();
        others.push(file(&folder.path().join("link")));
    }
    for other in others {
        assert_eq!(resolve(&vault, &by_reference(&other), CONTOSO).unwrap(), token(52), "{other}");
        let error = resolve(&vault, &by_reference(&other), FABRIKAM).unwrap_err();
        assert_eq!(error.code(), ErrorCode::CredentialOrganizationMismatch, "{other}");
    }
}

#[test]
fn an_entry_may_be_bound_to_several_organizations() {
    let vault =
        with_lockers(&[("l/n/a", "env:AZDO_PAT", Some(CONTOSO)), ("l/n/b", "env:AZDO_PAT", Some(FABRIKAM))]);
    for (target, expected) in [(CONTOSO, true), (FABRIKAM, true), (SERVER, false)] {
        assert_eq!(resolve(&vault, &by_reference("env:AZDO_PAT"), target).is_ok(), expected, "{target}");
    }
    assert!(resolve(&vault, &by_locker("l", "n", "b"), FABRIKAM).is_ok());
    assert!(resolve(&vault, &by_locker("l", "n", "b"), CONTOSO).is_err());
}

#[test]
fn the_command_line_may_use_an_unbound_token_anywhere_and_a_bound_one_only_for_its_organization() {
    let unbound = over(&[("AZDO_PAT", &token(52))]).trusting(reference("env:AZDO_PAT"));
    let bound = with_lockers(&[("l/n/a", "env:AZDO_PAT", Some(CONTOSO))]).trusting(reference("env:AZDO_PAT"));
    for target in [CONTOSO, SERVER, LOOPBACK] {
        assert!(resolve(&unbound, &by_reference("env:AZDO_PAT"), target).is_ok(), "{target}");
        assert_eq!(
            resolve(&bound, &by_reference("env:AZDO_PAT"), target).is_ok(),
            target == CONTOSO,
            "{target}"
        );
    }
}

#[test]
fn an_insecure_token_is_not_bound() {
    let typed = Credential::Insecure(Secret::new(token(52)));
    for target in [CONTOSO, SERVER] {
        assert_eq!(resolve(&over(&[]), &typed, target).unwrap(), token(52));
    }
}

#[test]
fn the_message_of_a_mismatch_names_both_organizations() {
    let words = |vault: &CredentialResolver, credential: &Credential, target| {
        let error = resolve(vault, credential, target).unwrap_err();
        format!("{error}\n{}", error.help_text())
    };
    let bound = with_lockers(&[("devops/azdo/pat", "env:AZDO_PAT", Some(CONTOSO))]);
    assert_snapshot!(words(&bound, &by_locker("devops", "azdo", "pat"), FABRIKAM), @r#"
        credential.organization_mismatch: The credential devops/azdo/pat is for https://dev.azure.com/contoso, not for https://dev.azure.com/fabrikam
        Use the credential of this organization, or correct its `organization` in the operator's file.
        "#);
    assert_snapshot!(words(&bound, &by_reference("env:AZDO_PAT"), FABRIKAM), @r#"
        credential.organization_mismatch: The credential env:AZDO_PAT is for https://dev.azure.com/contoso, not for https://dev.azure.com/fabrikam
        Use the credential of this organization, or correct its `organization` in the operator's file.
        "#);
    let unbound = CredentialResolver::new(environment(&[]), Lockers::default(), StorePolicy::default());
    assert_snapshot!(words(&unbound, &by_reference("env:AZDO_PAT"), SERVER), @r#"
        credential.organization_mismatch: The credential env:AZDO_PAT is not bound to https://azdo.example.com/tfs/Main, and without a binding it is valid for the hosted service only
        Let the operator map it in azdo-bot.toml as a locker with `organization = "https://azdo.example.com/tfs/Main"`.
        "#);
}
