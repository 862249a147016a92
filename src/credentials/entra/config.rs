//! How an application signs in to Microsoft Entra, as the operator's file has it.

use url::Url;

use crate::contract::CredentialReference;

/// An application of Microsoft Entra: `stores.entra.NAME` of the operator's file
#[derive(Debug, Clone)]
pub struct EntraApplication {
    /// Where it signs in, without a path
    pub authority: Url,
    /// Its tenant, by id or domain
    pub tenant: String,
    /// Its own id, which is no secret
    pub client_id: String,
    /// What it shows
    pub proof: EntraProof,
    /// Whether a bot may name it by itself
    pub bots: bool,
}

/// What an application shows to be itself; references to `env` or `file`
#[derive(Debug, Clone)]
pub enum EntraProof {
    /// A client secret
    Secret(CredentialReference),
    /// A token of another identity provider that Entra trusts: workload identity federation
    Assertion(CredentialReference),
}
