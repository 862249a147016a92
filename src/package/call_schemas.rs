//! The JSON schemas of an invocation and of its outcome.

use serde_json::Value as Json;
use serde_json::json;

use crate::contract::ErrorCode;
use crate::contract::Invocation;
use crate::contract::WarningCode;
use crate::package::portable_schema_of;

/// Returns the schema of an invocation
pub(crate) fn invocation_schema() -> Json {
    let mut schema = portable_schema_of::<Invocation>();
    schema["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    schema["title"] = json!("Invocation");
    schema
}

/// Returns the schema of an outcome
pub(crate) fn outcome_schema() -> Json {
    let codes: Vec<&str> = ErrorCode::ALL.iter().map(|code| code.as_str()).collect();
    let warnings: Vec<&str> = WarningCode::ALL.iter().map(|code| code.as_str()).collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Outcome",
        "description": "The result of an action: its outputs, or an error",
        "oneOf": [
            {
                "type": "object",
                "required": ["outputs", "requests"],
                "properties": {
                    "outputs": { "type": "object", "description": "The action's outputs by name" },
                    "session": { "type": "string", "description": "The handle of the opened session" },
                    "requests": { "type": "integer", "minimum": 0, "description": "Requests sent to the service" },
                    "warnings": {
                        "type": "array",
                        "description": "Warnings for the author of the bot",
                        "items": {
                            "type": "object",
                            "required": ["code", "message"],
                            "properties": {
                                "code": { "type": "string", "enum": warnings },
                                "message": { "type": "string" }
                            }
                        }
                    }
                }
            },
            {
                "type": "object",
                "required": ["error", "requests"],
                "properties": {
                    "error": {
                        "type": "object",
                        "required": ["code", "message", "help", "retry", "context"],
                        "properties": {
                            "code": { "type": "string", "enum": codes },
                            "message": { "type": "string", "description": "What happened" },
                            "help": { "type": "string", "description": "What to do about it" },
                            "retry": { "type": "string", "enum": ["never", "later"] },
                            "operation": { "type": "string", "description": "The operation that failed" },
                            "context": { "type": "object", "additionalProperties": { "type": "string" },
                                         "description": "Context for support: status, activityId, field …" }
                        }
                    },
                    "requests": { "type": "integer", "minimum": 0, "description": "Requests sent to the service" }
                }
            }
        ]
    })
}
