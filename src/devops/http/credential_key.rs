//! A key that identifies a credential and contains no secret.

use ring::hmac;
use ring::rand::SystemRandom;

use crate::contract::Credential;
use crate::contract::CredentialReference;
use crate::contract::LockerCredential;

/// The identity of a credential: its reference, or a keyed hash of an insecure string
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) enum CredentialKey {
    Reference(CredentialReference),
    Locker(LockerCredential),
    Insecure([u8; 32]),
}

/// Creates the keys with a random secret of this process
pub(crate) struct CredentialKeys(hmac::Key);

impl CredentialKeys {
    pub(crate) fn new() -> Self {
        let key = hmac::Key::generate(hmac::HMAC_SHA256, &SystemRandom::new());
        CredentialKeys(key.expect("a system without a random number generator has no TLS either"))
    }

    pub(crate) fn key(&self, credential: &Credential) -> CredentialKey {
        match credential {
            Credential::Reference(reference) => CredentialKey::Reference(reference.clone()),
            Credential::Locker(locker) => CredentialKey::Locker(locker.clone()),
            Credential::Insecure(secret) => {
                let tag = hmac::sign(&self.0, secret.expose().as_bytes());
                CredentialKey::Insecure(tag.as_ref().try_into().expect("HMAC-SHA256 has 32 bytes"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::Secret;
    use crate::contract::TextKind;

    #[test]
    fn credentials_are_equal_by_reference_or_by_the_secret_itself() {
        let keys = CredentialKeys::new();
        let reference = |text: &str| keys.key(&Credential::parse(text).expect("a reference"));
        let insecure = |text: &str| keys.key(&Credential::Insecure(Secret::new(text.to_owned())));
        assert!(reference("env:A") == reference("env:A"));
        assert!(reference("env:A") != reference("env:B"));
        assert!(reference("file:A") != reference("env:A"));
        assert!(insecure("one") == insecure("one"));
        assert!(insecure("one") != insecure("two"));
        // Two processes create different hashes, so that no table can reverse them.
        assert!(
            insecure("one") != CredentialKeys::new().key(&Credential::Insecure(Secret::new("one".into())))
        );
    }
}
