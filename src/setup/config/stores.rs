//! The table `stores`: the credential stores, and what bots may read from them by name.

use std::path::Path;
use std::path::PathBuf;

use indexmap::IndexMap;
use serde::Deserialize;
use url::Url;

use crate::contract::CredentialReference;
use crate::contract::TextKind as _;
use crate::credentials::EntraApplication;
use crate::credentials::EntraProof;
use crate::credentials::HashiCorpVault;
use crate::credentials::Helper;
use crate::credentials::KeyVault;
use crate::credentials::Protocol;
use crate::credentials::SignIn;
use crate::credentials::StorePolicy;
use crate::setup::config::setting_error::SettingError;

/// The table `stores`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct StoreSettings {
    env: Env,
    file: File,
    exec: IndexMap<String, Exec>,
    vault: Option<KeyValue>,
    keyring: Keyring,
    entra: IndexMap<String, Application>,
    keyvault: IndexMap<String, KeyVaultSettings>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Env {
    names: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    folders: Vec<PathBuf>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Keyring {
    bots: Vec<String>,
}

/// A helper: `stores.exec.NAME`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Exec {
    program: PathBuf,
    #[serde(default)]
    arguments: Vec<String>,
    #[serde(default)]
    protocol: HelperProtocol,
    url: Option<String>,
    #[serde(default)]
    environment: Vec<String>,
    #[serde(default)]
    bots: Vec<String>,
}

/// The protocol of a helper
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum HelperProtocol {
    #[default]
    Plain,
    Git,
}

/// A vault: `stores.vault`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyValue {
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

/// An application of Microsoft Entra: `stores.entra.NAME`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Application {
    tenant: String,
    client_id: String,
    client_secret: Option<String>,
    assertion: Option<String>,
    authority: Option<String>,
    #[serde(default)]
    bots: bool,
}

/// An Azure Key Vault: `stores.keyvault.NAME`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyVaultSettings {
    address: String,
    entra: String,
    #[serde(default)]
    bots: Vec<String>,
}

impl StoreSettings {
    /// Checks what the types cannot express
    pub(crate) fn check(self) -> Result<StorePolicy, SettingError> {
        for (at, folder) in self.file.folders.iter().enumerate() {
            absolute_path(&format!("stores.file.folders.{at}"), folder)?;
        }
        let helpers = self
            .exec
            .into_iter()
            .map(|(name, written)| helper(&name, written).map(|helper| (name, helper)))
            .collect::<Result<_, _>>()?;
        let signs_in: Vec<String> = self.entra.keys().cloned().collect();
        Ok(StorePolicy {
            env_names: self.env.names,
            file_folders: self.file.folders,
            credentials_directory: None,
            helpers,
            helper_starter: None,
            entra: self
                .entra
                .into_iter()
                .map(|(name, written)| application(&name, written).map(|application| (name, application)))
                .collect::<Result<_, _>>()?,
            key_vaults: self
                .keyvault
                .into_iter()
                .map(|(name, written)| key_vault(&name, written, &signs_in).map(|vault| (name, vault)))
                .collect::<Result<_, _>>()?,
            vault: self.vault.map(vault).transpose()?,
            keyring_bots: self.keyring.bots,
        })
    }
}

fn helper(name: &str, written: Exec) -> Result<Helper, SettingError> {
    let error = |part: &str, reason: &str| Err((format!("stores.exec.{name}{part}"), reason.to_owned()));
    if !is_name(name) {
        return error("", "must be a name of letters, digits, - and _");
    }
    absolute_path(&format!("stores.exec.{name}.program"), &written.program)?;
    let protocol = match (written.protocol, written.url) {
        (HelperProtocol::Plain, None) => Protocol::Plain,
        (HelperProtocol::Plain, Some(_)) => return error(".url", "is allowed with the protocol git only"),
        (HelperProtocol::Git, None) => return error("", "needs a url for the protocol git"),
        (HelperProtocol::Git, Some(text)) => match Url::parse(&text) {
            Ok(url) if url.password().is_some() || !url.username().is_empty() => {
                return error(".url", "must not contain a user or a password");
            }
            Ok(url) if url.has_host() && url.query().is_none() && url.fragment().is_none() => {
                Protocol::Git { url }
            }
            _ => return error(".url", "is not a URL such as https://dev.azure.com/contoso"),
        },
    };
    let Exec { program, arguments, environment, bots, .. } = written;
    Ok(Helper { program, arguments, protocol, environment, bots })
}

/// Whether the text can be a name in a reference
fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c))
}

/// The authority of Microsoft Entra in the public cloud
const ENTRA: &str = "https://login.microsoftonline.com";

fn application(name: &str, written: Application) -> Result<EntraApplication, SettingError> {
    let key = |part: &str| format!("stores.entra.{name}{part}");
    if !is_name(name) {
        return Err((key(""), "must be a name of letters, digits, - and _".to_owned()));
    }
    let part_of_a_path = |c: char| c.is_ascii_alphanumeric() || "-.".contains(c);
    let tenant = &written.tenant;
    if tenant.trim_matches('.').is_empty() || !tenant.chars().all(part_of_a_path) {
        return Err((key(".tenant"), "is not the id or domain of a tenant".to_owned()));
    }
    let proof = match (written.client_secret, written.assertion) {
        (Some(secret), None) => EntraProof::Secret(sign_in_secret(key(".client_secret"), &secret)?),
        (None, Some(token)) => EntraProof::Assertion(sign_in_secret(key(".assertion"), &token)?),
        _ => return Err((key(""), "must have either client_secret or assertion".to_owned())),
    };
    Ok(EntraApplication {
        authority: address(key(".authority"), written.authority.as_deref().unwrap_or(ENTRA))?,
        tenant: written.tenant,
        client_id: written.client_id,
        proof,
        bots: written.bots,
    })
}

fn key_vault(name: &str, written: KeyVaultSettings, signs_in: &[String]) -> Result<KeyVault, SettingError> {
    let key = |part: &str| format!("stores.keyvault.{name}{part}");
    if !is_name(name) {
        return Err((key(""), "must be a name of letters, digits, - and _".to_owned()));
    }
    let address = address(key(".address"), &written.address)?;
    // The domain decides the audience of the token.
    if address.scheme() != "https" || !address.domain().is_some_and(|domain| domain.contains('.')) {
        return Err((key(".address"), "is not a URL such as https://NAME.vault.azure.net".to_owned()));
    }
    if !signs_in.contains(&written.entra) {
        return Err((key(".entra"), "does not name an application of stores.entra".to_owned()));
    }
    Ok(KeyVault { address, entra: written.entra, bots: written.bots })
}

fn vault(written: KeyValue) -> Result<HashiCorpVault, SettingError> {
    let key = |part: &str| format!("stores.vault{part}");
    let sign_in = match (written.token, written.approle) {
        (Some(token), None) => SignIn::Token(sign_in_secret(key(".token"), &token)?),
        (None, Some(AppRole { role_id, secret_id, mount })) => SignIn::AppRole {
            mount: mount.unwrap_or_else(|| "approle".to_owned()),
            role_id,
            secret_id: sign_in_secret(key(".approle.secret_id"), &secret_id)?,
        },
        _ => return Err((key(""), "must have either token or approle".to_owned())),
    };
    Ok(HashiCorpVault {
        address: address(key(".address"), &written.address)?,
        mount: written.mount.unwrap_or_else(|| "secret".to_owned()),
        namespace: written.namespace,
        sign_in,
        bots: written.bots,
    })
}

/// Parses the reference to a secret that opens a store: never the secret itself, and only from env or file
fn sign_in_secret(key: String, text: &str) -> Result<CredentialReference, SettingError> {
    match CredentialReference::parse(text) {
        Ok(reference) if matches!(reference.store.as_str(), "env" | "file") => Ok(reference),
        Ok(_) => Err((key, "is not a reference such as env:NAME or file:PATH".to_owned())),
        Err(refusal) => {
            Err((key, format!("is not a reference such as env:NAME or file:PATH: {}", refusal.reason)))
        }
    }
}

/// Parses the URL of a server, without a path
///
/// Plain http is for loopback addresses; the request checks whether it is allowed.
fn address(key: String, text: &str) -> Result<Url, SettingError> {
    match Url::parse(text) {
        Ok(url) if url.password().is_some() || !url.username().is_empty() => {
            Err((key, "must not contain a user or a password".to_owned()))
        }
        Ok(url)
            if matches!(url.scheme(), "https" | "http")
                && url.has_host()
                && url.path() == "/"
                && url.query().is_none()
                && url.fragment().is_none() =>
        {
            Ok(url)
        }
        _ => Err((key, "is not a URL such as https://HOST:PORT".to_owned())),
    }
}

/// Checks that a path is absolute; a relative path would depend on where the process was started
pub(crate) fn absolute_path(key: &str, path: &Path) -> Result<(), SettingError> {
    if path.is_absolute() {
        return Ok(());
    }
    Err((key.to_owned(), "must be an absolute path".to_owned()))
}
