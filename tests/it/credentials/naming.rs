//! What a bot may reference directly, and what only the operator may.

use azdo_bot::contract::ErrorCode;
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
use crate::credentials::support::over_folder;
use crate::credentials::support::read;
use crate::credentials::support::reference;
use crate::credentials::support::resolve;
use crate::credentials::support::token;
use crate::credentials::support::write;

#[test]
fn a_bot_may_reference_only_variables_for_this_package() {
    let token = token(52);
    let names = ["AZDO_PAT", "AZDO_", "AZURE_DEVOPS_EXT_PAT", "CI_TOKEN", "PATH", "azdo_pat", "MY_AZDO_PAT"];
    let variables: Vec<(&str, &str)> = names.iter().map(|name| (*name, token.as_str())).collect();
    let policy = StorePolicy { env_names: vec!["CI_TOKEN".to_owned()], ..StorePolicy::default() };
    let vault = CredentialResolver::new(environment(&variables), Lockers::default(), policy);
    let name = |name: &str| format!("env:{name}");
    for allowed in ["AZDO_PAT", "AZDO_", "AZURE_DEVOPS_EXT_PAT", "CI_TOKEN"] {
        assert_eq!(resolve(&vault, &by_reference(&name(allowed)), CONTOSO).unwrap(), token, "{allowed}");
    }
    for refused in ["PATH", "azdo_pat", "MY_AZDO_PAT", "CI_TOKEN_", "AZURE_DEVOPS_EXT_PAT2", "NOT_SET"] {
        let error = resolve(&vault, &by_reference(&name(refused)), CONTOSO).unwrap_err();
        assert_eq!(error.code(), ErrorCode::InputInvalid, "{refused}");
        assert!(error.help_text().contains("stores.env.names"), "{}", error.help_text());
    }
    assert_eq!(read(&vault, "env:PATH").unwrap().expose(), token);
}

// Whether such a file is there cannot be told from the answer
#[test]
fn a_bot_may_reference_only_files_in_folders_for_secrets() {
    let allowed = tempfile::tempdir().unwrap();
    let outside = tempfile::tempdir().unwrap();
    let token = token(52);
    write(allowed.path(), "pat", token.as_bytes());
    let secret = write(outside.path(), "secret", token.as_bytes());
    let vault = over_folder(allowed.path());
    assert_eq!(resolve(&vault, &by_reference(&file(&allowed.path().join("pat"))), CONTOSO).unwrap(), token);

    let outside_name = outside.path().file_name().unwrap().to_str().unwrap();
    let mut refused = vec![
        "file:/proc/self/environ".to_owned(),
        "file:///etc/shadow".to_owned(),
        "file:/etc/passwd".to_owned(),
        "file:/run/secrets/../../etc/passwd".to_owned(),
        "file:/run/secretsandmore/pat".to_owned(),
        "file:pat".to_owned(),
        "file:./pat".to_owned(),
        "file:~/pat".to_owned(),
        file(&secret),
        file(&outside.path().join("never there")),
        file(&allowed.path().join("..").join(outside_name).join("secret")),
    ];
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(&secret, allowed.path().join("link")).unwrap();
        refused.push(file(&allowed.path().join("link")));
    }
    for text in refused {
        let error = resolve(&vault, &by_reference(&text), CONTOSO).unwrap_err();
        assert_eq!(error.code(), ErrorCode::InputInvalid, "{text}");
        assert!(error.help_text().contains("stores.file.folders"), "{text}");
        assert!(!format!("{error:?}").contains(&text["file:".len()..]), "{text} is quoted: {error:?}");
    }
}

#[test]
fn the_operator_may_reference_every_variable_and_file() {
    let folder = tempfile::tempdir().unwrap();
    let token = token(52);
    let path = write(folder.path(), "pat", token.as_bytes());
    let rows = [("l/n/file", &*file(&path), Some(CONTOSO)), ("l/n/env", "env:PLAIN", Some(CONTOSO))];
    let vault =
        CredentialResolver::new(environment(&[("PLAIN", &token)]), lockers(&rows), StorePolicy::default());
    for attribute in ["file", "env"] {
        assert_eq!(resolve(&vault, &by_locker("l", "n", attribute), CONTOSO).unwrap(), token);
    }
    assert!(
        resolve(&vault, &by_reference("env:PLAIN"), CONTOSO).is_err(),
        "a bot may not reference it directly"
    );
    let vault = vault.trusting(reference("env:PLAIN"));
    assert_eq!(resolve(&vault, &by_reference("env:PLAIN"), CONTOSO).unwrap(), token);
    assert_eq!(read(&vault, &file(&path)).unwrap().expose(), token);
}

#[test]
fn a_trusted_file_needs_an_absolute_path() {
    let error = read(&over(&[]), "file:pat").unwrap_err();
    assert_eq!(error.code(), ErrorCode::InputInvalid);
}

#[test]
fn these_stores_have_no_attributes() {
    for text in ["env:AZDO_PAT#pat", "file:/run/secrets/azdo#pat"] {
        let error = resolve(&over(&[]), &by_reference(text), CONTOSO).unwrap_err();
        assert_eq!(error.code(), ErrorCode::InputInvalid, "{text}");
    }
}

#[test]
fn the_error_of_an_unmapped_locker_is_the_same_whatever_is_missing() {
    let rows = [("devops/azdo/pat", "env:AZDO_PAT", Some(CONTOSO))];
    let vault = CredentialResolver::new(environment(&[]), lockers(&rows), StorePolicy::default());
    let words = |locker, name, attribute| {
        let error = resolve(&vault, &by_locker(locker, name, attribute), CONTOSO).unwrap_err();
        assert_eq!(error.code(), ErrorCode::CredentialNotFound);
        format!("{error}\n{}", error.help_text())
    };
    let missing_locker = words("other", "azdo", "pat");
    assert_eq!(missing_locker.replace("other/azdo/pat", "devops/other/pat"), words("devops", "other", "pat"));
    assert_eq!(
        missing_locker.replace("other/azdo/pat", "devops/azdo/other"),
        words("devops", "azdo", "other")
    );
    assert_snapshot!(missing_locker, @r#"
        credential.not_found: The operator's file has no credential "other/azdo/pat"
        Add it to azdo-bot.toml:

        [lockers."other/azdo/pat"]
        reference = "file:/run/secrets/azdo-pat"
        organization = "https://dev.azure.com/contoso"
        "#);
    assert_snapshot!(words("a\"b\\", "c\n", "d"), @r#"
        credential.not_found: The operator's file has no credential "a"b\/c\u000a/d"
        Add it to azdo-bot.toml:

        [lockers."a\"b\\/c\\u000a/d"]
        reference = "file:/run/secrets/azdo-pat"
        organization = "https://dev.azure.com/contoso"
        "#);
}

#[test]
fn the_error_of_a_missing_secret_names_the_reference() {
    let folder = tempfile::tempdir().unwrap();
    let vault = over_folder(folder.path());
    let words = |text: &str| {
        let error = resolve(&vault, &by_reference(text), CONTOSO).unwrap_err();
        assert_eq!(error.code(), ErrorCode::CredentialNotFound);
        format!("{error}\n{}", error.help_text())
    };
    assert_snapshot!(words("env:AZDO_PAT"), @r#"
        credential.not_found: The environment variable AZDO_PAT is not set
        Set it in the environment of this process, or correct the reference.
        "#);
    let missing = folder.path().join("pat");
    let shown = words(&file(&missing)).replace(missing.to_str().unwrap(), "/run/secrets/pat");
    assert_snapshot!(shown, @r#"
        credential.not_found: The file /run/secrets/pat does not exist
        Mount or write the token there, or correct the reference.
        "#);
}

#[test]
fn the_message_says_what_a_bot_may_reference() {
    let words = |text: &str| {
        let error = resolve(&over(&[]), &by_reference(text), CONTOSO).unwrap_err();
        format!("{error}\n{}", error.help_text())
    };
    assert_snapshot!(words("env:PATH"), @r#"
        input.invalid: A bot may reference only environment variables that begin with AZDO_, AZURE_DEVOPS_EXT_PAT, and those that the operator lists
        Rename the variable, or ask the operator to add its name to `stores.env.names` in azdo-bot.toml.
        "#);
    assert_snapshot!(words("file:/etc/shadow"), @r#"
        input.invalid: A bot may reference only files in /run/secrets, /var/run/secrets, the service's credentials directory, and the folders that the operator lists
        Move the file there, or ask the operator to add its folder to `stores.file.folders` in azdo-bot.toml or to map it there as a locker.
        "#);
}
