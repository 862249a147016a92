//! JSON schemas in a form that every host can read.

use schemars::JsonSchema;
use schemars::Schema;
use schemars::generate::SchemaSettings;
use serde_json::Value as Json;

/// Returns a schema without `null` types, `format`s, null defaults and the generator's own title
///
/// Several hosts drop tools whose schemas have these, or show a choice as free text.
pub(super) fn portable_schema(schema: Schema) -> Json {
    let mut json = schema.to_value();
    if let Some(object) = json.as_object_mut() {
        object.remove("$schema");
        object.remove("title");
    }
    simplify(&mut json);
    json
}

fn simplify(schema: &mut Json) {
    match schema {
        Json::Object(object) => {
            object.remove("format");
            if object.get("default").is_some_and(Json::is_null) {
                object.remove("default");
            }
            if let Some(Json::Array(types)) = object.get_mut("type") {
                types.retain(|one| one != "null");
                if let [only] = types.as_slice() {
                    let only = only.clone();
                    object.insert("type".to_owned(), only);
                }
            }
            if let Some(Json::Array(branches)) = object.get_mut("anyOf") {
                branches.retain(|branch| branch.get("type").is_none_or(|one| one != "null"));
                if let [Json::Object(only)] = branches.as_slice() {
                    let only = only.clone();
                    object.shift_remove("anyOf");
                    for (key, value) in only {
                        object.entry(key).or_insert(value);
                    }
                }
            }
            object.values_mut().for_each(simplify);
        }
        Json::Array(items) => items.iter_mut().for_each(simplify),
        _ => {}
    }
}

/// Returns the schema of a type, without references
pub(crate) fn portable_schema_of<T: JsonSchema>() -> Json {
    let generator =
        SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true).into_generator();
    portable_schema(generator.into_root_schema_for::<T>())
}
