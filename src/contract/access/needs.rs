//! What an action needs: permissions of the token's user, and the least scope of the token.

use serde::Serialize;

use crate::contract::Permission;
use crate::contract::Scope;

/// The permissions and the scope that an action needs
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Needs {
    /// Permissions of the token's user; empty when signing in is enough
    pub permissions: &'static [Permission],
    /// The least scope of the token; `None` when every token is enough
    pub scope: Option<Scope>,
}

impl Needs {
    /// The needs of an action that sends no request
    pub const NOTHING: Needs = Needs { permissions: &[], scope: None };
}
