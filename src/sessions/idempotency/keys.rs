//! The idempotency keys of a process, or of all processes with one store.

use std::fmt;
use std::sync::Arc;

use crate::contract::Error;
use crate::sessions::idempotency::in_process::InProcessKeys;
use crate::sessions::idempotency::key_owner::KeyOwner;
use crate::sessions::idempotency::key_owner::LEASE;
use crate::sessions::idempotency::key_secrets::KeySecrets;
use crate::sessions::idempotency::keyed_request::KeyRecord;
use crate::sessions::idempotency::keyed_request::KeyedRequest;
use crate::sessions::idempotency::store::IdempotencyStore;
use crate::sessions::idempotency::store::KeyState;
use crate::sessions::idempotency::store::Settled;

/// The idempotency keys of a process, or of all processes with one store
#[derive(Clone)]
pub struct IdempotencyKeys(Arc<dyn IdempotencyStore>);

/// What a call with an idempotency key has to do
pub enum KeyUse {
    /// It is the first: it makes the request
    First(KeyOwner),
    /// Another call makes the request; it waits
    Pending,
    /// The owner is gone: it looks for what the request made
    Lost(LostRequest),
    /// The request was made: this is the id of what it made
    Done(u32),
}

/// A request whose owner is gone
pub struct LostRequest {
    store: Arc<dyn IdempotencyStore>,
    secrets: KeySecrets,
    record: KeyRecord,
    sealed: Vec<u8>,
}

impl Default for IdempotencyKeys {
    fn default() -> Self {
        IdempotencyKeys(Arc::new(InProcessKeys::default()))
    }
}

impl IdempotencyKeys {
    /// Creates the keys of all processes with this store
    pub fn shared(store: Arc<dyn IdempotencyStore>) -> Self {
        IdempotencyKeys(store)
    }

    /// Reserves the key of a request, or returns what is known of it
    ///
    /// Errors: `input.invalid` if the key belongs to a request with other inputs; `store.unavailable`.
    pub async fn reserve(&self, request: &KeyedRequest<'_>) -> Result<KeyUse, Error> {
        let KeyedRequest { organization, project, target, key, .. } = request;
        let secrets = KeySecrets::of(organization, project, target, key);
        let record = KeyRecord::of(request, &secrets);
        let sealed = record.seal(&secrets)?;
        let store = Arc::clone(&self.0);
        let state = store.reserve(secrets.place, &sealed, LEASE).await?;
        let read = |sealed: &[u8]| {
            let record = KeyRecord::read(sealed, &secrets)?;
            record.check(request, &secrets).map(|()| record)
        };
        Ok(match state {
            KeyState::Reserved => KeyUse::First(KeyOwner::new(store, secrets, record, sealed)),
            KeyState::Pending(sealed) => {
                read(&sealed)?;
                KeyUse::Pending
            }
            KeyState::Lost(sealed) => {
                let record = read(&sealed)?;
                KeyUse::Lost(LostRequest { store, secrets, record, sealed })
            }
            KeyState::Done(sealed) => {
                let record = read(&sealed)?;
                match record.made {
                    Some(made) => KeyUse::Done(made),
                    None => KeyUse::Lost(LostRequest { store, secrets, record, sealed }),
                }
            }
        })
    }
}

impl LostRequest {
    /// Returns the mark that the request carried
    pub fn mark(&self) -> Option<&str> {
        self.record.mark.as_deref()
    }

    /// Returns when the request was made at the earliest, by the clock of the service, in seconds since 1970
    pub fn since(&self) -> Option<i64> {
        self.record.since
    }

    /// Records what the request made, so that the next call need not look
    pub async fn found(self, made: u32) {
        let record = self.record.made(made);
        if let Ok(sealed) = record.seal(&self.secrets) {
            // If the store does not respond, the next call looks again.
            drop(self.store.settle(self.secrets.place, &self.sealed, Settled::Done(sealed)).await);
        }
    }
}

impl fmt::Debug for IdempotencyKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IdempotencyKeys(..)")
    }
}
