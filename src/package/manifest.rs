//! `package-manifest.json`: the package in the vendor's manifest format.

use serde_json::Map;
use serde_json::Value as Json;
use serde_json::json;

use crate::contract::Number;
use crate::contract::Value;
use crate::package::ActionCard;
use crate::package::Attribute;
use crate::package::AttributeType;
use crate::package::Returns;
use crate::package::actions;
use crate::package::json_file;

/// The package's name in bot files and the manifest
pub const PACKAGE_NAME: &str = "AzureDevOps";

/// Returns the manifest, from which a designer shows the package
///
/// The keys are the vendor's, except for `modes`, the ways to give an input.
pub fn manifest() -> Json {
    json!({
        "name": PACKAGE_NAME,
        "label": "Azure DevOps",
        "description": "Work on Azure DevOps repositories, pipelines and pipeline runs through one authenticated session",
        "packageVersion": env!("CARGO_PKG_VERSION"),
        "sessionType": {
            "label": "Azure DevOps session",
            "description": "An authenticated connection to one Azure DevOps organization and project"
        },
        "commands": actions().iter().map(command).collect::<Vec<_>>(),
    })
}

/// Returns the text of `package-manifest.json`
pub(crate) fn manifest_text() -> String {
    json_file(&manifest())
}

fn command(card: &ActionCard) -> Json {
    let mut command = object(json!({
        "name": card.name,
        "label": card.label,
        "groupLabel": card.group,
        "description": description(card),
    }));
    let attributes: Vec<Json> =
        card.attributes.iter().filter(|one| one.inside.is_none()).map(|one| attribute(card, one)).collect();
    command.insert("attributes".to_owned(), attributes.into());
    command.extend(returns(card));
    command.into()
}

fn description(card: &ActionCard) -> String {
    if card.details.is_empty() {
        return card.summary.clone();
    }
    format!("{}. {}", card.summary, card.details.replace("\n\n", " ").replace('\n', " "))
}

pub(super) fn returns(card: &ActionCard) -> Map<String, Json> {
    let schema: Vec<Json> =
        card.outputs.iter().map(|one| json!({ "name": one.name, "type": value_type(one.kind) })).collect();
    object(match &card.returns {
        Returns::Session => json!({
            "returnType": "SESSION",
            "returnLabel": "Azure DevOps Session",
            "returnDescription": "The scope of the session: this bot only, the whole run tree, or a session variable",
            "returnRequired": true,
            "returnSettings": ["SESSION_TARGET"],
            "returnDefaultValue": {
                "type": "SESSION",
                "sessionTarget": "LOCAL",
                "sessionName": { "type": "STRING", "string": "Default" }
            },
            "modes": ["LOCAL", "GLOBAL", "VARIABLE"],
        }),
        Returns::Dictionary => json!({
            "returnType": "DICTIONARY",
            "returnLabel": "Assign the output to a variable",
            "returnSchema": schema,
            "modes": ["VARIABLE"],
        }),
        Returns::List(_) => json!({
            "returnType": "LIST",
            "returnSubtype": "DICTIONARY",
            "returnLabel": "Assign the output to a variable",
            "modes": ["VARIABLE"],
        }),
    })
}

fn attribute(card: &ActionCard, attribute: &Attribute) -> Json {
    let mut entry = object(json!({
        "name": attribute.name,
        "label": attribute.label,
        "description": attribute.description,
        "type": attribute.kind.as_str(),
    }));
    if let Some(default) = &attribute.default {
        entry.insert("defaultValue".to_owned(), default_value(attribute.kind, default));
    }
    let rules = rules(attribute);
    if !rules.is_empty() {
        entry.insert("rules".to_owned(), rules.into());
    }
    if attribute.kind == AttributeType::Select {
        let options = attribute.options.iter().map(|option| {
            let inside = (attribute.name.as_str(), option.value.as_str());
            let nested: Vec<Json> = card
                .attributes
                .iter()
                .filter(|one| {
                    one.inside
                        .as_ref()
                        .is_some_and(|(field, value)| (field.as_str(), value.as_str()) == inside)
                })
                .map(|one| self::attribute(card, one))
                .collect();
            let mut entry = object(json!({ "label": option.label, "value": option.value }));
            if !nested.is_empty() {
                entry.insert("attributes".to_owned(), nested.into());
            }
            Json::from(entry)
        });
        entry.insert("options".to_owned(), options.collect());
    }
    entry.insert("modes".to_owned(), json!(modes(attribute.kind)));
    entry.into()
}

fn rules(attribute: &Attribute) -> Vec<Json> {
    let mut rules = Vec::new();
    let required =
        attribute.required || matches!(attribute.kind, AttributeType::Session | AttributeType::Select);
    if required {
        rules.push(json!({ "name": "NOT_EMPTY" }));
    }
    match attribute.kind {
        AttributeType::Credential => rules.push(json!({ "name": "CREDENTIAL_ALLOW_PASSWORD" })),
        AttributeType::Session => rules.push(json!({ "name": "SESSION_OBJECT" })),
        AttributeType::Number => rules.push(json!({ "name": "NUMBER_INTEGER" })),
        _ => {}
    }
    if let Some((low, high)) = attribute.bounds {
        let number = |number: i64| json!({ "type": "NUMBER", "number": number.to_string() });
        rules.push(json!({ "name": "GREATER_THAN_EQUALS", "value": number(low) }));
        rules.push(json!({ "name": "LESS_THAN_EQUALS", "value": number(high) }));
    }
    rules
}

/// Returns the ways to give an input
pub(super) fn modes(kind: AttributeType) -> &'static [&'static str] {
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

/// Returns the vendor's value type of an output
fn value_type(kind: AttributeType) -> &'static str {
    match kind {
        AttributeType::Number => "NUMBER",
        AttributeType::Checkbox => "BOOLEAN",
        AttributeType::List => "LIST",
        AttributeType::Dictionary => "DICTIONARY",
        AttributeType::Session => "SESSION",
        AttributeType::Credential => "CREDENTIAL",
        AttributeType::File => "FILE",
        AttributeType::Text | AttributeType::Select => "STRING",
    }
}

fn object(json: Json) -> Map<String, Json> {
    match json {
        Json::Object(object) => object,
        _ => Map::new(),
    }
}
