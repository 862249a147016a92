//! Responses that are truncated, endless, badly compressed, or not HTTP.

use std::io::Write as _;
use std::time::Duration;
use std::time::Instant;

use azdo_bot::contract::Error;
use azdo_bot::devops::NetworkLimits;
use azdo_bot::devops::Request;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde::de::IgnoredAny;

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

const JSON: &str = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";
const GZIP: &str = "content-type: application/json\r\ncontent-encoding: gzip\r\n";

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

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).expect("a write to memory succeeds");
    encoder.finish().expect("a write to memory succeeds")
}

fn text(head: &str, rest: &str) -> Script {
    raw(format!("{head}{rest}"))
}

fn then(mut script: Script, step: Step) -> Script {
    script.push(step);
    script
}

#[tokio::test]
async fn an_incomplete_response_is_never_a_value() {
    type Row = (&'static str, fn() -> Script, &'static [&'static str]);
    const BAD: &[&str] = &["service.bad_response"];
    const LOST: &[&str] = &["network.failed"];
    const LARGE: &[&str] = &["service.response_too_large"];
    let rows: &[Row] = &[
        ("reset before the headers", || vec![Step::Reset], LOST),
        ("reset after the headers", || then(text(JSON, "content-length: 9\r\n\r\n"), Step::Reset), LOST),
        ("reset inside the body", || then(text(JSON, "content-length: 9\r\n\r\n[1,2"), Step::Reset), LOST),
        ("shorter than its length", || then(text(JSON, "content-length: 9\r\n\r\n[1,2]"), Step::Close), LOST),
        (
            "a chunk cut short",
            || then(text(JSON, "transfer-encoding: chunked\r\n\r\n9\r\n[1"), Step::Close),
            LOST,
        ),
        (
            "no last chunk",
            || then(text(JSON, "transfer-encoding: chunked\r\n\r\n3\r\n[1]\r\n"), Step::Close),
            LOST,
        ),
        ("a chunk without a size", || text(JSON, "transfer-encoding: chunked\r\n\r\nzz\r\n[1]\r\n"), LOST),
        ("closed without a response", || vec![Step::Close], LOST),
        ("two lengths", || text(JSON, "content-length: 3\r\ncontent-length: 4\r\n\r\n[1]"), BAD),
        ("a length that is not a number", || text(JSON, "content-length: many\r\n\r\n[1]"), BAD),
        ("no HTTP", || raw("SSH-2.0-OpenSSH_9.2\r\n\r\n"), BAD),
        ("HTTP/0.9", || then(raw("[1]"), Step::Close), &["service.bad_response", "network.failed"]),
        ("another version", || raw("HTTP/3.0 200 OK\r\n\r\n"), BAD),
        ("a status of letters", || raw("HTTP/1.1 abc OK\r\n\r\n"), BAD),
        ("ten thousand headers", || text(JSON, &format!("{}\r\n", "x: y\r\n".repeat(10_000))), BAD),
        ("a header of 4 MB", || text(JSON, &format!("x: {}\r\n\r\n", "y".repeat(4 << 20))), BAD),
        ("a web page behind a success", || reply("200 OK", "content-type: text/html\r\n", "<html>"), BAD),
        ("gzip twice", || reply("200 OK", &GZIP.replace("gzip", "gzip, gzip"), gzip(&gzip(b"[1]"))), BAD),
        (
            "gzip on two lines",
            || reply("200 OK", &format!("{GZIP}content-encoding: gzip\r\n"), gzip(&gzip(b"[1]"))),
            BAD,
        ),
        ("br", || reply("200 OK", &GZIP.replace("gzip", "br"), "[1]"), BAD),
        ("an unknown encoding", || reply("200 OK", &GZIP.replace("gzip", "x-secret"), "[1]"), BAD),
        ("gzip that is none", || reply("200 OK", GZIP, "[1]"), BAD),
        (
            "gzip cut short",
            || reply("200 OK", GZIP, &gzip(&[b'1'; 4000])[..20]),
            &["service.bad_response", "network.failed"],
        ),
        ("gzip with a wrong checksum", || reply("200 OK", GZIP, wrong_checksum()), BAD),
        ("a gzip bomb", || reply("200 OK", GZIP, gzip(&vec![b' '; 8 << 20])), LARGE),
        ("announced too large", || text(JSON, "content-length: 104857600\r\n\r\n["), LARGE),
        ("endless chunks", endless_chunks, LARGE),
        (
            "endless and never closed",
            || vec![Step::Write(format!("{JSON}\r\n").into()), Step::Flood(vec![b' '; 4096])],
            LARGE,
        ),
        ("not UTF-8", || json("200 OK", b"[\"\xff\"]".as_slice()), BAD),
        ("UTF-16", || json("200 OK", b"\xff\xfe[\0]\0".as_slice()), BAD),
        ("something behind the value", || json("200 OK", "[1] [2]"), BAD),
        ("too deep", || json("200 OK", format!("{}{}", "[".repeat(200), "]".repeat(200))), BAD),
        ("a web page as a string", || json("200 OK", "<html></html>"), BAD),
    ];
    for (what, script, codes) in rows {
        let code = read(*script, short()).await.err().map(|error| error.code().as_str());
        assert!(code.map_or(codes.is_empty(), |code| codes.contains(&code)), "{what}: {code:?}");
    }
}

fn wrong_checksum() -> Vec<u8> {
    let mut bytes = gzip(b"[1]");
    let at = bytes.len() - 8;
    bytes[at] ^= 0xff;
    bytes
}

fn endless_chunks() -> Script {
    let chunk = format!("1000\r\n{}\r\n", " ".repeat(0x1000));
    vec![Step::Write(format!("{JSON}transfer-encoding: chunked\r\n\r\n").into()), Step::Flood(chunk.into())]
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
    type Row = (&'static str, fn() -> Script);
    let rows: &[Row] = &[
        ("silence", || vec![Step::Silence]),
        ("headers drip", || {
            vec![Step::Drip(format!("{JSON}{}", "x: y\r\n".repeat(999)).into(), Duration::from_millis(2))]
        }),
        ("the body drips", || {
            vec![
                Step::Write(format!("{JSON}content-length: 9000\r\n\r\n").into()),
                Step::Drip(vec![b' '; 9000], Duration::from_millis(2)),
            ]
        }),
        ("hints without end", || vec![Step::Flood(b"HTTP/1.1 103 Early Hints\r\n\r\n".to_vec())]),
    ];
    for (what, script) in rows {
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
