//! The resources that every store can use.

use std::sync::Arc;

use crate::contract::StoreClient;
use crate::credentials::env::EnvLookup;
use crate::credentials::sign_in_secrets::SignInSecrets;

/// The resources that a store gets when it is opened
#[allow(dead_code, reason = "the cargo features decide which of these a store uses")]
pub(super) struct StoreResources {
    /// The environment of this process
    pub(super) lookup: EnvLookup,
    /// Sends requests to stores over the network, if that is allowed
    pub(super) client: Option<Arc<dyn StoreClient>>,
    /// The secrets that open the store
    pub(super) secrets: SignInSecrets,
}
