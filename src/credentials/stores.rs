//! The stores that are built in, found by the first word of a reference.

use crate::contract::CredentialReference;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Secret;
use crate::contract::TokenOrigin;
use crate::contract::check_token;
use crate::contract::printable;
use crate::credentials::env_store::EnvStore;
use crate::credentials::file_store::FileStore;
use crate::credentials::store::EnvLookup;
use crate::credentials::store::Store;
use crate::credentials::store::StorePolicy;

/// Every store
pub(super) struct Stores {
    env: EnvStore,
    file: FileStore,
}

impl Stores {
    pub(super) fn new(lookup: EnvLookup, policy: StorePolicy) -> Self {
        Stores {
            env: EnvStore { lookup, names: policy.env_names },
            file: FileStore::new(policy.file_folders, policy.credentials_directory),
        }
    }

    /// The store that a reference names
    pub(super) fn store(&self, reference: &CredentialReference) -> Result<&dyn Store, Error> {
        if reference.attribute.is_some() {
            let message = format!("The store {} keeps one token at a place", reference.store);
            return Err(Error::new(ErrorCode::InputInvalid, message)
                .help("Leave out \"#\" and what follows it in the reference."));
        }
        match reference.store.as_str() {
            "env" => Ok(&self.env),
            "file" => Ok(&self.file),
            _ => Err(Error::new(ErrorCode::InputInvalid, "The reference names a store that is not built in")),
        }
    }

    /// The token at a place; may block
    pub(super) fn read(&self, reference: &CredentialReference) -> Result<Secret, Error> {
        let text = self.store(reference)?.read(&reference.path)?;
        check_token(text.expose(), TokenOrigin::Stored).map_err(|refusal| {
            let place = printable(&reference.to_string(), 512);
            let error = Error::new(refusal.code, format!("{place}: {}", refusal.reason));
            match refusal.help {
                Some(help) => error.help(help),
                None => error,
            }
        })
    }
}
