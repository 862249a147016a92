//! Where an Azure Key Vault is and who signs in to it, as the operator's file has it.

use url::Url;

/// An Azure Key Vault: `stores.keyvault.NAME` of the operator's file
#[derive(Debug, Clone)]
pub struct KeyVault {
    /// Its address, without a path: `https://team.vault.azure.net`
    pub address: Url,
    /// The application of `stores.entra` that reads it
    pub entra: String,
    /// The secrets that a bot may name by itself: `SECRET`, or `SECRET/VERSION`
    pub bots: Vec<String>,
}
