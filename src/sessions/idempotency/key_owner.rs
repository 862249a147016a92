//! The call that reserved an idempotency key and makes the request.

use std::sync::Arc;
use std::time::Duration;

use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::sessions::idempotency::key_secrets::KeySecrets;
use crate::sessions::idempotency::keyed_request::KeyRecord;
use crate::sessions::idempotency::store::IdempotencyStore;
use crate::sessions::idempotency::store::Settled;

/// How long a reservation lives whose owner does not renew it
pub(super) const LEASE: Duration = Duration::from_secs(15);

/// How often the owner renews it
const RENEWAL: Duration = Duration::from_secs(5);

/// The call that makes the request
///
/// If it is dropped, which ends it without an outcome, the request counts as lost.
pub struct KeyOwner {
    store: Arc<dyn IdempotencyStore>,
    secrets: KeySecrets,
    record: KeyRecord,
    sealed: Vec<u8>,
    is_settled: bool,
}

impl KeyOwner {
    pub(super) fn new(
        store: Arc<dyn IdempotencyStore>,
        secrets: KeySecrets,
        record: KeyRecord,
        sealed: Vec<u8>,
    ) -> Self {
        KeyOwner { store, secrets, record, sealed, is_settled: false }
    }

    /// Makes the request, and keeps the reservation meanwhile
    pub async fn hold<T>(&self, request: impl Future<Output = T>) -> T {
        let mut request = Box::pin(request);
        loop {
            match tokio::time::timeout(RENEWAL, &mut request).await {
                Ok(result) => return result,
                // Without the store the reservation ends, and the request counts as lost: that is safe.
                Err(_) => drop(self.store.renew(self.secrets.place, &self.sealed, LEASE).await),
            }
        }
    }

    /// Records that the request made this
    pub async fn done(self, made: u32) {
        match self.record.made(made).seal(&self.secrets) {
            Ok(sealed) => self.settle(Settled::Done(sealed)).await,
            Err(_) => self.settle(Settled::Lost).await,
        }
    }

    /// Records that the request made nothing, or that this is not known
    pub async fn failed(self, error: &Error) {
        let is_unknown = error.code() == ErrorCode::ServiceOutcomeUnknown;
        self.settle(if is_unknown { Settled::Lost } else { Settled::NotMade }).await;
    }

    async fn settle(mut self, settled: Settled) {
        // A store that does not respond now says later that the request is lost.
        let done = self.store.settle(self.secrets.place, &self.sealed, settled).await;
        self.is_settled = done.is_ok();
    }
}

impl Drop for KeyOwner {
    fn drop(&mut self) {
        if !self.is_settled {
            self.store.settle_later(self.secrets.place, &self.sealed, Settled::Lost);
        }
    }
}
