//! A secret is a type: it cannot be printed, serialized, compared or copied by accident.

use std::fmt;

use secrecy::ExposeSecret;
use secrecy::SecretString;

/// A token in memory, wiped when dropped
///
/// It has no `Display`, `Serialize` or `Clone`, and its `Debug` shows nothing. [`Secret::expose`]
/// marks the boundary where it becomes a request header or a mask.
pub struct Secret(SecretString);

impl Secret {
    /// Takes a secret over; the caller's string becomes the secret's own
    pub fn new(text: String) -> Self {
        Secret(SecretString::from(text))
    }

    /// The secret itself; only for making a header, a mask or a keyed hash
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_nothing() {
        assert_eq!(format!("{:?}", Secret::new("hidden".to_owned())), "Secret(..)");
    }
}
