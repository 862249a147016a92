//! The server over streamable HTTP, for clients that have a bearer token: on a loopback address, or on any with TLS.
//!
//! Nothing hangs on a connection or on a session of the protocol: a caller is known by its token, in each request. A web
//! page that reaches the address has no token, and its `Origin` and `Host` are refused (decisions 0212 and 0213).

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
use rmcp::transport::streamable_http_server::StreamableHttpServerConfig;
use rmcp::transport::streamable_http_server::StreamableHttpService;
use rmcp::transport::streamable_http_server::session::never::NeverSessionManager;
use tokio::net::TcpListener;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::dispatch::Dispatcher;
use crate::hosts::mcp::adapter::Adapter;
use crate::hosts::mcp::adapter::RequestCaller;
use crate::hosts::mcp::address::HttpAddress;
use crate::hosts::mcp::bearer::BearerKey;
use crate::hosts::mcp::bearer::BearerToken;
use crate::hosts::mcp::caller::Caller;
use crate::hosts::mcp::caller::close_idle_sessions;
use crate::hosts::mcp::connections;
use crate::hosts::mcp::offer::Offer;
use crate::hosts::mcp::tls::TlsIdentity;

/// The path of the server
const PATH: &str = "/mcp";

/// The maximum length of a request, in bytes
const MAX_BODY: usize = 4 << 20;

/// How many requests a caller may send at once, and how many per second after that
const BURST: f64 = 500.0;
const PER_SECOND: f64 = 50.0;

/// The time for cancelled calls to end and for their responses to be written
const SHUTDOWN_TIME: Duration = Duration::from_millis(600);

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

/// How the server is reached, and by whom
pub struct HttpAccess {
    /// The address to listen on
    pub address: HttpAddress,
    /// The certificate, without which requests are not encrypted
    pub tls: Option<TlsIdentity>,
    /// The key of the tokens
    pub key: BearerKey,
    /// The tokens of the callers
    pub tokens: Vec<BearerToken>,
}

/// Serves clients over HTTP until `interrupted` resolves
///
/// `listening` gets the URL. Sessions that no action has used for the idle limit are closed.
///
/// Errors: the address cannot be listened on.
pub async fn serve_http(
    dispatcher: Arc<Dispatcher>,
    offer: Offer,
    access: HttpAccess,
    idle_limit: Duration,
    listening: impl FnOnce(&str),
    interrupted: impl Future<Output = ()>,
) -> Result<(), Error> {
    let HttpAccess { address, tls, key, tokens } = access;
    let offer = Arc::new(offer);
    let known = |token| -> Result<KnownCaller, Error> {
        let caller = Arc::new(Caller::start(Arc::clone(&dispatcher), Arc::clone(&offer))?);
        let allowance = Mutex::new(Allowance { left: BURST, at: Instant::now() });
        Ok(KnownCaller { token, caller, allowance })
    };
    let callers = tokens.into_iter().map(known).collect::<Result<Vec<_>, Error>>()?;
    let guard = Arc::new(Guard { key, callers });
    let listener = TcpListener::bind(address.socket()).await.map_err(|error| cannot_listen(&error))?;
    let bound = listener.local_addr().map_err(|error| cannot_listen(&error))?;
    let stop = CancellationToken::new();
    let adapter = Adapter::new(Arc::clone(&dispatcher), &offer, None);
    let (scheme, hosts) = match &tls {
        // A port that is published under another number is not known here.
        Some(tls) => ("https", tls.hosts().to_vec()),
        None => {
            let loopback = ["localhost", "127.0.0.1", "[::1]"].map(|host| format!("{host}:{}", bound.port()));
            ("http", loopback.into_iter().chain([bound.to_string()]).collect())
        }
    };
    let shown = match &tls {
        Some(_) => format!("{}:{}", hosts.first().map_or("localhost", String::as_str), bound.port()),
        None => bound.to_string(),
    };
    let config = StreamableHttpServerConfig::default()
        .with_legacy_session_mode(false)
        .with_allowed_hosts(hosts)
        .enforce_origin_validation()
        .with_max_request_body_bytes(MAX_BODY)
        .with_cancellation_token(stop.clone());
    let service = StreamableHttpService::new(
        move || Ok(adapter.clone()),
        Arc::new(NeverSessionManager::default()),
        config,
    );
    let app = Router::new().route_service(PATH, service).layer(from_fn_with_state(Arc::clone(&guard), admit));
    listening(&format!("{scheme}://{shown}{PATH}"));
    let served = connections::serve(listener, tls.map(|tls| tls.acceptor()), app, stop.clone());
    let mut served = std::pin::pin!(served);
    tokio::select! {
        () = &mut served => return Ok(()),
        () = interrupted => {}
        never = close_idle_sessions(&dispatcher, idle_limit) => match never {},
    }
    dispatcher.end_soon();
    guard.callers.iter().for_each(|known| known.caller.end());
    stop.cancel();
    let settled = async {
        served.await;
        for known in &guard.callers {
            known.caller.tasks().ended().await;
        }
    };
    let _ = tokio::time::timeout(SHUTDOWN_TIME, settled).await;
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
        let is_its = |known: &&KnownCaller| self.key.is(token, &known.token);
        self.callers.iter().find(is_its).filter(|_| is_bearer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_allowance_ends_and_comes_back() {
        let mut allowance = Allowance { left: 2.0, at: Instant::now() };
        allowance.left = 0.0;
        assert!(!allowance.take());
        allowance.at -= Duration::from_secs(1);
        assert!(allowance.take());
    }
}
