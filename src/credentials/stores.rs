//! The table of stores, which are found by the first word of a reference.

use std::sync::Arc;

use crate::contract::CredentialReference;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::ParseError;
#[cfg(feature = "cli")]
use crate::contract::STORES;
use crate::contract::Scheme;
use crate::contract::Secret;
use crate::contract::StoreClient;
use crate::contract::TokenOrigin;
use crate::contract::check_token;
use crate::contract::printable;
use crate::credentials::entra;
use crate::credentials::env::EnvLookup;
use crate::credentials::env::EnvStore;
use crate::credentials::exec;
use crate::credentials::file::FileStore;
use crate::credentials::hashicorp;
use crate::credentials::key_vault;
use crate::credentials::keyring;
use crate::credentials::policy::StorePolicy;
use crate::credentials::resources::StoreResources;
use crate::credentials::sign_in_secrets::SignInSecrets;
use crate::credentials::store::Opened;
use crate::credentials::store::Store;

/// The reason to refuse a stored text that is the name of its place
const OWN_NAME: &str = "the token is the name of a variable, not its value";

/// All stores
pub(super) struct Stores {
    /// `env` and `file`, whose secrets open the others
    own: SignInSecrets,
    /// The others by name
    others: Vec<(&'static str, Opened)>,
}

impl Stores {
    pub(super) fn new(lookup: EnvLookup, policy: StorePolicy, client: Option<Arc<dyn StoreClient>>) -> Self {
        let env = EnvStore { lookup: lookup.clone(), names: policy.env_names };
        let file = FileStore::new(policy.file_folders, policy.credentials_directory);
        let own = SignInSecrets::new(env, file);
        let with = StoreResources { lookup, client, secrets: own.clone() };
        let others = vec![
            ("exec", exec::open((policy.helpers, policy.helper_starter), &with)),
            ("vault", hashicorp::open(policy.vault, &with)),
            ("keyring", keyring::open(policy.keyring_bots, &with)),
            ("keyvault", key_vault::open((policy.key_vaults, policy.entra.clone()), &with)),
            ("entra", entra::open(policy.entra, &with)),
        ];
        Stores { own, others }
    }

    /// Returns the store of a reference
    pub(super) fn store(&self, reference: &CredentialReference) -> Result<&dyn Store, Error> {
        if let Some(store) = self.own.store(reference) {
            return Ok(store);
        }
        let name = reference.store.as_str();
        match self.others.iter().find(|(known, _)| *known == name).map(|(_, opened)| opened) {
            Some(Opened::Store(store)) => Ok(&**store),
            Some(Opened::NotConfigured) => Err(not_configured(name)),
            Some(Opened::NotBuilt) | None => Err(not_built(name)),
        }
    }

    /// Returns the token of a reference
    pub(super) async fn read(&self, reference: &CredentialReference) -> Result<Secret, Error> {
        let text = self.store(reference)?.read(reference).await?;
        let is_own_name = reference.store == "env" && text.expose().trim() == reference.path;
        let checked = match is_own_name {
            true => Err(ParseError::new(ErrorCode::CredentialInvalidFormat, OWN_NAME).help(
                "Something set the variable to its own name instead of its value: set it to the token.",
            )),
            false => check_token(text.expose(), TokenOrigin::Stored),
        };
        let checked = checked.map_err(|refusal| {
            let place = printable(&reference.to_string(), 512);
            let error = Error::new(refusal.code, format!("{place}: {}", refusal.reason));
            match refusal.help {
                Some(help) => error.help(help),
                None => error,
            }
        })?;
        // A bearer token has an expiry besides its text.
        Ok(if text.scheme() == Scheme::Bearer { text } else { checked })
    }

    /// Forgets a token that the service did not accept
    pub(super) fn forget(&self, token: &Secret) {
        for (_, opened) in &self.others {
            if let Opened::Store(store) = opened {
                store.forget(token);
            }
        }
    }
}

/// Returns the names of the stores that are built in
#[cfg(feature = "cli")]
pub fn built_in_stores() -> impl Iterator<Item = &'static str> {
    let optional = [
        ("exec", cfg!(feature = "store-exec")),
        ("vault", cfg!(feature = "store-vault")),
        ("keyring", cfg!(feature = "store-keyring")),
        ("entra", cfg!(feature = "store-entra")),
        ("keyvault", cfg!(feature = "store-keyvault")),
    ];
    STORES.iter().copied().filter(move |name| optional.iter().all(|(store, built)| store != name || *built))
}

/// Returns the error for a store that the operator has not set up
fn not_configured(store: &str) -> Error {
    Error::new(ErrorCode::InputInvalid, format!("The operator's file does not configure the store {store}"))
        .help(format!("Add [stores.{store}] to azdo-bot.toml as shown in docs/credentials.md."))
}

/// Returns the error for a store whose cargo feature is off
fn not_built(store: &str) -> Error {
    let message = format!("The store {store} is not built into this program");
    Error::new(ErrorCode::InputInvalid, message)
        .help(format!("Build it with the cargo feature `store-{store}`."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_store_that_a_reference_may_name_is_in_the_table() {
        let stores = Stores::new(Arc::new(|_| None), StorePolicy::default(), None);
        let mut names: Vec<&str> =
            ["env", "file"].into_iter().chain(stores.others.iter().map(|(name, _)| *name)).collect();
        let mut known = crate::contract::STORES.to_vec();
        names.sort_unstable();
        known.sort_unstable();
        assert_eq!(names, known);
        #[cfg(feature = "cli")]
        {
            let built = stores.others.iter().filter(|(_, opened)| !matches!(opened, Opened::NotBuilt));
            let mut built: Vec<&str> =
                ["env", "file"].into_iter().chain(built.map(|(name, _)| *name)).collect();
            let mut listed: Vec<&str> = built_in_stores().collect();
            built.sort_unstable();
            listed.sort_unstable();
            assert_eq!(listed, built);
        }
    }
}
