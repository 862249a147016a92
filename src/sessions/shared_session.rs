//! A session that another process of the run tree opened, before this process has a connection for it.

use std::fmt;
use std::sync::Arc;

use crate::contract::BotRunId;
use crate::contract::Error;
use crate::contract::SessionHandle;
use crate::contract::SessionTarget;
use crate::sessions::messages;
use crate::sessions::sharing::ConnectionReference;
use crate::sessions::sharing::SharedRecord;
use crate::sessions::sharing::StoredEntry;
use crate::sessions::tree::Tree;

/// A session that another process opened; this one opens its own connection from the record, and adopts it
pub struct SharedSession<C> {
    pub(super) tree: Arc<Tree<C>>,
    /// The bot run that wants to use it
    pub(super) run: BotRunId,
    pub(super) handle: SessionHandle,
    pub(super) target: SessionTarget,
    pub(super) opened_by: BotRunId,
    record: ConnectionReference,
    version: String,
}

impl<C> SharedSession<C> {
    /// Reads the record of a session
    ///
    /// Errors: `credential.not_found` if only the process that opened it can use it, and `store.unavailable`.
    pub(super) fn read(tree: &Arc<Tree<C>>, run: &BotRunId, entry: &StoredEntry) -> Result<Self, Error> {
        let share = tree.share().expect("only a tree with a share has records");
        let SharedRecord { handle, target, opened_by, version, connection } = share.read(entry)?;
        let record = connection.ok_or_else(|| messages::only_there(&target, &opened_by))?;
        Ok(SharedSession {
            tree: Arc::clone(tree),
            run: run.clone(),
            handle,
            target,
            opened_by,
            record,
            version,
        })
    }

    /// Returns the connection by reference
    pub fn record(&self) -> &ConnectionReference {
        &self.record
    }

    /// Returns its scope and name
    pub fn target(&self) -> &SessionTarget {
        &self.target
    }

    /// Returns the version of the package that opened it
    pub fn version(&self) -> &str {
        &self.version
    }
}

impl<C> fmt::Debug for SharedSession<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SharedSession").field("target", &self.target).finish_non_exhaustive()
    }
}
