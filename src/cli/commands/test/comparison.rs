//! Compares what a bot did with what was expected, in plain words.

use std::path::Path;

use crate::cli::commands::test::collector::Observed;
use crate::cli::commands::test::wildcard;
use crate::contract::Dictionary;
use crate::contract::Value;
use crate::contract::did_you_mean;
use crate::contract::nearest;
use crate::files;
use crate::hosts::bot::Fault;
use crate::setup::BotTestExpectation;

/// The largest file of a bot that is compared, in bytes
const MAX_BYTES: usize = 1 << 20;

/// Returns what is not as expected, each as a sentence
pub(super) fn failures(expected: &BotTestExpectation, observed: &Observed, folder: &Path) -> Vec<String> {
    let mut failures = Vec::new();
    result(expected, &observed.result, &mut failures);
    if let Some(messages) = &expected.messages {
        texts("message", messages, &observed.messages, &mut failures);
    }
    if let Some(actions) = &expected.actions {
        texts("action", actions, &observed.actions, &mut failures);
    }
    requests(expected, &observed.requests, &mut failures);
    for (name, content) in &expected.files {
        failures.extend(file(&folder.join(name), name, content));
    }
    failures
}

fn result(expected: &BotTestExpectation, got: &Result<Dictionary, Vec<Fault>>, failures: &mut Vec<String>) {
    match (&expected.code, got) {
        (None, Ok(outputs)) => outputs_differ(&expected.outputs, outputs, failures),
        (None, Err(faults)) => {
            let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
            failures.push(format!("the bot failed: {}", faults.join("; ")));
        }
        (Some(code), Ok(_)) => failures.push(format!("the bot succeeded; expected the error {code}")),
        (Some(code), Err(faults)) => {
            if !faults.iter().any(|fault| fault.error.code().as_str() == code) {
                let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
                failures.push(format!("expected the error {code}, got: {}", faults.join("; ")));
            }
        }
    }
}

fn outputs_differ(expected: &Dictionary, got: &Dictionary, failures: &mut Vec<String>) {
    for (name, value) in expected {
        match got.get(name) {
            Some(other) if is_as_expected(value, other) => {}
            Some(other) => {
                failures.push(format!("the output \"{name}\" is {}; expected {}", json(other), json(value)));
            }
            None => {
                let hint = did_you_mean(nearest(name, got.keys()));
                failures.push(format!("the bot has no output \"{name}\"{hint}"));
            }
        }
    }
}

/// Returns whether a value is as expected: a text with `*`, any other value equal
fn is_as_expected(expected: &Value, got: &Value) -> bool {
    match (expected, got) {
        (Value::Text(expected), Value::Text(text)) => wildcard::matches(expected, text),
        (Value::Number(expected), Value::Number(number)) => expected.to_decimal() == number.to_decimal(),
        (Value::List(expected), Value::List(items)) => {
            expected.len() == items.len()
                && expected.iter().zip(items).all(|(one, other)| is_as_expected(one, other))
        }
        (Value::Dictionary(expected), Value::Dictionary(entries)) => {
            expected.len() == entries.len()
                && expected
                    .iter()
                    .all(|(key, one)| entries.get(key).is_some_and(|other| is_as_expected(one, other)))
        }
        (expected, got) => expected == got,
    }
}

fn texts(what: &str, expected: &[String], got: &[String], failures: &mut Vec<String>) {
    for (at, text) in expected.iter().enumerate() {
        let number = at + 1;
        match got.get(at) {
            Some(other) if wildcard::matches(text, other) => {}
            Some(other) => {
                failures.push(format!("{what} {number} is {}; expected {}", quoted(other), quoted(text)))
            }
            None => failures.push(format!("{what} {number} is missing; expected {}", quoted(text))),
        }
    }
    for (at, text) in got.iter().enumerate().skip(expected.len()) {
        failures.push(format!("{what} {} is not expected: {}", at + 1, quoted(text)));
    }
}

fn requests(expected: &BotTestExpectation, got: &[String], failures: &mut Vec<String>) {
    if let Some(count) = expected.request_count
        && u64::try_from(got.len()) != Ok(count)
    {
        failures.push(format!("the service got {} requests; expected {count}", got.len()));
    }
    let mut rest = got.iter();
    for request in &expected.requests {
        if !rest.any(|other| wildcard::matches(request, other)) {
            let all = if got.is_empty() { "none".to_owned() } else { got.join(", ") };
            failures.push(format!(
                "the request \"{request}\" is missing, or not in this order; the requests: {all}"
            ));
            return;
        }
    }
}

fn file(path: &Path, name: &str, expected: &Value) -> Option<String> {
    let Value::Text(expected) = expected else {
        return Some(format!("the content of the file \"{name}\" is expected as a text"));
    };
    let content = match files::read(path, MAX_BYTES) {
        Ok(Some(content)) => String::from_utf8_lossy(&content).into_owned(),
        Ok(None) => return Some(format!("the file \"{name}\" is larger than 1 MiB")),
        Err(error) => return Some(format!("the file \"{name}\" cannot be read: {}", files::reason(&error))),
    };
    (!wildcard::matches(expected, &content))
        .then(|| format!("the file \"{name}\" contains {}; expected {}", quoted(&content), quoted(expected)))
}

/// Returns a text on one line, as JSON writes it
fn quoted(text: &str) -> String {
    json(&Value::from(text))
}

fn json(value: &Value) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
