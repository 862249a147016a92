//! Files: their modes, and other types than regular files.

#![cfg(unix)]

use azdo_bot::contract::ErrorCode;
use azdo_bot::credentials::CredentialResolver;
use azdo_bot::credentials::Lockers;
use azdo_bot::credentials::StorePolicy;
use insta::assert_snapshot;

use crate::credentials::support::CONTOSO;
use crate::credentials::support::by_reference;
use crate::credentials::support::environment;
use crate::credentials::support::file;
use crate::credentials::support::over_folder;
use crate::credentials::support::resolve;
use crate::credentials::support::set_mode;
use crate::credentials::support::token;
use crate::credentials::support::write;

#[test]
fn a_file_that_others_can_read_or_write_is_rejected() {
    let folder = tempfile::tempdir().unwrap();
    let path = write(folder.path(), "pat", token(52).as_bytes());
    let as_operators = over_folder(folder.path());
    let policy =
        StorePolicy { credentials_directory: Some(folder.path().to_owned()), ..StorePolicy::default() };
    let as_mounted = CredentialResolver::new(environment(&[]), Lockers::default(), policy);
    // Mode, result for a file of the operator, result for a file that the platform mounted
    let rows = [
        (0o400, true, true),
        (0o600, true, true),
        (0o700, true, true),
        (0o440, false, true),
        (0o444, false, true),
        (0o644, false, true),
        (0o610, false, true),
        (0o620, false, false),
        (0o602, false, false),
        (0o664, false, false),
        (0o666, false, false),
    ];
    for (mode, own, mounted) in rows {
        set_mode(&path, mode);
        for (vault, expected) in [(&as_operators, own), (&as_mounted, mounted)] {
            let answer = resolve(vault, &by_reference(&file(&path)), CONTOSO);
            assert_eq!(answer.is_ok(), expected, "{mode:04o}");
            let Err(error) = answer else { continue };
            assert_eq!(error.code(), ErrorCode::CredentialNotFound);
            assert!(error.message().contains(&format!("{mode:04o}")), "{error}");
            assert!(error.help_text().contains("chmod 600"), "{}", error.help_text());
        }
    }
}

#[test]
fn the_message_has_the_mode_and_the_command() {
    let folder = tempfile::tempdir().unwrap();
    let path = write(folder.path(), "pat", token(52).as_bytes());
    let words = |mode| {
        set_mode(&path, mode);
        let error = resolve(&over_folder(folder.path()), &by_reference(&file(&path)), CONTOSO).unwrap_err();
        format!("{error}\n{}", error.help_text()).replace(path.to_str().unwrap(), "/secrets/pat")
    };
    assert_snapshot!(words(0o644), @r#"
        credential.not_found: The file /secrets/pat cannot be read: /secrets/pat has the mode 0644: users other than its owner can read it
        Allow only its owner, the user of this process or root, to read or change it: chmod 600 '/secrets/pat'
        "#);
    assert_snapshot!(words(0o660), @r#"
        credential.not_found: The file /secrets/pat cannot be read: /secrets/pat has the mode 0660: users other than its owner can change it
        Allow only its owner, the user of this process or root, to read or change it: chmod 600 '/secrets/pat'
        "#);
}

#[test]
fn every_folder_above_a_token_is_checked() {
    let folder = tempfile::tempdir().unwrap();
    let inner = folder.path().join("inner");
    std::fs::create_dir(&inner).unwrap();
    let path = write(&inner, "pat", token(52).as_bytes());
    for (mode, fine) in [(0o755, true), (0o777, false), (0o775, false), (0o1777, true)] {
        set_mode(&inner, mode);
        let answer = resolve(&over_folder(folder.path()), &by_reference(&file(&path)), CONTOSO);
        assert_eq!(answer.is_ok(), fine, "{mode:04o}");
        let Err(error) = answer else { continue };
        assert!(error.message().contains(&format!("{} has the mode {mode:04o}", inner.display())), "{error}");
        assert!(
            error.help_text().ends_with(&format!("chmod go-w '{}'", inner.display())),
            "{}",
            error.help_text()
        );
    }
}

// Kubernetes mounts a secret as a link to a link into a timestamped folder
#[test]
fn a_link_inside_the_folder_is_followed() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("..2027_03_01");
    std::fs::create_dir(&data).unwrap();
    let token = token(84);
    write(&data, "pat", token.as_bytes());
    std::os::unix::fs::symlink("..2027_03_01", folder.path().join("..data")).unwrap();
    std::os::unix::fs::symlink("..data/pat", folder.path().join("pat")).unwrap();
    let path = folder.path().join("pat");
    let vault = over_folder(folder.path());
    assert_eq!(resolve(&vault, &by_reference(&file(&path)), CONTOSO).unwrap(), token);
}

// Opening a pipe without a writer would block forever
#[test]
fn anything_but_a_regular_file_is_rejected_without_being_opened() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let socket = folder.path().join("socket");
    let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
    let inner = folder.path().join("folder");
    std::fs::create_dir(&inner).unwrap();
    for path in [pipe, socket, inner, folder.path().to_owned()] {
        let error = resolve(&over_folder(folder.path()), &by_reference(&file(&path)), CONTOSO).unwrap_err();
        assert_eq!(error.code(), ErrorCode::CredentialNotFound, "{error}");
        assert!(error.message().ends_with(", not a file"), "{error}");
    }
}
