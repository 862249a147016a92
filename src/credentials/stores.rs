//! The stores that are built in, found by the first word of a reference.

use std::sync::Arc;

use crate::contract::CredentialReference;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Scheme;
use crate::contract::Secret;
use crate::contract::StoreClient;
use crate::contract::TokenOrigin;
use crate::contract::check_token;
use crate::contract::printable;
#[cfg(feature = "store-entra")]
use crate::credentials::entra_store::Entra;
#[cfg(feature = "store-entra")]
use crate::credentials::entra_store::EntraStore;
use crate::credentials::env_store::EnvStore;
#[cfg(feature = "store-exec")]
use crate::credentials::exec_store::ExecStore;
use crate::credentials::file_store::FileStore;
#[cfg(feature = "store-vault")]
use crate::credentials::hashicorp_store::HashiCorpStore;
#[cfg(feature = "store-keyvault")]
use crate::credentials::key_vault_store::KeyVaultStore;
#[cfg(feature = "store-keyring")]
use crate::credentials::keyring_store::KeyringStore;
use crate::credentials::store::EnvLookup;
use crate::credentials::store::Store;
use crate::credentials::store::StorePolicy;

/// Every store
pub(super) struct Stores {
    own: SignInSecrets,
    #[cfg(feature = "store-entra")]
    entra: Option<EntraStore>,
    #[cfg(feature = "store-keyvault")]
    key_vaults: Option<KeyVaultStore>,
    #[cfg(feature = "store-exec")]
    exec: ExecStore,
    #[cfg(feature = "store-keyring")]
    keyring: KeyringStore,
    #[cfg(feature = "store-vault")]
    vault: Option<HashiCorpStore>,
}

/// The stores that need no other one: the secrets that open the others are there
#[derive(Clone)]
pub(super) struct SignInSecrets {
    env: Arc<EnvStore>,
    file: Arc<FileStore>,
}

impl SignInSecrets {
    fn store(&self, reference: &CredentialReference) -> Option<&dyn Store> {
        match reference.store.as_str() {
            "env" => Some(&*self.env),
            "file" => Some(&*self.file),
            _ => None,
        }
    }

    /// The secret at a place that the operator names, without a line break at its end
    #[cfg(any(feature = "store-vault", feature = "store-entra"))]
    pub(super) async fn read(&self, reference: &CredentialReference) -> Result<Secret, Error> {
        let store = self.store(reference).ok_or_else(|| {
            let message = "A secret that opens a store is in the environment or in a file";
            Error::new(ErrorCode::InputInvalid, message)
        })?;
        let text = store.read(reference).await?;
        Ok(Secret::new(text.expose().trim_end_matches(['\r', '\n']).to_owned()))
    }
}

impl Stores {
    pub(super) fn new(
        lookup: EnvLookup,
        policy: StorePolicy,
        #[cfg_attr(not(any(feature = "store-vault", feature = "store-entra")), allow(unused_variables))]
        client: Option<Arc<dyn StoreClient>>,
    ) -> Self {
        let env = EnvStore { lookup: lookup.clone(), names: policy.env_names };
        let file = FileStore::new(policy.file_folders, policy.credentials_directory);
        let own = SignInSecrets { env: Arc::new(env), file: Arc::new(file) };
        #[cfg(feature = "store-entra")]
        let entra = client
            .clone()
            .filter(|_| !policy.entra.is_empty())
            .map(|client| Arc::new(Entra::new(policy.entra, client, own.clone())));
        Stores {
            #[cfg(feature = "store-keyvault")]
            key_vaults: entra
                .clone()
                .zip(client.clone())
                .filter(|_| !policy.key_vaults.is_empty())
                .map(|(entra, client)| KeyVaultStore { vaults: policy.key_vaults, client, entra }),
            #[cfg(feature = "store-entra")]
            entra: entra.map(EntraStore),
            #[cfg(feature = "store-vault")]
            vault: policy.vault.zip(client).map(|(vault, client)| HashiCorpStore {
                vault,
                client,
                secrets: own.clone(),
            }),
            #[cfg(feature = "store-exec")]
            exec: ExecStore { helpers: policy.helpers, lookup, starter: policy.helper_starter },
            #[cfg(feature = "store-keyring")]
            keyring: KeyringStore { bots: policy.keyring_bots },
            own,
        }
    }

    /// The store that a reference names
    pub(super) fn store(&self, reference: &CredentialReference) -> Result<&dyn Store, Error> {
        if let Some(store) = self.own.store(reference) {
            return Ok(store);
        }
        match reference.store.as_str() {
            #[cfg(feature = "store-exec")]
            "exec" => Ok(&self.exec),
            #[cfg(feature = "store-keyring")]
            "keyring" => Ok(&self.keyring),
            #[cfg(feature = "store-entra")]
            "entra" => {
                self.entra.as_ref().map(|store| store as &dyn Store).ok_or_else(|| not_configured("entra"))
            }
            #[cfg(feature = "store-keyvault")]
            "keyvault" => match &self.key_vaults {
                Some(store) => Ok(store),
                None => Err(not_configured("keyvault")),
            },
            #[cfg(feature = "store-vault")]
            "vault" => match &self.vault {
                Some(store) => Ok(store),
                None => Err(not_configured("vault")),
            },
            // The reference was parsed, so it is a store of the package.
            other => {
                let message = format!("The store {other} is not built into this program");
                let help = format!("Build it with the cargo feature `store-{other}`.");
                Err(Error::new(ErrorCode::InputInvalid, message).help(help))
            }
        }
    }

    /// The token at a place
    pub(super) async fn read(&self, reference: &CredentialReference) -> Result<Secret, Error> {
        let text = self.store(reference)?.read(reference).await?;
        let checked = check_token(text.expose(), TokenOrigin::Stored).map_err(|refusal| {
            let place = printable(&reference.to_string(), 512);
            let error = Error::new(refusal.code, format!("{place}: {}", refusal.reason));
            match refusal.help {
                Some(help) => error.help(help),
                None => error,
            }
        })?;
        // What is no password has more about it than its text.
        Ok(if text.scheme() == Scheme::Bearer { text } else { checked })
    }

    /// Forgets a token that was not accepted
    pub(super) fn forget(&self, _token: &Secret) {
        #[cfg(feature = "store-entra")]
        if let Some(store) = &self.entra {
            store.0.forget(_token);
        }
    }
}

/// A store that the operator has not set up
#[cfg(any(feature = "store-vault", feature = "store-entra"))]
fn not_configured(store: &str) -> Error {
    Error::new(
        ErrorCode::InputInvalid,
        format!("The operator's file does not say where the store {store} is"),
    )
    .help(format!("Add [stores.{store}] to azdo-bot.toml, as docs/credentials.md shows."))
}
