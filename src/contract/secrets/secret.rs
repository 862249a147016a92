//! The type of a secret, which cannot be printed, serialized, compared or copied by accident.

use std::fmt;

use secrecy::ExposeSecret;
use secrecy::SecretString;
use secrecy::zeroize::Zeroizing;
use serde::Deserialize;
use serde::Deserializer;
use tokio::time::Instant;

/// A token in memory, wiped when dropped
///
/// It has no `Display`, `Serialize` or `Clone`, and its `Debug` shows nothing. [`Secret::expose`]
/// marks the places where it becomes a request header or a mask.
pub struct Secret {
    text: SecretString,
    scheme: Scheme,
    due: Option<Instant>,
}

/// How a token authenticates a request
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scheme {
    /// As the password of Basic authentication, for personal access tokens
    Basic,
    /// As a bearer token, for access tokens of Microsoft Entra
    Bearer,
}

impl Secret {
    /// Creates a secret; the caller's string is wiped
    pub fn new(text: String) -> Self {
        // A string with spare capacity would be reallocated, and the old allocation freed without being wiped.
        let text = Zeroizing::new(text);
        Secret { text: SecretString::from(text.as_str()), scheme: Scheme::Basic, due: None }
    }

    /// Makes the secret a bearer token
    #[must_use]
    pub fn as_bearer(mut self) -> Self {
        self.scheme = Scheme::Bearer;
        self
    }

    /// Sets when the token is due for replacement
    #[must_use]
    pub fn due_at(mut self, moment: Instant) -> Self {
        self.due = Some(moment);
        self
    }

    /// Returns a copy of the secret, for a cache beside the code that uses it
    pub fn another(&self) -> Self {
        Secret { text: SecretString::from(self.expose()), ..*self }
    }

    /// Returns how the token authenticates a request
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// Returns whether the token is due for replacement
    pub fn is_due(&self) -> bool {
        self.due.is_some_and(|due| Instant::now() >= due)
    }

    /// Returns the text of the secret; only for a header, a mask or a keyed hash
    pub fn expose(&self) -> &str {
        self.text.expose_secret()
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Secret::new)
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
