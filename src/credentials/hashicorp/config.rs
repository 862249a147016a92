//! The settings of the store `vault`: the address of the vault and how to sign in.

use url::Url;

use crate::contract::CredentialReference;

/// An OpenBao or HashiCorp Vault server: `stores.vault` of the operator's file
#[derive(Debug, Clone)]
pub struct HashiCorpVault {
    /// The address, without a path
    pub address: Url,
    /// The mount path of the key-value engine, version 2
    pub mount: String,
    /// The namespace, if the server has namespaces
    pub namespace: Option<String>,
    /// How to sign in
    pub sign_in: SignIn,
    /// The entries that a bot may reference directly: `PATH#KEY`, or `PATH/` for all below it
    pub bots: Vec<String>,
}

/// How to sign in to a vault; secrets are references to `env` or `file`
#[derive(Debug, Clone)]
pub enum SignIn {
    /// With a token
    Token(CredentialReference),
    /// As an AppRole
    AppRole {
        /// The mount path of the method
        mount: String,
        /// The role's id, which is no secret
        role_id: String,
        /// The role's secret id
        secret_id: CredentialReference,
    },
}
