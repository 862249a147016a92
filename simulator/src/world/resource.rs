//! The description of protected resources, which pipelines need permission to use.

use serde::Deserialize;
use serde::Serialize;

/// A protected resource. The simulator gives it an identifier.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resource {
    #[serde(rename = "type")]
    pub(crate) kind: ResourceKind,
    pub(crate) name: String,
}

/// The kind of a protected resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ResourceKind {
    /// A service connection (`endpoint` in the API).
    ServiceConnection,
    /// The queue of an agent pool.
    AgentQueue,
    /// A variable group.
    VariableGroup,
    /// A secure file.
    SecureFile,
    /// An environment.
    Environment,
}

impl Resource {
    /// A resource with this name.
    pub fn named(kind: ResourceKind, name: &str) -> Self {
        Resource { kind, name: name.to_owned() }
    }
}
