//! The project of a connection.

use crate::contract::printable;

/// The project of a connection
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectedProject {
    /// Its id, which a rename does not change
    pub id: String,
    /// Its name as the service spells it
    pub name: String,
    shown: String,
}

impl ConnectedProject {
    /// Creates the project with this id and name
    pub fn new(id: String, name: String) -> Self {
        let shown = printable(&name, 256);
        ConnectedProject { id, name, shown }
    }

    /// Returns the name for messages and screens: control and bidirectional characters are escaped
    pub fn shown(&self) -> &str {
        &self.shown
    }
}
