//! A secret is a type: it cannot be printed, serialized, compared or copied by accident.

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
/// marks the boundary where it becomes a request header or a mask.
pub struct Secret {
    text: SecretString,
    scheme: Scheme,
    due: Option<Instant>,
}

/// How a token signs a request in
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scheme {
    /// As a password, as personal access tokens do
    Basic,
    /// As itself, as Microsoft Entra's access tokens do
    Bearer,
}

impl Secret {
    /// Takes a secret over; the caller's string is wiped
    pub fn new(text: String) -> Self {
        // A string with room to spare would be moved into a smaller place, and the larger one freed as it is.
        let text = Zeroizing::new(text);
        Secret { text: SecretString::from(text.as_str()), scheme: Scheme::Basic, due: None }
    }

    /// Makes it a token that signs in as itself
    #[must_use]
    pub fn as_bearer(mut self) -> Self {
        self.scheme = Scheme::Bearer;
        self
    }

    /// Says from when on another one is to be had in its place
    #[must_use]
    pub fn due_at(mut self, moment: Instant) -> Self {
        self.due = Some(moment);
        self
    }

    /// The same secret once more, for the place that keeps it beside the one that uses it
    pub fn another(&self) -> Self {
        Secret { text: SecretString::from(self.expose()), ..*self }
    }

    /// How it signs a request in
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// Whether it is about to end, so that another one is to be had
    pub fn is_due(&self) -> bool {
        self.due.is_some_and(|due| Instant::now() >= due)
    }

    /// The secret itself; only for making a header, a mask or a keyed hash
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
