//! The project of a connection.

/// The project of a connection
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectedProject {
    /// Its id, which a rename does not change
    pub id: String,
    /// Its name as the service spells it
    pub name: String,
}
