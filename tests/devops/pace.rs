//! Retries: when and how often, and that `Retry-After` is respected.

use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;
use std::time::Duration;

use azdo_bot::contract::Call;
use azdo_bot::contract::Retry;
use azdo_bot::devops::NetworkLimits;
use azdo_bot::devops::Request;
use serde::de::IgnoredAny;
use tokio::time::Instant;

use crate::fixture::Tokens;
use crate::fixture::call;
use crate::fixture::connected;
use crate::fixture::hasty;
use crate::fixture::server;
use crate::fixture::short;
use crate::server::Script;
use crate::server::Server;
use crate::server::Step;
use crate::server::json;
use crate::server::reply;

/// A server that responds with these first, one per request, and successfully afterwards
async fn at_first(scripts: Vec<fn() -> Script>) -> Server {
    let number = AtomicUsize::new(0);
    server(move |_| match scripts.get(number.fetch_add(1, Ordering::SeqCst)) {
        Some(script) => script(),
        None => json("200 OK", "[]"),
    })
    .await
}

#[tokio::test]
async fn a_read_is_retried_twice_at_most_after_transient_errors() {
    type Faults = Vec<fn() -> Script>;
    let status: [fn() -> Script; 5] = [
        || reply("503 Service Unavailable", "", ""),
        || reply("502 Bad Gateway", "", ""),
        || reply("504 Gateway Timeout", "", ""),
        || reply("408 Request Timeout", "", ""),
        || vec![Step::Reset],
    ];
    for fault in status {
        let rows: [(Faults, bool, usize); 3] =
            [(vec![fault], true, 2), (vec![fault; 2], true, 3), (vec![fault; 9], false, 3)];
        for (faults, works, sent) in rows {
            let server = at_first(faults).await;
            let connection = connected(&server, short()).await;
            let call = call();
            let result =
                connection.client(&call, &Tokens::one()).send::<IgnoredAny>(Request::get(&["x"])).await;
            assert_eq!((result.is_ok(), call.requests()), (works, sent as u64), "{:?}", result.err());
            assert_eq!(server.seen().len(), 2 + sent);
        }
    }
}

#[tokio::test]
async fn permanent_errors_are_not_retried() {
    let rows: [fn() -> Script; 6] = [
        || reply("500 Internal Server Error", "", ""),
        || reply("503 Service Unavailable", "x-vss-hostofflineerror: 1\r\n", ""),
        || json("503 Service Unavailable", r#"{"message":"TF24668: stopped"}"#),
        || reply("404 Not Found", "", ""),
        || json("200 OK", "{"),
        || vec![Step::Silence],
    ];
    for (at, row) in rows.into_iter().enumerate() {
        let server = at_first(vec![row]).await;
        let connection = connected(&server, hasty()).await;
        let call = call();
        let result = connection.client(&call, &Tokens::one()).send::<IgnoredAny>(Request::get(&["x"])).await;
        assert!(result.is_err(), "row {at}");
        assert_eq!(call.requests(), 1, "row {at}");
    }
}

#[tokio::test]
async fn retry_after_is_respected_between_attempts() {
    let server = at_first(vec![|| reply("429 Too Many Requests", "retry-after: 1\r\n", "")]).await;
    let connection = connected(&server, short()).await;
    let start = Instant::now();
    connection
        .client(&call(), &Tokens::one())
        .send::<IgnoredAny>(Request::get(&["x"]))
        .await
        .expect("the second attempt succeeds");
    assert!(start.elapsed() >= Duration::from_secs(1), "{:?}", start.elapsed());
}

#[tokio::test]
async fn a_retry_after_beyond_the_deadline_fails_at_once() {
    for (value, seconds) in [
        ("86400", Some(86_400)),
        ("99999999999999999999", Some(86_400)),
        ("Wed, 06 Nov 2094 08:49:37 GMT", Some(86_400)),
    ] {
        let header = format!("retry-after: {value}\r\n");
        let server = server(move |_| reply("429 Too Many Requests", &header, "")).await;
        let connection = connected(&server, short()).await;
        let call = call();
        let error = connection
            .client(&call, &Tokens::one())
            .send::<IgnoredAny>(Request::get(&["x"]))
            .await
            .map(drop)
            .expect_err("it is throttled");
        assert_eq!(error.code().as_str(), "service.rate_limited");
        assert_eq!(error.context_value("retryAfterSeconds"), seconds.map(|s: u64| s.to_string()).as_deref());
        assert_eq!(
            error.retry_advice(),
            seconds.map_or(Retry::Later, |s| Retry::After(Duration::from_secs(s)))
        );
        assert_eq!(call.requests(), 1, "{value}");
    }
}

#[tokio::test]
async fn an_invalid_retry_after_is_ignored() {
    for value in ["-5", "1e99", "soon", "", "Sun, 06 Nov 1994 08:49:37 GMT"] {
        let header = format!("retry-after: {value}\r\n");
        let server = server(move |_| reply("503 Service Unavailable", &header, "")).await;
        let connection = connected(&server, short()).await;
        let call = call();
        let result = connection.client(&call, &Tokens::one()).send::<IgnoredAny>(Request::get(&["x"])).await;
        assert_eq!(result.map(drop).expect_err("it is not available").code().as_str(), "service.unavailable");
        assert_eq!(call.requests(), 3, "{value}");
    }
}

#[tokio::test]
async fn a_successful_response_with_retry_after_delays_the_next_call() {
    let server = at_first(vec![|| {
        reply(
            "200 OK",
            "content-type: application/json\r\nretry-after: 3000\r\nx-ratelimit-remaining: 0\r\n",
            "[]",
        )
    }])
    .await;
    let pace = Duration::from_secs(1);
    let connection = connected(&server, NetworkLimits { pace, ..short() }).await;
    let tokens = Tokens::one();
    let start = Instant::now();
    let request = || Request::get(&["x"]).named("read it");
    connection.client(&call(), &tokens).send::<IgnoredAny>(request()).await.expect("it succeeds");
    assert!(start.elapsed() < Duration::from_secs(10), "the response itself is not delayed");

    // Too little time for the pause: the call fails at once and nothing is sent.
    let hurried = Call::until(Instant::now() + Duration::from_millis(5));
    let result = connection.client(&hurried, &tokens).send::<IgnoredAny>(request()).await;
    let error = result.map(drop).expect_err("the wait is too long");
    assert_eq!((error.code().as_str(), hurried.requests()), ("service.rate_limited", 0), "{error:?}");
    assert!(error.message().starts_with("Could not read it: Azure DevOps asks to wait for "), "{error}");

    connection.client(&call(), &tokens).send::<IgnoredAny>(request()).await.expect("it waits and works");
    assert!(start.elapsed() >= pace, "{:?}", start.elapsed());
    assert_eq!(server.seen().len(), 4);
}

#[tokio::test]
async fn a_failing_service_gets_a_fifth_more_load_and_not_three_times() {
    let server = server(|_| reply("503 Service Unavailable", "", "")).await;
    let connection = Arc::new(connected(&server, NetworkLimits { backoff: Duration::ZERO, ..short() }).await);
    let tokens = Tokens::one();
    for _ in 0..200 {
        let result = connection.client(&call(), &tokens).send::<IgnoredAny>(Request::get(&["x"])).await;
        assert!(result.is_err());
    }
    let sent = server.seen().len() - 2;
    // The budget has ten retries, and a fifth of 200 is added.
    assert!((240..=252).contains(&sent), "{sent}");
}
