//! The secrets that open other stores, which are in the environment or in files.

use std::sync::Arc;

use crate::contract::CredentialReference;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Secret;
use crate::contract::check_secret;
use crate::contract::printable;
use crate::credentials::env::EnvStore;
use crate::credentials::file::FileStore;
use crate::credentials::store::Store;

/// The two stores that need no other store, and so can hold the secrets that open the others
#[derive(Clone)]
pub(super) struct SignInSecrets {
    env: Arc<EnvStore>,
    file: Arc<FileStore>,
}

impl SignInSecrets {
    pub(super) fn new(env: EnvStore, file: FileStore) -> Self {
        SignInSecrets { env: Arc::new(env), file: Arc::new(file) }
    }

    /// Returns the store of a reference, if it is one of these
    pub(super) fn store(&self, reference: &CredentialReference) -> Option<&dyn Store> {
        match reference.store.as_str() {
            "env" => Some(&*self.env),
            "file" => Some(&*self.file),
            _ => None,
        }
    }

    /// Returns the secret of a reference in the operator's file, without a byte order mark and trailing line breaks
    #[allow(dead_code, reason = "the cargo features decide whether a store uses it")]
    pub(super) async fn read(&self, reference: &CredentialReference) -> Result<Secret, Error> {
        let store = self.store(reference).ok_or_else(|| {
            let message = "A secret that opens a store has to be in the environment or in a file";
            Error::new(ErrorCode::InputInvalid, message)
        })?;
        let text = store.read(reference).await?;
        let secret = text.expose().trim_start_matches('\u{feff}').trim_end_matches(['\r', '\n']);
        check_secret(secret).map_err(|refusal| {
            let place = printable(&reference.to_string(), 512);
            let error = Error::new(refusal.code, format!("{place}: {}", refusal.reason));
            match refusal.help {
                Some(help) => error.help(help),
                None => error,
            }
        })?;
        Ok(Secret::new(secret.to_owned()))
    }
}
