//! The JSON description of one action: its schemas, needs, errors and examples.

use serde_json::Value as Json;
use serde_json::json;

use crate::actions::LostResponse;
use crate::package::ActionCard;
use crate::package::portable_schema::portable_schema;

/// One action for hosts that are programs: what it does, what it needs, what it is given and answers
///
/// `package-manifest.json` keeps to the vendor's words; what a host has to know beside them stands here.
/// In the schemas, `x-attribute` is the manifest's attribute type where JSON's own type does not tell it, `x-unit`
/// what a number counts, `x-inside` the choice that a field belongs to, and `x-required` that this choice needs it.
/// The description says so too: many hosts drop a schema with `if` and `then`.
pub fn action_schema(card: &ActionCard) -> Json {
    let entry = card.entry();
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
        "input": portable_schema((entry.input_schema)()),
        "output": portable_schema((entry.output_schema)()),
    })
}

/// How the outcome of a lost response is found out; null for what changes nothing
fn lost_response(card: &ActionCard) -> Option<Json> {
    let changes = card.lost_response != LostResponse::NotApplicable;
    changes.then(|| json!({ "settled": card.lost_response.as_str(), "by": card.lost_response.by() }))
}
