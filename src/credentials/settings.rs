//! The table `stores` of the operator's file: the settings of all credential stores.

use std::path::PathBuf;

use indexmap::IndexMap;
use serde::Deserialize;

use crate::credentials::entra::ApplicationSettings;
use crate::credentials::exec::HelperSettings;
use crate::credentials::hashicorp::VaultSettings;
use crate::credentials::key_vault::KeyVaultSettings;
use crate::credentials::policy::StorePolicy;
use crate::credentials::setting_error::SettingError;
use crate::credentials::setting_error::absolute_path;

/// The table `stores`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StoreSettings {
    env: Env,
    file: File,
    exec: IndexMap<String, HelperSettings>,
    vault: Option<VaultSettings>,
    keyring: Keyring,
    entra: IndexMap<String, ApplicationSettings>,
    keyvault: IndexMap<String, KeyVaultSettings>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Env {
    names: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    folders: Vec<PathBuf>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Keyring {
    bots: Vec<String>,
}

impl StoreSettings {
    /// Checks what the types cannot express
    ///
    /// Errors: the key of the first wrong setting, and what is wrong with it.
    pub fn check(self) -> Result<StorePolicy, SettingError> {
        for (at, folder) in self.file.folders.iter().enumerate() {
            absolute_path(&format!("stores.file.folders.{at}"), folder)?;
        }
        let helpers = self
            .exec
            .into_iter()
            .map(|(name, written)| written.check(&name).map(|helper| (name, helper)))
            .collect::<Result<_, _>>()?;
        let signs_in: Vec<String> = self.entra.keys().cloned().collect();
        Ok(StorePolicy {
            env_names: self.env.names,
            file_folders: self.file.folders,
            credentials_directory: None,
            helpers,
            helper_starter: None,
            entra: self
                .entra
                .into_iter()
                .map(|(name, written)| written.check(&name).map(|application| (name, application)))
                .collect::<Result<_, _>>()?,
            key_vaults: self
                .keyvault
                .into_iter()
                .map(|(name, written)| written.check(&name, &signs_in).map(|vault| (name, vault)))
                .collect::<Result<_, _>>()?,
            vault: self.vault.map(VaultSettings::check).transpose()?,
            keyring_bots: self.keyring.bots,
        })
    }
}
