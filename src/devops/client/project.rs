//! The project of a connection.

use crate::contract::printable;

/// The project of a connection
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectedProject {
    /// Its id, which a rename does not change
    pub id: String,
    /// Its name as the service spells it
    pub name: String,
    /// The name with escapes, if it needs any
    escaped: Option<Box<str>>,
}

impl ConnectedProject {
    /// Creates the project with this id and name
    pub fn new(id: String, name: String) -> Self {
        let shown = printable(&name, 256);
        let escaped = (shown != name).then(|| shown.into_boxed_str());
        ConnectedProject { id, name, escaped }
    }

    /// Returns the name for messages and screens: control and bidirectional characters are escaped
    pub fn shown(&self) -> &str {
        self.escaped.as_deref().unwrap_or(&self.name)
    }
}
