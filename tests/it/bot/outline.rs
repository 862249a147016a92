//! The outline of a flow, from which the drawing of `check --graph` is made.

use azdo_bot::hosts::bot::OutlineKind;
use serde_json::json;

use crate::bot::documents::Folder;
use crate::bot::documents::action;
use crate::bot::documents::text;
use crate::bot::faults::variables;

#[test]
fn a_branch_a_catch_and_a_finally_have_their_own_lines() {
    let action = || json!([action("getProject", &[("session", text("Default"))])]);
    let branch = |package: &str, command: &str| json!({ "packageName": package, "commandName": command, "children": action() });
    let condition = json!([{
        "name": "condition",
        "value": { "type": "CONDITIONAL", "conditionalName": "booleanVariable", "packageName": "Boolean" },
        "attributes": [
            { "name": "variable", "value": { "type": "BOOLEAN", "boolean": true } },
            { "name": "operator", "value": text("EQ") },
            { "name": "value", "value": { "type": "BOOLEAN", "boolean": true } } ] }]);
    let nodes = json!([
        { "packageName": "If", "commandName": "if", "attributes": condition, "children": action(),
          "branches": [branch("If", "else")] },
        { "packageName": "ErrorHandler", "commandName": "try", "children": action(),
          "branches": [branch("ErrorHandler", "catch"), branch("ErrorHandler", "finally")] },
    ]);
    let outline = Folder::with(nodes, variables()).check().outline();
    let parts = outline[0].rows.iter().filter_map(|row| match row.kind {
        OutlineKind::Part(title) => Some((title, row.line)),
        _ => None,
    });
    let expected = [("Branch", 1), ("Branch", 3), ("Try", 5), ("Catch", 7), ("Finally", 9)];
    assert_eq!(parts.collect::<Vec<_>>(), expected);
}
