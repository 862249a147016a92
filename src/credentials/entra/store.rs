//! The store `entra`: access tokens of Microsoft Entra, for an application in the operator's file.
//!
//! To sign in, it posts a form to the tenant's token endpoint. It caches the token in memory until shortly
//! before it expires, unless Azure DevOps does not accept it. The application's own secret is read again
//! for each sign-in.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::time::Duration;

use http::HeaderMap;
use http::HeaderValue;
use http::Method;
use http::StatusCode;
use http::header::CONTENT_TYPE;
use indexmap::IndexMap;
use secrecy::zeroize::Zeroizing;
use serde::Deserialize;
use tokio::time::Instant;
use url::Url;
use url::form_urlencoded;

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
use crate::credentials::entra::EntraProof;
use crate::credentials::resources::StoreResources;
use crate::credentials::sign_in_secrets::SignInSecrets;
use crate::credentials::store::Opened;
use crate::credentials::store::Reading;
use crate::credentials::store::Store;
use crate::credentials::store::correct;
use crate::credentials::store::no_attribute;

/// The scope of Azure DevOps in Entra
const AZURE_DEVOPS: &str = "499b84ac-1321-427f-aa17-267ca6975798/.default";

/// How long before it expires a token is replaced; half of its lifetime if that is shorter
const MARGIN: Duration = Duration::from_secs(300);

/// The assertion type for a token of another identity provider
const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// Signs applications in and caches their tokens
pub(in crate::credentials) struct Entra {
    applications: IndexMap<String, Application>,
    client: Arc<dyn StoreClient>,
    secrets: SignInSecrets,
}

struct Application {
    own: EntraApplication,
    /// The cached tokens by scope
    kept: Mutex<HashMap<String, Secret>>,
    /// Held during a sign-in; other tasks wait for its token
    signing_in: tokio::sync::Mutex<()>,
}

/// Opens the store, if an application is configured and Entra may be reached
pub(in crate::credentials) fn open(
    applications: IndexMap<String, EntraApplication>,
    resources: &StoreResources,
) -> Opened {
    match Entra::new(applications, resources) {
        Some(entra) => Opened::Store(Box::new(EntraStore(entra))),
        None => Opened::NotConfigured,
    }
}

struct EntraStore(Entra);

impl Store for EntraStore {
    fn admit(&self, place: &CredentialReference) -> Result<(), Error> {
        if self.0.applications.get(&place.path).is_some_and(|application| application.own.bots) {
            return Ok(());
        }
        let message =
            "A bot may reference only applications of Microsoft Entra that the operator allows for bots";
        Err(Error::new(ErrorCode::InputInvalid, message).help(
            "The operator can set `bots = true` in `stores.entra.NAME` of azdo-bot.toml, or map the reference \
             there as a locker.",
        ))
    }

    fn same(&self, one: &CredentialReference, other: &CredentialReference) -> bool {
        one == other
    }

    fn read<'a>(&'a self, place: &'a CredentialReference) -> Reading<'a> {
        Box::pin(async move {
            no_attribute(place)?;
            self.0.token(&place.path, AZURE_DEVOPS).await
        })
    }

    fn forget(&self, token: &Secret) {
        self.0.forget(token);
    }
}

#[derive(Deserialize)]
struct SignedIn {
    access_token: Secret,
    expires_in: u64,
}

#[derive(Deserialize)]
struct Refusal {
    #[serde(default)]
    error_codes: Vec<u32>,
    #[serde(default)]
    correlation_id: String,
}

impl Entra {
    /// Returns `None` without an application, or if Entra may not be reached
    pub(in crate::credentials) fn new(
        applications: IndexMap<String, EntraApplication>,
        resources: &StoreResources,
    ) -> Option<Self> {
        let client = resources.client.clone().filter(|_| !applications.is_empty())?;
        let application = |own| Application { own, kept: Mutex::default(), signing_in: Default::default() };
        let applications = applications.into_iter().map(|(name, own)| (name, application(own))).collect();
        Some(Entra { applications, client, secrets: resources.secrets.clone() })
    }

    /// Returns the token of an application for a scope, cached or new
    pub(in crate::credentials) async fn token(&self, name: &str, scope: &str) -> Result<Secret, Error> {
        let Some(application) = self.applications.get(name) else {
            let name = printable(name, 256);
            let message = format!("The operator's file has no application \"{name}\" of Microsoft Entra");
            return Err(Error::new(ErrorCode::CredentialNotFound, message).help(format!(
                "Add it to azdo-bot.toml as [stores.entra.{name}], or correct the reference."
            )));
        };
        if let Some(token) = application.kept_token(scope) {
            return Ok(token);
        }
        let _signing_in = application.signing_in.lock().await;
        if let Some(token) = application.kept_token(scope) {
            return Ok(token);
        }
        let token = self.sign_in(name, &application.own, scope).await?;
        application.kept().insert(scope.to_owned(), token.another());
        Ok(token)
    }

    /// Returns the tenant that an application signs in to
    #[cfg_attr(not(feature = "store-keyvault"), expect(dead_code, reason = "only a Key Vault compares it"))]
    pub(in crate::credentials) fn tenant(&self, name: &str) -> Option<&str> {
        self.applications.get(name).map(|application| application.own.tenant.as_str())
    }

    /// Removes a token that was not accepted from the cache
    pub(in crate::credentials) fn forget(&self, token: &Secret) {
        for application in self.applications.values() {
            application.kept().retain(|_, kept| kept.expose() != token.expose());
        }
    }

    async fn sign_in(&self, name: &str, own: &EntraApplication, scope: &str) -> Result<Secret, Error> {
        let proof = match &own.proof {
            EntraProof::Secret(reference) | EntraProof::Assertion(reference) => {
                self.secrets.read(reference).await?
            }
        };
        let body = own.form(&proof, scope);
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
        let request = StoreRequest { method: Method::POST, url: own.token_endpoint(), headers, body };
        let response = self.client.send(request).await?;
        let now = Instant::now();
        if response.status != StatusCode::OK {
            return Err(refusal(name, own, &response));
        }
        let signed_in: SignedIn =
            serde_json::from_slice(&response.body).map_err(|_| unexpected_response(own, &response))?;
        let life = Duration::from_secs(signed_in.expires_in.min(7 * 86_400));
        Ok(signed_in.access_token.as_bearer().due_at(now + life - MARGIN.min(life / 2)))
    }
}

impl Application {
    fn kept(&self) -> MutexGuard<'_, HashMap<String, Secret>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn kept_token(&self, scope: &str) -> Option<Secret> {
        self.kept().get(scope).filter(|token| !token.is_due()).map(Secret::another)
    }
}

impl EntraApplication {
    fn token_endpoint(&self) -> Url {
        let mut url = self.authority.clone();
        url.set_path(&format!("{}/oauth2/v2.0/token", self.tenant));
        url
    }

    fn form(&self, proof: &Secret, scope: &str) -> Zeroizing<Vec<u8>> {
        // Full capacity from the start: a reallocation would leave a copy in memory.
        let mut form =
            form_urlencoded::Serializer::new(String::with_capacity(1024 + 3 * proof.expose().len()));
        form.append_pair("grant_type", "client_credentials").append_pair("scope", scope);
        form.append_pair("client_id", &self.client_id);
        match self.proof {
            EntraProof::Secret(_) => form.append_pair("client_secret", proof.expose()),
            EntraProof::Assertion(_) => {
                form.append_pair("client_assertion_type", JWT_BEARER);
                form.append_pair("client_assertion", proof.expose())
            }
        };
        Zeroizing::new(form.finish().into_bytes())
    }

    fn host(&self) -> &str {
        self.authority.host_str().unwrap_or_default()
    }
}

/// Returns the error for a rejected sign-in
fn refusal(name: &str, own: &EntraApplication, response: &StoreResponse) -> Error {
    let status = response.status;
    if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS {
        let message = format!("Microsoft Entra ({}) cannot respond now ({})", own.host(), status.as_u16());
        return Error::new(ErrorCode::CredentialTimeout, message).retry(Retry::Later);
    }
    // The description is not shown, since it quotes the request and has no maximum length.
    let Ok(refusal) = serde_json::from_slice::<Refusal>(&response.body) else {
        return unexpected_response(own, response);
    };
    let code = refusal.error_codes.first().copied().unwrap_or_default();
    let key = format!("stores.entra.{}", printable(name, 256));
    let help = match code {
        7_000_215 => format!(
            "The client secret is wrong. Correct the secret to which `{key}.client_secret` refers: its value, not its id."
        ),
        7_000_222 => {
            format!(
                "The client secret has expired. Create a new one and store it where `{key}.client_secret` refers."
            )
        }
        700_016 => format!(
            "There is no such application in the tenant. Correct `{key}.client_id` or `{key}.tenant`."
        ),
        90_002 | 900_023 => format!("There is no such tenant. Correct `{key}.tenant`."),
        70_021 | 700_211 | 700_212 | 700_213 => format!(
            "The application does not trust this token. Compare issuer, subject and audience of its federated \
             credential with the token to which `{key}.assertion` refers."
        ),
        700_024 | 700_027 => {
            format!("The token to which `{key}.assertion` refers has expired, or its signature is wrong.")
        }
        53_003 => {
            "A conditional access policy blocks the application. Ask the tenant's administrator.".to_owned()
        }
        _ => format!(
            "Look the number up at https://login.microsoftonline.com/error, and compare `{key}` in azdo-bot.toml."
        ),
    };
    let message = format!(
        "Microsoft Entra ({}) rejects the sign-in of the application \"{}\": AADSTS{code}",
        own.host(),
        printable(name, 256)
    );
    Error::new(ErrorCode::CredentialNotFound, message)
        .help(help)
        .with("correlationId", printable(&refusal.correlation_id, 256))
}

fn unexpected_response(own: &EntraApplication, response: &StoreResponse) -> Error {
    let status = response.status.as_u16();
    let message = format!("{} does not respond like Microsoft Entra ({status})", own.host());
    Error::new(ErrorCode::CredentialNotFound, message).help(correct("stores.entra.NAME.authority", response))
}
