//! What most tests need: a token, its source, and an organization that responds successfully.

use std::future::Future;
use std::pin::Pin;
use std::sync::Mutex;
use std::sync::OnceLock;
use std::time::Duration;

use azdo_bot::contract::Call;
use azdo_bot::contract::ConnectTarget;
use azdo_bot::contract::Credential;
use azdo_bot::contract::Error;
use azdo_bot::contract::ErrorCode;
use azdo_bot::contract::OrganizationUrl;
use azdo_bot::contract::ProjectName;
use azdo_bot::contract::Scheme;
use azdo_bot::contract::Secret;
use azdo_bot::contract::TextKind;
use azdo_bot::contract::TokenSource;
use azdo_bot::devops::ConnectRequest;
use azdo_bot::devops::Connection;
use azdo_bot::devops::Network;
use azdo_bot::devops::NetworkLimits;
use azdo_bot::devops::NetworkOptions;

use crate::encodings::assert_hidden;
use crate::server::Script;
use crate::server::Seen;
use crate::server::Server;
use crate::server::json;
use crate::server::reply;

pub(crate) const PROJECT_ID: &str = "6ce954b1-ce1f-45d1-b94d-e6bf2464ba2c";
pub(crate) const USER_ID: &str = "c0ffee00-0000-4000-8000-000000000001";

/// The token of this test process, generated at run time, so that no source file contains one
pub(crate) fn token() -> &'static str {
    static TOKEN: OnceLock<String> = OnceLock::new();
    TOKEN.get_or_init(|| {
        let random = uuid::Uuid::new_v4().simple().to_string();
        ["c4n4ry", &random, "t0k3n"].concat()
    })
}

/// Another token, with the newer form of personal access tokens
pub(crate) fn shaped_token() -> String {
    let random: String = (0..3).map(|_| uuid::Uuid::new_v4().simple().to_string()).collect();
    [&random[..76], "AZ", "DO", &random[76..80]].concat()
}

/// Returns these tokens one after another, and then the last one again; counts the requests
pub(crate) struct Tokens {
    left: Mutex<Vec<String>>,
    resolutions: Mutex<usize>,
}

impl Tokens {
    pub(crate) fn new(tokens: &[&str]) -> Self {
        let left = tokens.iter().rev().map(|token| (*token).to_owned()).collect();
        Tokens { left: Mutex::new(left), resolutions: Mutex::new(0) }
    }

    pub(crate) fn one() -> Self {
        Self::new(&[token()])
    }

    pub(crate) fn resolutions(&self) -> usize {
        *self.resolutions.lock().expect("no test panics here")
    }
}

impl TokenSource for Tokens {
    fn token<'a>(
        &'a self,
        _credential: &'a Credential,
        _target: ConnectTarget<'a>,
    ) -> Pin<Box<dyn Future<Output = Result<Secret, Error>> + Send + 'a>> {
        *self.resolutions.lock().expect("no test panics here") += 1;
        let mut left = self.left.lock().expect("no test panics here");
        let token = if left.len() > 1 { left.pop() } else { left.last().cloned() };
        let none = || Error::new(ErrorCode::CredentialNotFound, "There is no variable AZDO_PAT");
        let token = token.map(Secret::new).ok_or_else(none);
        Box::pin(async move { token })
    }
}

/// Limits with immediate retries
pub(crate) fn short() -> NetworkLimits {
    NetworkLimits { backoff: Duration::from_millis(5), ..NetworkLimits::default() }
}

/// Limits with a time limit of one second
pub(crate) fn hasty() -> NetworkLimits {
    NetworkLimits { request: Duration::from_secs(1), ..short() }
}

pub(crate) fn options(limits: NetworkLimits) -> NetworkOptions {
    NetworkOptions { allow_loopback_http: true, limits, ..NetworkOptions::default() }
}

/// A call with enough time
pub(crate) fn call() -> Call {
    Call::until(tokio::time::Instant::now() + Duration::from_secs(30))
}

pub(crate) fn organization(url: &str) -> OrganizationUrl {
    OrganizationUrl::parse(url).unwrap_or_else(|refusal| panic!("{url}: {}", refusal.reason))
}

pub(crate) fn project(name: &str) -> ProjectName {
    ProjectName::parse(name).expect("it is a project's name")
}

pub(crate) fn credential() -> Credential {
    Credential::parse("env:AZDO_PAT").expect("it is a reference")
}

/// Connects to `Fabrikam` at this address
pub(crate) async fn connect_to(
    network: &Network,
    url: &str,
    tokens: &Tokens,
    call: &Call,
) -> Result<Connection, Error> {
    connect_as(Scheme::Basic, network, url, tokens, call).await
}

/// The same with the scheme of the token
pub(crate) async fn connect_as(
    scheme: Scheme,
    network: &Network,
    url: &str,
    tokens: &Tokens,
    call: &Call,
) -> Result<Connection, Error> {
    let (organization, project) = (organization(url), project("Fabrikam"));
    let request =
        ConnectRequest { organization: &organization, project: &project, credential: credential(), scheme };
    network.connect(request, tokens, call).await.map_err(checked)
}

/// A connection to this server, with a network of its own
pub(crate) async fn connected(server: &Server, limits: NetworkLimits) -> Connection {
    let network = Network::new(options(limits));
    connect_to(&network, &server.url(), &Tokens::one(), &call())
        .await
        .expect("the server responds successfully")
}

/// Returns the error after a check that it contains no secret
pub(crate) fn checked(error: Error) -> Error {
    let mut text = format!("{error:?} {error} {}", serde_json::to_string(&error).expect("it serializes"));
    let mut source = std::error::Error::source(&error);
    while let Some(cause) = source {
        text.push_str(&format!(" {cause} {cause:?}"));
        source = cause.source();
    }
    assert_hidden(&text, token(), "an error");
    error
}

pub(crate) fn connection_data() -> Script {
    let user = format!(
        r#"{{"id":"{USER_ID}","providerDisplayName":"Mona Lisa","isActive":true,
            "properties":{{"Account":{{"$type":"System.String","$value":"mona@fabrikam.example"}}}}}}"#
    );
    json("200 OK", format!(r#"{{"authenticatedUser":{user},"authorizedUser":{user},"instanceId":"1nst"}}"#))
}

pub(crate) fn anonymous() -> Script {
    let user = r#"{"id":"aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa","providerDisplayName":"Anonymous"}"#;
    json("200 OK", format!(r#"{{"authenticatedUser":{user},"authorizedUser":{user}}}"#))
}

pub(crate) fn fabrikam() -> Script {
    json(
        "200 OK",
        format!(r#"{{"id":"{PROJECT_ID}","name":"Fabrikam","state":"wellFormed","visibility":"private"}}"#),
    )
}

/// The response of the service to a token that it does not accept
pub(crate) fn unauthorized() -> Script {
    reply(
        "401 Unauthorized",
        "www-authenticate: Basic realm=\"https://tfsprod.app.visualstudio.com/\"\r\n",
        "",
    )
}

/// An error of the service
pub(crate) fn envelope(status: &str, type_key: &str, message: &str) -> Script {
    json(
        status,
        format!(
            r#"{{"$id":"1","innerException":null,"message":"{message}","typeName":"N.{type_key}, A","typeKey":"{type_key}","errorCode":0,"eventId":3000}}"#
        ),
    )
}

/// A server on which Connect succeeds; all other requests go to the handler
pub(crate) async fn server(handler: impl Fn(&Seen) -> Script + Send + Sync + 'static) -> Server {
    Server::start(move |seen| well(seen).unwrap_or_else(|| handler(seen))).await
}

/// The responses to Connect
pub(crate) fn well(seen: &Seen) -> Option<Script> {
    match seen.path() {
        "/fabrikam/_apis/connectionData" => Some(connection_data()),
        "/fabrikam/_apis/projects/Fabrikam" => Some(fabrikam()),
        _ => None,
    }
}
