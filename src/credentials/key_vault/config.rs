//! The settings of the store `keyvault`: the address of the vault and the application that reads it.

use url::Url;

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
