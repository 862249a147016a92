//! The same requests without the package: the same HTTP client and headers; the body is read and decoded.

use reqwest::header::ACCEPT;
use reqwest::header::HeaderValue;
use serde::de::DeserializeOwned;

use crate::bare;
use crate::house::Remote;

/// A bare client with the headers of every request
pub(crate) struct Raw {
    client: reqwest::Client,
    base: String,
}

impl Raw {
    pub(crate) fn new(remote: &Remote) -> Self {
        Raw { client: bare::client(&remote.token), base: remote.url.clone() }
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
