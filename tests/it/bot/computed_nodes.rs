//! Nodes that compute a text, a number or a boolean.

use serde_json::Value as Json;
use serde_json::json;

use crate::bot::documents::Folder;
use crate::bot::documents::computed;
use crate::bot::documents::declare;
use crate::bot::documents::number;
use crate::bot::documents::text;
use crate::bot::documents::variable;
use crate::bot::pieces::set;
use crate::bot::support::outcome;

/// Runs nodes with a variable of each type, and returns the output of this variable as JSON, or the error
pub(crate) async fn result(nodes: Json, output: &str) -> String {
    let kinds = ["STRING", "NUMBER", "BOOLEAN", "DATETIME", "LIST", "DICTIONARY", "TABLE", "RECORD", "ANY"];
    let variables = kinds.iter().map(|kind| {
        let name = kind.to_lowercase();
        let more = if name == output { json!({ "output": true }) } else { json!({}) };
        declare(&name, kind, more)
    });
    let outcome = outcome(&Folder::with(nodes, variables.collect())).await;
    match serde_json::from_str::<Json>(&outcome) {
        Ok(outputs) => outputs[output].to_string(),
        Err(_) => outcome,
    }
}

/// Runs a node that assigns to a variable
pub(crate) async fn computes(package: &str, command: &str, fields: &[(&str, Json)], to: &str) -> String {
    result(json!([set(package, command, fields, to)]), to).await
}

/// A command, its attributes, the type of its output, and the output as JSON
type TextRow = (&'static str, Vec<(&'static str, Json)>, &'static str, &'static str);

#[tokio::test]
async fn texts() {
    let source = |text_: &str| ("sourceString", text(text_));
    let flag = |name: &'static str, on: bool| (name, text(if on { "true" } else { "false" }));
    let boolean = |on: bool| json!({ "type": "BOOLEAN", "boolean": on });
    let rows: Vec<TextRow> = vec![
        (
            "replace",
            vec![source("a.b.c"), ("find", text(".")), ("replaceWith", text("-"))],
            "string",
            "\"a-b-c\"",
        ),
        (
            "replace",
            vec![
                source("aAa"),
                ("find", text("a")),
                ("replaceWith", text("x")),
                flag("isCaseSensitive", true),
            ],
            "string",
            "\"xAx\"",
        ),
        (
            "replace",
            vec![source("aAa"), ("find", text("a")), ("replaceWith", text("x"))],
            "string",
            "\"xxx\"",
        ),
        (
            "replace",
            vec![
                source("a1b22"),
                ("find", text("[0-9]+")),
                ("replaceWith", text("#")),
                flag("isRegularExpression", true),
            ],
            "string",
            "\"a#b#\"",
        ),
        (
            "replace",
            vec![
                source("aaaa"),
                ("find", text("a")),
                ("replaceWith", text("b")),
                ("startIndex", number("2")),
                ("count", number("2")),
            ],
            "string",
            "\"abba\"",
        ),
        (
            "replace",
            vec![source("a$1"), ("find", text("a")), ("replaceWith", text("$0"))],
            "string",
            "\"$0$1\"",
        ),
        (
            "split",
            vec![source("a;b;;c"), ("delimiter", text(";")), ("substrings", text("ALL"))],
            "list",
            r#"["a","b","","c"]"#,
        ),
        (
            "split",
            vec![source("a;b;c"), ("delimiter", text(";")), ("substrings", text("2"))],
            "list",
            r#"["a","b;c"]"#,
        ),
        ("split", vec![source("ab"), ("delimiter", text(""))], "list", r#"["ab"]"#),
        ("reverse", vec![source("añb")], "string", "\"bña\""),
        (
            "subString",
            vec![source("release"), ("startIndex", number("3")), ("subStringLength", number("2"))],
            "string",
            "\"le\"",
        ),
        ("subString", vec![source("release"), ("startIndex", number("3"))], "string", "\"lease\""),
        (
            "subString",
            vec![
                source("abc"),
                ("startIndex", number("2")),
                ("subStringLength", number("9")),
                ("returnBlankIfRangeNotFound", boolean(true)),
            ],
            "string",
            "\"\"",
        ),
        ("find", vec![source("a release"), ("find", text("RELEASE"))], "number", "3"),
        (
            "find",
            vec![source("a release"), ("find", text("RELEASE")), flag("isCaseSensitive", true)],
            "number",
            "0",
        ),
        ("find", vec![source("ñaa"), ("find", text("a")), ("startIndex", number("3"))], "number", "3"),
        (
            "trim",
            vec![source(" a "), ("trimAtBeginning", boolean(true)), ("trimAtEnd", boolean(false))],
            "string",
            "\"a \"",
        ),
        ("trim", vec![source(" a ")], "string", "\"a\""),
        ("length", vec![source("añ€")], "number", "3"),
        ("uppercase", vec![source("aß")], "string", "\"ASS\""),
        ("lowercase", vec![source("AÑ")], "string", "\"añ\""),
        (
            "compare",
            vec![source("A"), ("stringToCompare", text("a")), flag("matchCase", false)],
            "boolean",
            "true",
        ),
        ("toNumber", vec![source(" 3.50 ")], "number", "3.5"),
        ("toBoolean", vec![source("TRUE")], "boolean", "true"),
    ];
    for (command, fields, to, expected) in rows {
        assert_eq!(computes("String", command, &fields, to).await, expected, "{command} {fields:?}");
    }
    for (command, fields, message) in [
        (
            "subString",
            vec![source("abc"), ("startIndex", number("2")), ("subStringLength", number("9"))],
            "the text has 3 characters",
        ),
        ("toNumber", vec![("sourceString", computed("$string$x"))], "is not a number"),
    ] {
        let error =
            computes("String", command, &fields, if command == "toNumber" { "number" } else { "string" })
                .await;
        assert!(error.contains("bot.expression") && error.contains(message), "{error}");
    }
}

#[tokio::test]
async fn the_text_before_after_and_between_marks() {
    let between = |before: &str, after: &str, more: &[(&'static str, Json)]| {
        let mut fields = vec![
            ("sourceString", text("run [12] of [34] \n")),
            ("getCharacters", text("BEFOREAFTER")),
            ("beforeStringInBeforeAfter", text(before)),
            ("afterStringInBeforeAfter", text(after)),
        ];
        fields.extend(more.iter().cloned());
        fields
    };
    let one = |which: &'static str, name: &'static str, mark: &str, more: &[(&'static str, Json)]| {
        let mut fields =
            vec![("sourceString", text("a-B-c")), ("getCharacters", text(which)), (name, text(mark))];
        fields.extend(more.iter().cloned());
        fields
    };
    let rows = [
        (between("]", "[", &[]), "12"),
        (between("]", "[", &[("afterOccurrenceInBeforeAfter", number("2"))]), "34"),
        (between("x", "of", &[("ifNoMatchFound", text("EMPTY"))]), ""),
        (between("x", "of", &[("ifNoMatchFound", text("SOURCE"))]), "run [12] of [34] \\n"),
        (between("x", "of", &[("beforeAfterCondition", text("OR"))]), " [34] \\n"),
        (
            between(
                "x",
                "of",
                &[
                    ("beforeAfterCondition", text("OR")),
                    ("trimSpaces", json!({"type":"BOOLEAN","boolean":true})),
                ],
            ),
            "[34]",
        ),
        (one("BEFORE", "beforeString", "-", &[]), "a"),
        (one("BEFORE", "beforeString", "-", &[("beforeOccurrence", number("2"))]), "a-B"),
        (one("AFTER", "afterString", "b", &[("noOfCharsToGet", text("1"))]), "-"),
        (one("AFTER", "afterString", "b", &[("isCaseSensitive", text("true"))]), ""),
    ];
    for (fields, expected) in rows {
        assert_eq!(
            computes("String", "beforeAfter", &fields, "string").await,
            format!("\"{expected}\""),
            "{fields:?}"
        );
    }
    let error = computes(
        "String",
        "beforeAfter",
        &between("x", "of", &[("ifNoMatchFound", text("ERROR"))]),
        "string",
    )
    .await;
    assert!(error.contains("does not contain the marks"), "{error}");
}

#[tokio::test]
async fn numbers_and_booleans() {
    let rows = [
        ("Number", "decrement", vec![("source", number("5")), ("by", number("2"))], "number", "3"),
        (
            "Number",
            "toString",
            vec![("input", number("2")), ("numFormatDigits", number("2"))],
            "string",
            "\"2.00\"",
        ),
        (
            "Number",
            "toString",
            vec![("input", number("2.345")), ("numFormatDigits", number("1"))],
            "string",
            "\"2.3\"",
        ),
        (
            "Number",
            "toString",
            vec![("input", number("7/2")), ("numFormatDigits", number("0"))],
            "string",
            "\"3.5\"",
        ),
        ("Number", "randomNumber", vec![("fromVal", number("4")), ("toVal", number("4"))], "number", "4"),
        ("Number", "assignToNumber", vec![("input", number("$string.String:length$ + 1"))], "number", "1"),
        (
            "Boolean",
            "invert",
            vec![("source", json!({"type":"BOOLEAN","expression":"$boolean$"}))],
            "boolean",
            "true",
        ),
        (
            "Boolean",
            "equalTo",
            vec![("source", variable("boolean")), ("checkSource", variable("boolean"))],
            "boolean",
            "true",
        ),
        (
            "Boolean",
            "assign",
            vec![("source", text("variable")), ("variable", variable("boolean"))],
            "boolean",
            "false",
        ),
    ];
    for (package, command, fields, to, expected) in rows {
        assert_eq!(computes(package, command, &fields, to).await, expected, "{command} {fields:?}");
    }
    let error =
        computes("Number", "randomNumber", &[("fromVal", number("2")), ("toVal", number("1"))], "number")
            .await;
    assert!(error.contains("between a smaller and a larger"), "{error}");
}
