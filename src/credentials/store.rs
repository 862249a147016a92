//! What a store of secrets is, and what the operator lets a bot take out of one.

use std::ffi::OsString;
use std::future::Future;
use std::path::Path;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;

use indexmap::IndexMap;

use crate::contract::CredentialReference;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Secret;
use crate::credentials::entra::EntraApplication;
use crate::credentials::entra::EntraProof;
use crate::credentials::file_store::MOUNTED;
use crate::credentials::hashicorp_vault::HashiCorpVault;
use crate::credentials::hashicorp_vault::SignIn;
use crate::credentials::helper::Helper;
use crate::credentials::key_vault::KeyVault;
use crate::files::Guarded;
use crate::files::GuardedKind;

/// Looks up a variable of the process's environment; handed on from `main`, which alone reads it
pub type EnvLookup = Arc<dyn Fn(&str) -> Option<OsString> + Send + Sync>;

/// What the operator's file says of the stores
///
/// A bot may always name variables that begin with `AZDO_`, the variable `AZURE_DEVOPS_EXT_PAT`, and
/// files below the folders where platforms mount secrets; beside these only what is listed here.
#[derive(Debug, Clone, Default)]
pub struct StorePolicy {
    /// More environment variables: `stores.env.names` of the operator's file
    pub env_names: Vec<String>,
    /// More folders: `stores.file.folders` of the operator's file
    pub file_folders: Vec<PathBuf>,
    /// Where systemd mounted the service's credentials: its `CREDENTIALS_DIRECTORY`
    pub credentials_directory: Option<PathBuf>,
    /// The helpers of the store `exec` by name: `stores.exec.NAME`
    pub helpers: IndexMap<String, Helper>,
    /// The program that starts helpers so that they end with this process, also when it is killed
    ///
    /// It is azdo-bot itself, on Linux. Without it, as in another program that this library is part of, a helper is ended
    /// when its time is up or its call is given up, and outlives a process that is killed meanwhile.
    pub helper_starter: Option<PathBuf>,
    /// The vault of the store `vault`: `stores.vault`
    pub vault: Option<HashiCorpVault>,
    /// The applications of the store `entra` by name: `stores.entra.NAME`
    pub entra: IndexMap<String, EntraApplication>,
    /// The vaults of the store `keyvault` by name: `stores.keyvault.NAME`
    pub key_vaults: IndexMap<String, KeyVault>,
    /// What a bot may take out of the keyring: `stores.keyring.bots`
    pub keyring_bots: Vec<String>,
}

impl StorePolicy {
    /// The files and folders that these stores trust: helpers, folders of credentials, secrets that open a store
    pub fn guarded(&self) -> Vec<Guarded> {
        let helpers = self.helpers.values().map(|helper| Guarded::new(&helper.program, GuardedKind::Helper));
        let mounted = MOUNTED.iter().map(Path::new);
        let named = self.file_folders.iter().chain(&self.credentials_directory).map(PathBuf::as_path);
        let folders = mounted.chain(named).map(|folder| Guarded::new(folder, GuardedKind::CredentialFolder));
        let vault = self.vault.iter().map(|vault| match &vault.sign_in {
            SignIn::Token(secret) | SignIn::AppRole { secret_id: secret, .. } => secret,
        });
        let entra = self.entra.values().map(|application| match &application.proof {
            EntraProof::Secret(secret) | EntraProof::Assertion(secret) => secret,
        });
        helpers.chain(folders).chain(vault.chain(entra).filter_map(guarded)).collect()
    }
}

/// The file of a reference, if it names one
pub(super) fn guarded(reference: &CredentialReference) -> Option<Guarded> {
    (reference.store == "file").then(|| Guarded::new(&reference.path, GuardedKind::Credential))
}

/// A token on its way out of a store
pub(super) type Reading<'a> = Pin<Box<dyn Future<Output = Result<Secret, Error>> + Send + 'a>>;

/// A place where secrets are kept
pub(super) trait Store: Send + Sync {
    /// Whether a bot may name this place by itself; may block
    ///
    /// Errors: `input.invalid`, with the key that the operator would have to set. What is refused
    /// here is not quoted, as it may be a token that was pasted into the wrong place.
    fn admit(&self, place: &CredentialReference) -> Result<(), Error>;

    /// Whether two places are the same one; may block
    fn same(&self, one: &CredentialReference, other: &CredentialReference) -> bool;

    /// The text at a place, unchecked
    ///
    /// Nothing of it blocks, and nothing of it goes on when it is dropped: the caller holds the time.
    /// Errors: `credential.not_found`, `credential.invalid_format`, `input.invalid`, `network.*`.
    fn read<'a>(&'a self, place: &'a CredentialReference) -> Reading<'a>;
}

/// Admits what an operator's list names: the place to the letter, or a path below an entry that ends in `/`
#[cfg(any(feature = "store-vault", feature = "store-keyring"))]
pub(super) fn listed(bots: &[String], place: &CredentialReference, key: &str) -> Result<(), Error> {
    let whole = place.to_string();
    let named = whole.split_once(':').map_or("", |(_, named)| named);
    // Another spelling of a path must not leave the folder that is listed.
    let plain = !place.path.split('/').any(|part| matches!(part, "" | "." | ".."));
    let below = |one: &String| plain && one.ends_with('/') && named.starts_with(one.as_str());
    if bots.iter().any(|one| one == named || below(one)) {
        return Ok(());
    }
    let message =
        format!("A bot may name only places of the store {} that the operator lists for bots", place.store);
    Err(Error::new(ErrorCode::InputInvalid, message).help(format!(
        "Let the operator add the place to `{key}` in azdo-bot.toml, or map the reference there as a locker."
    )))
}

/// Refuses the attribute of a place in a store that keeps one token at each
pub(super) fn no_attribute(place: &CredentialReference) -> Result<(), Error> {
    if place.attribute.is_none() {
        return Ok(());
    }
    let message = format!("The store {} keeps one token at a place", place.store);
    Err(Error::new(ErrorCode::InputInvalid, message)
        .help("Leave out \"#\" and what follows it in the reference."))
}
