//! What a Connect leads to: a connection, or a connection whose project is missing.

use crate::contract::Error;
use crate::devops::client::connection::Connection;
use crate::devops::client::project::ConnectedProject;

/// Where a Connect came to: an organization, and a project of it unless that is missing
pub struct ConnectOutcome {
    pub(crate) connection: Connection,
    pub(crate) missing: Option<Error>,
}

impl ConnectOutcome {
    /// Whether the project is not there
    pub fn is_project_missing(&self) -> bool {
        self.missing.is_some()
    }

    /// The connection
    ///
    /// Errors: `project.not_found` if the project is not there.
    pub fn connected(self) -> Result<Connection, Error> {
        match self.missing {
            Some(error) => Err(error),
            None => Ok(self.connection),
        }
    }

    /// The connection to the organization alone, for requests at its level
    pub fn organization(&self) -> &Connection {
        &self.connection
    }

    /// The connection to a project that was made meanwhile
    pub fn with_project(self, project: ConnectedProject) -> Connection {
        Connection { project, ..self.connection }
    }
}
