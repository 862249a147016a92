//! The page of the protocol: its example is replayed, and every message on it matches its schema.

use serde_json::Value;

use crate::rpc::process::Serve;
use crate::rpc::schemas;

fn page() -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/hosts/json-rpc.md");
    std::fs::read_to_string(path).expect("the page is there")
}

/// Returns the lines of the code blocks of this kind on the page
fn block(kind: &str) -> Vec<String> {
    let page = page();
    let mut lines = Vec::new();
    for block in page.split(&format!("```{kind}\n")).skip(1) {
        let (inside, _) = block.split_once("```").expect("the block ends");
        lines.extend(inside.lines().map(str::to_owned));
    }
    lines
}

fn parsed(line: &str) -> Value {
    serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))
}

/// Compares values; a text that ends in an ellipsis matches every text with the same start
fn same(expected: &Value, seen: &Value) -> bool {
    match (expected, seen) {
        (Value::String(expected), Value::String(seen)) => {
            expected.strip_suffix('…').map_or(expected == seen, |start| seen.starts_with(start))
        }
        (Value::Array(expected), Value::Array(seen)) => {
            expected.len() == seen.len() && expected.iter().zip(seen).all(|(one, other)| same(one, other))
        }
        (Value::Object(expected), Value::Object(seen)) => {
            // The order of members is part of the example.
            expected.len() == seen.len()
                && expected.iter().zip(seen).all(|(one, other)| one.0 == other.0 && same(one.1, other.1))
        }
        (expected, seen) => expected == seen,
    }
}

#[test]
fn the_example_of_the_page_runs_as_written() {
    let lines = block("transcript");
    assert!(lines.len() > 15, "the example is there");
    let mut serve = Serve::silent(&["--simulate"]);
    for line in &lines {
        if let Some(line) = line.strip_prefix("> ") {
            schemas::assert_valid(&parsed(line), None);
            serve.line(line);
            continue;
        }
        let expected = parsed(line.strip_prefix("< ").expect("each line begins with > or <"));
        let seen = serve.next();
        assert!(same(&expected, &seen), "expected {expected}\nseen     {seen}");
    }
    let left = serve.finish();
    assert!(left.status.success() && left.messages.is_empty(), "{:?}", left.messages);
}

#[test]
fn other_messages_of_the_page_match_their_schemas() {
    let lines = block("json");
    assert_eq!(lines.len(), 4);
    for line in lines {
        schemas::assert_valid(&parsed(&line), Some("credential/resolve"));
    }
}

#[test]
fn the_manifest_hash_matches_the_committed_file() {
    let manifest = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/package-manifest.json"));
    let hash = ring::digest::digest(&ring::digest::SHA256, &manifest.expect("it is there"));
    let hex: String = hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    let mut serve = Serve::silent(&[]);
    let answer = serve.ask("initialize", serde_json::json!({ "protocol": { "min": 0, "max": 9 } }));
    assert_eq!(answer["result"]["manifestHash"], hex);
}
