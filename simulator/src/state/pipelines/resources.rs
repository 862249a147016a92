//! Protected resources, and which pipelines may use them.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde::Serialize;
use uuid::Uuid;

use crate::world;
use crate::world::ResourceKind;

/// What pipelines have to be let use.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Resource {
    pub(crate) kind: ResourceKind,
    pub(crate) name: String,
    /// What service connections and secure files are known by.
    pub(crate) id: Uuid,
    /// What the others are known by.
    pub(crate) number: usize,
}

/// Who may use a resource.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Allowed {
    pub(crate) pipelines: BTreeSet<u32>,
    pub(crate) all: bool,
}

/// Resources with their identifiers.
pub(in crate::state) fn identified(described: Vec<world::Resource>) -> Vec<Resource> {
    let new =
        |(at, world::Resource { kind, name })| Resource { kind, name, id: Uuid::new_v4(), number: at + 1 };
    described.into_iter().enumerate().map(new).collect()
}
