//! Protected resources as a world describes them: what pipelines have to be let use.

use serde::Deserialize;
use serde::Serialize;

/// A resource that pipelines have to be let use. It has a name, and an identifier that the simulator gives it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resource {
    #[serde(rename = "type")]
    pub(crate) kind: ResourceKind,
    pub(crate) name: String,
}

/// What a resource is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ResourceKind {
    /// A service connection, which the service calls an endpoint.
    ServiceConnection,
    /// The agent queue of a pool.
    AgentQueue,
    /// A variable group.
    VariableGroup,
    /// A secure file.
    SecureFile,
    /// An environment.
    Environment,
}

impl Resource {
    /// A resource of this name.
    pub fn named(kind: ResourceKind, name: &str) -> Self {
        Resource { kind, name: name.to_owned() }
    }
}
