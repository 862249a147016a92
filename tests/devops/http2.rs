//! HTTP/2: one connection for all requests, and streams and connections that the server ends.

use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::SeqCst;

use azdo_bot::contract::Call;
use azdo_bot::contract::Error;
use azdo_bot::devops::Connection;
use azdo_bot::devops::Network;
use azdo_bot::devops::Request;
use h2::Reason;
use serde::de::IgnoredAny;
use tokio::time::Duration;
use tokio::time::Instant;

use crate::fixture::Tokens;
use crate::fixture::call;
use crate::fixture::checked;
use crate::fixture::connect_to;
use crate::secure::Authority;
use crate::secure::H2Answer;
use crate::secure::SeenByH2;
use crate::secure::serve_h2;
use crate::secure::trusting;
use crate::virtual_time::in_virtual_time;

/// The time limit of a call here
const LIMIT: Duration = Duration::from_secs(2);

/// How long a call may take beyond its time limit
const MORE: Duration = Duration::from_millis(250);

/// The responses of a small organization; `fault` answers the requests for `…/x`
fn small(path: &str, fault: impl Fn() -> H2Answer) -> H2Answer {
    match path.rsplit('/').next() {
        Some("connectionData") => {
            H2Answer::Body(r#"{"authenticatedUser":{"id":"c0ffee00-0000-4000-8000-000000000001"}}"#)
        }
        Some("Fabrikam") => {
            H2Answer::Body(r#"{"id":"6ce954b1-ce1f-45d1-b94d-e6bf2464ba2c","name":"Fabrikam"}"#)
        }
        Some("x") => fault(),
        _ => H2Answer::Body("[]"),
    }
}

/// A connection to a server of HTTP/2 only, and the requests it sees
async fn over_http_2(
    tokens: &Tokens,
    call: &Call,
    fault: impl Fn() -> H2Answer + Send + Sync + 'static,
) -> (Connection, SeenByH2) {
    let authority = Authority::new();
    let acceptor = authority.server("127.0.0.1", "h2", |_| {});
    let (address, seen) = serve_h2(acceptor, move |path| small(path, &fault)).await;
    let network = Network::new(trusting(address, &[&authority]));
    let url = format!("https://{address}/fabrikam");
    (connect_to(&network, &url, tokens, call).await.expect("it is trusted"), seen)
}

/// How many requests for `…/x` arrived
fn arrived(seen: &SeenByH2) -> usize {
    seen.lock().expect("no test panics here").iter().filter(|(_, path)| path.ends_with("/x")).count()
}

async fn send(
    connection: &Connection,
    tokens: &Tokens,
    call: &Call,
    request: Request<'_>,
) -> Result<(), Error> {
    connection.client(call, tokens).send::<IgnoredAny>(request).await.map(drop).map_err(checked)
}

// Front ends do this all the time (GOAWAY): it must not make the outcome of a change unknown.
#[tokio::test]
async fn a_server_that_closes_its_http_2_connection_loses_no_change() {
    let (tokens, call) = (Tokens::one(), call());
    let (connection, seen) = over_http_2(&tokens, &call, || H2Answer::Body("[]")).await;
    for _ in 0..20 {
        send(&connection, &tokens, &call, Request::get(&["last"])).await.expect("it succeeds");
        send(&connection, &tokens, &call, Request::post(&["x"])).await.expect("and so does this");
    }
    assert_eq!(arrived(&seen), 20, "each once");
    let seen = seen.lock().expect("no test panics here").clone();
    assert!(seen.last().expect("there are some").0 > 1, "not all on one connection");
}

#[tokio::test]
async fn http_2_uses_one_connection_for_all_requests() {
    let (tokens, call) = (Tokens::one(), call());
    let (connection, seen) = over_http_2(&tokens, &call, || H2Answer::Body("[]")).await;
    for _ in 0..3 {
        send(&connection, &tokens, &call, Request::get(&["x"])).await.expect("it succeeds");
    }
    let seen = seen.lock().expect("no test panics here").clone();
    assert_eq!(seen.len(), 5);
    assert!(seen.iter().all(|(connection, _)| *connection == seen[0].0), "{seen:?}");
}

#[tokio::test]
async fn a_stream_that_the_server_ends_fails_within_the_time_limit_and_its_change_is_sent_once() {
    type Row = (&'static str, fn() -> H2Answer, &'static str);
    let rows: [Row; 8] = [
        ("RST_STREAM, cancelled", || H2Answer::Reset(Reason::CANCEL), "network.failed"),
        ("RST_STREAM, internal error", || H2Answer::Reset(Reason::INTERNAL_ERROR), "network.failed"),
        ("RST_STREAM, no error", || H2Answer::Reset(Reason::NO_ERROR), "network.failed"),
        ("RST_STREAM inside a body", || H2Answer::ResetInBody(Reason::CANCEL), "network.failed"),
        ("GOAWAY, no error", || H2Answer::GoAway(Reason::NO_ERROR), "network.failed"),
        ("GOAWAY, calm down", || H2Answer::GoAway(Reason::ENHANCE_YOUR_CALM), "network.failed"),
        ("silence behind the headers", || H2Answer::Silence, "deadline.exceeded"),
        ("half a value", || H2Answer::Body("[1,"), "service.bad_response"),
    ];
    in_virtual_time(async {
        for (what, fault, code) in rows {
            for (method, request, code) in [
                ("GET", Request::get as fn(&[&str]) -> Request<'static>, code),
                ("POST", Request::post, "service.outcome_unknown"),
                ("PATCH", Request::patch, "service.outcome_unknown"),
                ("DELETE", Request::delete, "service.outcome_unknown"),
            ] {
                let tokens = Tokens::one();
                let (connection, seen) = over_http_2(&tokens, &call(), fault).await;
                let start = Instant::now();
                let call = Call::until(start + LIMIT);
                let error = send(&connection, &tokens, &call, request(&["x"])).await.expect_err(what);
                let (took, sent) = (start.elapsed(), arrived(&seen));
                assert_eq!(error.code().as_str(), code, "{method}, {what}: {error:?}");
                assert!(took <= LIMIT + MORE, "{method}, {what}: {took:?}");
                assert!(method == "GET" || sent == 1, "{method}, {what}: it arrived {sent} times");
            }
        }
    })
    .await;
}

// A refused stream was not processed (RFC 9113, section 8.7).
#[tokio::test]
async fn a_change_on_a_stream_that_is_refused_is_sent_again() {
    in_virtual_time(async {
        for (refusals, sent, code) in [(1, 2, "done"), (2, 3, "done"), (9, 3, "network.failed")] {
            let tokens = Tokens::one();
            let left = AtomicUsize::new(refusals);
            let fault = move || match left.fetch_update(SeqCst, SeqCst, |left| left.checked_sub(1)) {
                Ok(_) => H2Answer::Reset(Reason::REFUSED_STREAM),
                Err(_) => H2Answer::Body("[]"),
            };
            let (connection, seen) = over_http_2(&tokens, &call(), fault).await;
            let call = Call::until(Instant::now() + LIMIT);
            let result = send(&connection, &tokens, &call, Request::post(&["x"])).await;
            assert_eq!(result.map_or_else(|error| error.code().as_str(), |()| "done"), code);
            assert_eq!((arrived(&seen), call.unknown_change()), (sent, None), "{refusals} refusals");
        }
    })
    .await;
}
