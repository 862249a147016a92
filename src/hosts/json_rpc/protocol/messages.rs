//! The messages of the JSON-RPC host as types: the parameters and results of every method.
//!
//! `docs/hosts/json-rpc.md` describes the protocol; the schemas are generated from these types.

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

use crate::contract::BotRunId;
use crate::contract::Secret;
use crate::contract::Value;
use crate::dispatch::DeniedAction;
use crate::dispatch::Policy;
use crate::hosts::json_rpc::protocol::RequestId;
use crate::package::PACKAGE_NAME;
use crate::package::manifest_hash;

/// The only supported version of the protocol
pub const PROTOCOL: i64 = 1;

/// The parameters of `initialize`, the host's first request
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Initialize {
    /// The versions of the protocol that the host supports
    pub protocol: ProtocolRange,
    /// The name of the host
    #[serde(default)]
    pub host: Option<HostName>,
    /// The capabilities of the host
    #[serde(default)]
    pub capabilities: HostCapabilities,
}

/// A range of protocol versions, both ends included
#[derive(Debug, Deserialize, JsonSchema)]
pub struct ProtocolRange {
    /// The oldest version
    pub min: i64,
    /// The newest version
    pub max: i64,
}

/// The name of a host, for the log and the audit records
#[derive(Debug, Deserialize, JsonSchema)]
pub struct HostName {
    /// The name
    pub name: String,
    /// The version
    pub version: String,
}

/// The capabilities of a host
#[derive(Debug, Default, Deserialize, JsonSchema)]
pub struct HostCapabilities {
    /// Whether it has the credentials and responds to `credential/resolve`
    #[serde(default)]
    pub credentials: bool,
    /// The host's lockers, if it does not have all of them: `credential/resolve` is sent for these only
    #[serde(default)]
    pub lockers: Option<Vec<String>>,
}

/// The result of `initialize`
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Initialized {
    /// The version of the protocol used from now on
    pub protocol: i64,
    /// The package
    pub package: PackageVersion,
    /// SHA-256 of `package-manifest.json`, in hex
    pub manifest_hash: &'static str,
    /// The capabilities of the package
    pub capabilities: PackageCapabilities,
    /// The actions that the operator's policy denies in every call; rules about options, organizations and limits are
    /// known only when a call breaks them
    pub denied_actions: Vec<DeniedAction>,
}

/// The package's name and version
#[derive(Debug, Serialize, JsonSchema)]
pub struct PackageVersion {
    /// The name in the manifest
    pub name: &'static str,
    /// The version
    pub version: &'static str,
}

/// The capabilities of the package
#[derive(Debug, Serialize, JsonSchema)]
pub struct PackageCapabilities {
    /// Whether it supports `$/cancel`
    pub cancel: bool,
    /// Whether it sends `$/progress`
    pub progress: bool,
}

impl Initialized {
    /// Returns the result for this package under this policy
    pub fn under(policy: &Policy) -> Self {
        Initialized {
            protocol: PROTOCOL,
            package: PackageVersion { name: PACKAGE_NAME, version: env!("CARGO_PKG_VERSION") },
            manifest_hash: manifest_hash(),
            capabilities: PackageCapabilities { cancel: true, progress: true },
            denied_actions: policy.denied_actions(),
        }
    }
}

/// The parameters of `botRun/start`
#[derive(Debug, Deserialize, JsonSchema)]
pub struct StartBotRun {
    /// The id of the new bot run
    pub id: BotRunId,
    /// The parent bot run; without one it is the root of a new run tree
    #[serde(default)]
    pub parent: Option<BotRunId>,
}

/// The result of `botRun/start`
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct BotRunStarted {
    /// The id with which other processes join the run tree, if the operator set a session store
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run_tree: Option<String>,
}

/// The parameters of `botRun/end`
#[derive(Debug, Deserialize, JsonSchema)]
pub struct EndBotRun {
    /// The id of the ended bot run
    pub id: BotRunId,
}

/// The result of `botRun/end`
#[derive(Debug, Serialize, JsonSchema)]
pub struct BotRunEnded {
    /// The descriptions of the closed sessions: `local session "Archive"`
    pub closed: Vec<String>,
}

/// The parameters of `action/check`
#[derive(Debug, Deserialize, JsonSchema)]
pub struct CheckInput {
    /// The action's name: `createRepository`
    pub action: String,
    /// The name of the input
    pub field: String,
    /// The value of the input
    #[schemars(with = "serde_json::Value")]
    pub value: Value,
}

/// The result of `action/check`: an empty object
#[derive(Debug, Serialize, JsonSchema)]
pub struct InputAccepted {}

/// The parameters of `$/cancel`
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Cancel {
    /// The id of the request to cancel
    pub id: RequestId,
}

/// The parameters of `$/progress`
#[derive(Debug, Serialize, JsonSchema)]
pub struct Progressed<'a> {
    /// The id of the running `action/execute` request
    pub id: &'a RequestId,
    /// The progress message
    pub message: &'a str,
}

/// The parameters of `credential/resolve`, with which the package requests a token from the host
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ResolveCredential {
    /// The credential as the flow names it
    pub credential: NamedCredential,
    /// The organization that the token is for, in its canonical form
    pub organization_url: String,
    /// The project that the token is for
    pub project_name: String,
}

/// A reference to a credential
#[derive(Debug, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum NamedCredential {
    /// A reference as the flow has it
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

/// The result of `credential/resolve`; no `Debug`, since it contains a token
#[derive(Deserialize, JsonSchema)]
pub struct ResolvedCredential {
    /// The token
    #[schemars(with = "String")]
    pub token: Secret,
}
