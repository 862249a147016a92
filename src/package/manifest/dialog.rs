//! The dialog of a command: its attributes, with the fields of options and groups inside them.

use serde_json::Value as Json;
use serde_json::json;

use crate::actions::SessionUse;
use crate::contract::Number;
use crate::contract::Value;
use crate::package::ActionCard;
use crate::package::Attribute;
use crate::package::AttributeType;
use crate::package::manifest::command::Writer;
use crate::package::manifest::command::object;
use crate::package::run_tree_name::run_tree_name;

/// The fields that cannot work in the vendor's designer: there, no action learns the name of its session
const HIDDEN: &[(&str, &str)] = &[("connect", "ifSessionExists")];

impl Writer<'_> {
    /// Returns the attributes of a command, in the order of the form
    pub(super) fn dialog(&mut self, card: &ActionCard) -> Vec<Json> {
        let mut dialog = Vec::new();
        let mut groups: Vec<String> = Vec::new();
        for attribute in card.attributes.iter().filter(|one| one.inside.is_none()) {
            match (attribute.group.as_deref(), attribute.group_name()) {
                // A group stands where its first field is.
                (Some(group), Some(name)) if !groups.contains(&name) => {
                    dialog.push(self.group(card, group, &name));
                    groups.push(name);
                }
                (Some(_), _) => {}
                (None, _) => dialog.push(self.attribute(card, attribute)),
            }
        }
        dialog
    }

    fn group(&mut self, card: &ActionCard, group: &str, name: &str) -> Json {
        let vendors = run_tree_name(card).filter(|_| self.for_vendor);
        let fields = card.attributes.iter().chain(&vendors).filter(|one| one.group.as_deref() == Some(group));
        let fields: Vec<Json> = fields.map(|one| self.attribute(card, one)).collect();
        json!({
            "name": name,
            "label": self.texts.put(&format!("{}.{name}.label", card.name), group),
            "type": "GROUP",
            "attributes": fields,
        })
    }

    fn attribute(&mut self, card: &ActionCard, attribute: &Attribute) -> Json {
        let key = format!("{}.{}", card.name, attribute.name);
        let mut entry = object(json!({
            "name": attribute.name,
            "label": self.texts.put(&format!("{key}.label"), &attribute.label),
            "description": self.texts.put(&format!("{key}.description"), &attribute.description),
            "type": type_name(attribute),
        }));
        if let Some(default) = &attribute.default {
            entry.insert("defaultValue".to_owned(), default_value(attribute.kind, default));
        }
        let hidden = self.for_vendor && is_hidden(card, attribute);
        let rules = rules(card, attribute);
        if hidden {
            // Without rules: a field that is not shown cannot be filled in.
            entry.insert("hidden".to_owned(), true.into());
        } else if !rules.is_empty() {
            entry.insert("rules".to_owned(), rules.into());
        }
        if attribute.kind == AttributeType::Select {
            let options: Vec<Json> = attribute
                .options
                .iter()
                .map(|option| {
                    let label = self.texts.put(&format!("{key}.{}.label", option.value), &option.label);
                    let mut entry = object(json!({ "label": label, "value": option.value }));
                    let nested = card.fields_inside(attribute, option);
                    let nested: Vec<Json> = nested.map(|one| self.attribute(card, one)).collect();
                    if !nested.is_empty() {
                        entry.insert("attributes".to_owned(), nested.into());
                    }
                    entry.into()
                })
                .collect();
            entry.insert("options".to_owned(), options.into());
        }
        if !self.for_vendor {
            entry.insert("modes".to_owned(), json!(modes(attribute.kind)));
        }
        entry.into()
    }
}

/// Returns whether a field is not shown in the vendor's designer
fn is_hidden(card: &ActionCard, attribute: &Attribute) -> bool {
    HIDDEN.contains(&(card.name.as_str(), attribute.name.as_str()))
}

/// Returns the type of an attribute in the manifest
///
/// A check box is always yes or no. A flag without a default has a third state, in which nothing is changed.
pub(in crate::package) const fn type_name(attribute: &Attribute) -> &'static str {
    match attribute.kind {
        AttributeType::Checkbox if attribute.default.is_none() => "BOOLEAN",
        kind => kind.as_str(),
    }
}

fn rules(card: &ActionCard, attribute: &Attribute) -> Vec<Json> {
    let rule = |name: &str| json!({ "name": name });
    let number = |name: &str, value: i64| json!({ "name": name, "value": value.to_string() });
    let mut rules = Vec::new();
    // The action that asks for a session also runs without one.
    let asks = attribute.kind == AttributeType::Session && card.session_use == SessionUse::Asks;
    let required =
        attribute.required || matches!(attribute.kind, AttributeType::Session | AttributeType::Select);
    if required && !asks {
        rules.push(rule("NOT_EMPTY"));
    }
    match attribute.kind {
        AttributeType::Credential => rules.push(rule("CREDENTIAL_ALLOW_PASSWORD")),
        AttributeType::Session if asks => {
            rules.extend([rule("SESSION_OBJECT"), rule("SESSION_ALLOW_NONEXISTENT")]);
        }
        AttributeType::Session => rules.push(rule("SESSION_OBJECT")),
        AttributeType::Number => rules.push(rule("NUMBER_INTEGER")),
        _ => {}
    }
    if let Some((low, high)) = attribute.bounds {
        rules.push(number("GREATER_THAN_EQUALS", low));
        rules.push(number("LESS_THAN_EQUALS", high));
    }
    rules
}

/// Returns the ways to give an input
pub(in crate::package) const fn modes(kind: AttributeType) -> &'static [&'static str] {
    match kind {
        AttributeType::Credential => &["CREDENTIAL", "VARIABLE", "INSECURE_STRING"],
        AttributeType::Select => &["CHOICE"],
        AttributeType::Session => &["NAME", "VARIABLE"],
        _ => &["VALUE", "VARIABLE"],
    }
}

fn default_value(kind: AttributeType, default: &Value) -> Json {
    match (kind, default) {
        (AttributeType::Session, Value::Text(name)) => {
            json!({ "type": "SESSION", "sessionName": { "type": "STRING", "string": name } })
        }
        (_, Value::Number(Number::Integer(number))) => {
            json!({ "type": "NUMBER", "number": number.to_string() })
        }
        (_, Value::Number(Number::Decimal(number))) => {
            json!({ "type": "NUMBER", "number": number.to_string() })
        }
        (_, Value::Boolean(flag)) => json!({ "type": "BOOLEAN", "boolean": flag }),
        (_, Value::Text(text)) => json!({ "type": "STRING", "string": text }),
        (_, Value::List(_)) => json!({ "type": "LIST", "list": [] }),
        (_, Value::Dictionary(_)) => json!({ "type": "DICTIONARY", "dictionary": [] }),
        (_, Value::Null) => Json::Null,
    }
}
