//! The connections of the HTTP server: how many there are, how long a client may be silent, and TLS on each.
//!
//! What is read here was sent by anyone who reaches the address, before the bearer token is known.

use std::io::ErrorKind;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use hyper_util::rt::TokioTimer;
use hyper_util::service::TowerToHyperService;
use tokio::io::AsyncRead;
use tokio::io::AsyncWrite;
use tokio::net::TcpListener;
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

/// How many connections are open at once; further ones wait in the queue of the system
const MOST: usize = 256;

/// How long a client has for the handshake of TLS
const HANDSHAKE_TIME: Duration = Duration::from_secs(10);

/// How long a client has for the head of a request, also on a connection that is kept open
const HEAD_TIME: Duration = Duration::from_secs(30);

/// How long nothing is accepted when the system has no more files for connections
const PAUSE: Duration = Duration::from_secs(1);

/// Serves connections until `stop`, and returns when the responses in progress have been sent
pub(super) async fn serve(
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    app: Router,
    stop: CancellationToken,
) {
    let places = Arc::new(Semaphore::new(MOST));
    let mut connections = JoinSet::new();
    loop {
        let next = async {
            let place = Arc::clone(&places).acquire_owned().await;
            (place, listener.accept().await)
        };
        let (place, accepted) = tokio::select! {
            () = stop.cancelled() => break,
            Some(_) = connections.join_next() => continue,
            next = next => next,
        };
        match accepted {
            Ok((stream, _)) => {
                let (tls, app, stop) = (tls.clone(), app.clone(), stop.clone());
                connections.spawn(async move {
                    connection(stream, tls, app, stop).await;
                    drop(place);
                });
            }
            // The client has gone.
            Err(error)
                if matches!(error.kind(), ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset) => {}
            Err(_) => tokio::time::sleep(PAUSE).await,
        }
    }
    drop(listener);
    while connections.join_next().await.is_some() {}
}

async fn connection(stream: TcpStream, tls: Option<TlsAcceptor>, app: Router, stop: CancellationToken) {
    // A response is one short message, which must not wait for the next one.
    let _ = stream.set_nodelay(true);
    let Some(tls) = tls else { return requests(stream, app, stop).await };
    let accepted = tokio::select! {
        accepted = tokio::time::timeout(HANDSHAKE_TIME, tls.accept(stream)) => accepted,
        () = stop.cancelled() => return,
    };
    // A failed handshake is shown by the client; here it may be anyone.
    if let Ok(Ok(stream)) = accepted {
        requests(stream, app, stop).await;
    }
}

async fn requests<S>(stream: S, app: Router, stop: CancellationToken)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD_TIME);
    let mut connection = pin!(http.serve_connection(TokioIo::new(stream), TowerToHyperService::new(app)));
    tokio::select! {
        // An error means that the client has gone or does not speak HTTP.
        _ = connection.as_mut() => return,
        () = stop.cancelled() => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
}
