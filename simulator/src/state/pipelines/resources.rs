//! Protected resources, and the pipelines that may use them.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde::Serialize;
use uuid::Uuid;

use crate::world;
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
}

/// The pipelines that may use a resource.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Allowed {
    pub(crate) pipelines: BTreeSet<u32>,
    pub(crate) all: bool,
}

/// Assigns identifiers to the described resources.
pub(in crate::state) fn identified(described: Vec<world::Resource>) -> Vec<Resource> {
    let new =
        |(at, world::Resource { kind, name })| Resource { kind, name, id: Uuid::new_v4(), number: at + 1 };
    described.into_iter().enumerate().map(new).collect()
}
