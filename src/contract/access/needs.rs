//! What an action needs of the service: permissions of the token's user, and the least token scope.

use serde::Serialize;

use crate::contract::Permission;
use crate::contract::Scope;

/// What must be there for an action to work
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Needs {
    /// Permissions of the token's user; empty where nothing beyond signing in is asked
    pub permissions: &'static [Permission],
    /// The least scope of the token; none where every token will do
    pub scope: Option<Scope>,
}

impl Needs {
    /// An action that works on this process alone
    pub const NOTHING: Needs = Needs { permissions: &[], scope: None };
}
