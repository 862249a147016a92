//! Encryption of what a store has: AES-256-GCM with a random nonce, and a purpose that the text is bound to.

use ring::aead;
use ring::rand::SecureRandom as _;
use ring::rand::SystemRandom;

use crate::contract::Error;
use crate::contract::ErrorCode;

/// A key that seals texts
pub(in crate::sessions) struct Sealer(aead::LessSafeKey);

impl Sealer {
    /// Creates a sealer from a key of 32 bytes
    pub(in crate::sessions) fn new(key: &[u8]) -> Self {
        Self::of(aead::UnboundKey::new(&aead::AES_256_GCM, key).expect("the key has 32 bytes"))
    }

    /// Creates a sealer from a derived key for AES-256-GCM
    pub(super) fn of(key: aead::UnboundKey) -> Self {
        Sealer(aead::LessSafeKey::new(key))
    }

    /// Encrypts a text; only the same purpose opens it again
    ///
    /// Errors: `internal` if the system's random generator fails.
    pub(in crate::sessions) fn seal(&self, purpose: &[u8], mut text: Vec<u8>) -> Result<Vec<u8>, Error> {
        let failed = |_| Error::new(ErrorCode::Internal, "A record of the session store cannot be encrypted");
        let mut nonce = [0; aead::NONCE_LEN];
        SystemRandom::new().fill(&mut nonce).map_err(failed)?;
        let unique = aead::Nonce::assume_unique_for_key(nonce);
        self.0.seal_in_place_append_tag(unique, aead::Aad::from(purpose), &mut text).map_err(failed)?;
        Ok([nonce.as_slice(), &text].concat())
    }

    /// Decrypts a text that was sealed with this key for this purpose; `None` for any other
    pub(in crate::sessions) fn unseal(&self, purpose: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, text) = sealed.split_at_checked(aead::NONCE_LEN)?;
        let nonce = aead::Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut text = text.to_vec();
        let length = self.0.open_in_place(nonce, aead::Aad::from(purpose), &mut text).ok()?.len();
        // What remains behind the text is its tag, so that no second copy of a token is made.
        text.drain(length..);
        Some(text)
    }
}
