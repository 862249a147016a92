//! The store `vault`: a key-value engine, version 1 or 2, of an OpenBao or HashiCorp Vault server.
//!
//! A reference is `vault:PATH#KEY`, below the configured mount. Nothing is cached between
//! lookups; the token of an AppRole is revoked after the secret is read.

use std::collections::HashMap;
use std::sync::Arc;

use http::HeaderMap;
use http::HeaderName;
use http::HeaderValue;
use http::Method;
use http::StatusCode;
use http::header::CONTENT_TYPE;
use secrecy::zeroize::Zeroizing;
use serde::Deserialize;
use serde::Serialize;
use serde_json::value::RawValue;
use url::Url;

use crate::contract::CredentialReference;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Masker;
use crate::contract::Retry;
use crate::contract::Secret;
use crate::contract::StoreClient;
use crate::contract::StoreRequest;
use crate::contract::StoreResponse;
use crate::contract::printable;
use crate::credentials::hashicorp::HashiCorpVault;
use crate::credentials::hashicorp::KeyValueVersion;
use crate::credentials::hashicorp::SignIn;
use crate::credentials::hashicorp::store::missing::Mount;
use crate::credentials::resources::StoreResources;
use crate::credentials::sign_in_secrets::SignInSecrets;
use crate::credentials::store::Opened;
use crate::credentials::store::Reading;
use crate::credentials::store::Store;
use crate::credentials::store::correct;
use crate::credentials::store::listed;

mod missing;

const TOKEN: HeaderName = HeaderName::from_static("x-vault-token");
const NAMESPACE: HeaderName = HeaderName::from_static("x-vault-namespace");

/// Opens the store, if a vault is configured and may be reached
pub(in crate::credentials) fn open(vault: Option<HashiCorpVault>, resources: &StoreResources) -> Opened {
    match vault.zip(resources.client.clone()) {
        Some((vault, client)) => {
            Opened::Store(Box::new(HashiCorpStore { vault, client, secrets: resources.secrets.clone() }))
        }
        None => Opened::NotConfigured,
    }
}

struct HashiCorpStore {
    vault: HashiCorpVault,
    client: Arc<dyn StoreClient>,
    secrets: SignInSecrets,
}

impl Store for HashiCorpStore {
    fn admit(&self, place: &CredentialReference) -> Result<(), Error> {
        listed(&self.vault.bots, place, "stores.vault.bots")
    }

    fn same(&self, one: &CredentialReference, other: &CredentialReference) -> bool {
        // A path has only one valid spelling; reading rejects others.
        one == other
    }

    fn read<'a>(&'a self, place: &'a CredentialReference) -> Reading<'a> {
        Box::pin(self.token_at(place))
    }
}

#[derive(Serialize)]
struct AppRole<'a> {
    role_id: &'a str,
    secret_id: &'a str,
}

#[derive(Deserialize)]
struct SignedIn {
    auth: Auth,
}

#[derive(Deserialize)]
struct Auth {
    client_token: Secret,
}

/// The response to a secret: in version 1 of the engine its keys, in version 2 one version of it
#[derive(Deserialize)]
struct Read<T> {
    data: T,
}

/// The keys of a secret and their values
type Keys<'a> = HashMap<String, &'a RawValue>;

impl HashiCorpStore {
    async fn token_at(&self, place: &CredentialReference) -> Result<Secret, Error> {
        let Some(key) = &place.attribute else {
            let message = "A reference to the vault has the key after the path";
            return Err(Error::new(ErrorCode::InputInvalid, message).help("Write it as vault:PATH#KEY."));
        };
        let version = self.vault.version.unwrap_or(KeyValueVersion::Second);
        let url = self.secret_url(version, &place.path).ok_or_else(|| {
            Error::new(ErrorCode::InputInvalid, "The path in the vault has an empty part, \".\" or \"..\"").help(
                format!(
                    "Write it as vault:PATH#KEY, without \"/\" before or after the path, which is below the mount \"{}\".",
                    printable(&self.vault.mount, 256)
                ),
            )
        })?;
        let (token, role) = match &self.vault.sign_in {
            SignIn::Token(reference) => (self.secrets.read(reference).await?, false),
            SignIn::AppRole { mount, role_id, secret_id } => {
                let secret_id = self.secrets.read(secret_id).await?;
                (self.sign_in(mount, role_id, &secret_id).await?, true)
            }
        };
        let mut version = version;
        let mut response = self.send(Method::GET, url, Some(&token), Zeroizing::default()).await;
        let mount = match &response {
            Ok(response) if response.status.is_client_error() => self.mount_of(&place.path, &token).await,
            _ => Mount::Unknown,
        };
        if mount == Mount::FirstVersion
            && self.vault.version.is_none()
            && let Some(url) = self.secret_url(KeyValueVersion::First, &place.path)
        {
            version = KeyValueVersion::First;
            response = self.send(Method::GET, url, Some(&token), Zeroizing::default()).await;
        }
        if role && let Some(url) = self.url(&["auth/token/revoke-self"]) {
            // An unrevoked token only uses memory of the vault until it expires, so an error is ignored.
            let _ = self.send(Method::POST, url, Some(&token), Zeroizing::default()).await;
        }
        // The vault, or what stands in front of it, may return the token that signed in as the path of a mount.
        let masker = Masker::default();
        masker.remember(&token);
        self.value(&response?, (&mount, version), &place.path, key).map_err(|error| error.masked(&masker))
    }

    /// Returns the URL of a secret, or `None` if a part of the path is empty, `.` or `..`
    fn secret_url(&self, version: KeyValueVersion, path: &str) -> Option<Url> {
        match version {
            KeyValueVersion::First => self.url(&[&self.vault.mount, path]),
            KeyValueVersion::Second => self.url(&[&self.vault.mount, "data", path]),
        }
    }

    /// Returns what the vault knows of the mount of a path, to explain why a secret cannot be read
    async fn mount_of(&self, path: &str, token: &Secret) -> Mount {
        let Some(url) = self.url(&["sys/internal/ui/mounts", &self.vault.mount, path]) else {
            return Mount::Unknown;
        };
        let response = self.send(Method::GET, url, Some(token), Zeroizing::default()).await;
        Mount::of(response.as_ref().ok(), &self.vault.mount, path)
    }

    /// Signs in with an AppRole and returns its token
    async fn sign_in(&self, mount: &str, role_id: &str, secret_id: &Secret) -> Result<Secret, Error> {
        let refused = |message| {
            Error::new(ErrorCode::CredentialNotFound, message).help(
                "Correct `stores.vault.approle` in azdo-bot.toml: role_id, secret_id, mount, namespace.",
            )
        };
        let url = self
            .url(&["auth", mount, "login"])
            .ok_or_else(|| refused("The mount of the AppRole is not a path in the vault".to_owned()))?;
        let role = AppRole { role_id, secret_id: secret_id.expose() };
        // Full capacity from the start: a reallocation would leave a copy in memory.
        let mut body =
            Zeroizing::new(Vec::with_capacity(64 + 6 * (role_id.len() + secret_id.expose().len())));
        serde_json::to_writer(&mut *body, &role).expect("two texts are JSON");
        let response = self.send(Method::POST, url, None, body).await?;
        if response.status != StatusCode::OK {
            let status = response.status.as_u16();
            return Err(refused(format!("{} rejects the sign-in of the AppRole ({status})", self.name())));
        }
        let signed_in: SignedIn =
            serde_json::from_slice(&response.body).map_err(|_| self.not_a_vault(&response))?;
        Ok(signed_in.auth.client_token)
    }

    /// Sends one request; a server error or a throttled request is an error, anything else a response
    async fn send(
        &self,
        method: Method,
        url: Url,
        token: Option<&Secret>,
        body: Zeroizing<Vec<u8>>,
    ) -> Result<StoreResponse, Error> {
        let mut headers = HeaderMap::new();
        headers.insert("x-vault-request", HeaderValue::from_static("true"));
        if !body.is_empty() {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        for (name, text) in [(TOKEN, token.map(Secret::expose)), (NAMESPACE, self.vault.namespace.as_deref())]
        {
            let Some(text) = text else { continue };
            let value = HeaderValue::from_str(text).map_err(|_| {
                let message =
                    format!("The token or namespace for {} contains invalid characters", self.name());
                Error::new(ErrorCode::CredentialInvalidFormat, message)
                    .help("Correct `stores.vault` in azdo-bot.toml, or the token that it refers to.")
            })?;
            headers.insert(name, value);
        }
        let response = self.client.send(StoreRequest { method, url, headers, body }).await?;
        let status = response.status;
        if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS {
            let message =
                format!("{} cannot respond now ({}); it may be sealed", self.name(), status.as_u16());
            return Err(Error::new(ErrorCode::CredentialTimeout, message).retry(Retry::Later));
        }
        Ok(response)
    }

    /// Returns the text of a key of a secret
    fn value(
        &self,
        response: &StoreResponse,
        (mount, version): (&Mount, KeyValueVersion),
        path: &str,
        key: &str,
    ) -> Result<Secret, Error> {
        let vault = self.name();
        let fault =
            |message: String, help: String| Error::new(ErrorCode::CredentialNotFound, message).help(help);
        match response.status {
            StatusCode::OK => {}
            StatusCode::NOT_FOUND | StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                let (message, help) = self.vault.missing(&vault, (path, key), response, (mount, version));
                return Err(fault(message, help));
            }
            _ => return Err(self.not_a_vault(response)),
        }
        let (path, key) = (printable(path, 256), printable(key, 256));
        let keys = match version {
            KeyValueVersion::First => {
                serde_json::from_slice(&response.body).map(|read: Read<Keys<'_>>| read.data)
            }
            KeyValueVersion::Second => {
                serde_json::from_slice(&response.body).map(|read: Read<Read<Keys<'_>>>| read.data.data)
            }
        };
        let keys = keys.map_err(|_| self.not_a_vault(response))?;
        let value = keys.get(key.as_str()).ok_or_else(|| {
            fault(
                format!("{vault} has no key \"{key}\" at {path}"),
                "Add the key to the secret, or correct the key after \"#\" in the reference.".to_owned(),
            )
        })?;
        serde_json::from_str(value.get()).map_err(|_| {
            Error::new(
                ErrorCode::CredentialInvalidFormat,
                format!("{vault} has no text in the key \"{key}\" at {path}"),
            )
        })
    }

    /// Returns a URL of the vault, or `None` if a part of the path is empty, `.` or `..`
    fn url(&self, path: &[&str]) -> Option<Url> {
        let parts = || path.iter().flat_map(|path| path.split('/'));
        if parts().any(|part| matches!(part, "" | "." | "..")) {
            return None;
        }
        let mut url = self.vault.address.clone();
        url.path_segments_mut().ok()?.clear().push("v1").extend(parts());
        Some(url)
    }

    fn not_a_vault(&self, response: &StoreResponse) -> Error {
        Error::new(ErrorCode::CredentialNotFound, format!("{} does not respond like a vault", self.name()))
            .help(correct("stores.vault.address", response))
    }

    fn name(&self) -> String {
        let address = &self.vault.address;
        format!(
            "The vault {}",
            printable(
                address[url::Position::BeforeHost..url::Position::AfterPort].trim_end_matches('/'),
                256
            )
        )
    }
}
