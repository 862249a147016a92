//! The rate limits that the processes with one broker share.

use crate::devops::GrantedSlots;
use crate::devops::SharedRateLimit;
use crate::devops::SlotDraw;
use crate::devops::SlotFuture;
use crate::devops::UserFuture;
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

    fn user_of(&self, token: UserKey) -> UserFuture<'_> {
        Box::pin(async move {
            match self.ask(BrokerCall::UserOf { token }).await {
                Ok(BrokerReply::User { user }) => Some(user),
                Ok(_) => None,
                Err(error) => {
                    error.warn_of_limit();
                    None
                }
            }
        })
    }

    fn tell_user(&self, token: UserKey, user: UserKey) {
        self.tell(BrokerCall::TellUser { token, user });
    }
}

async fn draw_from(store: &BrokerStore, user: UserKey, draw: SlotDraw) -> Result<GrantedSlots, StoreError> {
    match store.ask(BrokerCall::Draw { user, draw }).await? {
        BrokerReply::Granted(granted) => Ok(granted),
        _ => Err(garbage()),
    }
}
