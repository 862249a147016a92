//! A call is answered within its time limit, whatever the service does and however the request changes something.

use azdo_bot::contract::Call;
use azdo_bot::contract::Error;
use azdo_bot::devops::Request;
use serde_json::Value;
use tokio::time::Duration;
use tokio::time::Instant;

use crate::faults::Behavior;
use crate::faults::FAULTS;
use crate::faults::SLOW;
use crate::fixture::Tokens;
use crate::fixture::checked;
use crate::fixture::connected;
use crate::fixture::server;
use crate::fixture::short;
use crate::fixture::unauthorized;
use crate::server::reply;
use crate::virtual_time::in_virtual_time;

/// The time limit of each call
const LIMIT: Duration = Duration::from_secs(2);

/// How long a call may take beyond its time limit
const MORE: Duration = Duration::from_millis(250);

/// Responses that are sent again, or that a call waits after
const REPEATED: &[(&str, Behavior)] = &[
    ("always 503", || reply("503 Service Unavailable", "", "")),
    ("always 503, again in a second", || reply("503 Service Unavailable", "retry-after: 1\r\n", "")),
    ("always 429", || reply("429 Too Many Requests", "", "")),
    ("always 429, again in a second", || reply("429 Too Many Requests", "retry-after: 1\r\n", "")),
    ("always 429, again in an hour", || reply("429 Too Many Requests", "retry-after: 3600\r\n", "")),
    ("always 401", unauthorized),
];

type Method = (&'static str, fn(&[&str]) -> Request<'static>);

const METHODS: [Method; 5] = [
    ("GET", Request::get),
    ("POST", Request::post),
    ("PUT", Request::put),
    ("PATCH", Request::patch),
    ("DELETE", Request::delete),
];

/// Sends one request to a server with this fault; returns the error, the time, and how often it arrived
async fn failed(fault: Behavior, request: fn(&[&str]) -> Request<'static>) -> (Error, Duration, usize) {
    let server = server(move |_| fault()).await;
    let connection = connected(&server, short()).await;
    let start = Instant::now();
    let call = Call::until(start + LIMIT);
    let request = request(&["x"]);
    let result = connection.client(&call, &Tokens::one()).send::<Value>(request).await;
    let took = start.elapsed();
    (result.map(drop).map_err(checked).expect_err("no response can be read"), took, server.seen().len() - 2)
}

#[tokio::test]
async fn every_fault_with_every_method_is_answered_within_the_time_limit() {
    let faults = FAULTS.iter().map(|(what, fault, _)| (*what, *fault));
    let faults = faults.chain(SLOW.iter().chain(REPEATED).copied());
    let calls = in_virtual_time(async {
        let mut calls = 0;
        for (what, fault) in faults {
            for (method, request) in METHODS {
                let (error, took, arrived) = failed(fault, request).await;
                assert!(took <= LIMIT + MORE, "{method}, {what}: {took:?}, {error:?}");
                let may_repeat = method == "GET" || REPEATED.iter().any(|(refused, _)| *refused == what);
                assert!(may_repeat || arrived == 1, "{method}, {what}: it arrived {arrived} times");
                calls += 1;
            }
        }
        calls
    });
    assert_eq!(calls.await, 5 * (33 + 4 + 6));
}
