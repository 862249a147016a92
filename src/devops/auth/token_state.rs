//! The token in use, and whether it is still accepted.
//!
//! The service rejects an expired token, a revoked one and one without the scope in the same way. So one
//! request asks the service for the token's user, for all requests that were rejected at the same time. The
//! same user as before means that a scope is missing; otherwise the credential is resolved once more,
//! because it may have been renewed in its store.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;

use crate::contract::Secret;
use crate::devops::errors::token_refusal::StaleToken;

/// The token in use and what is known about it
pub(crate) struct TokenState {
    current: Mutex<Current>,
    /// How often the token in use was found good
    confirmed: AtomicU64,
    /// Held by the request that checks or renews the token; the others wait for its result
    pub(crate) refresh: tokio::sync::Mutex<()>,
}

struct Current {
    token: Arc<Secret>,
    generation: u64,
    /// Set when the service accepts neither the token nor another one
    stale: Option<Box<StaleToken>>,
}

/// The token as one request uses it
#[derive(Clone)]
pub(crate) struct CurrentToken {
    pub(crate) token: Arc<Secret>,
    generation: u64,
    confirmed: u64,
}

/// What is known about a token that was rejected
pub(crate) enum TokenStatus {
    /// It is accepted: it lacks a scope
    Good,
    /// Another token has replaced it
    Renewed(CurrentToken),
    /// It is not accepted any more
    Stale(StaleToken),
    /// It was not checked since it was rejected
    Unknown,
}

impl TokenState {
    pub(crate) fn new(token: Secret) -> Self {
        let current = Current { token: Arc::new(token), generation: 0, stale: None };
        TokenState {
            current: Mutex::new(current),
            confirmed: AtomicU64::new(0),
            refresh: tokio::sync::Mutex::new(()),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Current> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the token for a request, or why it is known not to be accepted
    pub(crate) fn current(&self) -> Result<CurrentToken, StaleToken> {
        let current = self.lock();
        let confirmed = self.confirmed.load(Ordering::Relaxed);
        match &current.stale {
            Some(stale) => Err((**stale).clone()),
            None => {
                Ok(CurrentToken { token: current.token.clone(), generation: current.generation, confirmed })
            }
        }
    }

    /// Returns what is known about a rejected token; the caller holds the `refresh` lock
    ///
    /// A token that was found good after the rejected request was sent is good for that request too.
    pub(crate) fn status(&self, rejected: &CurrentToken) -> TokenStatus {
        match self.current() {
            Err(stale) => TokenStatus::Stale(stale),
            Ok(current) if current.generation != rejected.generation => TokenStatus::Renewed(current),
            Ok(current) if current.confirmed != rejected.confirmed => TokenStatus::Good,
            Ok(_) => TokenStatus::Unknown,
        }
    }

    /// Records that the service accepts the token in use
    pub(crate) fn confirm(&self) {
        self.confirmed.fetch_add(1, Ordering::Relaxed);
    }

    /// Replaces the token in use with another one that the service accepts
    pub(crate) fn replace(&self, token: Secret) {
        let mut current = self.lock();
        current.token = Arc::new(token);
        current.generation += 1;
    }

    /// Records that the token in use is not accepted and that there is no other
    pub(crate) fn mark_stale(&self, stale: StaleToken) {
        self.lock().stale = Some(Box::new(stale));
    }

    pub(crate) fn is_stale(&self) -> bool {
        self.lock().stale.is_some()
    }
}
