//! The rate limits that the processes with one broker share.

use crate::devops::GrantedSlots;
use crate::devops::SharedRateLimit;
use crate::devops::SlotDraw;
use crate::devops::SlotFuture;
use crate::devops::UserKey;
use crate::sessions::broker::connecting::garbage;
use crate::sessions::broker::message::BrokerCall;
use crate::sessions::broker::message::BrokerReply;
use crate::sessions::broker::store::BrokerStore;
use crate::sessions::sharing::StoreError;

impl SharedRateLimit for BrokerStore {
    fn draw(&self, user: UserKey, draw: SlotDraw) -> SlotFuture<'_> {
        Box::pin(async move { draw_from(self, user, draw).await.map_err(StoreError::warn_of_limit).ok() })
    }
}

async fn draw_from(store: &BrokerStore, user: UserKey, draw: SlotDraw) -> Result<GrantedSlots, StoreError> {
    match store.ask(BrokerCall::Draw { user, draw }).await? {
        BrokerReply::Granted(granted) => Ok(granted),
        _ => Err(garbage()),
    }
}
