//! All network stores, simulated by one TLS server under their real names.

use std::sync::Arc;
use std::sync::Mutex;

use azdo_bot::contract::CredentialReference;
use azdo_bot::contract::TextKind as _;
use azdo_bot::credentials::CredentialResolver;
use azdo_bot::credentials::EntraApplication;
use azdo_bot::credentials::EntraProof;
use azdo_bot::credentials::HashiCorpVault;
use azdo_bot::credentials::KeyVault;
use azdo_bot::credentials::Lockers;
use azdo_bot::credentials::SignIn;
use azdo_bot::credentials::StorePolicy;
use azdo_bot::devops::NetworkOptions;
use azdo_bot::devops::StoreHttp;
use rcgen::SanType;
use url::Url;

use crate::fixture::options;
use crate::fixture::short;
use crate::fixture::token;
use crate::secure::Authority;
use crate::secure::serve;
use crate::server::Script;
use crate::server::Seen;
use crate::server::Server;
use crate::server::json;
use crate::server::reply;
use crate::tunnel::Tunnel;

const BAO: &str = "bao.example";
const LOGIN: &str = "login.microsoftonline.com";
pub(crate) const TEAM: &str = "team.vault.azure.net";

pub(crate) struct Cloud {
    pub(crate) server: Server,
    pub(crate) authority: Authority,
    tunnel: Tunnel,
    /// The secret in every store
    kept: Arc<Mutex<String>>,
    /// The tenant of the application
    tenant: String,
}

/// The secret for signing in to every store
pub(crate) fn secret() -> String {
    format!("{}-secret", token())
}

impl Cloud {
    /// Starts stores that respond successfully, except where `instead` has another response
    pub(crate) async fn start(instead: impl Fn(&Seen) -> Option<Script> + Send + Sync + 'static) -> Self {
        Self::start_in("contoso", instead).await
    }

    /// The same, with an application of this tenant
    pub(crate) async fn start_in(
        tenant: &str,
        instead: impl Fn(&Seen) -> Option<Script> + Send + Sync + 'static,
    ) -> Self {
        let authority = Authority::new();
        let acceptor = authority.server(BAO, "http/1.1", |params| {
            for name in [LOGIN, TEAM] {
                params.subject_alt_names.push(SanType::DnsName(name.try_into().expect("it is a name")));
            }
        });
        let kept = Arc::new(Mutex::new(token().to_owned()));
        let shared = kept.clone();
        let server = serve(acceptor, move |seen| {
            let kept = shared.lock().expect("no test panics here").clone();
            instead(seen).unwrap_or_else(|| well(seen, &kept))
        })
        .await;
        let to = |host: &str, port: u16| (format!("{host}:{port}"), server.address());
        let tunnel = Tunnel::to(vec![to(BAO, 8200), to(LOGIN, 443), to(TEAM, 443)]).await;
        Cloud { server, authority, tunnel, kept, tenant: tenant.to_owned() }
    }

    /// Puts another secret into every store
    pub(crate) fn rotate(&self, secret: &str) {
        secret.clone_into(&mut self.kept.lock().expect("no test panics here"));
    }

    pub(crate) fn proxy(&self) -> String {
        self.tunnel.url()
    }

    /// Returns a client for the stores, through the proxy of the operator
    pub(crate) fn options(&self) -> NetworkOptions {
        NetworkOptions {
            proxy: Some(self.proxy()),
            certificate_authorities: vec![self.authority.pem.clone()],
            ..options(short())
        }
    }

    pub(crate) fn vault(&self, sign_in: SignIn, options: NetworkOptions) -> CredentialResolver {
        let entra = EntraApplication {
            authority: address(&format!("https://{LOGIN}")),
            tenant: self.tenant.clone(),
            client_id: "b0t".to_owned(),
            proof: EntraProof::Secret(by_variable()),
            bots: false,
        };
        let team = KeyVault {
            address: address(&format!("https://{TEAM}")),
            entra: "bot".to_owned(),
            bots: vec!["pat".to_owned()],
        };
        let key_value = HashiCorpVault {
            address: address(&format!("https://{BAO}:8200")),
            mount: "secret".to_owned(),
            version: None,
            namespace: None,
            sign_in,
            bots: Vec::new(),
        };
        let policy = StorePolicy {
            vault: Some(key_value),
            entra: [("bot".to_owned(), entra)].into_iter().collect(),
            key_vaults: [("team".to_owned(), team)].into_iter().collect(),
            ..StorePolicy::default()
        };
        let lookup = Arc::new(|name: &str| (name == "STORE_SECRET").then(|| secret().into()));
        CredentialResolver::reaching(
            lookup,
            Lockers::default(),
            policy,
            Some(Arc::new(StoreHttp::new(options))),
        )
    }
}

pub(crate) fn reference(text: &str) -> CredentialReference {
    CredentialReference::parse(text).expect("it is a reference")
}

/// The reference to the secret for signing in to a store
pub(crate) fn by_variable() -> CredentialReference {
    reference("env:STORE_SECRET")
}

fn address(text: &str) -> Url {
    Url::parse(text).expect("it is an address")
}

/// The response of a Key Vault to a request without a token
pub(crate) fn challenge(resource: &str) -> Script {
    challenge_of("contoso", resource)
}

/// The same, of a vault in this tenant
pub(crate) fn challenge_of(tenant: &str, resource: &str) -> Script {
    let header = format!(
        "www-authenticate: Bearer authorization=\"https://{LOGIN}/{tenant}\", resource=\"{resource}\"\r\n"
    );
    reply("401 Unauthorized", &header, r#"{"error":{"code":"Unauthorized","message":"no token"}}"#)
}

/// The token of the vault in the responses of Entra and OpenBao
fn pass() -> String {
    format!("{}-pass", token())
}

fn well(seen: &Seen, kept: &str) -> Script {
    let form = || String::from_utf8_lossy(&seen.body).into_owned();
    match (seen.method.as_str(), seen.path()) {
        ("POST", "/v1/auth/approle/login") => {
            assert!(form().contains(&secret()));
            json("200 OK", format!(r#"{{"auth":{{"client_token":"{}"}}}}"#, pass()))
        }
        ("GET", "/v1/secret/data/azdo/bot") => {
            assert!(
                [Some(secret()), Some(pass())].contains(&seen.header("x-vault-token").map(str::to_owned))
            );
            json("200 OK", format!(r#"{{"data":{{"data":{{"pat":"{kept}"}}}}}}"#))
        }
        ("POST", "/v1/auth/token/revoke-self") => reply("204 No Content", "", ""),
        ("POST", path) if path.ends_with("/oauth2/v2.0/token") => {
            assert!(form().contains(&secret()));
            let token = if form().contains("vault.azure.net") { pass() } else { kept.to_owned() };
            json("200 OK", format!(r#"{{"access_token":"{token}","expires_in":3600}}"#))
        }
        ("GET", path) if path.starts_with("/secrets/") => match seen.header("authorization") {
            None => challenge("https://vault.azure.net"),
            Some(header) => {
                assert_eq!(header, format!("Bearer {}", pass()));
                json("200 OK", format!(r#"{{"value":"{kept}","id":"https://{TEAM}{path}/1"}}"#))
            }
        },
        other => panic!("unexpected request: {other:?}"),
    }
}
