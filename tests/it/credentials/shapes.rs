//! Stored tokens, and stored texts that cannot be a token.

use azdo_bot::contract::Credential;
use azdo_bot::contract::ErrorCode;
use azdo_bot::contract::Secret;

use crate::credentials::support::CONTOSO;
use crate::credentials::support::by_reference;
use crate::credentials::support::file;
use crate::credentials::support::over;
use crate::credentials::support::over_folder;
use crate::credentials::support::read;
use crate::credentials::support::resolve;
use crate::credentials::support::token;
use crate::credentials::support::write;

#[test]
fn every_store_returns_tokens_of_both_lengths() {
    let folder = tempfile::tempdir().unwrap();
    for length in [52, 84] {
        let token = token(length);
        let path = write(folder.path(), "pat", token.as_bytes());
        let from_file = resolve(&over_folder(folder.path()), &by_reference(&file(&path)), CONTOSO);
        assert_eq!(from_file.unwrap(), token);

        let vault = over(&[("AZDO_PAT", &token)]);
        assert_eq!(resolve(&vault, &by_reference("env:AZDO_PAT"), CONTOSO).unwrap(), token);
        let typed = Credential::Insecure(Secret::new(token.clone()));
        assert_eq!(resolve(&vault, &typed, CONTOSO).unwrap(), token);
        assert_eq!(read(&vault, "env:AZDO_PAT").unwrap().expose(), token);
    }
}

// The content, and a word of the message
fn not_tokens() -> Vec<(Vec<u8>, &'static str)> {
    let token = token(52);
    let text = |text: String| text.into_bytes();
    vec![
        (text(format!("{token}\nX-Header: 1")), "line break"),
        (text(format!("{token}\r{token}")), "line break"),
        (text(format!("{token}\n\n")), "line break"),
        (text(format!("{token}\0")), "characters that no token has"),
        (text("<secret>".to_owned()), "<secret>"),
        (text("********".to_owned()), "asterisks"),
        (text("${PAT}".to_owned()), "variable"),
        (text("%{PAT}".to_owned()), "variable"),
        (text(format!("Basic {token}")), "Basic"),
        (text(format!("Bearer {token}")), "Basic"),
        (text(format!("{token}=")), "encoded"),
        (text(String::new()), "empty"),
        (text("   ".to_owned()), "empty"),
        (text("\n".to_owned()), "empty"),
        (vec![b'b'; 1 << 20], "8 KiB"),
        (vec![b'b'; 8 * 1024 + 1], "8 KiB"),
        (text(format!("{token}\u{e9}")), "characters that no token has"),
        (vec![b'b', 0xff, b'c'], "characters that no token has"),
    ]
}

#[test]
fn a_text_that_is_no_token_is_rejected_with_its_reference_and_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    for (content, reason) in not_tokens() {
        let path = write(folder.path(), "pat", &content);
        let error = resolve(&over_folder(folder.path()), &by_reference(&file(&path)), CONTOSO).unwrap_err();
        assert_eq!(error.code(), ErrorCode::CredentialInvalidFormat, "{reason}");
        assert!(error.message().contains(reason), "{reason}: {error}");
        assert!(error.message().contains("pat"), "{error}");

        let Ok(text) = String::from_utf8(content) else { continue };
        let vault = over(&[("AZDO_PAT", &text)]);
        let error = resolve(&vault, &by_reference("env:AZDO_PAT"), CONTOSO).unwrap_err();
        assert_eq!(error.code(), ErrorCode::CredentialInvalidFormat, "{reason}");
        assert!(
            error.message().contains(reason) && error.message().contains("AZDO_PAT"),
            "{reason}: {error}"
        );
    }
}

#[test]
fn one_trailing_line_break_is_removed() {
    let folder = tempfile::tempdir().unwrap();
    let token = token(52);
    for end in ["\n", "\r\n"] {
        let path = write(folder.path(), "pat", format!("{token}{end}").as_bytes());
        let answer = resolve(&over_folder(folder.path()), &by_reference(&file(&path)), CONTOSO);
        assert_eq!(answer.unwrap(), token);
    }
}

#[test]
fn a_byte_order_mark_is_removed_and_utf16_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let token = token(52);
    let marked = format!("\u{feff}{token}\r\n");
    let path = write(folder.path(), "pat", marked.as_bytes());
    let ask = || resolve(&over_folder(folder.path()), &by_reference(&file(&path)), CONTOSO);
    assert_eq!(ask().unwrap(), token);
    assert_eq!(
        resolve(&over(&[("AZDO_PAT", &marked)]), &by_reference("env:AZDO_PAT"), CONTOSO).unwrap(),
        token
    );
    for wide in [
        marked.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>(),
        token.encode_utf16().flat_map(u16::to_be_bytes).collect(),
    ] {
        write(folder.path(), "pat", &wide);
        let error = ask().unwrap_err();
        assert!(error.message().ends_with("is in UTF-16"), "{error}");
        assert!(error.help_text().contains("Save it as UTF-8"), "{}", error.help_text());
    }
}

#[test]
fn a_value_that_is_the_name_of_its_variable_is_recognized() {
    for name in ["AZDO_PAT", "AZDO_Bot"] {
        let error =
            resolve(&over(&[(name, name)]), &by_reference(&format!("env:{name}")), CONTOSO).unwrap_err();
        assert_eq!(error.code(), ErrorCode::CredentialInvalidFormat, "{name}");
        assert!(error.message().contains("the name of a variable, not its value"), "{error}");
    }
}

#[cfg(unix)]
#[test]
fn a_variable_that_is_not_text_is_rejected() {
    use std::ffi::OsString;
    use std::os::unix::ffi::OsStringExt as _;
    use std::sync::Arc;

    use azdo_bot::credentials::CredentialResolver;
    use azdo_bot::credentials::Lockers;
    use azdo_bot::credentials::StorePolicy;

    let lookup = Arc::new(|_: &str| Some(OsString::from_vec(vec![b'b', 0xff])));
    let vault = CredentialResolver::new(lookup, Lockers::default(), StorePolicy::default());
    let error = resolve(&vault, &by_reference("env:AZDO_PAT"), CONTOSO).unwrap_err();
    assert_eq!(error.code(), ErrorCode::CredentialInvalidFormat);
}
