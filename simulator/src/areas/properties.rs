//! Properties that a client stores, with their types.

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::http::Call;
use crate::http::Response;
use crate::http::refusals;
use crate::state::Organization;

/// Reads the `properties` of a body: plain values, or values with their type.
pub(super) fn read(given: Option<Map<String, Value>>) -> Result<Map<String, Value>, Response> {
    let mut kept = Map::new();
    for (name, value) in given.unwrap_or_default() {
        let plain = value.get("$value").unwrap_or(&value);
        let kind = match plain {
            // A property without a value is ignored.
            Value::Null => continue,
            Value::String(_) => "System.String",
            Value::Bool(_) => "System.Boolean",
            Value::Number(number) if number.as_i64().is_some_and(|number| i32::try_from(number).is_ok()) => {
                "System.Int32"
            }
            Value::Number(number) if number.is_i64() => "System.Int64",
            Value::Number(_) => "System.Double",
            Value::Array(_) | Value::Object(_) => {
                return Err(refusals::bad_argument(&format!(
                    "The value of the property '{name}' is not valid."
                )));
            }
        };
        kept.insert(name, json!({ "$type": kind, "$value": plain }));
    }
    Ok(kept)
}

/// Removes the comment from a definition, and returns it unless the service drops it.
pub(super) fn comment(organization: &Organization, rest: &mut Map<String, Value>) -> Option<String> {
    let comment = rest.remove("comment")?.as_str().filter(|text| !text.is_empty())?.to_owned();
    organization.settings.switches.unverified.revision_comments.then_some(comment)
}

/// Returns the properties that the query's `propertyFilters` names, or `None` if it names none.
pub(super) fn asked_for(call: &Call<'_>, all: &Map<String, Value>) -> Option<Value> {
    let names: Vec<&str> = call.query("propertyFilters")?.split(',').map(str::trim).collect();
    let named = all.iter().filter(|(name, _)| names.iter().any(|wanted| name.eq_ignore_ascii_case(wanted)));
    Some(named.map(|(name, value)| (name.clone(), value.clone())).collect::<Map<_, _>>().into())
}
