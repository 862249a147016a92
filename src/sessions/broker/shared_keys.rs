//! The idempotency keys that the processes with one broker share.

use std::time::Duration;

use crate::sessions::broker::connecting::garbage;
use crate::sessions::broker::message::BrokerCall;
use crate::sessions::broker::message::BrokerReply;
use crate::sessions::broker::message::SealedText;
use crate::sessions::broker::message::WrittenOutcome;
use crate::sessions::broker::store::BrokerStore;
use crate::sessions::idempotency::IdempotencyStore;
use crate::sessions::idempotency::KeyPlace;
use crate::sessions::idempotency::KeyState;
use crate::sessions::idempotency::Settled;
use crate::sessions::sharing::StoreFuture;

impl From<Settled> for WrittenOutcome {
    fn from(settled: Settled) -> Self {
        match settled {
            Settled::NotMade => WrittenOutcome::NotMade,
            Settled::Lost => WrittenOutcome::Lost,
            Settled::Done(record) => WrittenOutcome::Done(SealedText(record)),
        }
    }
}

impl From<WrittenOutcome> for Settled {
    fn from(written: WrittenOutcome) -> Self {
        match written {
            WrittenOutcome::NotMade => Settled::NotMade,
            WrittenOutcome::Lost => Settled::Lost,
            WrittenOutcome::Done(SealedText(record)) => Settled::Done(record),
        }
    }
}

impl IdempotencyStore for BrokerStore {
    fn reserve<'a>(&'a self, key: KeyPlace, record: &'a [u8], lease: Duration) -> StoreFuture<'a, KeyState> {
        Box::pin(async move {
            match self.ask(BrokerCall::ReserveKey { key, record: record.into(), lease }).await? {
                BrokerReply::Reserved => Ok(KeyState::Reserved),
                BrokerReply::KeyPending { record: SealedText(record) } => Ok(KeyState::Pending(record)),
                BrokerReply::KeyLost { record: SealedText(record) } => Ok(KeyState::Lost(record)),
                BrokerReply::KeyDone { record: SealedText(record) } => Ok(KeyState::Done(record)),
                _ => Err(garbage()),
            }
        })
    }

    fn renew<'a>(&'a self, key: KeyPlace, record: &'a [u8], lease: Duration) -> StoreFuture<'a, ()> {
        Box::pin(self.ask_for_done(BrokerCall::RenewKey { key, record: record.into(), lease }))
    }

    fn settle<'a>(&'a self, key: KeyPlace, record: &'a [u8], settled: Settled) -> StoreFuture<'a, ()> {
        Box::pin(self.ask_for_done(BrokerCall::SettleKey {
            key,
            record: record.into(),
            settled: settled.into(),
        }))
    }

    fn settle_later(&self, key: KeyPlace, record: &[u8], settled: Settled) {
        self.tell(BrokerCall::SettleKey { key, record: record.into(), settled: settled.into() });
    }
}
