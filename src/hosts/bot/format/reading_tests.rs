//! Tests of reading bot files.

use super::*;

use crate::hosts::bot::format::bot_file::RawNode;
use crate::hosts::bot::format::bot_file::RawValue;

fn node(json: &str) -> RawNode {
    let text = format!("{{\"nodes\":[{json}]}}");
    read_bot_file(text.as_bytes()).expect("it is a bot file").nodes.remove(0)
}

#[test]
fn missing_empty_and_null_members_are_equal() {
    for json in [
        r#"{"commandName":"step","packageName":"Step"}"#,
        r#"{"commandName":"step","packageName":"Step","attributes":[],"children":[],"branches":[]}"#,
        r#"{"commandName":"step","packageName":"Step","uid":null,"disabled":null,"attributes":null,
            "children":null,"branches":null,"returnTo":null,"returns":null}"#,
    ] {
        let node = node(json);
        assert!(node.attributes.is_empty() && node.children.is_empty() && node.branches.is_empty());
        assert!(!node.is_disabled() && !node.return_to.is_given() && node.returns.is_empty());
    }
}

#[test]
fn booleans_and_numbers_are_read_as_text_or_json() {
    for (json, disabled) in [("true", true), ("\"true\"", true), ("false", false), ("\"\"", false)] {
        assert_eq!(node(&format!(r#"{{"disabled":{json}}}"#)).is_disabled(), disabled, "{json}");
    }
    for json in ["3", "\"3\"", "3.0"] {
        let node = node(&format!(r#"{{"returnTo":{{"type":"NUMBER","number":{json}}}}}"#));
        assert!(node.return_to.number.starts_with('3'), "{json}");
    }
}

#[test]
fn a_value_with_only_empty_members_is_not_set() {
    let empties = r#"{"returnTo":{"type":"UNDEFINED","string":"","expression":"","number":"","boolean":"",
        "list":[],"dictionary":[],"variableName":"","packageName":"",
        "credential":{"name":"","lockerName":"","attributeName":""},
        "sessionName":{"type":"STRING","string":""},"sessionTarget":"NONE","taskbotFile":null}}"#;
    assert!(!node(empties).return_to.is_given());
    assert!(node(r#"{"returnTo":{"type":"BOOLEAN","boolean":false}}"#).return_to.is_given());
}

#[test]
fn a_byte_order_mark_and_unknown_keys_are_ignored() {
    let bot = read_bot_file(b"\xef\xbb\xbf{\"nodes\":[],\"triggers\":[{}],\"breakpoints\":7}")
        .expect("it is a bot file");
    assert!(bot.nodes.is_empty() && bot.variables.is_empty());
}

#[test]
fn attributes_nested_under_an_option_are_found() {
    let node = node(
        r#"{"attributes":[{"name":"method","value":{"type":"STRING","string":"PAT"},
            "attributes":[{"name":"pat","value":{"type":"STRING","expression":"$x$"}}]}]}"#,
    );
    assert_eq!(node.attribute("pat").expect("it is nested").value.expression, "$x$");
    assert!(node.attribute("other").is_none());
}

#[test]
fn an_invalid_bot_file_is_reported_with_its_line_and_never_quoted() {
    let deep = format!("{{\"nodes\":{}{}}}", "[{\"children\":".repeat(100), "null}]".repeat(100));
    for (text, line) in [
        ("", "1"),
        ("hidden", "1"),
        ("[\"hidden\"]", "1"),
        ("{\"hidden\":1}", "1"),
        ("{\"nodes\":null}", "1"),
        ("{\"nodes\":[{\"uid\":[\"hidden\"]}]}", "1"),
        ("{\"nodes\":[\n{\"uid\":\"a\",\n\"uid\":\"hidden\"}]}", "3"),
        ("{\"nodes\":[\n", "2"),
        (deep.as_str(), "1"),
    ] {
        let error = read_bot_file(text.as_bytes()).expect_err(text);
        assert_eq!(error.code(), ErrorCode::BotUnreadable);
        assert_eq!(error.context_value("line"), Some(line), "{text}: {error}");
        assert!(!format!("{error:?}").contains("hidden"), "{error:?}");
    }
    assert_eq!(format!("{:?}", RawValue { string: "hidden".into(), ..RawValue::default() }), "RawValue()");
}
