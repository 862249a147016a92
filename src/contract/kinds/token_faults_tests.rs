//! What is not a token is recognized, in every form, and never quoted.

use base64::Engine as _;
use base64::engine::general_purpose;

use super::*;

/// A text with the older form of tokens
fn older() -> String {
    "ab2".repeat(18)[..52].to_owned()
}

/// A text with the newer form of tokens
fn newer() -> String {
    format!("{}{}xyz1", &"aB3".repeat(26)[..76], ["AZ", "DO"].concat())
}

fn jwt(issuer: &str) -> String {
    let part = |json: String| general_purpose::URL_SAFE_NO_PAD.encode(json);
    format!("{}.{}.c2ln", part(r#"{"alg":"RS256"}"#.to_owned()), part(format!(r#"{{"iss":"{issuer}"}}"#)))
}

/// Returns the reason and the help, which must not quote the token
fn refused(text: &str, origin: TokenOrigin) -> String {
    let refusal = check_token(text, origin).expect_err(text);
    let said = format!("{} {}", refusal.reason, refusal.help.unwrap_or_default());
    assert!(!said.contains(&older()) && !said.contains(&newer()) && !said.contains("hidden"), "{said}");
    said
}

#[test]
fn what_is_not_a_token_is_seen_before_it_is_sent() {
    let token = older();
    let rows = [
        ("$(AZDO_HIDDEN)".to_owned(), "of the form $(NAME), not replaced"),
        ("${HIDDEN}".to_owned(), "of the form ${NAME}"),
        ("%HIDDEN%".to_owned(), "of the form %NAME%"),
        ("$hidden$".to_owned(), "choose Variable in the field"),
        ("{{hidden}}".to_owned(), "of the form {{NAME}}"),
        ("#{HIDDEN}#".to_owned(), "of the form #{NAME}#"),
        ("AZDO_HIDDEN".to_owned(), "the name of a variable"),
        ("null".to_owned(), "a missing value"),
        ("changeme".to_owned(), "a word of an example"),
        ("xxxxxxxx".to_owned(), "one character, repeated"),
        ("\u{2022}\u{2022}\u{2022}\u{2022}".to_owned(), "a mask was copied"),
        (format!("AZDO_PAT={token}"), "a line NAME=VALUE"),
        (format!("export AZDO_PAT=\"{token}\"\n"), "a line NAME=VALUE"),
        (format!("pat: {token}"), "a line NAME=VALUE"),
        (format!("$env:AZDO_PAT = '{token}'"), "a line NAME=VALUE"),
        (format!("{{\"token\":\"{token}\"}}"), "JSON"),
        (format!("https://{token}@dev.azure.com/contoso"), "a URL"),
        ("/run/secrets/hidden".to_owned(), "file:PATH"),
        ("C:\\secrets\\hidden.txt".to_owned(), "file:PATH"),
        (format!("\"{token}\""), "quotes"),
        (format!("Bearer {token}"), "without the words of the header"),
        (format!("Authorization: Basic {token}"), "without the words of the header"),
        ("-----BEGIN RSA PRIVATE KEY-----\nhidden".to_owned(), "a certificate or a key"),
        ("6ce954b1-ce1f-45d1-b94d-e6bf2464ba2c".to_owned(), "a GUID"),
        (["gh", "p_", &token].concat(), "one of GitHub"),
    ];
    for (text, expected) in rows {
        for origin in [TokenOrigin::Typed, TokenOrigin::Stored] {
            let said = refused(&text, origin);
            assert!(said.contains(expected), "{text}: {said}");
        }
    }
}

#[test]
fn a_token_in_base64_is_recognized_alone_and_after_a_user() {
    for token in [older(), newer()] {
        for before in ["", ":", "me:"] {
            let text = format!("{before}{token}");
            let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            for encoded in [
                general_purpose::STANDARD.encode(&text),
                general_purpose::STANDARD_NO_PAD.encode(&text),
                general_purpose::URL_SAFE.encode(format!("{text}\n")),
                general_purpose::STANDARD.encode(wide),
            ] {
                assert!(refused(&encoded, TokenOrigin::Stored).contains("base64"), "{before} {encoded}");
            }
        }
    }
}

#[test]
fn tokens_and_access_tokens_are_not_refused() {
    for token in [older(), newer(), jwt("https://sts.windows.net/x/"), "c4n4ry0123456789".to_owned()] {
        for origin in [TokenOrigin::Typed, TokenOrigin::Stored] {
            assert_eq!(
                check_token(&token, origin).map_err(|error| error.reason).expect("a token").expose(),
                token
            );
        }
    }
}

#[test]
fn a_reference_in_place_of_a_token_is_named_with_its_remedy() {
    for text in ["env:HIDDEN", "file:/hidden", "entra:hidden", " ENV:hidden", "@env:HIDDEN", "\"env:HIDDEN\""]
    {
        let typed = refused(text, TokenOrigin::Typed);
        assert!(
            typed.contains("is a reference to the store") && typed.contains("choose Variable"),
            "{text}: {typed}"
        );
        assert!(refused(text, TokenOrigin::Stored).contains("not followed"), "{text}");
    }
}

#[test]
fn a_token_of_the_other_method_is_refused_before_it_is_sent() {
    let (entra, pipelines) = (jwt("https://sts.windows.net/x/"), jwt("app.vstoken.visualstudio.com"));
    let check = |text: &str, method| {
        check_method(&Secret::new(text.to_owned()), method).map_err(|error| error.reason)
    };
    for token in [older(), newer()] {
        assert_eq!(check(&token, Scheme::Basic), Ok(()));
        assert!(
            check(&token, Scheme::Bearer)
                .is_err_and(|reason| reason.contains("the method ENTRA does not accept"))
        );
    }
    assert!(
        check(&entra, Scheme::Basic).is_err_and(|reason| reason.contains("the method PAT does not accept"))
    );
    assert_eq!(check(&entra, Scheme::Bearer), Ok(()));
    // The token of a job in Azure Pipelines is accepted by both methods.
    assert_eq!((check(&pipelines, Scheme::Basic), check(&pipelines, Scheme::Bearer)), (Ok(()), Ok(())));
    assert_eq!(check_method(&Secret::new(entra).as_bearer(), Scheme::Basic), Ok(()));
}

#[test]
fn only_a_token_of_no_known_form_has_an_unknown_form() {
    let is_unknown = |text: &str| has_unknown_form(&Secret::new(text.to_owned()));
    assert!(is_unknown("hidden"));
    assert!(![older(), newer(), jwt("x")].iter().any(|text| is_unknown(text)));
}
