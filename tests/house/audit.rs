//! The audit trail: every change has an object, and the page about the trail has its fields.

use std::fs;
use std::path::Path;

use azdo_bot::actions::Effect;
use azdo_bot::actions::entries;
use azdo_bot::audit::ChainFields;
use azdo_bot::contract::AuditField;
use azdo_bot::contract::AuditRecord;
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::Value;

/// The rows of the table of fields: those of an object's members follow its own row
fn rows(name: &str, schema: &Value, rows: &mut Vec<String>) {
    let Some(members) = schema["properties"].as_object() else { return };
    for (member, schema) in members {
        let name = if name.is_empty() { member.clone() } else { format!("{name}.{member}") };
        let description = schema["description"].as_str().unwrap_or_default().replace('\n', " ");
        assert!(!description.is_empty(), "{name} has no description");
        rows.push(format!("| `{name}` | {description} |"));
        // An optional object is one of two schemas.
        let object = schema["anyOf"].as_array().and_then(|all| all.first()).unwrap_or(schema);
        self::rows(&name, object, rows);
    }
}

fn schema<T: JsonSchema>(settings: SchemaSettings) -> Value {
    serde_json::to_value(
        settings.with(|all| all.inline_subschemas = true).into_generator().into_root_schema_for::<T>(),
    )
    .expect("a schema is JSON")
}

#[test]
fn the_page_has_a_row_for_each_field_in_their_order() {
    let page =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/audit.md")).expect("a page");
    let mut expected = Vec::new();
    let settings = SchemaSettings::draft2020_12;
    rows("", &schema::<AuditRecord>(settings().for_serialize()), &mut expected);
    rows("", &schema::<ChainFields>(settings()), &mut expected);
    let expected = expected.join("\n");
    assert!(page.contains(&expected), "docs/audit.md needs these rows:\n{expected}");
    for field in AuditField::ALL {
        assert!(expected.contains(&format!("| `{}` |", field.as_str())), "{field:?} is no field");
    }
}

#[test]
fn every_action_that_changes_something_declares_what_it_changes() {
    let members = |schema: schemars::Schema| {
        let schema = schema.to_value();
        schema["properties"]
            .as_object()
            .map(|all| all.keys().cloned().collect::<Vec<_>>())
            .unwrap_or_default()
    };
    for entry in entries() {
        let Some(object) = entry.object else {
            assert_eq!(entry.effect, Effect::Reads, "{} declares no OBJECT", entry.words);
            assert!(entry.also_performs.is_empty(), "{} can change something", entry.words);
            continue;
        };
        assert!(!object.kind.is_empty(), "{}", entry.words);
        let (inputs, outputs) = (members((entry.input_schema)()), members((entry.output_schema)()));
        for (field, known) in [(object.input, &inputs), (object.id, &outputs), (object.name, &outputs)] {
            assert!(
                field.is_empty() || known.iter().any(|one| one == field),
                "{}: OBJECT names {field:?}, and there are {known:?}",
                entry.words
            );
        }
        let named = [object.input, object.id, object.name].iter().any(|field| !field.is_empty());
        assert!(named, "{}: its object has neither id nor name", entry.words);
    }
}
