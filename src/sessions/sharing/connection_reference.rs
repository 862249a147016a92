//! A session's connection by reference: what another process needs to open the same one with its own rights.

use serde::Deserialize;
use serde::Serialize;

/// A connection by reference; it has no token, unless the operator allows a sealed one
///
/// The process that reads it resolves the credential itself, and compares the user and the project with the record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectionReference {
    /// The organization's URL
    pub organization: String,
    /// The project's id
    pub project: String,
    /// The id of the token's user
    pub user: String,
    /// Whether the token is sent as a bearer token
    pub bearer: bool,
    /// Where the token comes from
    pub credential: SharedCredential,
}

/// A credential that another process can resolve
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum SharedCredential {
    /// A reference to a store: `env:NAME`
    Reference(String),
    /// A credential of a locker
    Locker {
        /// The locker
        locker: String,
        /// The credential in it
        name: String,
        /// The credential's attribute
        attribute: String,
    },
    /// A token without a reference, sealed with the operator's key
    Sealed(String),
}
