//! No token in any log, at the most verbose level of this package and its dependencies.

use std::io::Write;
use std::sync::Mutex;

use azdo_bot::devops::Network;
use azdo_bot::devops::Request;
use serde::de::IgnoredAny;

use crate::encodings::assert_hidden;
use crate::fixture::Tokens;
use crate::fixture::call;
use crate::fixture::connect_to;
use crate::fixture::server;
use crate::fixture::short;
use crate::fixture::token;
use crate::secure::Authority;
use crate::secure::H2Answer;
use crate::secure::serve_h2;
use crate::secure::trusting;
use crate::server::Step;
use crate::server::json;

/// Everything that is logged in this test process from the moment the test below starts
static LOG: Mutex<Vec<u8>> = Mutex::new(Vec::new());

struct Sink;

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        LOG.lock().expect("no test panics here").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl log::Log for Sink {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        let _ = writeln!(Sink, "{} {}", record.target(), record.args());
    }

    fn flush(&self) {}
}

#[tokio::test]
async fn no_log_contains_the_token() {
    let subscriber =
        tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(|| Sink).finish();
    tracing::subscriber::set_global_default(subscriber).expect("no other test sets it");
    log::set_logger(&Sink).expect("no other test sets it");
    log::set_max_level(log::LevelFilter::Trace);

    let plain = server(|seen| match seen.path().ends_with("/lost") {
        true => vec![Step::Close],
        false => json("400 Bad Request", format!(r#"{{"message":"{}"}}"#, token())),
    })
    .await;
    let (tokens, call) = (Tokens::one(), call());
    let network = Network::new(crate::fixture::options(short()));
    let connection = connect_to(&network, &plain.url(), &tokens, &call).await.expect("it connects");
    for path in ["echo", "lost"] {
        let body = serde_json::json!({ "variables": { "a": "b" } });
        let request = Request::post(&[path]).query("a", "b").json(&body).expect("it has a JSON form");
        connection.client(&call, &tokens).send::<IgnoredAny>(request).await.map(drop).expect_err("it fails");
    }
    let authority = Authority::new();
    let (address, seen) =
        serve_h2(authority.server("127.0.0.1", "h2", |_| {}), |_| H2Answer::Body("{")).await;
    let network = Network::new(trusting(address, &[&authority]));
    let url = format!("https://{address}/fabrikam");
    connect_to(&network, &url, &tokens, &call).await.expect_err("half an object is not a response");
    assert_eq!(seen.lock().expect("no test panics here").len(), 2);

    let log = LOG.lock().expect("no test panics here").clone();
    let log = String::from_utf8_lossy(&log);
    // All of them must log something here, or the check would be worthless.
    for source in ["azdo_bot::devops", "h2::", "reqwest::"] {
        assert!(log.contains(source), "{source} logs nothing");
    }
    assert_hidden(&log, token(), "the log");
}
