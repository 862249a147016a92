//! What a bench has in place of the package: a bare HTTP client with the headers of every request, and the record that it reads.

use std::future::Future;
use std::pin::Pin;

use azdo_bot::contract::ConnectTarget;
use azdo_bot::contract::Credential;
use azdo_bot::contract::Error;
use azdo_bot::contract::Secret;
use azdo_bot::contract::TokenSource;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::AUTHORIZATION;
use reqwest::header::HeaderMap;
use reqwest::header::HeaderValue;
use serde::Deserialize;

/// The fields of a repository that the action returns
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "decoded as the package decodes it, not read")]
pub(crate) struct Repository {
    id: String,
    name: String,
    #[serde(default)]
    default_branch: Option<String>,
    #[serde(default)]
    size: Option<u64>,
    #[serde(default)]
    is_disabled: Option<bool>,
    #[serde(default)]
    remote_url: Option<String>,
    #[serde(default)]
    web_url: Option<String>,
}

/// Creates a bare client with the headers of every request
pub(crate) fn client(token: &str) -> reqwest::Client {
    let header = |text: String| HeaderValue::from_str(&text).expect("a header value");
    let mut headers = HeaderMap::new();
    headers.insert(AUTHORIZATION, header(format!("Basic {}", STANDARD.encode(format!(":{token}")))));
    headers.insert("X-TFS-FedAuthRedirect", HeaderValue::from_static("Suppress"));
    headers.insert("X-TFS-Session", header(uuid::Uuid::new_v4().to_string()));
    reqwest::Client::builder()
        .default_headers(headers)
        .user_agent("azdo-bot/bench")
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .no_proxy()
        .tcp_nodelay(true)
        .build()
        .expect("a client over plain http needs nothing")
}

/// A credential store with one token
pub(crate) struct Token(pub(crate) String);

impl TokenSource for Token {
    fn token<'a>(
        &'a self,
        _credential: &'a Credential,
        _target: ConnectTarget<'a>,
    ) -> Pin<Box<dyn Future<Output = Result<Secret, Error>> + Send + 'a>> {
        Box::pin(async { Ok(Secret::new(self.0.clone())) })
    }
}
