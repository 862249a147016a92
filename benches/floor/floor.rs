//! The same requests without the package: the same HTTP client, the same headers, and serde.

use std::net::SocketAddr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::ACCEPT;
use reqwest::header::AUTHORIZATION;
use reqwest::header::HeaderMap;
use reqwest::header::HeaderValue;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde::de::IgnoredAny;

use crate::records::PROJECT;

#[derive(Deserialize)]
struct List {
    value: Vec<Repository>,
}

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

/// A bare client with the headers of every request
pub(crate) struct Floor {
    client: reqwest::Client,
    base: String,
}

impl Floor {
    pub(crate) fn new(server: SocketAddr, token: &str) -> Self {
        let header = |text: String| HeaderValue::from_str(&text).expect("a header value");
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, header(format!("Basic {}", STANDARD.encode(format!(":{token}")))));
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
        Floor { client, base: format!("http://{server}/fabrikam") }
    }

    pub(crate) async fn connect(&self) {
        for path in ["_apis/connectionData", "_apis/projects/Fabrikam"] {
            self.get::<IgnoredAny>(path).await;
        }
    }

    pub(crate) async fn repositories(&self) -> Vec<Repository> {
        self.get::<List>(&format!("{PROJECT}/_apis/git/repositories")).await.value
    }

    async fn get<T: DeserializeOwned>(&self, path: &str) -> T {
        let request = self
            .client
            .get(format!("{}/{path}", self.base))
            .header(ACCEPT, HeaderValue::from_static("application/json;api-version=7.1"));
        let body = request.send().await.expect("the server answers").bytes().await.expect("the whole body");
        serde_json::from_slice(&body).expect("it decodes")
    }
}
