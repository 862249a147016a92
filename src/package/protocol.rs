//! The messages of the JSON-RPC host: what both sides write, as types and as JSON schemas.
//!
//! `docs/hosts/json-rpc.md` tells what the messages mean; `hosts::json_rpc` reads and writes them.

use ring::digest;
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Deserialize;
use serde::Deserializer;
use serde::Serialize;
use serde::de::Error as _;
use serde_json::Value as Json;
use serde_json::json;

use crate::contract::BotRunId;
use crate::contract::Number;
use crate::contract::Value;
use crate::package::PACKAGE_NAME;
use crate::package::manifest_text;
use crate::package::schemas;

/// The one version of the protocol that is spoken
pub const PROTOCOL: i64 = 1;

/// The longest id of a request, in characters
const MAX_ID: usize = 128;

/// The id of a request: a text of at most 128 characters, or a whole number
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum RequestId {
    /// A whole number
    Number(i64),
    /// A text
    Text(#[schemars(length(max = 128))] String),
}

impl RequestId {
    /// The id that a value is, if it can be one
    pub fn read(value: &Value) -> Option<RequestId> {
        match value {
            Value::Number(Number::Integer(number)) => Some(RequestId::Number(*number)),
            Value::Text(text) if text.chars().nth(MAX_ID).is_none() => Some(RequestId::Text(text.clone())),
            _ => None,
        }
    }
}

impl<'de> Deserialize<'de> for RequestId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        RequestId::read(&value).ok_or_else(|| D::Error::custom("not an id"))
    }
}

/// `initialize`: the host's first request
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Initialize {
    /// The versions of the protocol that the host speaks
    pub protocol: ProtocolRange,
    /// What the host is called
    #[serde(default)]
    pub host: Option<HostName>,
    /// What the host can do
    #[serde(default)]
    pub capabilities: HostCapabilities,
}

/// Versions of the protocol, both ends included
#[derive(Debug, Deserialize, JsonSchema)]
pub struct ProtocolRange {
    /// The oldest
    pub min: i64,
    /// The newest
    pub max: i64,
}

/// What a host is called, for the log
#[derive(Debug, Deserialize, JsonSchema)]
pub struct HostName {
    /// Its name
    pub name: String,
    /// Its version
    pub version: String,
}

/// What a host can do
#[derive(Debug, Default, Deserialize, JsonSchema)]
pub struct HostCapabilities {
    /// It has the credentials, and answers `credential/resolve`
    #[serde(default)]
    pub credentials: bool,
}

/// What `initialize` answers
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Initialized {
    /// The version of the protocol that is spoken from here on
    pub protocol: i64,
    /// The package
    pub package: PackageVersion,
    /// SHA-256 of `package-manifest.json`, in hex
    pub manifest_hash: String,
    /// What the package can do
    pub capabilities: PackageCapabilities,
}

/// The package's name and version
#[derive(Debug, Serialize, JsonSchema)]
pub struct PackageVersion {
    /// Its name in the manifest
    pub name: &'static str,
    /// Its version
    pub version: &'static str,
}

/// What the package can do
#[derive(Debug, Serialize, JsonSchema)]
pub struct PackageCapabilities {
    /// It understands `$/cancel`
    pub cancel: bool,
    /// It sends `$/progress`
    pub progress: bool,
}

impl Initialized {
    /// This package's answer
    pub fn this_package() -> Self {
        let hash = digest::digest(&digest::SHA256, manifest_text().as_bytes());
        Initialized {
            protocol: PROTOCOL,
            package: PackageVersion { name: PACKAGE_NAME, version: env!("CARGO_PKG_VERSION") },
            manifest_hash: hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect(),
            capabilities: PackageCapabilities { cancel: true, progress: true },
        }
    }
}

/// `botRun/start`
#[derive(Debug, Deserialize, JsonSchema)]
pub struct StartBotRun {
    /// The new bot run's id
    pub id: BotRunId,
    /// The bot run that started it; without one it is the root of a new run tree
    #[serde(default)]
    pub parent: Option<BotRunId>,
}

/// What `botRun/start` answers: an empty object
#[derive(Debug, Serialize, JsonSchema)]
pub struct BotRunStarted {}

/// `botRun/end`
#[derive(Debug, Deserialize, JsonSchema)]
pub struct EndBotRun {
    /// The bot run that is over
    pub id: BotRunId,
}

/// What `botRun/end` answers
#[derive(Debug, Serialize, JsonSchema)]
pub struct BotRunEnded {
    /// The sessions that were closed, in words: `local session "Archive"`
    pub closed: Vec<String>,
}

/// `$/cancel`
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Cancel {
    /// The id of the request to stop
    pub id: RequestId,
}

/// `$/progress`
#[derive(Debug, Serialize, JsonSchema)]
pub struct Progressed<'a> {
    /// The id of the `action/execute` that works
    pub id: &'a RequestId,
    /// Where it is, in words
    pub message: &'a str,
}

/// `credential/resolve`: the package asks the host for a token
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ResolveCredential {
    /// The credential, as the flow named it
    pub credential: NamedCredential,
    /// The organization that the token is for, in its canonical form
    pub organization_url: String,
    /// The project that the token is for
    pub project_name: String,
}

/// A credential by its name
#[derive(Debug, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum NamedCredential {
    /// A reference as the flow wrote it
    Reference {
        /// `env:NAME`, `file:PATH`
        reference: String,
    },
    /// A credential of the designer's vault
    #[serde(rename_all = "camelCase")]
    Locker {
        /// The locker
        locker_name: String,
        /// The credential in it
        name: String,
        /// The credential's attribute
        attribute_name: String,
    },
}

/// What the host answers to `credential/resolve`; no `Debug`, since it holds a token
#[derive(Deserialize, JsonSchema)]
pub struct ResolvedCredential {
    /// The token
    pub token: String,
}

/// The schema of every message: file name and schema
pub(super) fn protocol_schemas() -> Vec<(&'static str, Json)> {
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
    data["description"] = json!("The package's own error; there is none when the line itself was refused");
    let mut schema = message("An error", &["id", "error"]);
    schema["properties"]["id"] = json!({ "anyOf": [shape::<RequestId>(), { "type": "null" }], "description": "null when the request's id is not known" });
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
