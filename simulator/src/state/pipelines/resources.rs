//! Protected resources, and the pipelines that may use them.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde::Serialize;
use serde_json::Map;
use serde_json::Value;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::state::Unseen;
use crate::world;
use crate::world::ResourceCheck;
use crate::world::ResourceKind;

/// A protected resource.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Resource {
    pub(crate) kind: ResourceKind,
    pub(crate) name: String,
    /// The identifier of a service connection or a secure file.
    pub(crate) id: Uuid,
    /// The identifier of the other kinds.
    pub(crate) number: usize,
    /// What a run waits for before it uses the resource.
    #[serde(default)]
    pub(crate) checks: Vec<ResourceCheck>,
    /// What a variable group has besides.
    #[serde(default)]
    pub(crate) group: Option<VariableGroup>,
}

/// The content of a variable group.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct VariableGroup {
    pub(crate) description: String,
    /// As they were sent, without the values of secret variables.
    pub(crate) variables: Map<String, Value>,
    /// Positions of the users.
    pub(crate) created_by: usize,
    pub(crate) modified_by: usize,
    pub(crate) created: OffsetDateTime,
    pub(crate) modified: OffsetDateTime,
    pub(crate) unseen: Unseen,
}

/// The pipelines that may use a resource.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Allowed {
    pub(crate) pipelines: BTreeSet<u32>,
    pub(crate) all: bool,
}

/// Assigns identifiers to the described resources.
pub(in crate::state) fn identified(described: Vec<world::Resource>) -> Vec<Resource> {
    let new = |(at, world::Resource { kind, name, checks })| Resource {
        kind,
        name,
        id: Uuid::new_v4(),
        number: at + 1,
        checks,
        group: None,
    };
    described.into_iter().enumerate().map(new).collect()
}
