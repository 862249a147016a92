//! Tokens without a reference, sealed for the other processes of a run tree with a key of the operator.

use std::fmt;

use ring::aead;
use ring::hkdf;
use ring::rand::SecureRandom as _;
use ring::rand::SystemRandom;

use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Secret;
use crate::contract::SessionName;
use crate::sessions::sharing::sealer::Sealer;
use crate::sessions::sharing::store::EntryId;
use crate::sessions::sharing::store::TreePlace;

/// The length of the salt of a record, in bytes
const SALT: usize = 32;

/// What the operator's key seals tokens with, and the one before it
///
/// Each record has a key of its own, derived from the operator's key and a random salt. A sealed token is bound to its run
/// tree, its session and the name of the session. Decision 0242.
pub struct TokenSeal {
    current: Secret,
    previous: Option<Secret>,
}

/// The place of a token: nothing else opens it
#[derive(Clone, Copy)]
pub(in crate::sessions) struct TokenPlace<'a> {
    pub(in crate::sessions) tree: TreePlace,
    /// The id of the session in the store, which each Connect makes anew
    pub(in crate::sessions) session: EntryId,
    pub(in crate::sessions) name: Option<&'a SessionName>,
}

impl TokenPlace<'_> {
    fn bytes(&self) -> Vec<u8> {
        let name = self.name.map_or("", SessionName::as_str);
        [b"token".as_slice(), &self.tree.0, &self.session.0, name.as_bytes()].concat()
    }
}

impl TokenSeal {
    /// Creates a seal with the operator's key; the previous one opens only
    pub fn new(current: Secret, previous: Option<Secret>) -> Self {
        TokenSeal { current, previous }
    }

    /// Seals a token for its place, as hexadecimal digits
    ///
    /// Errors: `internal` if the system's random generator fails.
    pub(in crate::sessions) fn seal(&self, place: TokenPlace<'_>, token: &Secret) -> Result<String, Error> {
        let mut salt = [0; SALT];
        SystemRandom::new().fill(&mut salt).map_err(|_| {
            Error::new(
                ErrorCode::Internal,
                "The system's random generator failed; the token cannot be sealed",
            )
        })?;
        // The text is encrypted in place, so that no copy of the token is left.
        let sealed = sealer(&self.current, &salt).seal(&place.bytes(), token.expose().as_bytes().to_vec())?;
        Ok(salt.iter().chain(&sealed).map(|byte| format!("{byte:02x}")).collect())
    }

    /// Opens a token; nothing if it was sealed with another key or for another place
    pub(in crate::sessions) fn open(&self, place: TokenPlace<'_>, sealed: &str) -> Option<Secret> {
        let bytes = bytes(sealed)?;
        let (salt, sealed) = bytes.split_first_chunk::<SALT>()?;
        let keys = [Some(&self.current), self.previous.as_ref()];
        let opened =
            keys.into_iter().flatten().find_map(|key| sealer(key, salt).unseal(&place.bytes(), sealed));
        opened.and_then(|token| String::from_utf8(token).ok()).map(Secret::new)
    }
}

/// Derives the key of a record
fn sealer(key: &Secret, salt: &[u8; SALT]) -> Sealer {
    let source = hkdf::Salt::new(hkdf::HKDF_SHA256, salt).extract(key.expose().as_bytes());
    let info: [&[u8]; 1] = [b"azdo-bot sealed token"];
    let derived = source.expand(&info, &aead::AES_256_GCM).expect("a key is shorter than 255 hashes");
    Sealer::of(aead::UnboundKey::from(derived))
}

/// Reads pairs of hexadecimal digits
fn bytes(digits: &str) -> Option<Vec<u8>> {
    let pairs = digits.as_bytes().chunks(2);
    pairs.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect()
}

impl fmt::Debug for TokenSeal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenSeal(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::TextKind as _;

    const TREE: TreePlace = TreePlace([1; 16]);
    const SESSION: EntryId = EntryId([2; 16]);

    fn seal(current: &str, previous: Option<&str>) -> TokenSeal {
        let secret = |text: &str| Secret::new(text.to_owned());
        TokenSeal::new(secret(current), previous.map(secret))
    }

    #[test]
    fn a_token_opens_in_its_place_and_with_the_operators_keys_only() {
        let name = SessionName::parse("Default").expect("it is a name");
        let other = SessionName::parse("Other").expect("it is a name");
        let place = TokenPlace { tree: TREE, session: SESSION, name: Some(&name) };
        let token = Secret::new("hidden".to_owned());
        let sealed = seal("one", None).seal(place, &token).expect("it can be sealed");
        let opened =
            |seal: &TokenSeal, place| seal.open(place, &sealed).map(|token| token.expose().to_owned());
        assert_eq!(opened(&seal("one", None), place).as_deref(), Some("hidden"));
        assert_eq!(opened(&seal("two", Some("one")), place).as_deref(), Some("hidden"), "after a rotation");
        assert_eq!(opened(&seal("two", None), place), None);
        for elsewhere in [
            TokenPlace { tree: TreePlace([3; 16]), ..place },
            TokenPlace { session: EntryId([3; 16]), ..place },
            TokenPlace { name: Some(&other), ..place },
            TokenPlace { name: None, ..place },
        ] {
            assert_eq!(opened(&seal("one", None), elsewhere), None);
        }
        let again = seal("one", None).seal(place, &token).expect("it can be sealed");
        assert_ne!(sealed[..2 * SALT], again[..2 * SALT], "each record has its own key");
        for cut in 0..sealed.len() {
            assert!(seal("one", None).open(place, &sealed[..cut]).is_none(), "{cut} digits");
        }
        for bad in ["x", "é", "+f"] {
            assert!(seal("one", None).open(place, bad).is_none());
        }
    }
}
