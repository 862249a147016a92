//! The outcome of opening a connection: the project may be missing.

use crate::contract::Error;
use crate::devops::client::connection::Connection;
use crate::devops::client::project::ConnectedProject;

/// A connection to an organization, and to one of its projects unless the project is missing
pub struct ConnectOutcome {
    pub(crate) connection: Connection,
    pub(crate) missing: Option<Error>,
}

impl ConnectOutcome {
    /// Whether the project does not exist
    pub fn is_project_missing(&self) -> bool {
        self.missing.is_some()
    }

    /// Returns the connection
    ///
    /// Errors: `project.not_found` if the project does not exist.
    pub fn connected(self) -> Result<Connection, Error> {
        match self.missing {
            Some(error) => Err(error),
            None => Ok(self.connection),
        }
    }

    /// Returns the connection to the organization, for requests at organization level
    pub fn organization(&self) -> &Connection {
        &self.connection
    }

    /// Returns the connection with a project that was created in the meantime
    pub fn with_project(self, project: ConnectedProject) -> Connection {
        Connection { project, ..self.connection }
    }
}
