//! The rate limit that several processes of one user share: what a process asks for, and what it gets.
//!
//! The stores behind it are in the room `sessions`. Decisions 0240 and 0261.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use ring::hmac;
use serde::Deserialize;
use serde::Serialize;

use crate::contract::Secret;

/// What a process gets; `None` if the store does not respond
pub type SlotFuture<'a> = Pin<Box<dyn Future<Output = Option<GrantedSlots>> + Send + 'a>>;

/// The user of a token, if a process has learned it lately; `None` around it if the store does not respond
pub type UserFuture<'a> = Pin<Box<dyn Future<Output = Option<Option<UserKey>>> + Send + 'a>>;

/// A store of rate limits for several processes; its clock is the only one that counts
pub trait SharedRateLimit: Send + Sync + 'static {
    /// Reports what the service said, and draws slots for the next requests of a user
    fn draw(&self, user: UserKey, draw: SlotDraw) -> SlotFuture<'_>;

    /// Returns the user of a token
    fn user_of(&self, token: UserKey) -> UserFuture<'_>;

    /// Tells the other processes the user of a token, in the background
    fn tell_user(&self, token: UserKey, user: UserKey);
}

/// One user of one organization, in a form that names neither; a token stands for its user until that one is known
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct UserKey(pub [u8; 16]);

impl UserKey {
    /// Derives the key: a hash of the organization that is keyed with the id of the user
    pub(crate) fn of(organization: &str, user: &str) -> Self {
        Self::hash(user.to_ascii_lowercase().as_bytes(), &format!("azdo-bot rate limit {organization}"))
    }

    /// Derives the key of a token whose user is not known: the same hash, keyed with the token
    pub(crate) fn of_token(organization: &str, token: &Secret) -> Self {
        Self::hash(token.expose().as_bytes(), &format!("azdo-bot rate limit of a token {organization}"))
    }

    fn hash(key: &[u8], text: &str) -> Self {
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), text.as_bytes());
        let (half, _) = tag.as_ref().split_first_chunk().expect("a SHA-256 hash has 32 bytes");
        UserKey(*half)
    }
}

/// What a process asks for
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct SlotDraw {
    /// How many requests wait, ten at most
    pub slots: u32,
    /// How long the first of them can wait
    pub patience: Duration,
    /// What the service said since the last draw
    pub report: LimitReport,
}

/// What the service said to a process
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct LimitReport {
    /// The epoch of the slots that it is about: each lowering of the rate begins another one
    pub epoch: u64,
    /// How many requests were accepted
    pub accepted: u32,
    /// How many of these had to wait, which is what raises the rate
    pub waited: u32,
    /// Whether a request was rejected or delayed
    pub lowered: bool,
    /// How long the service asks to wait
    pub pause: Duration,
    /// The rate at which the limit recovers, in requests per second, while little of it remains
    pub cap: Option<f64>,
}

/// What a process gets
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrantedSlots {
    /// How many requests it may send; none if the first one could be sent only after the patience of the draw
    pub slots: u32,
    /// The time until the first one may be sent
    pub first: Duration,
    /// The time from each to the next
    pub interval: Duration,
    /// The epoch of these slots
    pub epoch: u64,
    /// How long the service still asks to wait, whichever process it told
    pub pause: Duration,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_belongs_to_one_user_of_one_organization() {
        let mona = UserKey::of("dev.azure.com/fabrikam", "C0FFEE00-0000-4000-8000-000000000001");
        assert_eq!(mona, UserKey::of("dev.azure.com/fabrikam", "c0ffee00-0000-4000-8000-000000000001"));
        assert_ne!(mona, UserKey::of("dev.azure.com/contoso", "c0ffee00-0000-4000-8000-000000000001"));
        assert_ne!(mona, UserKey::of("dev.azure.com/fabrikam", "c0ffee00-0000-4000-8000-000000000002"));
    }
}
