//! The list of tools: the offered actions, and the three tools that reach everything else.

use serde_json::Map;
use serde_json::Value as Json;
use serde_json::json;

use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::TOKEN_AS_NAME;
use crate::contract::did_you_mean;
use crate::contract::holds_token;
use crate::contract::nearest;
use crate::contract::printable;
use crate::dispatch::DeniedAction;
use crate::hosts::mcp::offer::Offer;
use crate::hosts::mcp::results::LONGEST;
use crate::package;
use crate::package::ActionCard;
use crate::package::Effect;
use crate::package::LostResponse;

/// The name of the tool that finds actions
pub(super) const FIND_ACTION: &str = "find_action";

/// The name of the tool that runs any action
pub(super) const RUN_ACTION: &str = "run_action";

/// The name of the tool that reads the rest of a long result
pub(super) const READ_RESULT: &str = "read_result";

/// A tool, as a client sees it
pub(super) struct ToolCard {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) description: String,
    pub(super) input: Map<String, Json>,
    pub(super) output: Map<String, Json>,
    pub(super) hints: ToolHints,
}

/// What a client may show or ask before it calls a tool
#[derive(Debug, Clone, Copy)]
pub(super) struct ToolHints {
    /// It changes nothing
    pub(super) reads: bool,
    /// It may destroy something
    pub(super) destroys: bool,
    /// A second call with the same arguments has no further effect
    pub(super) idempotent: bool,
    /// It reaches Azure DevOps
    pub(super) reaches_service: bool,
}

/// Returns the tools in their order: the offered actions in the catalogue's order, then those of the server
pub(super) fn tools(offer: &Offer, denied: &[DeniedAction]) -> Vec<ToolCard> {
    let actions = offer.tools(denied).into_iter().map(of_action);
    actions.chain([find_action(), run_action(offer), read_result()]).collect()
}

fn of_action(card: &ActionCard) -> ToolCard {
    let stop = if card.summary.ends_with('.') { "" } else { "." };
    let description = format!("{}{stop} {}", card.summary, card.details.replace('\n', " "));
    let reads = card.effect == Effect::Reads;
    let destroys = card.effect == Effect::Destroys;
    ToolCard {
        name: card.tool_name(),
        title: card.label.clone(),
        description: description.trim_end().to_owned(),
        input: card.tool_input(),
        output: card.tool_output(),
        hints: ToolHints {
            reads,
            destroys,
            // A deletion leads to a state, in which another one changes nothing.
            idempotent: reads || (destroys && matches!(card.lost_response, LostResponse::ByState(_))),
            reaches_service: true,
        },
    }
}

fn find_action() -> ToolCard {
    ToolCard {
        name: FIND_ACTION.to_owned(),
        title: "Find an action".to_owned(),
        description: "Find actions for Azure DevOps that are not tools of their own, with their inputs, for run_action."
            .to_owned(),
        input: object(&json!({
            "query": { "type": "string", "description": "What to do, in words, or the name of an action: delete a branch" }
        }), &[]),
        output: object(&json!({
            "actions": { "type": "array", "description": "The actions that fit, the best first", "items": {
                "type": "object",
                "properties": {
                    "action": { "type": "string", "description": "The name, for run_action" },
                    "summary": { "type": "string", "description": "What it does" },
                    "group": { "type": "string", "description": "Its group" },
                    "effect": { "type": "string", "description": "What it does to Azure DevOps", "enum": ["reads", "creates", "changes", "destroys"] },
                    "inputs": { "type": "object", "description": "The JSON schema of its inputs; shown for the best" }
                },
                "required": ["action", "summary", "group", "effect"]
            } },
            "more": { "type": "boolean", "description": "Whether more actions fit" }
        }), &["actions", "more"]),
        hints: ToolHints { reads: true, destroys: false, idempotent: true, reaches_service: false },
    }
}

fn run_action(offer: &Offer) -> ToolCard {
    let mut output = Map::new();
    output.insert("type".to_owned(), "object".into());
    output.insert("description".to_owned(), "The outputs of the action".into());
    ToolCard {
        name: RUN_ACTION.to_owned(),
        title: "Run an action".to_owned(),
        description: "Run an action for Azure DevOps that find_action has found.".to_owned(),
        input: object(
            &json!({
                "action": { "type": "string", "description": "The name of the action: list_branches" },
                "session": { "type": "string", "description": "The `session` that connect returned" },
                "inputs": { "type": "object", "description": "The inputs of the action, as find_action shows them", "additionalProperties": true }
            }),
            &["action"],
        ),
        output,
        hints: ToolHints {
            reads: offer.only_reads(),
            destroys: offer.may_destroy(),
            idempotent: offer.only_reads(),
            reaches_service: true,
        },
    }
}

fn read_result() -> ToolCard {
    ToolCard {
        name: READ_RESULT.to_owned(),
        title: "Read the rest of a result".to_owned(),
        description: format!("Read the rest of a result that was longer than {LONGEST} bytes and was cut."),
        input: object(
            &json!({
                "result": { "type": "string", "description": "The name of the result: result-1" },
                "offset": { "type": "integer", "description": "The byte to begin at, as the cut result states it", "minimum": 0 }
            }),
            &["result", "offset"],
        ),
        output: object(
            &json!({
                "text": { "type": "string", "description": "A part of the JSON text of the result" },
                "next": { "type": "integer", "description": "The offset of the next part; missing in the last" },
                "bytes": { "type": "integer", "description": "The length of the whole text" }
            }),
            &["text", "bytes"],
        ),
        hints: ToolHints { reads: true, destroys: false, idempotent: true, reaches_service: false },
    }
}

/// Returns the error for a tool that does not exist, with the name that is spelled most like it
pub(super) fn unknown_tool(name: &str) -> Error {
    let own = [FIND_ACTION, RUN_ACTION, READ_RESULT];
    let help = "tools/list lists the tools; find_action finds every other action, and run_action runs it.";
    unknown("tool", name, &own, help)
}

/// Returns the error for an action that does not exist, with the name that is spelled most like it
pub(super) fn unknown_action(name: &str) -> Error {
    unknown("action", name, &[], "find_action finds every action.")
}

fn unknown(kind: &str, name: &str, own: &[&str], help: &'static str) -> Error {
    let actions: Vec<String> = package::actions().iter().map(|card| card.tool_name()).collect();
    let names = actions.iter().map(String::as_str).chain(own.iter().copied());
    let hint = did_you_mean(nearest(name, names));
    let message = format!("there is no {kind} \"{}\"{hint}", printable(name, 256));
    let help = if holds_token(name) { TOKEN_AS_NAME } else { help };
    Error::new(ErrorCode::ActionUnknown, message).help(help)
}

fn object(properties: &Json, required: &[&str]) -> Map<String, Json> {
    let schema = json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false });
    schema.as_object().cloned().unwrap_or_default()
}

#[cfg(test)]
#[path = "tools_tests.rs"]
mod tests;
