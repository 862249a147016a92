//! The stores that are built in, found by the first word of a reference.

use crate::contract::CredentialReference;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Secret;
use crate::contract::TokenOrigin;
use crate::contract::check_token;
use crate::contract::printable;
use crate::credentials::env_store::EnvStore;
#[cfg(feature = "store-exec")]
use crate::credentials::exec_store::ExecStore;
use crate::credentials::file_store::FileStore;
use crate::credentials::store::EnvLookup;
use crate::credentials::store::Store;
use crate::credentials::store::StorePolicy;

/// Every store
pub(super) struct Stores {
    env: EnvStore,
    file: FileStore,
    #[cfg(feature = "store-exec")]
    exec: ExecStore,
}

impl Stores {
    pub(super) fn new(lookup: EnvLookup, policy: StorePolicy) -> Self {
        Stores {
            #[cfg(feature = "store-exec")]
            exec: ExecStore { helpers: policy.helpers, lookup: lookup.clone() },
            env: EnvStore { lookup, names: policy.env_names },
            file: FileStore::new(policy.file_folders, policy.credentials_directory),
        }
    }

    /// The store that a reference names
    pub(super) fn store(&self, reference: &CredentialReference) -> Result<&dyn Store, Error> {
        match reference.store.as_str() {
            "env" => Ok(&self.env),
            "file" => Ok(&self.file),
            #[cfg(feature = "store-exec")]
            "exec" => Ok(&self.exec),
            // The reference was parsed, so it is a store of the package.
            other => {
                let message = format!("The store {other} is not built into this program.");
                let help = format!("Build it with the cargo feature `store-{other}`.");
                Err(Error::new(ErrorCode::InputInvalid, message).help(help))
            }
        }
    }

    /// The token at a place
    pub(super) async fn read(&self, reference: &CredentialReference) -> Result<Secret, Error> {
        let text = self.store(reference)?.read(reference).await?;
        check_token(text.expose(), TokenOrigin::Stored).map_err(|refusal| {
            let place = printable(&reference.to_string(), 512);
            let error = Error::new(refusal.code, format!("{place}: {}.", refusal.reason));
            match refusal.help {
                Some(help) => error.help(help),
                None => error,
            }
        })
    }
}
