//! The JSON description of one action: its schemas, needs, errors and examples.

use serde_json::Value as Json;
use serde_json::json;

use crate::actions::LostResponse;
use crate::package::ActionCard;
use crate::package::schemas::ActionSchemas;

/// Returns the description of an action for hosts that are programs: its effect, needs, inputs and outputs
///
/// `package-manifest.json` has only the vendor's keys; this description has everything else that a host needs. In the
/// schemas, `x-attribute` is the manifest's attribute type where it does not follow from the JSON type, `x-unit` the
/// unit of a number, `x-usual` an optional output that the service sends each time, `x-inside` the choice that a field belongs to, and `x-required` marks fields that this choice
/// requires. The field's description has this too, since many hosts drop a schema with `if` and `then`.
pub fn action_schema(card: &ActionCard) -> Json {
    let ActionSchemas { input, output } = ActionSchemas::of(card.entry());
    let examples: Vec<Json> = card
        .examples()
        .into_iter()
        .map(|example| json!({ "title": example.title, "inputs": example.inputs }))
        .collect();
    let errors: Vec<&str> = card.errors.iter().map(|code| code.as_str()).collect();
    json!({
        "name": card.name,
        "label": card.label,
        "effect": card.effect.as_str(),
        "lostResponse": lost_response(card),
        "needs": card.needs,
        "errors": errors,
        "examples": examples,
        "input": input,
        "output": output,
    })
}

/// Returns how the outcome is found when the response is lost; null for an action that changes nothing
fn lost_response(card: &ActionCard) -> Option<Json> {
    let changes = card.lost_response != LostResponse::NotApplicable;
    changes.then(|| json!({ "settled": card.lost_response.as_str(), "by": card.lost_response.by() }))
}
