//! The description of the package that adapters read: `azdo-bot actions --json`.
//!
//! `package-manifest.json` keeps to the vendor's keys. This document has all that a host needs to offer the actions:
//! their names in each host, fields, choices, needs, effects, outputs and schemas.

use serde_json::Map;
use serde_json::Value as Json;
use serde_json::json;

use crate::contract::MEANINGS;
use crate::package::ActionCard;
use crate::package::Attribute;
use crate::package::AttributeType;
use crate::package::OutputField;
use crate::package::Returns;
use crate::package::action_schema;
use crate::package::actions;
use crate::package::attribute;
use crate::package::manifest;

/// The package and all its actions, in the catalogue's order
pub fn description() -> Json {
    let manifest = manifest::head();
    json!({
        "name": manifest["name"],
        "label": manifest["label"],
        "version": manifest["packageVersion"],
        "description": manifest["description"],
        "sessionType": manifest["sessionType"],
        "meanings": meanings(),
        "actions": actions().iter().copied().map(action_description).collect::<Vec<_>>(),
    })
}

/// Words of other tools, each with the names that mean it here: what a host suggests for a name that it does not know
fn meanings() -> Json {
    let mut meanings: Map<String, Json> = Map::new();
    for (word, meaning) in MEANINGS {
        if let Json::Array(all) = meanings.entry(*word).or_insert_with(|| Json::Array(Vec::new())) {
            all.push((*meaning).into());
        }
    }
    meanings.into()
}

/// One action: its schema document, and what a form or a keyword shows beside it
pub fn action_description(card: &ActionCard) -> Json {
    let schema = action_schema(card);
    let choice_needs: Vec<Json> = card
        .choices
        .iter()
        .map(|one| json!({ "field": one.field, "choice": one.choice, "needs": one.needs }))
        .collect();
    let shown = json!({
        "names": names(card),
        "group": card.group,
        "summary": card.summary,
        "details": paragraphs(&card.details),
        "choiceNeeds": choice_needs,
        "fields": card.in_form_order().into_iter().map(|one| field(card, one, &schema)).collect::<Vec<_>>(),
        "returns": returns(card),
        "outputs": card.outputs.iter().map(|one| output(card, one)).collect::<Vec<_>>(),
    });
    let mut description = Map::new();
    for part in [schema, shown] {
        if let Json::Object(part) = part {
            description.extend(part);
        }
    }
    description.into()
}

/// The action's name as each host spells it
fn names(card: &ActionCard) -> Json {
    let kebab = card.words.replace(' ', "-");
    json!({
        "botFile": card.name,
        "jsonRpc": card.name,
        "commandLine": kebab,
        "robotFramework": title_case(card.words),
        "nodeRed": format!("azdo-{kebab}"),
        "mcp": card.tool_name(),
    })
}

/// `wait for pipeline run` as `Wait For Pipeline Run`
fn title_case(words: &str) -> String {
    let words: Vec<String> = words
        .split(' ')
        .map(|word| {
            let (first, rest) = word.split_at(word.len().min(1));
            first.to_ascii_uppercase() + rest
        })
        .collect();
    words.join(" ")
}

/// `timeLimit` with this between its words, in lower case
fn spelled(name: &str, between: char) -> String {
    let mut spelled = String::with_capacity(name.len() + 4);
    for c in name.chars() {
        if c.is_ascii_uppercase() {
            spelled.push(between);
        }
        spelled.push(c.to_ascii_lowercase());
    }
    spelled
}

fn paragraphs(details: &str) -> Vec<String> {
    details
        .split("\n\n")
        .filter(|paragraph| !paragraph.is_empty())
        .map(|paragraph| paragraph.replace('\n', " "))
        .collect()
}

fn field(card: &ActionCard, attribute: &Attribute, schema: &Json) -> Json {
    let own = &schema["input"]["properties"][&attribute.name];
    json!({
        "name": attribute.name,
        "names": {
            "commandLine": spelled(&attribute.name, '-'),
            "robotFramework": spelled(&attribute.name, '_'),
        },
        "label": attribute.label,
        "description": attribute.description,
        "kind": attribute.kind.as_str(),
        "modes": manifest::modes(attribute.kind),
        "required": attribute.required,
        "mustBeSet": attribute.required
            || matches!(attribute.kind, AttributeType::Session | AttributeType::Select),
        "default": attribute.default,
        "unit": own["x-unit"],
        "bounds": attribute.bounds.map(|(least, most)| json!({ "least": least, "most": most })),
        "choices": choices(attribute, own),
        "inside": inside(card, attribute),
        "example": example(attribute, own, schema),
    })
}

/// What a field, or each entry of a list, is chosen from
fn choices(attribute: &Attribute, own: &Json) -> Vec<Json> {
    if attribute.kind == AttributeType::List {
        let entries = own["items"]["oneOf"].as_array().into_iter().flatten();
        return entries.map(|one| json!({ "value": one["const"], "label": one["description"] })).collect();
    }
    attribute.options.iter().map(|one| json!({ "value": one.value, "label": one.label })).collect()
}

/// The option that a field belongs to, and whether that option counts when none is chosen
fn inside(card: &ActionCard, attribute: &Attribute) -> Option<Json> {
    let (chooser, option) = attribute.inside.as_ref()?;
    let default = card.attribute(chooser).and_then(|one| one.default.as_ref()).and_then(|one| one.as_text());
    let by_default = default == Some(option.as_str());
    Some(json!({ "field": chooser, "option": option, "byDefault": by_default }))
}

/// A value to show in an empty field; of the other fields an example could be taken for a default
fn example(attribute: &Attribute, own: &Json, schema: &Json) -> Json {
    if let Some(example) = own.get("x-example") {
        return example.clone();
    }
    if attribute.kind != AttributeType::Credential {
        return Json::Null;
    }
    let examples = schema["examples"].as_array().into_iter().flatten();
    let mut given = examples.filter_map(|one| one["inputs"].get(&attribute.name));
    given.next().cloned().unwrap_or_default()
}

fn returns(card: &ActionCard) -> Json {
    let shown = manifest::returns(card);
    let of = |key: &str| shown.get(key).cloned().unwrap_or_default();
    match &card.returns {
        Returns::Session => json!({
            "kind": "SESSION",
            "label": of("returnLabel"),
            "description": of("returnDescription"),
            "scopes": of("modes"),
            "defaultScope": of("returnDefaultValue")["sessionTarget"],
            "defaultName": of("returnDefaultValue")["sessionName"]["string"],
        }),
        Returns::Dictionary => json!({ "kind": "DICTIONARY", "label": of("returnLabel") }),
        Returns::List(name) => json!({ "kind": "LIST", "label": of("returnLabel"), "list": name }),
    }
}

fn output(card: &ActionCard, one: &OutputField) -> Json {
    // An output with the name of a field has the field's label.
    let label =
        card.attribute(&one.name).map_or_else(|| attribute::label(&one.name), |field| field.label.clone());
    json!({
        "name": one.name,
        "label": label,
        "description": one.description,
        "kind": one.kind.as_str(),
        "optional": one.is_optional,
        "mayBeEmpty": one.may_be_empty,
        "entries": one.parts.iter().map(|part| output(card, part)).collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_of_the_schema_is_described_once() {
        for card in actions() {
            let description = action_description(card);
            let fields = description["fields"].as_array().expect("a list");
            let described: Vec<&str> = fields.iter().filter_map(|one| one["name"].as_str()).collect();
            let declared = description["input"]["properties"].as_object().expect("an object");
            assert_eq!(described.len(), declared.len(), "{}", card.name);
            assert!(described.iter().all(|name| declared.contains_key(*name)), "{}", card.name);
        }
    }

    #[test]
    fn a_field_inside_an_option_follows_the_field_that_has_it() {
        let connect = description()["actions"][0].clone();
        let fields = connect["fields"].as_array().expect("a list");
        assert_eq!(fields[0]["name"], "authenticationMethod");
        assert_eq!(
            fields[1]["inside"],
            json!({ "field": "authenticationMethod", "option": "PAT", "byDefault": true })
        );
        assert_eq!(connect["names"]["robotFramework"], "Connect");
        assert_eq!(connect["returns"]["scopes"], json!(["LOCAL", "GLOBAL", "VARIABLE"]));
    }
}
