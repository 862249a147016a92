//! A session in the hands of an action.

use std::ops::Deref;
use std::sync::Arc;

use crate::sessions::session::Session;

/// A session that an action uses until this is dropped
pub struct SessionInUse<C>(Arc<Session<C>>);

impl<C> SessionInUse<C> {
    pub(super) fn of(session: Arc<Session<C>>) -> Self {
        session.usage().begin();
        SessionInUse(session)
    }
}

impl<C> Deref for SessionInUse<C> {
    type Target = Arc<Session<C>>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<C> Drop for SessionInUse<C> {
    fn drop(&mut self) {
        self.0.usage().end();
    }
}
