//! The state in a saved world: everything except the texts of the tokens.

use serde::Deserialize;
use serde::Serialize;
use uuid::Uuid;

use super::Organization;
use crate::auth::Token;

/// The state that a simulator saved, and that another one can start with.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Saved {
    pub(crate) deployment: Uuid,
    pub(crate) organizations: Vec<Organization>,
    /// Restored tokens have new texts, and are looked up by their names.
    pub(super) tokens: Vec<Token>,
}

/// The contents of a running simulator's organizations; see [`crate::Simulator::restore`].
pub struct Snapshot(pub(super) Vec<Organization>);
