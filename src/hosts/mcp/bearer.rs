//! The bearer tokens of HTTP clients: only their tags under a key of the process are kept.

use ring::hmac;

use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Secret;

/// The shortest bearer token, in characters: 128 bits in base64 are 22
const SHORTEST_TOKEN: usize = 22;

/// A bearer token that callers have; each has its own sessions
pub struct BearerToken(hmac::Tag);

/// The server's key: the tokens are compared by their tags under it, which takes the same time for every token
pub struct BearerKey(hmac::Key);

impl BearerKey {
    /// Creates a random key
    pub fn generate() -> Result<Self, Error> {
        let key = hmac::Key::generate(hmac::HMAC_SHA256, &ring::rand::SystemRandom::new());
        key.map(BearerKey)
            .map_err(|_| Error::new(ErrorCode::Internal, "the system's random generator does not respond"))
    }

    /// Returns the tag of a token
    ///
    /// Errors: `input.invalid` for a token that is too short or that a header cannot have; the message does not quote it.
    pub fn token(&self, token: &Secret) -> Result<BearerToken, Error> {
        let text = token.expose();
        let fits = text.len() >= SHORTEST_TOKEN && text.bytes().all(|byte| byte.is_ascii_graphic());
        if !fits {
            let message = format!(
                "--bearer: a token has at least {SHORTEST_TOKEN} characters of ASCII, without blanks"
            );
            return Err(Error::new(ErrorCode::InputInvalid, message)
                .help("Create one with `openssl rand -base64 32`, and keep it in a file or a variable."));
        }
        Ok(BearerToken(hmac::sign(&self.0, text.as_bytes())))
    }

    /// Returns whether the bytes are this token
    pub(super) fn is(&self, given: &[u8], token: &BearerToken) -> bool {
        hmac::verify(&self.0, given, token.0.as_ref()).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_weak_token_is_refused_and_not_shown() {
        let key = BearerKey::generate().expect("there is randomness");
        for bad in ["", "short", "with a blank in it, though long enough", "tööööööööööööööööööken"]
        {
            let refused = key.token(&Secret::new(bad.to_owned())).err().expect("it is refused");
            assert!(bad.is_empty() || !refused.to_string().contains(bad));
        }
    }

    #[test]
    fn a_token_is_recognized_by_its_own_key_only() {
        let (key, other) = (BearerKey::generate(), BearerKey::generate());
        let (key, other) = (key.expect("there is randomness"), other.expect("there is randomness"));
        let text = "long enough".replace(' ', "-").repeat(3);
        let token = key.token(&Secret::new(text.clone())).expect("it is long enough");
        assert!(key.is(text.as_bytes(), &token) && !other.is(text.as_bytes(), &token));
        assert!(!key.is(&text.as_bytes()[1..], &token) && !key.is(b"", &token));
    }
}
