//! Adds the outputs that the service left out, for hosts whose flows read each output by its name. Decision 0191.

use crate::contract::Dictionary;
use crate::contract::Value;
use crate::package::ActionCard;
use crate::package::OutputField;

impl ActionCard {
    /// Returns outputs of the action with null where an optional one is missing
    pub(crate) fn with_empty_outputs(&'static self, outputs: Dictionary) -> Dictionary {
        with_empty(&self.outputs, outputs)
    }
}

fn with_empty(fields: &'static [OutputField], mut given: Dictionary) -> Dictionary {
    let mut all = Dictionary::with_capacity(fields.len());
    for field in fields {
        match given.remove(&field.name) {
            Some(Value::List(items)) if !field.parts.is_empty() => {
                let items = items.into_iter().map(|item| match item {
                    Value::Dictionary(entries) => Value::Dictionary(with_empty(&field.parts, entries)),
                    other => other,
                });
                all.insert(field.name.as_str(), Value::List(items.collect()));
            }
            Some(value) => drop(all.insert(field.name.as_str(), value)),
            None if field.is_optional => drop(all.insert(field.name.as_str(), Value::Null)),
            None => {}
        }
    }
    // An output that is not declared stays behind the others.
    all.extend(given);
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::package::action;

    fn completed(name: &str, json: &str) -> String {
        let card = action(name).expect("the action exists");
        let Ok(Value::Dictionary(outputs)) = crate::contract::read_json(json.as_bytes(), 1 << 16) else {
            panic!("the outputs are an object");
        };
        serde_json::to_string(&card.with_empty_outputs(outputs)).expect("it serializes")
    }

    #[test]
    fn outputs_that_are_missing_are_null_and_keep_the_order_of_the_action() {
        let all = completed("getRepository", r#"{"webUrl":"w","id":"1","name":"site"}"#);
        let expected = r#"{"id":"1","name":"site","defaultBranch":null,"size":null,"isDisabled":null,"#;
        assert!(all.starts_with(expected), "{all}");
        assert!(all.contains(r#""webUrl":"w""#), "{all}");
    }

    #[test]
    fn the_entries_of_a_list_are_completed_too() {
        let all =
            completed("listRepositories", r#"{"repositories":[{"id":"1","name":"site"}],"more":false}"#);
        assert!(
            all.starts_with(r#"{"repositories":[{"id":"1","name":"site","defaultBranch":null,"#),
            "{all}"
        );
        assert!(all.ends_with(r#""more":false}"#), "{all}");
    }
}
