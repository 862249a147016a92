//! The settings of the store `entra`: applications and how they sign in to Microsoft Entra.

use url::Url;

use crate::contract::CredentialReference;

/// An application of Microsoft Entra: `stores.entra.NAME` of the operator's file
#[derive(Debug, Clone)]
pub struct EntraApplication {
    /// The URL where it signs in, without a path
    pub authority: Url,
    /// Its tenant, by id or domain
    pub tenant: String,
    /// The id of the application, which is not secret
    pub client_id: String,
    /// How it proves its identity
    pub proof: EntraProof,
    /// Whether a bot may reference it directly
    pub bots: bool,
}

/// How an application proves its identity; a reference to `env` or `file`
#[derive(Debug, Clone)]
pub enum EntraProof {
    /// A client secret
    Secret(CredentialReference),
    /// A token of another identity provider that Entra trusts: workload identity federation
    Assertion(CredentialReference),
}
