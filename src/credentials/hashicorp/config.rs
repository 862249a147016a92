//! The settings of the store `vault`: the address of the vault and how to sign in.

use serde::Deserialize;
use url::Url;

use crate::contract::CredentialReference;
use crate::credentials::setting_error::SettingError;
use crate::credentials::setting_error::address;
use crate::credentials::setting_error::sign_in_secret;

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

/// The table `stores.vault` as written
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct VaultSettings {
    address: String,
    mount: Option<String>,
    namespace: Option<String>,
    token: Option<String>,
    approle: Option<AppRole>,
    #[serde(default)]
    bots: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AppRole {
    role_id: String,
    secret_id: String,
    mount: Option<String>,
}

impl VaultSettings {
    /// Checks what the types cannot express
    pub(crate) fn check(self) -> Result<HashiCorpVault, SettingError> {
        let key = |part: &str| format!("stores.vault{part}");
        let sign_in = match (self.token, self.approle) {
            (Some(token), None) => SignIn::Token(sign_in_secret(key(".token"), &token)?),
            (None, Some(AppRole { role_id, secret_id, mount })) => SignIn::AppRole {
                mount: mount.unwrap_or_else(|| "approle".to_owned()),
                role_id,
                secret_id: sign_in_secret(key(".approle.secret_id"), &secret_id)?,
            },
            _ => return Err((key(""), "must have either token or approle".to_owned())),
        };
        Ok(HashiCorpVault {
            address: address(key(".address"), &self.address)?,
            mount: self.mount.unwrap_or_else(|| "secret".to_owned()),
            namespace: self.namespace,
            sign_in,
            bots: self.bots,
        })
    }
}
