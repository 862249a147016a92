//! The store `keyvault`: secrets of an Azure Key Vault, read as an application of Microsoft Entra.
//!
//! A reference is `keyvault:NAME/SECRET` or `keyvault:NAME/SECRET/VERSION`. The first request has no
//! token: the vault responds with the resource for which it needs a token, and a token is sent only if that is its
//! own domain.

use std::sync::Arc;

use http::HeaderMap;
use http::HeaderValue;
use http::Method;
use http::StatusCode;
use http::header::AUTHORIZATION;
use http::header::WWW_AUTHENTICATE;
use indexmap::IndexMap;
use secrecy::zeroize::Zeroizing;
use serde::Deserialize;
use url::Url;

use crate::contract::CredentialReference;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Retry;
use crate::contract::Secret;
use crate::contract::StoreClient;
use crate::contract::StoreRequest;
use crate::contract::StoreResponse;
use crate::contract::printable;
use crate::credentials::entra::EntraApplication;
use crate::credentials::entra::store::Entra;
use crate::credentials::key_vault::KeyVault;
use crate::credentials::resources::StoreResources;
use crate::credentials::store::Opened;
use crate::credentials::store::Reading;
use crate::credentials::store::Store;
use crate::credentials::store::correct;
use crate::credentials::store::no_attribute;

/// The version of the vault's API
const API_VERSION: &str = "7.4";

/// Opens the store, if a vault and an application are configured and may be reached
pub(in crate::credentials) fn open(
    (vaults, applications): (IndexMap<String, KeyVault>, IndexMap<String, EntraApplication>),
    resources: &StoreResources,
) -> Opened {
    let reached = Entra::new(applications, resources).zip(resources.client.clone());
    match reached.filter(|_| !vaults.is_empty()) {
        Some((entra, client)) => Opened::Store(Box::new(KeyVaultStore { vaults, client, entra })),
        None => Opened::NotConfigured,
    }
}

struct KeyVaultStore {
    vaults: IndexMap<String, KeyVault>,
    client: Arc<dyn StoreClient>,
    entra: Entra,
}

/// The parts of a reference
struct Place<'a> {
    vault: &'a str,
    secret: &'a str,
    version: Option<&'a str>,
}

#[derive(Deserialize)]
struct Found {
    value: Secret,
}

#[derive(Deserialize)]
struct Refusal {
    error: Refused,
}

#[derive(Deserialize)]
struct Refused {
    #[serde(default)]
    code: String,
    #[serde(rename = "innererror")]
    inner: Option<Box<Refused>>,
}

impl Store for KeyVaultStore {
    fn admit(&self, place: &CredentialReference) -> Result<(), Error> {
        let admitted = place.path.split_once('/').is_some_and(|(vault, rest)| {
            self.vaults.get(vault).is_some_and(|vault| vault.bots.iter().any(|one| one == rest))
        });
        if admitted && place.attribute.is_none() {
            return Ok(());
        }
        let message = "A bot may reference only secrets of a Key Vault that the operator lists for bots";
        Err(Error::new(ErrorCode::InputInvalid, message).help(
            "The operator can add the secret to `stores.keyvault.NAME.bots` in azdo-bot.toml, or map the \
             reference there as a locker.",
        ))
    }

    fn same(&self, one: &CredentialReference, other: &CredentialReference) -> bool {
        let (Some(one), Some(other)) = (Place::of(one), Place::of(other)) else { return one == other };
        let address = |place: &Place<'_>| self.vaults.get(place.vault).map(|vault| &vault.address);
        // Without a version it is the latest, which may be any. The vault ignores case in names.
        address(&one) == address(&other)
            && one.secret.eq_ignore_ascii_case(other.secret)
            && (one.version.is_none() || other.version.is_none() || one.version == other.version)
    }

    fn read<'a>(&'a self, place: &'a CredentialReference) -> Reading<'a> {
        Box::pin(async move {
            no_attribute(place)?;
            let place = Place::of(place).ok_or_else(|| not_a_place(&place.path))?;
            self.value(&place).await
        })
    }
}

impl<'a> Place<'a> {
    /// Returns the parts; names have only letters, digits and `-`, so none can lead to another path
    fn of(reference: &'a CredentialReference) -> Option<Self> {
        let plain = |text: &str| {
            (1..=127).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        };
        let (vault, rest) = reference.path.split_once('/')?;
        let (secret, version) = match rest.split_once('/') {
            Some((secret, version)) => (secret, Some(version)),
            None => (rest, None),
        };
        (plain(secret) && version.is_none_or(plain)).then_some(Place { vault, secret, version })
    }
}

/// Returns what is wrong with the path of a reference
fn not_a_place(path: &str) -> Error {
    let help = "Write it as keyvault:NAME/SECRET or keyvault:NAME/SECRET/VERSION.";
    let name = path.split('/').nth(1).filter(|name| !name.is_empty());
    let other = name.and_then(|name| name.chars().find(|c| !c.is_ascii_alphanumeric() && *c != '-'));
    let (Some(name), Some(other)) = (name, other) else {
        let message = "A reference to a Key Vault has the vault and the secret's name";
        return Error::new(ErrorCode::InputInvalid, message).help(help);
    };
    let message = format!(
        "No secret of a Key Vault can have the name \"{}\": it contains \"{}\"",
        printable(name, 256),
        printable(&other.to_string(), 16)
    );
    Error::new(ErrorCode::InputInvalid, message).help(match other {
        '_' => format!(
            "Its name has only letters, digits and \"-\". The secret may have the name \"{}\".",
            printable(&name.replace('_', "-"), 256)
        ),
        _ => format!("Its name has only letters, digits and \"-\". {help}"),
    })
}

impl KeyVaultStore {
    async fn value(&self, place: &Place<'_>) -> Result<Secret, Error> {
        let Some(vault) = self.vaults.get(place.vault) else {
            let name = printable(place.vault, 256);
            let message = format!("The operator's file has no Key Vault \"{name}\"");
            return Err(Error::new(ErrorCode::CredentialNotFound, message).help(format!(
                "Add it to azdo-bot.toml as [stores.keyvault.{name}], or correct the reference."
            )));
        };
        let url = vault.url(place);
        let challenge = self.send(vault, url.clone(), HeaderMap::new()).await?;
        let resource = vault.resource(&challenge)?;
        let token = self.entra.token(&vault.entra, &format!("{resource}/.default")).await?;
        let header = Zeroizing::new(format!("Bearer {}", token.expose()));
        let header = HeaderValue::from_str(&header).map_err(|_| vault.unexpected_response(&challenge))?;
        let response = self.send(vault, url, HeaderMap::from_iter([(AUTHORIZATION, header)])).await?;
        match response.status {
            StatusCode::OK => {
                let found: Result<Found, _> = serde_json::from_slice(&response.body);
                found.map(|found| found.value).map_err(|_| vault.unexpected_response(&response))
            }
            StatusCode::UNAUTHORIZED => {
                self.entra.forget(&token);
                let tenants = tenant(&challenge).zip(self.entra.tenant(&vault.entra));
                Err(vault.of_another_tenant(tenants).unwrap_or_else(|| vault.refusal(place, &response)))
            }
            _ => Err(vault.refusal(place, &response)),
        }
    }

    /// Sends one request; a server error or a throttled request is an error, anything else a response
    async fn send(&self, vault: &KeyVault, url: Url, headers: HeaderMap) -> Result<StoreResponse, Error> {
        let request = StoreRequest { method: Method::GET, url, headers, body: Zeroizing::default() };
        let response = self.client.send(request).await?;
        let status = response.status;
        if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS {
            let message = format!("The Key Vault {} cannot respond now ({})", vault.host(), status.as_u16());
            return Err(Error::new(ErrorCode::CredentialTimeout, message).retry(Retry::Later));
        }
        Ok(response)
    }
}

impl KeyVault {
    fn url(&self, place: &Place<'_>) -> Url {
        let mut url = self.address.clone();
        let version = place.version.map(|version| format!("/{version}")).unwrap_or_default();
        url.set_path(&format!("secrets/{}{version}", place.secret));
        url.set_query(Some(&format!("api-version={API_VERSION}")));
        url
    }

    fn host(&self) -> &str {
        self.address.host_str().unwrap_or_default()
    }

    /// Returns the resource of the challenge, if it is the vault's own domain
    fn resource(&self, challenge: &StoreResponse) -> Result<String, Error> {
        let headers =
            challenge.headers.get_all(WWW_AUTHENTICATE).iter().filter_map(|value| value.to_str().ok());
        let requested = headers.filter_map(|text| text.strip_prefix("Bearer ")).find_map(resource);
        let (StatusCode::UNAUTHORIZED, Some(requested)) = (challenge.status, requested) else {
            return Err(self.unexpected_response(challenge));
        };
        let own = self.host().split_once('.').map(|(_, domain)| format!("https://{domain}"));
        if own.as_deref() == Some(requested) {
            return Ok(requested.to_owned());
        }
        let message = format!(
            "The Key Vault {} requests a token for {}, which is not its own domain",
            self.host(),
            printable(requested, 256)
        );
        Err(Error::new(ErrorCode::CredentialNotFound, message)
            .help("No token was sent. Correct `address` in `stores.keyvault` of azdo-bot.toml."))
    }

    fn refusal(&self, place: &Place<'_>, response: &StoreResponse) -> Error {
        let Ok(refusal) = serde_json::from_slice::<Refusal>(&response.body) else {
            return self.unexpected_response(response);
        };
        let inner = refusal.error.inner.map(|inner| inner.code).unwrap_or_default();
        let (host, secret, application) = (self.host(), place.secret, &self.entra);
        let (message, help) = match (response.status, inner.as_str()) {
            (StatusCode::NOT_FOUND, _) => (
                format!("The Key Vault {host} has no secret \"{secret}\", or not that version"),
                "Add it, or correct the reference.".to_owned(),
            ),
            (_, "SecretDisabled") => (
                format!("The secret \"{secret}\" of the Key Vault {host} is disabled"),
                "Enable it or its newest version.".to_owned(),
            ),
            (_, "SecretNotYetValid") => (
                format!("The secret \"{secret}\" of the Key Vault {host} is not valid yet"),
                "Its activation date is in the future: wait for it, or change it in the properties of the secret.".to_owned(),
            ),
            (_, "SecretExpired") => (
                format!("The secret \"{secret}\" of the Key Vault {host} has expired"),
                "Add a new version, or change the expiration date in the properties of the secret.".to_owned(),
            ),
            (_, "ForbiddenByFirewall" | "ForbiddenByConnection") => (
                format!("The firewall of the Key Vault {host} blocks this machine"),
                "Ask the vault's administrator to allow its network.".to_owned(),
            ),
            (StatusCode::FORBIDDEN | StatusCode::UNAUTHORIZED, _) => (
                format!(
                    "The Key Vault {host} does not let the application \"{application}\" read \"{secret}\""
                ),
                "Give the application the role Key Vault Secrets User, or the access policy Get on secrets."
                    .to_owned(),
            ),
            _ => return self.unexpected_response(response),
        };
        let code = printable(if inner.is_empty() { &refusal.error.code } else { &inner }, 256);
        Error::new(ErrorCode::CredentialNotFound, message).help(help).with("vaultCode", code)
    }

    /// Returns the error of a vault in another tenant (its own first) than the one that issued the token, if it is
    fn of_another_tenant(&self, tenants: Option<(String, &str)>) -> Option<Error> {
        let (own, issuer) = tenants?;
        // The name of a domain cannot be compared with an id.
        let differs = uuid::Uuid::try_parse(issuer).is_ok() && !own.eq_ignore_ascii_case(issuer);
        differs.then(|| {
            let (host, application) = (self.host(), &self.entra);
            let message = format!(
                "The Key Vault {host} is in the tenant {own}, but the application \"{application}\" signs in to the tenant {issuer}"
            );
            Error::new(ErrorCode::CredentialNotFound, message).help(format!(
                "Name an application of the vault's tenant in `entra` of this vault, or correct \
                 `stores.entra.{application}.tenant` in azdo-bot.toml."
            ))
        })
    }

    fn unexpected_response(&self, response: &StoreResponse) -> Error {
        let status = response.status;
        let message = format!("{} does not respond like a Key Vault ({})", self.host(), status.as_u16());
        Error::new(ErrorCode::CredentialNotFound, message)
            .help(correct("stores.keyvault.NAME.address", response))
    }
}

/// Returns the resource of a challenge: `authorization="https://…", resource="https://vault.azure.net"`
fn resource(challenge: &str) -> Option<&str> {
    parameter(challenge, "resource").map(|value| value.trim_end_matches('/'))
}

/// Returns the id of the vault's own tenant, which the challenge names after the host of Microsoft Entra
fn tenant(challenge: &StoreResponse) -> Option<String> {
    let headers = challenge.headers.get_all(WWW_AUTHENTICATE).iter().filter_map(|value| value.to_str().ok());
    let mut urls = headers.filter_map(|text| parameter(text.strip_prefix("Bearer ")?, "authorization"));
    let tenant = urls.next()?.trim_end_matches('/').rsplit('/').next()?;
    uuid::Uuid::try_parse(tenant).is_ok().then(|| tenant.to_owned())
}

/// Returns the value of a parameter of a challenge
fn parameter<'a>(challenge: &'a str, wanted: &str) -> Option<&'a str> {
    challenge.split(',').find_map(|part| {
        let (name, value) = part.trim().split_once('=')?;
        (name == wanted).then(|| value.trim_matches('"'))
    })
}
