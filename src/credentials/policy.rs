//! The operator's settings of the stores, and what bots may read from them.

use std::path::Path;
use std::path::PathBuf;

use indexmap::IndexMap;

use crate::credentials::entra::EntraApplication;
use crate::credentials::exec::Helper;
use crate::credentials::file::MOUNTED;
use crate::credentials::hashicorp::HashiCorpVault;
use crate::credentials::key_vault::KeyVault;
use crate::files::Guarded;
use crate::files::GuardedKind;

/// The settings of the stores in the operator's file
///
/// A bot may always reference variables that begin with `AZDO_`, the variable `AZURE_DEVOPS_EXT_PAT`, and
/// files in the folders where platforms mount secrets. Other entries have to be listed here.
#[derive(Debug, Clone, Default)]
pub struct StorePolicy {
    /// More environment variables: `stores.env.names` of the operator's file
    pub env_names: Vec<String>,
    /// More folders: `stores.file.folders` of the operator's file
    pub file_folders: Vec<PathBuf>,
    /// The folder where systemd mounts the service's credentials: its `CREDENTIALS_DIRECTORY`
    pub credentials_directory: Option<PathBuf>,
    /// The helpers of the store `exec` by name: `stores.exec.NAME`
    pub helpers: IndexMap<String, Helper>,
    /// The program that starts helpers so that they end with this process, even if it is killed
    ///
    /// On Linux, it is azdo-bot itself. Without it, as in a program that embeds this library, a helper is ended
    /// after its time limit or when its call is cancelled, but outlives a process that is killed.
    pub helper_starter: Option<PathBuf>,
    /// The vault of the store `vault`: `stores.vault`
    pub vault: Option<HashiCorpVault>,
    /// The applications of the store `entra` by name: `stores.entra.NAME`
    pub entra: IndexMap<String, EntraApplication>,
    /// The vaults of the store `keyvault` by name: `stores.keyvault.NAME`
    pub key_vaults: IndexMap<String, KeyVault>,
    /// The keyring entries that a bot may reference: `stores.keyring.bots`
    pub keyring_bots: Vec<String>,
}

impl StorePolicy {
    /// Returns the folders where platforms mount credentials, which the operator's file does not name
    pub fn guarded(&self) -> impl Iterator<Item = Guarded> + '_ {
        let folders = MOUNTED.iter().map(Path::new).chain(self.credentials_directory.as_deref());
        folders.map(|folder| Guarded::new(folder, GuardedKind::CredentialFolder))
    }
}
