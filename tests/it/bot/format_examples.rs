//! The forms that the documentation shows are read without a fault.

use azdo_bot::contract::ErrorCode;
use azdo_bot::hosts::bot::ExampleKind;
use azdo_bot::hosts::bot::FormatExample;
use azdo_bot::hosts::bot::format_examples;
use serde_json::Value as Json;
use serde_json::json;

use crate::bot::documents::Folder;
use crate::bot::documents::declare;
use crate::bot::documents::lines;
use crate::bot::documents::text;

/// The variables that the examples use
fn variables() -> Json {
    let kinds = [
        ("text", "STRING"),
        ("path", "STRING"),
        ("folder", "STRING"),
        ("file", "FILE"),
        ("count", "NUMBER"),
        ("flag", "BOOLEAN"),
        ("date", "DATETIME"),
        ("list", "LIST"),
        ("dictionary", "DICTIONARY"),
        ("table", "TABLE"),
        ("record", "RECORD"),
    ];
    kinds.iter().map(|(name, kind)| declare(name, kind, json!({}))).collect()
}

/// The example as a node of a bot
fn node(example: &FormatExample) -> Json {
    let json: Json = serde_json::from_str(example.json).expect(example.json);
    match example.kind {
        ExampleKind::Node
            if json["commandName"].as_str().is_some_and(|name| {
                name.starts_with("loop.commands.b") || name.starts_with("loop.commands.c")
            }) =>
        {
            json!({ "commandName": "loop.commands.start", "packageName": "Loop", "children": [json], "attributes": [
                { "name": "iterator", "value": { "type": "ITERATOR", "iteratorName": "loop.iterators.times" },
                  "attributes": [{ "name": "times", "value": { "type": "NUMBER", "number": "1" } }] }] })
        }
        ExampleKind::Node => json,
        ExampleKind::Condition => json!({ "commandName": "if", "packageName": "If", "attributes": [json] }),
        ExampleKind::Iterator => json!({ "commandName": "loop.commands.start", "packageName": "Loop",
            "attributes": [{ "name": "loopType", "value": text("ITERATOR") }, json] }),
    }
}

#[test]
fn every_example_of_the_format_is_read() {
    let examples = format_examples();
    assert!(examples.len() > 80, "{}", examples.len());
    for example in &examples {
        let json: Json = serde_json::from_str(example.json).expect(example.json);
        match example.kind {
            ExampleKind::Node => {
                // The package of this project has two names, and one example.
                assert!(
                    json["packageName"] == example.package || example.package == "AzdoBot",
                    "{}",
                    example.json
                );
                let command = json["commandName"].as_str().expect(example.json);
                assert!(example.names.is_empty() || example.names == [command], "{}", example.json);
            }
            ExampleKind::Condition => assert_eq!(json["value"]["conditionalName"], example.names[0]),
            ExampleKind::Iterator => assert_eq!(json["value"]["iteratorName"], example.names[0]),
        }
        let folder = Folder::with(json!([node(example)]), variables());
        let outputs = json!([
            declare("repository", "STRING", json!({"input": true})),
            declare("result", "STRING", json!({"output": true}))
        ]);
        folder.bot("child", json!([]), outputs);
        let analysis = folder.check();
        assert!(analysis.faults.is_empty(), "{}\n{}", example.json, lines(&analysis.faults));
        let unread = analysis.warnings.iter().find(|warning| warning.text.contains("is not an attribute"));
        assert!(unread.is_none(), "{}\n{}", example.json, unread.expect("a warning"));
    }
}

/// Every name of a condition and an iterator is read, not only the one of the example
#[test]
fn every_name_of_a_condition_or_iterator_is_read() {
    for example in format_examples() {
        let member = match example.kind {
            ExampleKind::Node => continue,
            ExampleKind::Condition => "conditionalName",
            ExampleKind::Iterator => "iteratorName",
        };
        for name in &example.names {
            let text = example.json.replace(example.names[0], name);
            assert!(text.contains(member), "{text}");
            let renamed = FormatExample { json: text.leak(), ..example.clone() };
            let folder = Folder::with(json!([node(&renamed)]), variables());
            let unsupported =
                |fault: &azdo_bot::hosts::bot::Fault| fault.error.code() == ErrorCode::BotUnsupportedNode;
            assert!(!folder.check().faults.iter().any(unsupported), "{name}");
        }
    }
}
