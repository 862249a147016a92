//! The settings of the store `entra`: applications and how they sign in to Microsoft Entra.

use serde::Deserialize;
use url::Url;

use crate::contract::CredentialReference;
use crate::credentials::setting_error::SettingError;
use crate::credentials::setting_error::address;
use crate::credentials::setting_error::is_name;
use crate::credentials::setting_error::sign_in_secret;

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

/// The authority of Microsoft Entra in the public cloud
const ENTRA: &str = "https://login.microsoftonline.com";

/// The table `stores.entra.NAME` as written
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ApplicationSettings {
    tenant: String,
    client_id: String,
    client_secret: Option<String>,
    assertion: Option<String>,
    authority: Option<String>,
    #[serde(default)]
    bots: bool,
}

impl ApplicationSettings {
    /// Checks what the types cannot express
    pub(crate) fn check(self, name: &str) -> Result<EntraApplication, SettingError> {
        let key = |part: &str| format!("stores.entra.{name}{part}");
        if !is_name(name) {
            return Err((key(""), "must be a name of letters, digits, - and _".to_owned()));
        }
        let part_of_a_path = |c: char| c.is_ascii_alphanumeric() || "-.".contains(c);
        let tenant = &self.tenant;
        if tenant.trim_matches('.').is_empty() || !tenant.chars().all(part_of_a_path) {
            return Err((key(".tenant"), "is not the id or domain of a tenant".to_owned()));
        }
        let proof = match (self.client_secret, self.assertion) {
            (Some(secret), None) => EntraProof::Secret(sign_in_secret(key(".client_secret"), &secret)?),
            (None, Some(token)) => EntraProof::Assertion(sign_in_secret(key(".assertion"), &token)?),
            _ => return Err((key(""), "must have either client_secret or assertion".to_owned())),
        };
        Ok(EntraApplication {
            authority: address(key(".authority"), self.authority.as_deref().unwrap_or(ENTRA))?,
            tenant: self.tenant,
            client_id: self.client_id,
            proof,
            bots: self.bots,
        })
    }
}
