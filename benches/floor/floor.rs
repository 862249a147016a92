//! The same requests without the package: the same HTTP client, the same headers, and serde.

use std::net::SocketAddr;

use reqwest::header::ACCEPT;
use reqwest::header::HeaderValue;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde::de::IgnoredAny;

use crate::bare;
use crate::bare::Repository;
use crate::records::PROJECT;

#[derive(Deserialize)]
struct List {
    value: Vec<Repository>,
}

/// A bare client with the headers of every request
pub(crate) struct Floor {
    client: reqwest::Client,
    base: String,
}

impl Floor {
    pub(crate) fn new(server: SocketAddr, token: &str) -> Self {
        Floor { client: bare::client(token), base: format!("http://{server}/fabrikam") }
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
