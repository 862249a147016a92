//! One open session, and what a host learns about it when it is closed.

use std::fmt;
use std::sync::Arc;
use std::sync::OnceLock;

use tokio_util::sync::CancellationToken;

use crate::contract::BotRunId;
use crate::contract::Error;
use crate::contract::SessionHandle;
use crate::contract::SessionTarget;
use crate::sessions::audit_id::audit_id;
use crate::sessions::closure::Closure;
use crate::sessions::idle::SessionUsage;
use crate::sessions::messages;
use crate::sessions::sharing::Share;

/// An authenticated connection under a name or in a variable
///
/// A caller may still hold a session after it is closed: no request is sent on it once
/// [`Session::is_closed`], and [`Session::closed`] ends the calls in progress.
pub struct Session<C> {
    handle: SessionHandle,
    target: SessionTarget,
    opened_by: Arc<BotRunId>,
    connection: C,
    closure: OnceLock<Closure>,
    closed: CancellationToken,
    usage: SessionUsage,
    share: Option<Box<Share>>,
}

impl<C> Session<C> {
    pub(super) fn new(
        handle: SessionHandle,
        target: SessionTarget,
        opened_by: Arc<BotRunId>,
        connection: C,
    ) -> Self {
        Session {
            handle,
            target,
            opened_by,
            connection,
            closure: OnceLock::new(),
            closed: CancellationToken::new(),
            usage: SessionUsage::new(),
            share: None,
        }
    }

    /// Adds its record in the store of its run tree
    pub(super) fn shared(self, share: Share) -> Self {
        Session { share: Some(Box::new(share)), ..self }
    }

    /// Returns its record in the store of its run tree, if it has one
    pub(super) fn share(&self) -> Option<&Share> {
        self.share.as_deref()
    }

    pub(super) fn usage(&self) -> &SessionUsage {
        &self.usage
    }

    /// Returns its handle in its run tree
    pub fn handle(&self) -> SessionHandle {
        self.handle
    }

    /// Returns its scope and name
    pub fn target(&self) -> &SessionTarget {
        &self.target
    }

    /// Returns its connection
    pub fn connection(&self) -> &C {
        &self.connection
    }

    /// Returns its id in the audit file: a keyed hash of the handle, 16 hexadecimal digits
    pub fn audit_id(&self) -> String {
        audit_id(&self.handle)
    }

    /// Returns whether it is closed; it never opens again
    pub fn is_closed(&self) -> bool {
        self.closure.get().is_some()
    }

    /// Waits until it is closed
    pub async fn closed(&self) {
        self.closed.cancelled().await;
    }

    /// Returns `session.closed` with how it was closed and by which bot run
    pub fn closed_error(&self) -> Error {
        messages::closed(&self.target, self.closure.get())
    }

    /// Returns the bot run that opened it
    pub(super) fn opened_by(&self) -> &Arc<BotRunId> {
        &self.opened_by
    }

    /// Marks it as closed and wakes the calls that use it; only the first closure is kept
    pub(super) fn close(&self, closure: Closure) {
        self.closure.get_or_init(|| closure);
        self.closed.cancel();
    }
}

impl<C> fmt::Debug for Session<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("target", &self.target)
            .field("closed", &self.is_closed())
            .finish_non_exhaustive()
    }
}

/// What a host learns about a closed session
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClosedSession {
    /// Returns its scope and name
    pub target: SessionTarget,
    /// Its handle, which is no longer valid
    pub handle: SessionHandle,
    /// Its id in the audit file
    pub audit_id: String,
}

impl ClosedSession {
    /// A session of the run tree that only another process had open
    pub(super) fn at(target: SessionTarget, handle: SessionHandle) -> Self {
        ClosedSession { target, handle, audit_id: audit_id(&handle) }
    }

    pub(super) fn of<C>(session: &Session<C>) -> Self {
        ClosedSession { target: session.target.clone(), handle: session.handle, audit_id: session.audit_id() }
    }
}
