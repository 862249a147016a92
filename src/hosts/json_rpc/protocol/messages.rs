//! The messages of the JSON-RPC host as types: the parameters and results of every method.
//!
//! `docs/hosts/json-rpc.md` describes the protocol; the schemas are generated from these types.

use ring::digest;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

use crate::contract::BotRunId;
use crate::contract::Secret;
use crate::hosts::json_rpc::protocol::RequestId;
use crate::package::PACKAGE_NAME;
use crate::package::manifest_text;

/// The one version of the protocol that is spoken
pub const PROTOCOL: i64 = 1;

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
    /// The lockers that are the host's, when it has not all: it is asked for their credentials and for no others
    #[serde(default)]
    pub lockers: Option<Vec<String>>,
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
    #[schemars(with = "String")]
    pub token: Secret,
}
