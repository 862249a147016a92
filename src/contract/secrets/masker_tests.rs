//! Tests of the masker: every spelling, every place, whole and before a cut.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;

use super::*;
use crate::contract::mask_tokens;

fn token() -> String {
    ["c4n4ry", "+/\"quoted\"/", "Token0123"].concat()
}

fn masker_of(secrets: &[&str]) -> Masker {
    let masker = Masker::default();
    secrets.iter().for_each(|secret| masker.remember(&Secret::new((*secret).to_owned())));
    masker
}

#[test]
fn a_secret_is_masked_in_every_spelling() {
    let token = token();
    let masker = masker_of(&[&token]);
    let url: String = url::form_urlencoded::byte_serialize(token.as_bytes()).collect();
    let mut outputs = vec![token.clone(), url, serde_json::to_string(&token).expect("serializes")];
    outputs.extend(["", ":", "u:", "me:", "someone:"].map(|user| STANDARD.encode(format!("{user}{token}"))));
    for output in outputs {
        let text = format!("before {output} after");
        let masked = masker.mask(&text);
        assert!(masked.contains(MASK), "{text} -> {masked}");
        assert!(!masked.contains(&token) && masked.starts_with("before ") && masked.ends_with(" after"));
    }
}

#[test]
fn other_text_and_short_secrets_are_left_alone() {
    let masker = masker_of(&["abc", "abcdefgh"]);
    assert_eq!(masker.mask("abc def"), "abc def");
    assert_eq!(masker.mask("xabcdefghx"), "x********x");
    assert_eq!(format!("{masker:?}"), "Masker(..)");
}

#[test]
fn a_text_is_masked_before_it_is_cut_wherever_the_cut_falls() {
    let token = token();
    let masker = masker_of(&[&token]);
    for before in 0..80 {
        let text = format!("{}{token} after", "x".repeat(before));
        for most in 0..100 {
            for shown in [masker.mask(&text).excerpt(most), masker.mask(&text).beginning(most)] {
                assert!(!shown.contains(&token[..6]), "{before} {most}: {shown}");
                assert!(shown.chars().count() <= most + 1, "{before} {most}: {shown}");
            }
        }
    }
}

#[test]
fn every_text_of_a_value_is_masked_and_no_member_is_lost() {
    let (one, two) = ("first-secret", "second-secret");
    let masker = masker_of(&[one, two]);
    let inner = Dictionary::from_iter([
        (one.to_owned(), Value::from(two)),
        (two.to_owned(), Value::from(7)),
        ("plain".to_owned(), Value::from("x")),
    ]);
    let mut value = Value::List(vec![Value::from(inner), Value::from(format!("{one}!"))]);
    masker.mask_value(&mut value);
    assert_eq!(
        serde_json::to_string(&value).expect("serializes"),
        r#"[{"********":"********","*********":7,"plain":"x"},"********!"]"#
    );
}

#[test]
fn the_form_of_a_token_is_masked_without_knowing_it() {
    let older = "ab2".repeat(18)[..52].to_owned();
    let newer = format!("{}{}xyz1", &"aB3".repeat(26)[..76], ["AZ", "DO"].concat());
    let masker = Masker::default();
    assert_eq!(masker.mask(&format!("env:{older}, \"{newer}\".")), "env:********, \"********\".");
    assert_eq!(mask_tokens(format!("{older}/{newer}")), "********/********");
    let commit = "0123456789abcdef0123".repeat(2);
    assert_eq!(masker.mask(&commit), commit);
}

#[test]
fn the_log_is_masked_with_the_secrets_of_every_masker_that_is_left() {
    let (kept, gone) = ("kept-by-one-of-two", "gone-with-its-masker");
    let masker = masker_of(&[kept]);
    let other = masker_of(&[kept, gone]);
    let line = format!("{kept} {gone}");
    assert_eq!(mask_log(&line), "******** ********");
    drop(other);
    assert_eq!(mask_log(&line), format!("******** {gone}"));
    drop(masker);
    assert_eq!(mask_log(&line), line);
}

/// Returns texts that may have long runs of letters and digits, and characters of secrets between others
fn pieces() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec("[a-c+/:.%_-]{0,12}|[a-zA-Z0-9]{30,90}|[ é\"]{1,3}", 0..6)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn no_text_with_a_secret_is_skipped(
        secrets in prop::collection::vec("[a-c+/:.%_-]{6,12}|[a-zA-Z0-9]{30,90}", 0..3),
        pieces in pieces(),
        chosen in any::<prop::sample::Index>(),
    ) {
        let masker = masker_of(&secrets.iter().map(String::as_str).collect::<Vec<_>>());
        let known = masker.known();
        let spellings: Vec<&str> = known.spellings.iter().map(|spelling| spelling.0.as_str()).collect();
        let secret = if spellings.is_empty() { "" } else { spellings[chosen.index(spellings.len())] };
        for text in [pieces.concat(), pieces.join(secret)] {
            let searched = mask_shapes(mask_known(Cow::Borrowed(&text), known.spellings.iter()));
            prop_assert_eq!(&*masked(&known, &text), &*searched);
        }
    }
}
