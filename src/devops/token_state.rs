//! Whether a connection's token is good: one question for all who were refused at the same time.
//!
//! An expired token, a revoked one and one that lacks a scope are refused in the same way. So the
//! service is asked once who the token's user is. The same answer as before means a missing scope;
//! otherwise the credential is resolved again once, since it may have been renewed where it lies.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;

use crate::contract::Secret;

/// The token in use and what is known about it
pub(super) struct TokenState {
    current: Mutex<Current>,
    /// How often the token in use was found good
    confirmed: AtomicU64,
    /// Held by the one who asks; the others wait for what is found
    pub(super) question: tokio::sync::Mutex<()>,
}

struct Current {
    token: Arc<Secret>,
    generation: u64,
    stale: bool,
}

/// The token as one request uses it
#[derive(Clone)]
pub(super) struct CurrentToken {
    pub(super) token: Arc<Secret>,
    generation: u64,
    confirmed: u64,
}

/// What became of a token that was refused
pub(super) enum TokenStatus {
    /// It is good: what was refused lacks a scope
    Good,
    /// Another one has taken its place
    Renewed(CurrentToken),
    /// It is not accepted any more
    Stale,
    /// Nobody has asked since it was refused
    Unknown,
}

impl TokenState {
    pub(super) fn new(token: Secret) -> Self {
        let current = Current { token: Arc::new(token), generation: 0, stale: false };
        TokenState {
            current: Mutex::new(current),
            confirmed: AtomicU64::new(0),
            question: tokio::sync::Mutex::new(()),
        }
    }

    fn current(&self) -> MutexGuard<'_, Current> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The token for a request, unless it is known to be no good
    pub(super) fn pass(&self) -> Option<CurrentToken> {
        let current = self.current();
        let confirmed = self.confirmed.load(Ordering::Relaxed);
        (!current.stale).then(|| CurrentToken {
            token: current.token.clone(),
            generation: current.generation,
            confirmed,
        })
    }

    /// What is known of a refused pass; asked under the question's lock
    ///
    /// A token that was found good since the refused request left is good for this one too.
    pub(super) fn standing(&self, refused: &CurrentToken) -> TokenStatus {
        match self.pass() {
            None => TokenStatus::Stale,
            Some(pass) if pass.generation != refused.generation => TokenStatus::Renewed(pass),
            Some(pass) if pass.confirmed != refused.confirmed => TokenStatus::Good,
            Some(_) => TokenStatus::Unknown,
        }
    }

    /// The token in use was found good
    pub(super) fn confirm(&self) {
        self.confirmed.fetch_add(1, Ordering::Relaxed);
    }

    /// Puts another token, found good, in the place of the one in use
    pub(super) fn renew(&self, token: Secret) {
        let mut current = self.current();
        current.token = Arc::new(token);
        current.generation += 1;
    }

    /// The token in use is no good and no other is to be had
    pub(super) fn give_up(&self) {
        self.current().stale = true;
    }

    pub(super) fn is_stale(&self) -> bool {
        self.current().stale
    }
}
