//! What an idempotency key gives: its place in a store, the hashes of the inputs, and the key that seals its record.
//!
//! All of it is derived from the id of the project, which the store never has, and from the key itself.

use ring::hmac;

use crate::contract::IdempotencyKey;
use crate::sessions::idempotency::store::KeyPlace;
use crate::sessions::sharing::Sealer;

/// The secrets of one idempotency key
pub(super) struct KeySecrets {
    pub(super) place: KeyPlace,
    pub(super) sealer: Sealer,
    inputs: hmac::Key,
}

impl KeySecrets {
    /// Derives the secrets of a key for one target, such as a pipeline, in a project of an organization
    pub(super) fn of(organization: &str, project: &str, target: &str, key: &IdempotencyKey) -> Self {
        let project = hmac::Key::new(hmac::HMAC_SHA256, project.to_ascii_lowercase().as_bytes());
        let mut subject = hmac::Context::with_key(&project);
        for part in [organization, target, key.as_str()] {
            // The length keeps the parts apart.
            subject.update(&part.len().to_be_bytes());
            subject.update(part.as_bytes());
        }
        let source = hmac::Key::new(hmac::HMAC_SHA256, subject.sign().as_ref());
        let derive =
            |purpose: &str| hmac::sign(&source, format!("azdo-bot idempotency {purpose}").as_bytes());
        let place = derive("place");
        let (half, _) = place.as_ref().split_first_chunk().expect("a SHA-256 hash has 32 bytes");
        KeySecrets {
            place: KeyPlace(*half),
            sealer: Sealer::new(derive("record").as_ref()),
            inputs: hmac::Key::new(hmac::HMAC_SHA256, derive("inputs").as_ref()),
        }
    }

    /// Returns the hash of an input
    pub(super) fn hash(&self, input: &str) -> String {
        let tag = hmac::sign(&self.inputs, input.as_bytes());
        tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}
