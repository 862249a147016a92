//! Misspelt attributes of a bot file: of nodes, conditions, iterators and branches.

use serde_json::Value as Json;
use serde_json::json;

use crate::bot::documents::Folder;
use crate::bot::documents::node;
use crate::bot::documents::number;
use crate::bot::documents::text;
use crate::bot::faults::variables;

#[test]
fn an_attribute_with_a_name_that_is_near_to_a_missing_one_is_a_warning() {
    let replace = |others: &[(&str, Json)]| {
        let required = [("sourceString", text("a b")), ("find", text("a")), ("replaceWith", text("c"))];
        let nodes = json!([node("String", "replace", &[&required[..], others].concat())]);
        let analysis = Folder::with(nodes, variables()).check();
        assert!(analysis.faults.is_empty(), "{:?}", analysis.faults);
        analysis.warnings.iter().map(|warning| warning.text.clone()).collect::<Vec<String>>()
    };
    let misspelt =
        r#""startIndx" is not an attribute of the node, and is ignored; did you mean "startIndex"?"#;
    assert_eq!(replace(&[("startIndx", number("2"))]), [misspelt]);
    // Designers write attributes that have no effect here.
    assert!(replace(&[("startIndex", number("2")), ("delayBefore", number("1"))]).is_empty());
}

#[test]
fn attributes_of_conditions_iterators_and_branches_are_held_to_the_same() {
    let part = |name: &str, value: Json| json!({ "name": name, "value": value });
    let condition = |parts: Json| {
        let kind =
            json!({ "type": "CONDITIONAL", "conditionalName": "stringVariable", "packageName": "String" });
        json!([{ "name": "condition", "value": kind, "attributes": parts }])
    };
    let operands =
        || vec![part("variable", text("a")), part("operator", text("EQ")), part("value", text("A"))];
    let misspelt = |name: &str| {
        let mut parts = operands();
        parts.push(part(name, json!({ "type": "BOOLEAN", "boolean": true })));
        condition(Json::Array(parts))
    };
    let list = json!({ "type": "LIST", "list": [text("a")] });
    let iterator = json!([{ "name": "iterator",
        "value": { "type": "ITERATOR", "iteratorName": "list.iterators.list", "packageName": "List" },
        "attributes": [part("list", list), part("startIndx", number("1"))] }]);
    let branch = |package: &str, command: &str, attributes: Json| json!({ "packageName": package, "commandName": command, "attributes": attributes });
    let catch = json!({ "packageName": "ErrorHandler", "commandName": "catch",
        "attributes": [part("continueOnEror", json!({ "type": "BOOLEAN", "boolean": true }))],
        "returns": { "errorMesage": { "type": "VARIABLE", "variableName": "text" } } });
    let nodes = json!([
        { "packageName": "If", "commandName": "if", "attributes": misspelt("matchCse"),
          "branches": [branch("If", "elseIf", misspelt("matchcases"))] },
        { "packageName": "Loop", "commandName": "loop.commands.start", "attributes": iterator },
        { "packageName": "ErrorHandler", "commandName": "try", "branches": [catch] },
        node("CsvTxt", "CloseCsvTxt", &[("sesion", text("a"))]),
    ]);
    let analysis = Folder::with(nodes, variables()).check();
    assert!(analysis.faults.is_empty(), "{:?}", analysis.faults);
    let warnings: Vec<String> =
        analysis.warnings.iter().map(|found| format!("{} {}", found.place.line, found.text)).collect();
    assert_eq!(
        warnings,
        [
            r#"1 "matchCse" is not an attribute of the condition, and is ignored; did you mean "matchCase"?"#,
            r#"2 "matchcases" is not an attribute of the condition, and is ignored; did you mean "matchCase"?"#,
            r#"3 "startIndx" is not an attribute of the iterator, and is ignored; did you mean "startIndex"?"#,
            r#"5 "continueOnEror" is not an attribute of the node, and is ignored; did you mean "continueOnError"?"#,
            r#"5 a catch returns no "errorMesage", and this is ignored; did you mean "errorMessage"?"#,
            r#"6 "sesion" is not an attribute of the node, and is ignored; did you mean "session"?"#,
        ]
    );
}

#[test]
fn a_misspelt_part_of_a_condition_or_of_a_loop_that_is_required_is_named_in_the_error() {
    let condition = |name: &str, parts: Json| {
        let kind = json!({ "type": "CONDITIONAL", "conditionalName": name, "packageName": "String" });
        json!([{ "name": "condition", "value": kind, "attributes": parts }])
    };
    let part = |name: &str, value: &str| json!({ "name": name, "value": text(value) });
    for (attributes, expected) in [
        (
            condition(
                "stringVariable",
                json!([part("variabel", "a"), part("operator", "EQ"), part("value", "a")]),
            ),
            r#""variable" is missing, and the node has an attribute "variabel""#,
        ),
        (
            condition(
                "stringVariable",
                json!([part("variable", "a"), part("oprator", "EQ"), part("value", "a")]),
            ),
            r#""operator" is missing, and the node has an attribute "oprator""#,
        ),
        (
            condition(
                "stringVariable",
                json!([part("variable", "a"), part("operator", "INCLUD"), part("value", "a")]),
            ),
            r#"If.if: the operator of this condition is not one of EQ, NEQ, INCLUDE, NOT_INCLUDE, BEGINS_WITH, ENDS_WITH; did you mean "INCLUDE"?"#,
        ),
        (
            condition("stringVarible", json!([])),
            r#"If.if: this host supports only conditions on texts, numbers, booleans and dates, and on whether a file or folder exists; did you mean "stringVariable"?"#,
        ),
    ] {
        let nodes = json!([{ "packageName": "If", "commandName": "if", "attributes": attributes }]);
        let faults = Folder::with(nodes, variables()).check().faults;
        let messages: Vec<&str> = faults.iter().map(|fault| fault.error.message()).collect();
        assert_eq!(messages, [expected]);
    }
    let attributes = json!([part("loopTyp", "WHILE")]);
    let nodes =
        json!([{ "packageName": "Loop", "commandName": "loop.commands.start", "attributes": attributes }]);
    let faults = Folder::with(nodes, variables()).check().faults;
    assert_eq!(
        faults[0].error.message(),
        r#""loopType" is missing, and the node has an attribute "loopTyp""#
    );
}

#[test]
fn a_misspelt_member_of_the_file_is_a_warning() {
    let branch = json!({ "packageName": "Step", "commandName": "step", "childern": [] });
    let warnings = Folder::with(json!([branch]), variables()).check().warnings;
    let texts: Vec<&str> = warnings.iter().map(|found| found.text.as_str()).collect();
    assert_eq!(texts.len(), 1, "{texts:?}");
    assert!(
        texts[0]
            .ends_with(r#""childern" is not a member of a node, and is ignored; did you mean "children"?"#),
        "{texts:?}"
    );
}
