//! The server over streamable HTTP, on a loopback address, for clients that have a bearer token.
//!
//! Nothing hangs on a connection or on a session of the protocol: a caller is known by its token, in each request. A web
//! page that reaches the address has no token, and its `Origin` and `Host` are refused (decision 0212).

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::StatusCode;
use axum::http::header;
use axum::middleware::Next;
use axum::middleware::from_fn_with_state;
use axum::response::IntoResponse as _;
use axum::response::Response;
use ring::hmac;
use rmcp::transport::streamable_http_server::StreamableHttpServerConfig;
use rmcp::transport::streamable_http_server::StreamableHttpService;
use rmcp::transport::streamable_http_server::session::never::NeverSessionManager;
use tokio::net::TcpListener;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Secret;
use crate::dispatch::Dispatcher;
use crate::hosts::mcp::adapter::Adapter;
use crate::hosts::mcp::adapter::RequestCaller;
use crate::hosts::mcp::caller::Caller;
use crate::hosts::mcp::caller::close_idle_sessions;
use crate::hosts::mcp::offer::Offer;

/// The path of the server
const PATH: &str = "/mcp";

/// The maximum length of a request, in bytes
const MAX_BODY: usize = 4 << 20;

/// The shortest bearer token, in characters: 128 bits in base64 are 22
const SHORTEST_TOKEN: usize = 22;

/// How many requests a caller may send at once, and how many per second after that
const BURST: f64 = 500.0;
const PER_SECOND: f64 = 50.0;

/// The time for cancelled calls to end and for their responses to be written
const SHUTDOWN_TIME: Duration = Duration::from_millis(600);

/// A loopback address and port
#[derive(Debug, Clone, Copy)]
pub struct HttpAddress(SocketAddr);

impl HttpAddress {
    /// Parses `ADDRESS:PORT`, or a port on 127.0.0.1; port 0 is any free one
    ///
    /// Errors: `input.invalid` for an address that other machines reach, since requests are not encrypted.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let invalid = |message: &str, help: &str| {
            Error::new(ErrorCode::InputInvalid, format!("--http: {message}")).help(help.to_owned())
        };
        let port = text.parse::<u16>().map(|port| SocketAddr::from(([127, 0, 0, 1], port)));
        let address = port.or_else(|_| text.parse::<SocketAddr>());
        let address = address.map_err(|_| {
            invalid("it is not a port or ADDRESS:PORT", "Write a port, or 127.0.0.1:PORT or [::1]:PORT.")
        })?;
        match address.ip().is_loopback() {
            true => Ok(HttpAddress(address)),
            false => Err(invalid(
                "only a loopback address is accepted, since requests are not encrypted",
                "Write 127.0.0.1:PORT, and put a proxy with TLS in front of it if other machines need it.",
            )),
        }
    }
}

/// A bearer token that callers have; each has its own sessions
pub struct BearerToken(hmac::Tag);

/// The server's key: the tokens are compared by their tags under it, which takes the same time for every token
pub struct BearerKey(hmac::Key);

impl BearerKey {
    /// Creates a random key
    pub fn generate() -> Result<Self, Error> {
        let key = hmac::Key::generate(hmac::HMAC_SHA256, &ring::rand::SystemRandom::new());
        key.map(BearerKey)
            .map_err(|_| Error::new(ErrorCode::Internal, "the system's random generator does not respond"))
    }

    /// Returns the tag of a token
    ///
    /// Errors: `input.invalid` for a token that is too short or that a header cannot have; the message does not quote it.
    pub fn token(&self, token: &Secret) -> Result<BearerToken, Error> {
        let text = token.expose();
        let fits = text.len() >= SHORTEST_TOKEN && text.bytes().all(|byte| byte.is_ascii_graphic());
        if !fits {
            let message = format!(
                "--bearer: a token has at least {SHORTEST_TOKEN} characters of ASCII, without blanks"
            );
            return Err(Error::new(ErrorCode::InputInvalid, message)
                .help("Create one with `openssl rand -base64 32`, and keep it in a file or a variable."));
        }
        Ok(BearerToken(hmac::sign(&self.0, text.as_bytes())))
    }
}

/// Who may send requests
struct Guard {
    key: BearerKey,
    callers: Vec<KnownCaller>,
}

struct KnownCaller {
    token: BearerToken,
    caller: Arc<Caller>,
    allowance: Mutex<Allowance>,
}

/// The requests that a caller may send now
struct Allowance {
    left: f64,
    at: Instant,
}

impl Allowance {
    fn take(&mut self) -> bool {
        let now = Instant::now();
        let gained = now.duration_since(self.at).as_secs_f64() * PER_SECOND;
        self.left = (self.left + gained).min(BURST);
        self.at = now;
        let has_one = self.left >= 1.0;
        self.left -= f64::from(u8::from(has_one));
        has_one
    }
}

/// Serves clients over HTTP until `interrupted` resolves
///
/// `listening` gets the URL. Sessions that no action has used for the idle limit are closed.
///
/// Errors: the address cannot be listened on.
pub async fn serve_http(
    dispatcher: Arc<Dispatcher>,
    offer: Offer,
    address: HttpAddress,
    (key, tokens): (BearerKey, Vec<BearerToken>),
    idle_limit: Duration,
    listening: impl FnOnce(&str),
    interrupted: impl Future<Output = ()>,
) -> Result<(), Error> {
    let offer = Arc::new(offer);
    let known = |token| -> Result<KnownCaller, Error> {
        let caller = Arc::new(Caller::start(Arc::clone(&dispatcher), Arc::clone(&offer))?);
        let allowance = Mutex::new(Allowance { left: BURST, at: Instant::now() });
        Ok(KnownCaller { token, caller, allowance })
    };
    let callers = tokens.into_iter().map(known).collect::<Result<Vec<_>, Error>>()?;
    let guard = Arc::new(Guard { key, callers });
    let listener = TcpListener::bind(address.0).await.map_err(|error| cannot_listen(&error))?;
    let bound = listener.local_addr().map_err(|error| cannot_listen(&error))?;
    let stop = CancellationToken::new();
    let adapter = Adapter::new(Arc::clone(&dispatcher), &offer, None);
    let hosts = ["localhost", "127.0.0.1", "[::1]"].map(|host| format!("{host}:{}", bound.port()));
    let config = StreamableHttpServerConfig::default()
        .with_legacy_session_mode(false)
        .with_allowed_hosts(hosts.into_iter().chain([bound.to_string()]))
        .enforce_origin_validation()
        .with_max_request_body_bytes(MAX_BODY)
        .with_cancellation_token(stop.clone());
    let service = StreamableHttpService::new(
        move || Ok(adapter.clone()),
        Arc::new(NeverSessionManager::default()),
        config,
    );
    let app = Router::new().route_service(PATH, service).layer(from_fn_with_state(Arc::clone(&guard), admit));
    listening(&format!("http://{bound}{PATH}"));
    let served = axum::serve(listener, app).with_graceful_shutdown(stop.clone().cancelled_owned());
    let mut served = std::pin::pin!(served.into_future());
    tokio::select! {
        result = &mut served => return result.map_err(|error| cannot_listen(&error)),
        () = interrupted => {}
        never = close_idle_sessions(&dispatcher, idle_limit) => match never {},
    }
    dispatcher.end_soon();
    guard.callers.iter().for_each(|known| known.caller.end());
    stop.cancel();
    let _ = tokio::time::timeout(SHUTDOWN_TIME, served).await;
    Ok(())
}

fn cannot_listen(error: &std::io::Error) -> Error {
    Error::new(
        ErrorCode::InputInvalid,
        format!("--http: the address cannot be listened on: {}", error.kind()),
    )
    .help("Choose another port; 0 is any free one.")
}

/// Lets a request through that has a known token, as the request of its caller
async fn admit(State(guard): State<Arc<Guard>>, mut request: Request, next: Next) -> Response {
    let Some(known) = guard.caller(request.headers()) else {
        let challenge = [(header::WWW_AUTHENTICATE, "Bearer")];
        return (StatusCode::UNAUTHORIZED, challenge, "a bearer token of this server is required\n")
            .into_response();
    };
    if !known.allowance.lock().unwrap_or_else(PoisonError::into_inner).take() {
        let wait = [(header::RETRY_AFTER, "1")];
        return (StatusCode::TOO_MANY_REQUESTS, wait, "too many requests\n").into_response();
    }
    request.extensions_mut().insert(RequestCaller(Arc::clone(&known.caller)));
    // The token has done its work; nothing behind this can show it.
    request.headers_mut().remove(header::AUTHORIZATION);
    next.run(request).await
}

impl Guard {
    fn caller(&self, headers: &HeaderMap) -> Option<&KnownCaller> {
        let given = headers.get(header::AUTHORIZATION)?.as_bytes();
        let (scheme, token) = given.split_at_checked("Bearer ".len())?;
        let is_bearer = scheme.eq_ignore_ascii_case(b"Bearer ");
        let tag = |known: &&KnownCaller| hmac::verify(&self.key.0, token, known.token.0.as_ref()).is_ok();
        self.callers.iter().find(tag).filter(|_| is_bearer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_addresses_are_accepted() {
        for good in ["8931", "127.0.0.1:0", "[::1]:8931", "127.0.0.2:1"] {
            assert!(HttpAddress::parse(good).is_ok(), "{good}");
        }
        for bad in
            ["", "localhost", "0.0.0.0:8931", "[::]:8931", "192.168.0.1:80", "10.0.0.1:1", "1.2.3.4", "70000"]
        {
            let refused = HttpAddress::parse(bad).expect_err(bad);
            assert_eq!(refused.code(), ErrorCode::InputInvalid);
        }
    }

    #[test]
    fn a_weak_token_is_refused_and_not_shown() {
        let key = BearerKey::generate().expect("there is randomness");
        for bad in ["", "short", "with a blank in it, though long enough", "tööööööööööööööööööken"]
        {
            let refused = key.token(&Secret::new(bad.to_owned())).err().expect("it is refused");
            assert!(bad.is_empty() || !refused.to_string().contains(bad));
        }
    }

    #[test]
    fn an_allowance_ends_and_comes_back() {
        let mut allowance = Allowance { left: 2.0, at: Instant::now() };
        allowance.left = 0.0;
        assert!(!allowance.take());
        allowance.at -= Duration::from_secs(1);
        assert!(allowance.take());
    }
}
