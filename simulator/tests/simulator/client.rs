//! A plain HTTP client, and a simulator for it.

use azdo_simulator::Simulator;
use azdo_simulator::World;
use reqwest::Method;
use reqwest::RequestBuilder;
use reqwest::Response;
use reqwest::redirect::Policy;
use serde_json::Value;

/// A simulator of the hard world with a client that holds its full token.
pub(crate) struct Bench {
    pub(crate) simulator: Simulator,
    pub(crate) http: reqwest::Client,
}

/// A response with its whole body.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Bench {
    pub(crate) async fn new() -> Bench {
        Bench::of(World::hard()).await
    }

    pub(crate) async fn of(world: World) -> Bench {
        let simulator = Simulator::start(world, 0).await.unwrap();
        Bench { simulator, http: client() }
    }

    /// A request with the organization's full token, `Suppress` and version 7.1. The path begins with `/`.
    pub(crate) fn request(&self, method: &str, path: &str) -> RequestBuilder {
        let organization = path.trim_start_matches('/').split('/').next().unwrap();
        let token = self.simulator.token(organization).unwrap_or_default();
        self.request_as(&token, method, path)
    }

    pub(crate) fn request_as(&self, token: &str, method: &str, path: &str) -> RequestBuilder {
        let separator = if path.contains('?') { '&' } else { '?' };
        let version =
            if path.contains("api-version=") { String::new() } else { format!("{separator}api-version=7.1") };
        self.bare(method, &format!("{path}{version}"))
            .basic_auth("", Some(token))
            .header("X-TFS-FedAuthRedirect", "Suppress")
            .header("Accept", "application/json")
    }

    /// A request without headers.
    pub(crate) fn bare(&self, method: &str, path: &str) -> RequestBuilder {
        let url = format!("http://{}{path}", self.simulator.address());
        self.http.request(Method::from_bytes(method.as_bytes()).unwrap(), url)
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        Answer::of(self.request("GET", path)).await
    }

    pub(crate) async fn send(&self, method: &str, path: &str, body: Value) -> Answer {
        Answer::of(self.request(method, path).json(&body)).await
    }
}

/// A client that follows no redirects and uses no proxy.
pub(crate) fn client() -> reqwest::Client {
    // Another package of the build enables TLS without a provider, so the client needs one even if it is not used.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().redirect(Policy::none()).no_proxy().build().unwrap()
}

impl Answer {
    pub(crate) async fn of(request: RequestBuilder) -> Answer {
        let response: Response = request.send().await.unwrap();
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        Answer { status, headers, body: response.bytes().await.unwrap().to_vec() }
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.text()))
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// Returns the JSON of a response, which must have this status.
    #[track_caller]
    pub(crate) fn expect(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text());
        self.json()
    }

    /// Checks that it is a refusal with this status, type key and start of the message.
    #[track_caller]
    pub(crate) fn refused(&self, status: u16, key: &str, message: &str) {
        let body = self.expect(status);
        assert_eq!(body["typeKey"], key, "{body}");
        assert!(body["message"].as_str().unwrap().starts_with(message), "{body}");
        assert_eq!((body["$id"].as_str(), body["errorCode"].as_i64()), (Some("1"), Some(0)));
        assert_eq!(self.header("content-type"), Some("application/json; charset=utf-8"));
        assert!(self.header("x-vss-userdata").is_some(), "the caller was recognized");
    }
}
