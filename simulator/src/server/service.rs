//! A request from its first byte to its response: journal, faults, dispatch, headers.

use std::sync::Arc;
use std::sync::Mutex;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::extract::Request;
use axum::extract::State as Shared;
use axum::http::header::DATE;
use axum::response::Response;

use crate::lock::locked;
use crate::route::Route;
use crate::server::GitHost;
use crate::server::dispatch;
use crate::server::faults::FaultKind;
use crate::server::faults::Faults;
use crate::server::git;
use crate::server::headers;
use crate::server::headers::FixedHeaders;
use crate::server::journal::Journal;
use crate::server::listener::ConnectionNumber;
use crate::server::listener::Connections;
use crate::state::State;

/// More than any imitated request needs.
const BODY_LIMIT: usize = 64 * 1024 * 1024;

/// The state that all requests share. No lock is held across an await.
pub(crate) struct Service {
    /// `http://127.0.0.1:PORT`, with the prefix of a server
    pub(crate) origin: String,
    pub(crate) state: Mutex<State>,
    pub(crate) journal: Mutex<Journal>,
    pub(crate) faults: Mutex<Faults>,
    pub(crate) connections: Arc<Connections>,
    pub(crate) git: GitHost,
    /// The headers of every response.
    pub(crate) fixed_headers: FixedHeaders,
}

/// A request in flight. Dropping it, even because the client disconnected, updates the journal.
struct UnderWay<'a> {
    journal: &'a Mutex<Journal>,
    number: u64,
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        locked(self.journal).end(self.number);
    }
}

/// Serves a request.
pub(crate) async fn serve(
    Shared(service): Shared<Arc<Service>>,
    ConnectInfo(ConnectionNumber(connection)): ConnectInfo<ConnectionNumber>,
    request: Request,
) -> Response {
    let mut response = respond(&service, connection, request).await;
    let now = locked(&service.state).settings.clock.now();
    response.headers_mut().entry(DATE).or_insert_with(|| headers::date(now));
    response
}

async fn respond(service: &Arc<Service>, connection: u64, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let method = parts.method.as_str();
    let number = locked(&service.journal).begin(method, &parts.uri, &parts.headers, connection);
    let _under_way = UnderWay { journal: &service.journal, number };
    let fault = locked(&service.faults).strike(method, parts.uri.path());
    let Ok(body) = axum::body::to_bytes(body, BODY_LIMIT).await else {
        return headers::planned(413, &[], b"");
    };
    match &fault {
        Some(FaultKind::Refuse) => {
            service.connections.close(connection);
            return Response::new(Body::empty());
        }
        Some(FaultKind::Answer { status, headers, body }) => {
            locked(&service.journal).change(number, |entry| entry.status = Some(*status));
            return headers::planned(*status, headers, body);
        }
        Some(FaultKind::Together(barrier)) => {
            barrier.wait().await;
        }
        _ => {}
    }
    let mut served = dispatch::dispatch(&service.origin, &mut locked(&service.state), &parts, &body);
    if let Some(job) = served.git.take() {
        let (host, headers) = (Arc::clone(service), parts.headers.clone());
        let running =
            tokio::task::spawn_blocking(move || git::run(&host.git, &host.state, &job, &headers, &body));
        served.response = running.await.unwrap_or_else(|_| git::failed());
    }
    locked(&service.journal).change(number, |entry| {
        entry.token = served.token.clone();
        entry.route = served.route.map(Route::describe);
    });
    match &fault {
        Some(FaultKind::LoseAnswer) => {
            service.connections.close(connection);
            return Response::new(Body::empty());
        }
        Some(FaultKind::Stall) => std::future::pending().await,
        Some(FaultKind::Rewrite(rewrite)) => served.response.body = rewrite.0(&served.response.body).into(),
        _ => {}
    }
    locked(&service.journal).change(number, |entry| entry.status = Some(served.response.status.as_u16()));
    let mut response = headers::response(served, &service.fixed_headers, &parts.headers);
    if let Some(FaultKind::Headers(headers)) = &fault {
        headers::add(response.headers_mut(), headers);
    }
    response
}
