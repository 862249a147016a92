//! The schemas of the messages, one file per message, generated from their types.

use serde_json::Value as Json;
use serde_json::json;

use crate::hosts::json_rpc::protocol::BotRunEnded;
use crate::hosts::json_rpc::protocol::BotRunStarted;
use crate::hosts::json_rpc::protocol::Cancel;
use crate::hosts::json_rpc::protocol::CheckInput;
use crate::hosts::json_rpc::protocol::EndBotRun;
use crate::hosts::json_rpc::protocol::Initialize;
use crate::hosts::json_rpc::protocol::Initialized;
use crate::hosts::json_rpc::protocol::InputAccepted;
use crate::hosts::json_rpc::protocol::Progressed;
use crate::hosts::json_rpc::protocol::RequestId;
use crate::hosts::json_rpc::protocol::ResolveCredential;
use crate::hosts::json_rpc::protocol::ResolvedCredential;
use crate::hosts::json_rpc::protocol::StartBotRun;
use crate::hosts::json_rpc::protocol::request_id::MAX_ID;
use crate::package::invocation_schema;
use crate::package::json_file;
use crate::package::outcome_schema;
use crate::package::portable_schema_of;

/// Returns the generated files of the protocol: the path from the project root, and the text
///
/// They are committed and never edited; a test fails when one of them differs.
pub fn artefacts() -> Vec<(String, String)> {
    schemas()
        .into_iter()
        .map(|(name, schema)| (format!("schemas/protocol/{name}.json"), json_file(&schema)))
        .collect()
}

/// Returns the schema of every message, with its file name
fn schemas() -> Vec<(&'static str, Json)> {
    let outcome = outcome_schema();
    let (success, failure) = (&outcome["oneOf"][0], &outcome["oneOf"][1]);
    let nothing = || json!({ "type": "null" });
    vec![
        ("initialize.request", request("initialize", Some(portable_schema_of::<Initialize>()))),
        ("initialize.response", response("initialize", portable_schema_of::<Initialized>())),
        ("botRunStart.request", request("botRun/start", Some(portable_schema_of::<StartBotRun>()))),
        ("botRunStart.response", response("botRun/start", portable_schema_of::<BotRunStarted>())),
        ("botRunEnd.request", request("botRun/end", Some(portable_schema_of::<EndBotRun>()))),
        ("botRunEnd.response", response("botRun/end", portable_schema_of::<BotRunEnded>())),
        ("actionExecute.request", request("action/execute", Some(bare(invocation_schema())))),
        ("actionExecute.response", response("action/execute", success.clone())),
        ("actionCheck.request", request("action/check", Some(portable_schema_of::<CheckInput>()))),
        ("actionCheck.response", response("action/check", portable_schema_of::<InputAccepted>())),
        (
            "credentialResolve.request",
            request("credential/resolve", Some(portable_schema_of::<ResolveCredential>())),
        ),
        (
            "credentialResolve.response",
            response("credential/resolve", portable_schema_of::<ResolvedCredential>()),
        ),
        ("shutdown.request", request("shutdown", None)),
        ("shutdown.response", response("shutdown", nothing())),
        ("cancel.notification", notification("$/cancel", portable_schema_of::<Cancel>())),
        ("progress.notification", notification("$/progress", portable_schema_of::<Progressed<'_>>())),
        ("error", error(failure)),
    ]
}

fn request(method: &str, params: Option<Json>) -> Json {
    let mut schema = message(&format!("The request {method}"), &["id", "method"]);
    schema["properties"]["id"] = portable_schema_of::<RequestId>();
    schema["properties"]["method"] = json!({ "const": method });
    with_params(schema, params)
}

fn notification(method: &str, params: Json) -> Json {
    let mut schema = message(&format!("The notification {method}"), &["method"]);
    schema["properties"]["method"] = json!({ "const": method });
    with_params(schema, Some(params))
}

fn response(method: &str, result: Json) -> Json {
    let mut schema = message(&format!("The response to {method}"), &["id", "result"]);
    schema["properties"]["id"] = portable_schema_of::<RequestId>();
    schema["properties"]["result"] = result;
    schema
}

/// Returns the schema of an error response; `data` is present when an action, a bot run or an input failed
fn error(failure: &Json) -> Json {
    let mut data = failure["properties"]["error"].clone();
    data["properties"]["requests"] = failure["properties"]["requests"].clone();
    data["required"] = json!(["code", "message", "help", "retry", "context", "requests"]);
    data["description"] = json!("The package's own error; absent when the line itself is invalid");
    let mut schema = message("An error", &["id", "error"]);
    schema["properties"]["id"] = json!({
        "type": ["string", "integer", "null"], "maxLength": MAX_ID,
        "description": "null when the request is not known",
    });
    schema["properties"]["error"] = json!({
        "type": "object",
        "required": ["code", "message"],
        "properties": {
            "code": { "enum": [-32700, -32600, -32601, -32602, -32603, -32000], "description": "JSON-RPC's code" },
            "message": { "type": "string" },
            "data": data,
        }
    });
    schema
}

fn message(title: &str, required: &[&str]) -> Json {
    let required: Vec<&str> = std::iter::once("jsonrpc").chain(required.iter().copied()).collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        "type": "object",
        "required": required,
        "properties": { "jsonrpc": { "const": "2.0" } },
    })
}

fn with_params(mut schema: Json, params: Option<Json>) -> Json {
    if let (Some(params), Some(required)) = (params, schema["required"].as_array_mut()) {
        required.push("params".into());
        schema["properties"]["params"] = params;
    }
    schema
}

/// Returns a schema for use inside another one
fn bare(mut schema: Json) -> Json {
    if let Some(object) = schema.as_object_mut() {
        object.shift_remove("$schema");
        object.shift_remove("title");
    }
    schema
}
