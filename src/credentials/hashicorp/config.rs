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
    /// The mount path of the key-value engine
    pub mount: String,
    /// The version of the key-value engine; without it version 2 is tried, and the vault is asked if that fails
    pub version: Option<KeyValueVersion>,
    /// The namespace, if the server has namespaces
    pub namespace: Option<String>,
    /// How to sign in
    pub sign_in: SignIn,
    /// The entries that a bot may reference directly: `PATH#KEY`, or `PATH/` for all below it
    pub bots: Vec<String>,
}

/// The version of a key-value engine
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyValueVersion {
    /// Version 1, which keeps one value of a secret
    First,
    /// Version 2, which keeps several versions of a secret
    Second,
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
    version: Option<u64>,
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
                mount: match mount {
                    // The vault's own tool prints `auth/approle/`.
                    Some(mount) => mount_path(key(".approle.mount"), mount.trim_start_matches("auth/"))?,
                    None => "approle".to_owned(),
                },
                role_id,
                secret_id: sign_in_secret(key(".approle.secret_id"), &secret_id)?,
            },
            _ => return Err((key(""), "must have either token or approle".to_owned())),
        };
        let version = match self.version {
            None => None,
            Some(1) => Some(KeyValueVersion::First),
            Some(2) => Some(KeyValueVersion::Second),
            Some(_) => return Err((key(".version"), "must be 1 or 2".to_owned())),
        };
        Ok(HashiCorpVault {
            address: address(key(".address"), &self.address)?,
            mount: mount_path(key(".mount"), self.mount.as_deref().unwrap_or("secret"))?,
            version,
            namespace: self.namespace,
            sign_in,
            bots: self.bots,
        })
    }
}

/// Returns the path of a mount without the slashes around it, which the vault's own tool prints
fn mount_path(key: String, written: &str) -> Result<String, SettingError> {
    match written.trim_matches('/') {
        "" => Err((key, "must be the path of a mount, such as secret".to_owned())),
        mount => Ok(mount.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_of_the_engine_is_1_or_2() {
        let check = |version: &str| {
            let json = format!(r#"{{"address":"https://a.example",{version}"token":"env:T"}}"#);
            let settings: VaultSettings = serde_json::from_str(&json).expect("the settings are well-formed");
            settings.check().map(|vault| vault.version)
        };
        assert_eq!(check("").expect("it may be left out"), None);
        assert_eq!(check(r#""version":1,"#).expect("it is a version"), Some(KeyValueVersion::First));
        assert_eq!(check(r#""version":2,"#).expect("it is a version"), Some(KeyValueVersion::Second));
        let (key, reason) = check(r#""version":3,"#).expect_err("there is no such version");
        assert_eq!((key.as_str(), reason.as_str()), ("stores.vault.version", "must be 1 or 2"));
    }
}
