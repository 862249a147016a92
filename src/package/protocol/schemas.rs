//! The schema of every message, one file a message, made of the types that are read and written.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::Value as Json;
use serde_json::json;

use crate::package::protocol::BotRunEnded;
use crate::package::protocol::BotRunStarted;
use crate::package::protocol::Cancel;
use crate::package::protocol::EndBotRun;
use crate::package::protocol::Initialize;
use crate::package::protocol::Initialized;
use crate::package::protocol::MAX_ID;
use crate::package::protocol::Progressed;
use crate::package::protocol::RequestId;
use crate::package::protocol::ResolveCredential;
use crate::package::protocol::ResolvedCredential;
use crate::package::protocol::StartBotRun;
use crate::package::schemas;

/// The schema of every message: file name and schema
pub(in crate::package) fn protocol_schemas() -> Vec<(&'static str, Json)> {
    let outcome = schemas::outcome();
    let (success, failure) = (&outcome["oneOf"][0], &outcome["oneOf"][1]);
    let nothing = || json!({ "type": "null" });
    vec![
        ("initialize.request", request("initialize", Some(shape::<Initialize>()))),
        ("initialize.response", response("initialize", shape::<Initialized>())),
        ("botRunStart.request", request("botRun/start", Some(shape::<StartBotRun>()))),
        ("botRunStart.response", response("botRun/start", shape::<BotRunStarted>())),
        ("botRunEnd.request", request("botRun/end", Some(shape::<EndBotRun>()))),
        ("botRunEnd.response", response("botRun/end", shape::<BotRunEnded>())),
        ("actionExecute.request", request("action/execute", Some(bare(schemas::invocation())))),
        ("actionExecute.response", response("action/execute", success.clone())),
        ("credentialResolve.request", request("credential/resolve", Some(shape::<ResolveCredential>()))),
        ("credentialResolve.response", response("credential/resolve", shape::<ResolvedCredential>())),
        ("shutdown.request", request("shutdown", None)),
        ("shutdown.response", response("shutdown", nothing())),
        ("cancel.notification", notification("$/cancel", shape::<Cancel>())),
        ("progress.notification", notification("$/progress", shape::<Progressed<'_>>())),
        ("error", error(failure)),
    ]
}

fn request(method: &str, params: Option<Json>) -> Json {
    let mut schema = message(&format!("The request {method}"), &["id", "method"]);
    schema["properties"]["id"] = shape::<RequestId>();
    schema["properties"]["method"] = json!({ "const": method });
    with_params(schema, params)
}

fn notification(method: &str, params: Json) -> Json {
    let mut schema = message(&format!("The notification {method}"), &["method"]);
    schema["properties"]["method"] = json!({ "const": method });
    with_params(schema, Some(params))
}

fn response(method: &str, result: Json) -> Json {
    let mut schema = message(&format!("What {method} answers"), &["id", "result"]);
    schema["properties"]["id"] = shape::<RequestId>();
    schema["properties"]["result"] = result;
    schema
}

/// An answer that says no: the data is there when an action, a bot run or an input was refused
fn error(failure: &Json) -> Json {
    let mut data = failure["properties"]["error"].clone();
    data["properties"]["requests"] = failure["properties"]["requests"].clone();
    data["required"] = json!(["code", "message", "help", "retry", "context", "requests"]);
    data["description"] = json!("The package's own error; not there when the line itself was refused");
    let mut schema = message("An error", &["id", "error"]);
    schema["properties"]["id"] = json!({
        "type": ["string", "integer", "null"], "maxLength": MAX_ID,
        "description": "null when it is not known which request this answers",
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

fn shape<T: JsonSchema>() -> Json {
    let generator =
        SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true).into_generator();
    schemas::clean(generator.into_root_schema_for::<T>())
}

/// A schema to stand inside another one
fn bare(mut schema: Json) -> Json {
    if let Some(object) = schema.as_object_mut() {
        object.shift_remove("$schema");
        object.shift_remove("title");
    }
    schema
}
