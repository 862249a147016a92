//! The project of a connection.

use crate::contract::printable;

/// The project of a connection
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectedProject {
    /// Its id, which a rename does not change
    pub id: String,
    /// Its name as the service spells it
    pub name: String,
}

impl ConnectedProject {
    /// Returns the name for messages and screens: control and bidirectional characters are escaped
    pub fn shown(&self) -> String {
        printable(&self.name, 256)
    }
}
