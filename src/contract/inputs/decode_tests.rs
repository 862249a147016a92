//! What a caller reads when an input does not decode.

use serde::Deserialize;

use super::*;
use crate::contract::Base64Text;
use crate::contract::ErrorCode;
use crate::contract::ParseError;
use crate::contract::TextKind;
use crate::contract::inputs::text_kind::text_kind;
use crate::contract::read_json;

/// A kind of input that refuses one character
#[derive(Debug)]
struct RepositoryName(String);

impl TextKind for RepositoryName {
    const EXPECTED: &'static str = "a repository name";

    fn parse(text: &str) -> Result<Self, ParseError> {
        match text.contains('/') {
            true => Err(ParseError::invalid("a repository name cannot contain \"/\"")),
            false => Ok(RepositoryName(text.to_owned())),
        }
    }
}

text_kind!(RepositoryName, { "minLength": 1 });

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Input {
    name: RepositoryName,
    #[serde(default)]
    top: Option<u32>,
    #[serde(default)]
    labels: Vec<String>,
    #[serde(default)]
    mode: Option<Mode>,
    #[serde(default)]
    force: bool,
    #[serde(default)]
    content: Option<Base64Text>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum Mode {
    Fail,
    Create,
}

fn input(json: &str) -> Result<Input, Error> {
    match read_json(json.as_bytes(), 1 << 16).expect("the test's text is JSON") {
        Value::Dictionary(inputs) => decode_inputs("createRepository", inputs, str::to_owned),
        _ => panic!("the test's text is an object"),
    }
}

#[test]
fn good_inputs_decode_and_null_means_not_given() {
    let input = input(r#"{"name":"site","top":3,"labels":["a"],"mode":"CREATE"}"#).expect("it decodes");
    assert_eq!((input.name.0.as_str(), input.top, input.labels.len()), ("site", Some(3), 1));
    assert!(matches!(input.mode, Some(Mode::Create)));
    assert!(matches!(self::input(r#"{"name":"site","top":null}"#), Ok(Input { top: None, .. })));
}

#[test]
fn a_value_of_another_type_that_can_mean_one_thing_only_is_taken() {
    for (json, name) in [
        (r#"{"name":42}"#, "42"),
        (r#"{"name":-7}"#, "-7"),
        (r#"{"name":9007199254740993}"#, "9007199254740993"),
        (r#"{"name":2.5}"#, "2.5"),
    ] {
        assert_eq!(input(json).expect(json).name.0, name, "{json}");
    }
    for (json, top) in [
        (r#"{"name":"a","top":"3"}"#, 3),
        (r#"{"name":"a","top":" 3 "}"#, 3),
        (r#"{"name":"a","top":3.0}"#, 3),
        (r#"{"name":"a","top":3e0}"#, 3),
    ] {
        assert_eq!(input(json).expect(json).top, Some(top), "{json}");
    }
    for (json, force) in
        [(r#"{"name":"a","force":"true"}"#, true), (r#"{"name":"a","force":"False"}"#, false)]
    {
        assert_eq!(input(json).expect(json).force, force, "{json}");
    }
    let labels = input(r#"{"name":"a","labels":["b",2024]}"#).expect("it decodes").labels;
    assert_eq!(labels, ["b", "2024"]);
}

#[test]
fn null_is_not_given_for_every_field_that_is_optional() {
    let input = input(r#"{"labels":null,"force":null,"name":"site","top":null,"mode":null}"#);
    let input = input.expect("it decodes");
    assert_eq!((input.name.0.as_str(), input.labels.len(), input.force), ("site", 0, false));
    assert!(input.content.is_none());
}

#[test]
fn a_number_that_is_written_in_several_ways_is_not_a_text() {
    for json in
        [r#"{"name":3.0}"#, r#"{"name":1e300}"#, r#"{"name":1e-9}"#, r#"{"name":99999999999999999999}"#]
    {
        let error = input(json).expect_err(json);
        assert!(error.message().ends_with("expected a repository name, got a number"), "{error}");
    }
}

#[test]
fn every_fault_names_the_field_and_never_the_value() {
    let secret = "Hidden";
    let rows = [
        (r#"{"nam":"Hidden"}"#, "createRepository: there is no field \"nam\"; did you mean \"name\"?", "nam"),
        (r#"{"name":"site","quux":"Hidden"}"#, "createRepository: there is no field \"quux\"", "quux"),
        (r#"{}"#, "createRepository: the field \"name\" is missing", "name"),
        (r#"{"name":7.0}"#, "createRepository: \"name\" expected a repository name, got a number", "name"),
        (r#"{"name":true}"#, "createRepository: \"name\" expected a repository name, got a boolean", "name"),
        (r#"{"name":"site","nothing":null}"#, "createRepository: there is no field \"nothing\"", "nothing"),
        (
            r#"{"name":"site","labels":["a",null]}"#,
            "createRepository: \"labels.1\" expected a text, got nothing",
            "labels.1",
        ),
        (
            r#"{"name":"site","top":2.5}"#,
            "createRepository: \"top\" expected a whole number, got a number with decimals",
            "top",
        ),
        (
            r#"{"name":"site","force":"Hidden"}"#,
            "createRepository: \"force\" expected a boolean, got a text",
            "force",
        ),
        (
            r#"{"name":"site","content":1234}"#,
            "createRepository: \"content\" expected content in base64, got a number",
            "content",
        ),
        (r#"{"name":null}"#, "createRepository: \"name\" expected a repository name, got nothing", "name"),
        (
            r#"{"name":["Hidden"]}"#,
            "createRepository: \"name\" expected a repository name, got a list",
            "name",
        ),
        (
            r#"{"name":"site","top":"Hidden"}"#,
            "createRepository: \"top\" expected a whole number, got a text",
            "top",
        ),
        (
            r#"{"name":"site","top":-1}"#,
            "createRepository: \"top\" expected a whole number, got a negative number",
            "top",
        ),
        (
            r#"{"name":"site","labels":["a",{"b":"Hidden"}]}"#,
            "createRepository: \"labels.1\" expected a text, got a dictionary",
            "labels.1",
        ),
        (
            r#"{"name":"site","labels":"Hidden"}"#,
            "createRepository: \"labels\" expected a list, got a text",
            "labels",
        ),
        (
            r#"{"name":"site","mode":"Hidden"}"#,
            "createRepository: \"mode\" is not one of FAIL, CREATE",
            "mode",
        ),
        (
            r#"{"name":"site","mode":"CRAETE"}"#,
            "createRepository: \"mode\" is not one of FAIL, CREATE; did you mean \"CREATE\"?",
            "mode",
        ),
        (
            r#"{"name":"site","top":4294967296}"#,
            "createRepository: \"top\" expected a whole number, got a number that is out of range",
            "top",
        ),
        (
            r#"{"name":"site","mode":{}}"#,
            "createRepository: \"mode\" expected one of the choices, got a dictionary",
            "mode",
        ),
        (
            r#"{"name":"Hidden/x"}"#,
            "createRepository: \"name\": a repository name cannot contain \"/\"",
            "name",
        ),
    ];
    for (json, message, field) in rows {
        let error = input(json).expect_err(json);
        assert_eq!(error.code(), ErrorCode::InputInvalid, "{json}");
        assert_eq!(error.message(), message);
        assert_eq!(error.context_value("field"), Some(field), "{json}");
        assert!(!format!("{error:?}").contains(secret), "{error:?}");
    }
}

#[test]
fn a_field_name_of_the_caller_is_escaped_and_never_cut() {
    let error = input("{\"\\u001b[2Jx\":1}").expect_err("unknown field");
    assert!(error.message().contains("\\u001b[2Jx"), "{}", error.message());
    let error = input(&format!("{{\"{}\":1}}", "x".repeat(600))).expect_err("unknown field");
    assert!(error.message().contains("\"(600 characters)\""), "{}", error.message());
}

#[test]
fn a_token_in_the_place_of_a_fields_name_is_masked_and_the_slip_is_named() {
    let token = "ab2".repeat(18)[..52].to_owned();
    let error = input(&format!("{{\"{token}\":1}}")).expect_err("unknown field");
    assert!(!format!("{error:?}").contains(&token[..8]), "{error:?}");
    assert!(error.message().contains("\"********\""), "{error:?}");
    assert!(error.help_text().contains("looks like a token"), "{error:?}");
}

/// A message that ignores unknown fields
#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "the test decodes it only")]
struct Message {
    id: String,
    #[serde(default)]
    target: Option<String>,
}

#[test]
fn a_misspelt_name_of_a_missing_field_is_recognized_where_unknown_fields_are_ignored() {
    let message = |json: &str| match read_json(json.as_bytes(), 1 << 16).expect("the test's text is JSON") {
        Value::Dictionary(fields) => decode::<Message>("start", fields),
        _ => panic!("the test's text is an object"),
    };
    for json in [r#"{"id":"a","more":1}"#, r#"{"id":"a","target":"b","targt":"c"}"#] {
        message(json).expect("it decodes");
    }
    let optional = message(r#"{"id":"a","targt":"Hidden"}"#).expect_err("the target would be ignored");
    assert_eq!(optional.message(), "start: there is no field \"targt\"; did you mean \"target\"?");
    for (json, expected) in [
        (r#"{"idd":"Hidden"}"#, "start: there is no field \"idd\"; did you mean \"id\"?"),
        (r#"{"idOfRun":"Hidden"}"#, "start: there is no field \"idOfRun\"; did you mean \"id\"?"),
        (r#"{"idle":"Hidden"}"#, "start: the field \"id\" is missing"),
        (r#"{"other":"Hidden"}"#, "start: the field \"id\" is missing"),
    ] {
        let error = message(json).expect_err(json);
        assert_eq!((error.message(), error.context_value("field")), (expected, Some("id")), "{json}");
    }
}
