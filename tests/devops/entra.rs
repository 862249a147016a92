//! Signing in as a Microsoft Entra application, against a test token server behind TLS.

use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;

use azdo_bot::contract::Credential;
use azdo_bot::contract::CredentialReference;
use azdo_bot::contract::Error;
use azdo_bot::contract::ErrorCode;
use azdo_bot::contract::Retry;
use azdo_bot::contract::Scheme;
use azdo_bot::contract::Secret;
use azdo_bot::contract::TextKind as _;
use azdo_bot::credentials::CredentialResolver;
use azdo_bot::credentials::EntraApplication;
use azdo_bot::credentials::EntraProof;
use azdo_bot::credentials::Lockers;
use azdo_bot::credentials::StorePolicy;
use azdo_bot::devops::ConnectRequest;
use azdo_bot::devops::Connection;
use azdo_bot::devops::Network;
use azdo_bot::devops::NetworkOptions;
use azdo_bot::devops::Request;
use azdo_bot::devops::StoreHttp;
use serde::de::IgnoredAny;
use url::Url;

use crate::fixture::call;
use crate::fixture::checked;
use crate::fixture::options;
use crate::fixture::organization;
use crate::fixture::project;
use crate::fixture::short;
use crate::fixture::token;
use crate::fixture::unauthorized;
use crate::fixture::well;
use crate::secure::Authority;
use crate::secure::serve;
use crate::server::Script;
use crate::server::Seen;
use crate::server::Server;
use crate::server::json;
use crate::server::reply;
use crate::tunnel::Tunnel;

const LOGIN: &str = "login.microsoftonline.com";

/// Microsoft Entra, on loopback under its real name
pub(crate) struct Entra {
    pub(crate) server: Server,
    pub(crate) authority: Authority,
}

impl Entra {
    pub(crate) async fn start(handler: impl Fn(&Seen) -> Script + Send + Sync + 'static) -> Self {
        let authority = Authority::new();
        let server = serve(authority.server(LOGIN, "http/1.1", |_| {}), handler).await;
        Entra { server, authority }
    }

    /// Starts one that accepts every sign-in and returns `token()` followed by the number of the sign-in
    async fn generous(expires_in: u64) -> Self {
        let count = Mutex::new(0);
        Self::start(move |_| {
            let mut count = count.lock().expect("no test panics here");
            *count += 1;
            signed_in(&numbered(*count), expires_in)
        })
        .await
    }

    pub(crate) fn host(&self) -> (String, std::net::SocketAddr) {
        (format!("{LOGIN}:443"), self.server.address())
    }

    fn forms(&self) -> Vec<Vec<(String, String)>> {
        let form = |seen: &Seen| url::form_urlencoded::parse(&seen.body).into_owned().collect();
        self.server.seen().iter().map(form).collect()
    }
}

fn numbered(number: usize) -> String {
    format!("{}.{number}", token())
}

pub(crate) fn signed_in(token: &str, expires_in: u64) -> Script {
    json("200 OK", format!(r#"{{"token_type":"Bearer","expires_in":{expires_in},"access_token":"{token}"}}"#))
}

pub(crate) fn application(proof: EntraProof) -> EntraApplication {
    let authority = Url::parse(&format!("https://{LOGIN}")).expect("it is an address");
    EntraApplication {
        authority,
        tenant: "contoso.onmicrosoft.com".to_owned(),
        client_id: "00000000-1111-2222-3333-444444444444".to_owned(),
        proof,
        bots: false,
    }
}

pub(crate) fn reference(text: &str) -> CredentialReference {
    CredentialReference::parse(text).expect("it is a reference")
}

/// The secret of the application, with characters that a form must encode
fn secret() -> String {
    format!("{}~+ &=%", token())
}

pub(crate) fn through(tunnel: &Tunnel, authorities: &[&Authority]) -> StoreHttp {
    StoreHttp::new(NetworkOptions {
        proxy: Some(tunnel.url()),
        certificate_authorities: authorities.iter().map(|authority| authority.pem.clone()).collect(),
        ..options(short())
    })
}

/// A resolver that signs in `entra:bot` here, as the command line does
async fn vault(entra: &Entra, proof: EntraProof) -> (CredentialResolver, Tunnel) {
    let tunnel = Tunnel::to(vec![entra.host()]).await;
    let applications = [("bot".to_owned(), application(proof))].into_iter().collect();
    let policy = StorePolicy { entra: applications, ..StorePolicy::default() };
    let http = through(&tunnel, &[&entra.authority]);
    let lookup = Arc::new(|name: &str| (name == "AZDO_ENTRA_SECRET").then(|| secret().into()));
    let vault = CredentialResolver::reaching(lookup, Lockers::default(), policy, Some(Arc::new(http)));
    (vault.trusting(reference("entra:bot")), tunnel)
}

fn by_secret() -> EntraProof {
    EntraProof::Secret(reference("env:AZDO_ENTRA_SECRET"))
}

async fn read(vault: &CredentialResolver) -> Result<Secret, Error> {
    vault.read_reference(&reference("entra:bot")).await.map_err(checked)
}

#[tokio::test]
async fn signing_in_sends_one_form_and_returns_a_bearer_token() {
    let entra = Entra::generous(3599).await;
    let (vault, _tunnel) = vault(&entra, by_secret()).await;
    let token = read(&vault).await.unwrap();
    assert_eq!((token.expose(), token.scheme()), (&*numbered(1), Scheme::Bearer));
    assert_eq!(entra.server.lines(), ["POST /contoso.onmicrosoft.com/oauth2/v2.0/token"]);
    let expected = [
        ("grant_type", "client_credentials"),
        ("scope", "499b84ac-1321-427f-aa17-267ca6975798/.default"),
        ("client_id", "00000000-1111-2222-3333-444444444444"),
        ("client_secret", &secret()),
    ];
    assert_eq!(entra.forms()[0], expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    assert_eq!(entra.server.seen()[0].header("content-type"), Some("application/x-www-form-urlencoded"));
    let error = vault.read_reference(&reference("entra:other")).await.unwrap_err();
    assert!(error.help_text().contains("[stores.entra.other]"), "{}", error.help_text());
}

#[tokio::test]
async fn a_federated_token_is_read_from_its_file_each_time() {
    let entra = Entra::generous(0).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("identity-token");
    let (vault, _tunnel) =
        vault(&entra, EntraProof::Assertion(reference(&format!("file:{}", file.display())))).await;
    for text in ["first.jwt", "second.jwt"] {
        std::fs::write(&file, format!("{text}\n")).unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
        }
        read(&vault).await.unwrap();
        let forms = entra.forms();
        let form = forms.last().expect("there was a request");
        let value =
            |name: &str| form.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
        assert_eq!(value("client_assertion"), Some(text));
        let kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
        assert_eq!((value("client_assertion_type"), value("client_secret")), (Some(kind), None));
    }
}

#[tokio::test]
async fn a_token_is_kept_until_five_minutes_before_its_end() {
    let entra = Entra::generous(3600).await;
    let (vault, _tunnel) = vault(&entra, by_secret()).await;
    let mut got = Vec::new();
    for seconds in [0, 3200, 200] {
        // The clock is paused only while nothing is in flight.
        tokio::time::pause();
        tokio::time::advance(Duration::from_secs(seconds)).await;
        tokio::time::resume();
        got.push(read(&vault).await.unwrap().expose().to_owned());
    }
    assert_eq!(got, [numbered(1), numbered(1), numbered(2)]);
    assert_eq!(entra.server.seen().len(), 2);
}

#[tokio::test]
async fn many_calls_that_need_a_token_at_once_share_one_sign_in() {
    let entra = Entra::generous(3600).await;
    let (vault, _tunnel) = vault(&entra, by_secret()).await;
    let tokens = futures_util::future::join_all((0..20).map(|_| read(&vault))).await;
    assert!(tokens.into_iter().all(|token| token.unwrap().expose() == numbered(1)));
    assert_eq!(entra.server.seen().len(), 1);
}

/// An Azure DevOps that accepts only these bearer tokens
async fn guarded(good: &Arc<Mutex<Vec<String>>>) -> Server {
    let good = good.clone();
    Server::start(move |seen: &Seen| {
        let good = good.lock().expect("no test panics here");
        let known = good.iter().any(|one| seen.header("authorization") == Some(&format!("Bearer {one}")));
        match well(seen) {
            _ if !known => unauthorized(),
            Some(script) => script,
            None => json("200 OK", "[]"),
        }
    })
    .await
}

async fn connect(service: &Server, vault: &CredentialResolver) -> Connection {
    let (organization, project) = (organization(&service.url()), project("Fabrikam"));
    let credential = Credential::Reference(reference("entra:bot"));
    let request =
        ConnectRequest { organization: &organization, project: &project, credential, scheme: Scheme::Basic };
    let network = Network::new(options(short()));
    network.connect(request, vault, &call()).await.map_err(checked).expect("the first token is valid")
}

async fn act(connection: &Connection, vault: &CredentialResolver) -> &'static str {
    match connection
        .client(&call(), vault)
        .send::<IgnoredAny>(Request::get(&["thing"]).named("read it"))
        .await
    {
        Ok(_) => "done",
        Err(error) => checked(error).code().as_str(),
    }
}

#[tokio::test]
async fn an_open_session_gets_another_token_before_its_own_expires() {
    let entra = Entra::generous(3600).await;
    let (vault, _tunnel) = vault(&entra, by_secret()).await;
    let good = Arc::new(Mutex::new(vec![numbered(1), numbered(2)]));
    let service = guarded(&good).await;
    let connection = connect(&service, &vault).await;
    assert_eq!(act(&connection, &vault).await, "done");
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(3400)).await;
    tokio::time::resume();
    good.lock().unwrap().retain(|one| *one != numbered(1));
    let before = service.seen().len();
    assert_eq!(act(&connection, &vault).await, "done");
    assert_eq!(service.seen().len(), before + 1, "no request was rejected");
    assert_eq!(entra.server.seen().len(), 2);
}

#[tokio::test]
async fn a_rejected_token_is_not_used_again() {
    let entra = Entra::generous(3600).await;
    let (vault, _tunnel) = vault(&entra, by_secret()).await;
    let good = Arc::new(Mutex::new(vec![numbered(1)]));
    let service = guarded(&good).await;
    let connection = connect(&service, &vault).await;
    *good.lock().unwrap() = vec![numbered(2)];
    assert_eq!(act(&connection, &vault).await, "done");
    assert_eq!(entra.server.seen().len(), 2);
    *good.lock().unwrap() = Vec::new();
    assert_eq!(act(&connection, &vault).await, "auth.failed");
    assert_eq!(act(&connection, &vault).await, "auth.failed");
    assert_eq!(entra.server.seen().len(), 3, "once more, and then no more");
}

#[tokio::test]
async fn a_rejection_by_entra_is_recognized_by_its_number() {
    let refused = |code: u32| {
        let description = format!("AADSTS{code}: {}", secret());
        json(
            "401 Unauthorized",
            serde_json::json!({ "error": "invalid_client", "error_description": description,
                                "error_codes": [code], "correlation_id": "c0rr" })
            .to_string(),
        )
    };
    let not_found = ErrorCode::CredentialNotFound;
    let rows = [
        (refused(7_000_215), not_found, "AADSTS7000215", "its value, not its id"),
        (refused(7_000_222), not_found, "AADSTS7000222", "Create a new one"),
        (refused(700_016), not_found, "AADSTS700016", "stores.entra.bot.client_id"),
        (refused(90_002), not_found, "AADSTS90002", "stores.entra.bot.tenant"),
        (refused(53_003), not_found, "AADSTS53003", "conditional access"),
        (refused(1), not_found, "AADSTS1", "login.microsoftonline.com/error"),
        (
            reply("403 Forbidden", "content-type: text/plain\r\n", "blocked"),
            not_found,
            "does not respond like Microsoft Entra (403)",
            "proxy",
        ),
        (json("200 OK", "{}"), not_found, "does not respond like Microsoft Entra (200)", "authority"),
        (reply("503 Busy", "", ""), ErrorCode::CredentialTimeout, "cannot respond now (503)", ""),
        (reply("429 Slow", "", ""), ErrorCode::CredentialTimeout, "cannot respond now (429)", ""),
    ];
    for (script, code, words, help) in rows {
        let script = Mutex::new(Some(script));
        let entra =
            Entra::start(move |_| script.lock().expect("no test panics here").take().expect("one request"))
                .await;
        let (vault, _tunnel) = vault(&entra, by_secret()).await;
        let error = read(&vault).await.unwrap_err();
        assert_eq!(error.code(), code, "{error}");
        assert!(
            error.message().contains(words) && error.help_text().contains(help),
            "{error}: {}",
            error.help_text()
        );
        assert_eq!(error.retry_advice() == Retry::Later, code == ErrorCode::CredentialTimeout);
        assert!(!format!("{error:?}").contains("description"), "{error:?}");
    }
}
