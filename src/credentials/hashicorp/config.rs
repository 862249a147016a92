//! Where a key-value vault is and how it is signed in to, as the operator's file has it.

use url::Url;

use crate::contract::CredentialReference;

/// An OpenBao or HashiCorp Vault server: `stores.vault` of the operator's file
#[derive(Debug, Clone)]
pub struct HashiCorpVault {
    /// Its address, without a path
    pub address: Url,
    /// Where the key-value engine, version 2, is mounted
    pub mount: String,
    /// The namespace, if the server has some
    pub namespace: Option<String>,
    /// How it is signed in to
    pub sign_in: SignIn,
    /// The places that a bot may name by itself: `PATH#KEY`, or `PATH/` for all below it
    pub bots: Vec<String>,
}

/// How a vault is signed in to; secrets are references to `env` or `file`
#[derive(Debug, Clone)]
pub enum SignIn {
    /// With a token
    Token(CredentialReference),
    /// As an AppRole
    AppRole {
        /// Where the method is mounted
        mount: String,
        /// The role's id, which is no secret
        role_id: String,
        /// The role's secret id
        secret_id: CredentialReference,
    },
}
