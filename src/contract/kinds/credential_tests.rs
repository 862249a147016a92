//! Tests of credentials: their forms, and what is refused without a quote.

use super::*;
use crate::contract::Dictionary;
use crate::contract::decode;
use crate::contract::read_json;

#[derive(Deserialize)]
struct Input {
    pat: Credential,
}

fn credential(json: &str) -> Result<Credential, crate::contract::Error> {
    let value = read_json(json.as_bytes(), 1 << 20).expect("the test's text is JSON");
    decode::<Input>("connect", Dictionary::from_iter([("pat".to_owned(), value)])).map(|input| input.pat)
}

#[test]
fn every_form_is_read() {
    let env = CredentialReference { store: "env".into(), path: "AZDO_PAT".into(), attribute: None };
    assert!(
        matches!(credential(r#""env:AZDO_PAT""#), Ok(Credential::Reference(reference)) if reference == env)
    );
    assert!(
        matches!(credential(r#"{"reference":"env:AZDO_PAT"}"#), Ok(Credential::Reference(r)) if r == env)
    );
    assert!(matches!(credential(r#""file:/run/secrets/x#y""#),
        Ok(Credential::Reference(r)) if r.path == "/run/secrets/x" && r.attribute.as_deref() == Some("y")));
    assert!(matches!(credential(r#"{"lockerName":"devops","name":"azdo","attributeName":"pat"}"#),
        Ok(Credential::Locker(locker)) if locker.to_string() == "devops/azdo/pat"));
    assert!(
        matches!(credential(r#""abcdef""#), Ok(Credential::Insecure(token)) if token.expose() == "abcdef")
    );
    assert!(matches!(credential(r#"{"insecure":"abcdef"}"#), Ok(Credential::Insecure(_))));
}

#[test]
fn a_text_that_is_nearly_a_reference_has_its_own_reason() {
    for (text, reason) in [
        (" env:AZDO_HIDDEN", "the reference to the store env has a blank"),
        ("env:AZDO_HIDDEN\n", "has a blank or a line break"),
        ("env: AZDO_HIDDEN", "has a blank"),
        ("vault:hidden #pat", "the reference to the store vault has a blank"),
        ("file :/hidden", "the reference to the store file has a blank"),
        ("ENV:AZDO_HIDDEN", "not in small letters: env"),
        ("@env:AZDO_HIDDEN", "begins with \"@\""),
        ("\"env:AZDO_HIDDEN\"", "is in quotes"),
        ("env:$(HIDDEN)", "a placeholder of the form $(NAME)"),
        ("env:$HIDDEN", "a placeholder of the form $NAME"),
    ] {
        for refusal in [
            Credential::parse(text).map(drop).expect_err(text),
            CredentialReference::parse(text).map(drop).expect_err(text),
        ] {
            assert!(refusal.reason.contains(reason), "{text:?}: {}", refusal.reason);
            assert!(!refusal.reason.to_lowercase().contains("hidden"), "{}", refusal.reason);
        }
    }
}

#[test]
fn a_store_that_is_misspelt_is_named() {
    for (text, store) in [("evn:AZDO_HIDDEN", "env"), ("vualt:hidden#pat", "vault"), ("fiel:/hidden", "file")]
    {
        for refusal in [
            Credential::parse(text).map(drop).expect_err(text),
            CredentialReference::parse(text).map(drop).expect_err(text),
        ] {
            assert!(refusal.reason.ends_with(&format!("; did you mean \"{store}:\"?")), "{}", refusal.reason);
            assert!(!refusal.reason.to_lowercase().contains("hidden"), "{}", refusal.reason);
        }
    }
}

#[test]
fn what_may_hide_a_token_is_refused_unquoted() {
    for json in [
        r#""hidden:abcdef""#,
        r#""https://hidden""#,
        r#""hidden/abc""#,
        r#""env:""#,
        r#""file:#x""#,
        r#"{"reference":"locker:hidden"}"#,
        r#"{"reference":"env:X","insecure":"hidden"}"#,
        r#"{"lockerName":"devops"}"#,
        r#"{}"#,
    ] {
        let error = credential(json).expect_err(json);
        assert_eq!(error.code(), ErrorCode::CredentialInvalidFormat, "{json}");
        assert!(!format!("{error:?}").contains("hidden"), "{error:?}");
    }
    assert_eq!(credential("7").expect_err("a number").code(), ErrorCode::InputInvalid);
    assert_eq!(credential(r#"{"hidden":1}"#).expect_err("unknown").code(), ErrorCode::InputInvalid);
}
