//! What the operator lets a bot take out of the stores, and how they are reached.

use std::path::Path;
use std::path::PathBuf;

use indexmap::IndexMap;

use crate::credentials::entra::EntraApplication;
use crate::credentials::entra::EntraProof;
use crate::credentials::exec::Helper;
use crate::credentials::file::MOUNTED;
use crate::credentials::file::guarded;
use crate::credentials::hashicorp::HashiCorpVault;
use crate::credentials::hashicorp::SignIn;
use crate::credentials::key_vault::KeyVault;
use crate::files::Guarded;
use crate::files::GuardedKind;

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
