//! Responses that are truncated, endless, badly compressed, or not HTTP.

use std::time::Duration;
use std::time::Instant;

use azdo_bot::contract::Error;
use azdo_bot::devops::NetworkLimits;
use azdo_bot::devops::Request;
use serde::de::IgnoredAny;

use crate::faults::FAULTS;
use crate::faults::GZIP;
use crate::faults::JSON;
use crate::faults::SLOW;
use crate::faults::gzip;
use crate::faults::text;
use crate::faults::then;
use crate::fixture::Tokens;
use crate::fixture::call;
use crate::fixture::checked;
use crate::fixture::connected;
use crate::fixture::fabrikam;
use crate::fixture::hasty;
use crate::fixture::server;
use crate::fixture::short;
use crate::server::Script;
use crate::server::Step;
use crate::server::json;
use crate::server::raw;
use crate::server::reply;

/// Reads once, with a small size limit
async fn read(
    script: impl Fn() -> Script + Send + Sync + 'static,
    limits: NetworkLimits,
) -> Result<(), Error> {
    let server = server(move |_| script()).await;
    let limits = NetworkLimits { attempts: 1, object_bytes: 64 * 1024, ..limits };
    let connection = connected(&server, limits).await;
    let result =
        connection.client(&call(), &Tokens::one()).send::<serde_json::Value>(Request::get(&["x"])).await;
    result.map(drop).map_err(checked)
}

#[tokio::test]
async fn an_incomplete_response_is_never_a_value() {
    for (what, script, codes) in FAULTS {
        let code = read(*script, short()).await.err().map(|error| error.code().as_str());
        assert!(code.map_or(codes.is_empty(), |code| codes.contains(&code)), "{what}: {code:?}");
    }
}

#[tokio::test]
async fn an_unusual_but_complete_response_is_read() {
    type Row = (&'static str, fn() -> Script);
    let rows: &[Row] = &[
        ("a mark before the value", || json("200 OK", "\u{feff}[1]")),
        ("gzip", || reply("200 OK", GZIP, gzip(b"[1]"))),
        ("no content type", || reply("200 OK", "", "[1]")),
        ("chunks beside a length", || {
            text(JSON, "content-length: 9\r\ntransfer-encoding: chunked\r\n\r\n3\r\n[1]\r\n0\r\n\r\n")
        }),
        ("an early hint first", || {
            raw(format!("HTTP/1.1 103 Early Hints\r\n\r\n{JSON}content-length: 3\r\n\r\n[1]"))
        }),
        ("ended by the connection's end", || then(text(JSON, "connection: close\r\n\r\n[1]"), Step::Close)),
        ("a million elements", || json("200 OK", format!("[{}1]", "1,".repeat(30_000)))),
    ];
    for (what, script) in rows {
        read(*script, short()).await.unwrap_or_else(|error| panic!("{what}: {error:?}"));
    }
}

#[tokio::test]
async fn silence_dripping_bytes_and_endless_informational_responses_time_out() {
    for (what, script) in SLOW {
        let start = Instant::now();
        let error = read(*script, hasty()).await.expect_err(what);
        assert_eq!(error.code().as_str(), "deadline.exceeded", "{what}: {error:?}");
        // This proves only that a bound exists: the server would never end, or after a very long time.
        assert!(start.elapsed() < Duration::from_secs(20), "{what}");
    }
}

#[tokio::test]
async fn the_deadline_of_the_call_ends_a_request_and_no_request_starts_after_it() {
    let server = server(|_| vec![Step::Silence]).await;
    let connection = connected(&server, NetworkLimits { request: Duration::from_secs(60), ..short() }).await;
    let soon = azdo_bot::contract::Call::until(tokio::time::Instant::now() + Duration::from_millis(500));
    let request = || Request::get(&["x"]).named("read it");
    let error = connection.client(&soon, &Tokens::one()).send::<()>(request()).await.expect_err("no time");
    assert_eq!(error.to_string(), "deadline.exceeded: Could not read it: the action's time limit is reached");
    assert_eq!((soon.requests(), server.seen().len()), (1, 3));
    let error = connection.client(&soon, &Tokens::one()).send::<()>(request()).await.expect_err("no time");
    assert_eq!(error.code().as_str(), "deadline.exceeded");
    assert_eq!((soon.requests(), server.seen().len()), (1, 3), "nothing is sent after the deadline");
}

#[tokio::test]
async fn a_response_over_the_limit_closes_its_connection() {
    let server = server(|seen| match seen.path().ends_with("large") {
        true => vec![
            Step::Write(format!("{JSON}content-length: 5000\r\n\r\n{}", " ".repeat(3000)).into()),
            Step::Silence,
        ],
        false => fabrikam(),
    })
    .await;
    let connection =
        connected(&server, NetworkLimits { object_bytes: 1000, list_bytes: 4000, ..short() }).await;
    let (tokens, call) = (Tokens::one(), call());
    let error = connection.client(&call, &tokens).send::<IgnoredAny>(Request::get(&["large"])).await;
    assert_eq!(error.map(drop).expect_err("too large").code().as_str(), "service.response_too_large");
    connection
        .client(&call, &tokens)
        .send::<IgnoredAny>(Request::get(&["small"]))
        .await
        .expect("the next one works");
    let seen = server.seen();
    assert_ne!(seen[2].connection, seen[3].connection);
}

#[tokio::test]
async fn bytes_after_a_response_are_never_the_response_to_the_next_request() {
    let server = server(|seen| match seen.path().ends_with("first") {
        true => {
            let mut bytes = format!("{JSON}content-length: 3\r\n\r\n[1]").into_bytes();
            bytes.extend(format!("{JSON}content-length: 9\r\n\r\n[\"forged\"]").into_bytes());
            raw(bytes)
        }
        false => json("200 OK", "[\"own\"]"),
    })
    .await;
    let connection = connected(&server, short()).await;
    let (tokens, call) = (Tokens::one(), call());
    connection
        .client(&call, &tokens)
        .send::<IgnoredAny>(Request::get(&["first"]))
        .await
        .expect("it is whole");
    for _ in 0..3 {
        let own: Vec<String> = connection
            .client(&call, &tokens)
            .send(Request::get(&["second"]))
            .await
            .expect("it has its own response");
        assert_eq!(own, ["own"]);
    }
}

#[tokio::test]
async fn a_refused_connection_is_a_network_failure_that_names_the_host() {
    let gone = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
        listener.local_addr().expect("it is bound")
    };
    let network = azdo_bot::devops::Network::new(crate::fixture::options(short()));
    let url = format!("http://{gone}/fabrikam");
    let call = call();
    let error = crate::fixture::connect_to(&network, &url, &Tokens::one(), &call)
        .await
        .expect_err("the connection is refused");
    assert_eq!(error.code().as_str(), "network.failed");
    assert_eq!(error.message(), format!("Could not sign in: {gone}: connection refused"));
    assert_eq!(call.requests(), 0, "nothing was sent");
}
