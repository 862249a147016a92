//! The settings of the store `keyvault`: the address of the vault and the application that reads it.

use serde::Deserialize;
use url::Url;

use crate::credentials::setting_error::SettingError;
use crate::credentials::setting_error::address;
use crate::credentials::setting_error::is_name;

/// An Azure Key Vault: `stores.keyvault.NAME` of the operator's file
#[derive(Debug, Clone)]
pub struct KeyVault {
    /// The address, without a path: `https://team.vault.azure.net`
    pub address: Url,
    /// The application of `stores.entra` that reads it
    pub entra: String,
    /// The secrets that a bot may reference directly: `SECRET`, or `SECRET/VERSION`
    pub bots: Vec<String>,
}

/// The table `stores.keyvault.NAME` as written
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct KeyVaultSettings {
    address: String,
    entra: String,
    #[serde(default)]
    bots: Vec<String>,
}

impl KeyVaultSettings {
    /// Checks what the types cannot express, among them that it names one of these applications
    pub(crate) fn check(self, name: &str, signs_in: &[String]) -> Result<KeyVault, SettingError> {
        let key = |part: &str| format!("stores.keyvault.{name}{part}");
        if !is_name(name) {
            return Err((key(""), "must be a name of letters, digits, - and _".to_owned()));
        }
        let address = address(key(".address"), &self.address)?;
        // The domain decides the audience of the token.
        if address.scheme() != "https" || !address.domain().is_some_and(|domain| domain.contains('.')) {
            return Err((key(".address"), "is not a URL such as https://NAME.vault.azure.net".to_owned()));
        }
        if !signs_in.contains(&self.entra) {
            return Err((key(".entra"), "does not name an application of stores.entra".to_owned()));
        }
        Ok(KeyVault { address, entra: self.entra, bots: self.bots })
    }
}
