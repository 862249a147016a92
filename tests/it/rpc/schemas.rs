//! Tests of the committed schemas.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::OnceLock;

use jsonschema::Validator;
use serde_json::Value;
use serde_json::json;

fn all() -> &'static BTreeMap<String, Validator> {
    static ALL: OnceLock<BTreeMap<String, Validator>> = OnceLock::new();
    ALL.get_or_init(|| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/protocol");
        let files = std::fs::read_dir(folder).expect("there are schemas");
        files
            .map(|file| {
                let path = file.expect("it can be read").path();
                let text = std::fs::read_to_string(&path).expect("it can be read");
                let schema: Value = serde_json::from_str(&text).expect("a schema is JSON");
                let name = path.file_stem().expect("it has a name").to_string_lossy().into_owned();
                (name, jsonschema::validator_for(&schema).expect("it is a schema"))
            })
            .collect()
    })
}

/// Returns the name of the schema of a message: by its method, or by the method that a result answers
fn name(message: &Value, answers: Option<&str>) -> String {
    if message.get("error").is_some() {
        return "error".to_owned();
    }
    let stem = |method: &str| match method.trim_start_matches("$/").split_once('/') {
        Some((first, second)) => format!("{first}{}{}", second[..1].to_uppercase(), &second[1..]),
        None => method.trim_start_matches("$/").to_owned(),
    };
    match (message["method"].as_str(), message.get("id")) {
        (Some(method), Some(_)) => format!("{}.request", stem(method)),
        (Some(method), None) => format!("{}.notification", stem(method)),
        (None, _) => format!("{}.response", stem(answers.expect("it answers a known request"))),
    }
}

/// Asserts that the message is valid in the protocol
pub(crate) fn assert_valid(message: &Value, answers: Option<&str>) {
    let name = name(message, answers);
    let schema = all().get(&name).unwrap_or_else(|| panic!("there is no schema {name} for {message}"));
    if let Err(fault) = schema.validate(message) {
        panic!("{name}: {fault} in {message}");
    }
}

#[test]
fn every_message_has_one_schema() {
    let mut expected =
        vec!["cancel.notification".to_owned(), "error".to_owned(), "progress.notification".to_owned()];
    let methods = [
        "initialize",
        "botRunStart",
        "botRunEnd",
        "actionExecute",
        "actionCheck",
        "credentialResolve",
        "shutdown",
    ];
    expected.extend(methods.iter().flat_map(|one| [format!("{one}.request"), format!("{one}.response")]));
    expected.sort();
    assert_eq!(all().keys().cloned().collect::<Vec<_>>(), expected);
}

#[test]
fn schemas_accept_their_message_and_reject_others() {
    let start = json!({ "jsonrpc": "2.0", "id": 1, "method": "botRun/start", "params": { "id": "a" } });
    let fitting = |message: &Value| -> Vec<&str> {
        all().iter().filter(|(_, schema)| schema.is_valid(message)).map(|(name, _)| name.as_str()).collect()
    };
    assert_eq!(fitting(&start), ["botRunStart.request"]);
    let changes: [fn(&mut Value); 6] = [
        |message| message["jsonrpc"] = json!("1.0"),
        |message| message["id"] = Value::Null,
        |message| message["id"] = json!(1.5),
        |message| message["id"] = json!("x".repeat(129)),
        |message| message["params"] = json!({}),
        |message| message["method"] = json!("botRun/begin"),
    ];
    for (at, change) in changes.into_iter().enumerate() {
        let mut message = start.clone();
        change(&mut message);
        assert_eq!(fitting(&message), Vec::<&str>::new(), "change {at}: {message}");
    }
}
