//! Why the keyring returns no secret.

use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::printable;

/// Why the keyring returns no secret
pub(in crate::credentials) enum Missing {
    /// There is no entry with that service and user
    Entry,
    /// There is more than one entry
    Ambiguous,
    /// The entry exists, but a person has to unlock it first
    Locked,
    /// The entry exists, but is not text
    NotText,
    /// There is no keyring; the reason is the system's message
    Store(String),
}

impl Missing {
    pub(super) fn error(self, service: &str, user: &str) -> Error {
        let entry = format!("service \"{}\" and user \"{}\"", printable(service, 256), printable(user, 256));
        let not_found = |message: String| Error::new(ErrorCode::CredentialNotFound, message);
        match self {
            Missing::Entry => not_found(format!("The keyring has no entry of {entry}"))
                .help("Add it as docs/credentials.md shows, under the account of this process."),
            Missing::Ambiguous => not_found(format!("The keyring has more than one entry of {entry}"))
                .help("Delete all but one of them."),
            Missing::Locked => not_found(format!("The keyring that has the entry of {entry} is locked"))
                .help(
                    "Unlock it before the bot starts: sign in, or give its password to the keyring's daemon.",
                ),
            Missing::NotText => Error::new(
                ErrorCode::CredentialInvalidFormat,
                format!("The keyring's entry of {entry} is not a text"),
            ),
            Missing::Store(reason) => not_found(format!(
                "This process has no keyring: {}",
                printable(&reason, 256)
            ))
            .help(
                "A keyring belongs to a user who is signed in, and is available only in that user's session. \
                     For a service use `file:`, `vault:` or another store of docs/credentials.md.",
            ),
        }
    }
}
