//! What an action does, in one phrase: the text of its node with the inputs of the call, and the other inputs by name.
//!
//! Only the fields in the text of the node, numbers and booleans are shown with their values: any other text may be
//! personal, or long.

use crate::actions::Entry;
use crate::contract::Dictionary;
use crate::contract::SESSION_HANDLE_PREFIX;
use crate::contract::SessionTarget;
use crate::contract::Value;

/// How many members of a list or dictionary are named
const MOST_MEMBERS: usize = 20;

/// The field that each action has, and that the record has by itself
const SESSION: &str = "session";

/// The place of a new session in the text of a node
const TARGET: &str = "returnTo";

/// Returns the phrase, neither masked nor cut
pub(super) fn phrase(entry: &Entry, inputs: &Dictionary, target: Option<&SessionTarget>) -> String {
    let mut text = String::new();
    let mut shown = vec![SESSION];
    let mut rest = entry.node;
    while let Some((before, field)) = rest.split_once("{{") {
        let (name, after) = field.split_once("}}").unwrap_or((field, ""));
        text.push_str(before);
        match (name, inputs.get(name)) {
            (TARGET, _) => text.push_str(&target.cloned().unwrap_or_default().to_string()),
            (SESSION, Some(Value::Text(handle))) if handle.starts_with(SESSION_HANDLE_PREFIX) => {
                text.push_str("in a variable");
            }
            (SESSION, None) => text.push_str("Default"),
            (_, given) => text.push_str(&given.map_or_else(|| "(default)".to_owned(), in_words)),
        }
        shown.push(name);
        rest = after;
    }
    text.push_str(rest);
    let others: Vec<String> = inputs
        .iter()
        .filter(|(name, value)| !shown.contains(name) && **value != Value::Null)
        .map(|(name, value)| setting(name, value))
        .collect();
    match others.is_empty() {
        true => text,
        false => format!("{text}: {}", others.join(", ")),
    }
}

/// Returns the value of a field in the text of a node
fn in_words(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Boolean(flag) => flag.to_string(),
        other => format!("({})", other.kind()),
    }
}

/// Returns an input by name, with its value if that is a number or a boolean
fn setting(name: &str, value: &Value) -> String {
    let members = |names: Vec<&str>, all: usize| {
        let more = if all > names.len() { format!(", {} more", all - names.len()) } else { String::new() };
        format!("{name} ({}{more})", names.join(", "))
    };
    match value {
        Value::Number(number) => format!("{name} = {number}"),
        Value::Boolean(flag) => format!("{name} = {flag}"),
        Value::Dictionary(entries) if !entries.is_empty() => {
            members(entries.keys().take(MOST_MEMBERS).collect(), entries.len())
        }
        Value::List(entries) => format!("{name} ({} entries)", entries.len()),
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actions;

    fn of(action: &str, inputs: serde_json::Value) -> String {
        let Value::Dictionary(inputs) = Value::from(inputs) else { panic!("inputs are an object") };
        phrase(actions::entry(action).expect("the action exists"), &inputs, None)
    }

    #[test]
    fn a_phrase_has_the_fields_of_the_node_and_names_the_others() {
        assert_eq!(
            of(
                "updateRepository",
                serde_json::json!({ "session": "x", "repository": "site", "newName": "web", "isDisabled": true })
            ),
            "Update repository \"site\": newName, isDisabled = true"
        );
        assert_eq!(
            of(
                "updateWorkItem",
                serde_json::json!({ "id": 7, "fields": { "System.State": "Done" }, "tags": ["a"] })
            ),
            "Update work item 7: fields (System.State), tags (1 entries)"
        );
        assert_eq!(of("listPipelines", serde_json::json!({})), "List pipelines");
    }

    #[test]
    fn no_handle_of_a_session_is_shown() {
        let handle = format!("{SESSION_HANDLE_PREFIX}{}", "ab".repeat(16));
        assert_eq!(
            of("disconnect", serde_json::json!({ "session": handle })),
            "Disconnect session in a variable"
        );
        assert_eq!(of("disconnect", serde_json::json!({})), "Disconnect session Default");
    }
}
