//! The same requests without the package: the same HTTP client and headers; the body is read and decoded.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::ACCEPT;
use reqwest::header::AUTHORIZATION;
use reqwest::header::HeaderMap;
use reqwest::header::HeaderValue;
use serde::de::DeserializeOwned;

use crate::house::Remote;

/// A bare client with the headers of every request
pub(crate) struct Raw {
    client: reqwest::Client,
    base: String,
}

impl Raw {
    pub(crate) fn new(remote: &Remote) -> Self {
        let header = |text: String| HeaderValue::from_str(&text).expect("a header value");
        let mut headers = HeaderMap::new();
        headers.insert(
            AUTHORIZATION,
            header(format!("Basic {}", STANDARD.encode(format!(":{}", remote.token)))),
        );
        headers.insert("X-TFS-FedAuthRedirect", HeaderValue::from_static("Suppress"));
        headers.insert("X-TFS-Session", header(uuid::Uuid::new_v4().to_string()));
        let client = reqwest::Client::builder()
            .default_headers(headers)
            .user_agent("azdo-bot/bench")
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .no_proxy()
            .tcp_nodelay(true)
            .build()
            .expect("a client over plain http needs nothing");
        Raw { client, base: remote.url.clone() }
    }

    /// Returns one page of a list, and its continuation token
    pub(crate) async fn page<T: DeserializeOwned>(&self, path: &str) -> (T, Option<String>) {
        let request = self
            .client
            .get(format!("{}/{path}", self.base))
            .header(ACCEPT, "application/json;api-version=7.1");
        let answer = request.send().await.expect("the simulator answers");
        let next = answer
            .headers()
            .get("x-ms-continuationtoken")
            .and_then(|token| token.to_str().ok())
            .map(str::to_owned);
        let body = answer.bytes().await.expect("whole");
        (serde_json::from_slice(&body).expect("it decodes"), next)
    }

    pub(crate) async fn get<T: DeserializeOwned>(&self, path: &str, version: &'static str) -> T {
        let request = self
            .client
            .get(format!("{}/{path}", self.base))
            .header(ACCEPT, HeaderValue::from_static(version));
        let body = request.send().await.expect("the simulator answers").bytes().await.expect("whole");
        serde_json::from_slice(&body).expect("it decodes")
    }
}
