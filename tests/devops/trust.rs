//! TLS: the trusted authorities, the rejected certificates, and that the environment changes neither.

use std::process::Command;

use azdo_bot::contract::ErrorCode;
use azdo_bot::devops::Network;
use azdo_bot::devops::Request;
use serde::de::IgnoredAny;
use tokio::io::AsyncReadExt;
use tokio::io::AsyncWriteExt;

use crate::fixture::Tokens;
use crate::fixture::call;
use crate::fixture::connect_to;
use crate::fixture::well;
use crate::secure::Authority;
use crate::secure::serve;
use crate::secure::trusting;
use crate::server::Server;
use crate::server::Step;
use crate::server::json;

#[tokio::test]
async fn an_authority_of_the_operator_is_trusted() {
    let authority = Authority::new();
    let server =
        serve(authority.server("127.0.0.1", "http/1.1", |_| {}), |seen| well(seen).expect("only Connect"))
            .await;
    let url = format!("https://{}/fabrikam", server.address());
    let network = Network::new(trusting(server.address(), &[&Authority::new(), &authority]));
    let connection = connect_to(&network, &url, &Tokens::one(), &call()).await.expect("it is trusted");
    assert_eq!((server.seen().len(), server.opened()), (2, 2));
    drop(connection);
    server.all_closed().await;
}

#[tokio::test]
async fn an_invalid_certificate_is_rejected_and_no_request_is_sent() {
    let authority = Authority::new();
    let unknown = Authority::new();
    let good = |name: &str| authority.server(name, "http/1.1", |_| {});
    let rows = [
        (
            unknown.server("127.0.0.1", "http/1.1", |_| {}),
            "was issued by an authority that is not trusted (CN=",
        ),
        (
            authority.server("127.0.0.1", "http/1.1", |params| {
                params.not_after = rcgen::date_time_ymd(2020, 1, 1)
            }),
            "has expired on 2020-01-01",
        ),
        (
            authority.server("127.0.0.1", "http/1.1", |params| {
                params.not_before = rcgen::date_time_ymd(4000, 1, 1)
            }),
            "is not valid before 4000-01-01",
        ),
        (good("dev.azure.com"), "is for another host: dev.azure.com"),
    ];
    for (acceptor, reason) in rows {
        let server = serve(acceptor, |_| json("200 OK", "[]")).await;
        let url = format!("https://{}/fabrikam", server.address());
        let network = Network::new(trusting(server.address(), &[&authority]));
        let call = call();
        let error = connect_to(&network, &url, &Tokens::one(), &call).await.expect_err(reason);
        assert_eq!(error.code(), ErrorCode::NetworkTls, "{error:?}");
        assert!(error.message().contains(reason), "{error}");
        assert_eq!((server.seen().len(), server.opened(), call.requests()), (0, 2, 0), "{reason}: no retry");
    }
}

#[tokio::test]
async fn a_server_without_valid_tls_is_rejected() {
    // A server of TLS 1.1 sends the alert "protocol version"; another one uses plain HTTP.
    let alert: &[u8] = &[0x15, 3, 2, 0, 2, 2, 70];
    for bytes in [alert, b"HTTP/1.1 400 Bad Request\r\n\r\n"] {
        let server = Server::accepting(
            |_| Vec::new(),
            move |mut tcp| {
                Box::pin(async move {
                    let _ = tcp.read(&mut [0; 1024]).await;
                    let _ = tcp.write_all(bytes).await;
                    // The client disconnects when it has read this.
                    let _ = tcp.read(&mut [0; 1024]).await;
                    None
                })
            },
        )
        .await;
        let url = format!("https://{}/fabrikam", server.address());
        let network = Network::new(trusting(server.address(), &[&Authority::new()]));
        let error = connect_to(&network, &url, &Tokens::one(), &call()).await.expect_err("it is not TLS");
        assert_eq!(error.code(), ErrorCode::NetworkTls, "{error:?}");
        assert_eq!(server.opened(), 2, "no retry");
    }
}

#[tokio::test]
async fn a_body_without_the_closing_alert_of_tls_is_truncated() {
    let authority = Authority::new();
    let server = serve(authority.server("127.0.0.1", "http/1.1", |_| {}), |seen| {
        let whole = seen.path().ends_with("/whole");
        let end = if whole { Step::Close } else { Step::Reset };
        let text = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n[1]";
        well(seen).unwrap_or_else(|| vec![Step::Write(text.into()), end])
    })
    .await;
    let url = format!("https://{}/fabrikam", server.address());
    let network = Network::new(trusting(server.address(), &[&authority]));
    let (tokens, call) = (Tokens::one(), call());
    let connection = connect_to(&network, &url, &tokens, &call).await.expect("it is trusted");
    connection
        .client(&call, &tokens)
        .send::<IgnoredAny>(Request::get(&["whole"]))
        .await
        .expect("it is whole");
    let cut = connection.client(&call, &tokens).send::<IgnoredAny>(Request::get(&["cut"])).await.map(drop);
    assert_eq!(cut.expect_err("anybody can cut a connection").code(), ErrorCode::NetworkFailed);
}

/// Run again by the test below, in a process with a hostile environment
#[tokio::test]
async fn connect_in_a_hostile_environment() {
    let authority = Authority::new();
    let acceptor = authority.server("127.0.0.1", "http/1.1", |_| {});
    let server = serve(acceptor, |seen| well(seen).expect("only Connect")).await;
    let network = Network::new(trusting(server.address(), &[&authority]));
    let url = format!("https://{}/fabrikam", server.address());
    connect_to(&network, &url, &Tokens::one(), &call()).await.expect("the environment changes nothing");
    assert_eq!(server.seen().len(), 2);
}

#[test]
fn the_environment_sets_no_proxy_and_no_key_log() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let keys = folder.path().join("keys");
    let proxy = std::net::TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    let address = format!("http://user:secret@{}", proxy.local_addr().expect("it is bound"));
    let mut command = Command::new(std::env::current_exe().expect("a test has a file"));
    command.args(["--exact", "trust::connect_in_a_hostile_environment"]).env("SSLKEYLOGFILE", &keys);
    for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"] {
        command.env(name, &address);
    }
    let output = command.output().expect("the test's own file runs");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success() && text.contains("1 passed"), "{text}");
    assert!(!keys.exists(), "session keys were written");
    proxy.set_nonblocking(true).expect("a socket takes its options");
    assert!(proxy.accept().is_err(), "the proxy of the environment was used");
}

/// Run again by the test below, in a process whose environment has an authority of this test
#[tokio::test]
#[expect(
    clippy::disallowed_methods,
    reason = "the rule is for the product; the test below starts this one with the variable"
)]
async fn an_authority_of_the_environment_is_not_trusted() {
    let authority = Authority::new();
    if let Some(file) = std::env::var_os("AUTHORITY_OF_THE_ENVIRONMENT") {
        std::fs::write(file, &authority.pem).expect("the folder is there");
    }
    let server = serve(authority.server("127.0.0.1", "http/1.1", |_| {}), |_| json("200 OK", "[]")).await;
    let network = Network::new(trusting(server.address(), &[&Authority::new()]));
    let url = format!("https://{}/fabrikam", server.address());
    let error =
        connect_to(&network, &url, &Tokens::one(), &call()).await.expect_err("its authority is not trusted");
    assert_eq!(error.code(), ErrorCode::NetworkTls, "{error:?}");
    assert_eq!(server.seen().len(), 0);
}

#[test]
fn the_environment_adds_no_trusted_authority() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let file = folder.path().join("authority.pem");
    let mut command = Command::new(std::env::current_exe().expect("a test has a file"));
    command.args(["--exact", "trust::an_authority_of_the_environment_is_not_trusted"]);
    command.env("AUTHORITY_OF_THE_ENVIRONMENT", &file);
    command.env("SSL_CERT_FILE", &file).env("SSL_CERT_DIR", folder.path());
    let output = command.output().expect("the test's own file runs");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success() && text.contains("1 passed"), "{text}");
    assert!(file.exists(), "the authority was there to be trusted");
}
