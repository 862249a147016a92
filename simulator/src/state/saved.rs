//! What a simulator holds, as a saved world keeps it: everything but the texts of the tokens.

use serde::Deserialize;
use serde::Serialize;
use uuid::Uuid;

use super::Organization;
use crate::auth::Token;

/// What was there, and is there again when a simulator starts with it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Saved {
    pub(crate) deployment: Uuid,
    pub(crate) organizations: Vec<Organization>,
    /// Tokens have new texts when they are there again, and are found by their names.
    pub(super) tokens: Vec<Token>,
}

/// What the organizations of a running simulator held at a moment; see [`crate::Simulator::restore`].
pub struct Snapshot(pub(super) Vec<Organization>);
