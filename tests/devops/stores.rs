//! Requests to credential stores obey the same rules as requests to Azure DevOps.

use std::io::Write as _;

use azdo_bot::contract::Error;
use azdo_bot::contract::ErrorCode;
use azdo_bot::contract::StoreClient as _;
use azdo_bot::contract::StoreRequest;
use azdo_bot::contract::StoreResponse;
use azdo_bot::devops::NetworkOptions;
use azdo_bot::devops::StoreHttp;
use http::HeaderMap;
use http::Method;
use http::StatusCode;

use crate::fixture::options;
use crate::fixture::short;
use crate::fixture::token;
use crate::server::Server;
use crate::server::reply;

/// Sends a secret to an address
async fn ask(options: NetworkOptions, url: &str) -> Result<StoreResponse, Error> {
    let mut headers = HeaderMap::new();
    headers.insert("x-vault-token", token().parse().expect("it is a header's text"));
    let request = StoreRequest {
        method: Method::POST,
        url: url.parse().expect("it is an address"),
        headers,
        body: token().as_bytes().to_vec().into(),
    };
    let answer = StoreHttp::new(options).send(request).await;
    if let Err(error) = &answer {
        assert!(!format!("{error:?} {}", error.help_text()).contains(token()), "{}", error.code());
    }
    answer
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_gets_no_secret() {
    let elsewhere = Server::start(|_| reply("200 OK", "", "")).await;
    let location = format!("location: http://{}/x\r\n", elsewhere.address());
    let here = Server::start(move |seen| {
        assert_eq!((seen.header("x-vault-token"), &*seen.body), (Some(token()), token().as_bytes()));
        reply("307 Temporary Redirect", &location, "")
    })
    .await;
    let answer = ask(options(short()), &here.url()).await.expect("it is a response");
    assert_eq!((answer.status, here.seen().len()), (StatusCode::TEMPORARY_REDIRECT, 1));
    assert!(elsewhere.seen().is_empty());
}

#[tokio::test]
async fn the_size_of_a_response_is_counted_after_decompression() {
    const LIMIT: usize = 1 << 20;
    let server = Server::start(|seen| {
        let large = vec![b' '; if seen.path().ends_with("/over") { LIMIT + 1 } else { LIMIT }];
        if seen.path().starts_with("/gzip") {
            let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            encoder.write_all(&large).expect("a write to memory succeeds");
            return reply(
                "200 OK",
                "content-encoding: gzip\r\n",
                encoder.finish().expect("a write to memory succeeds"),
            );
        }
        reply("200 OK", "", large)
    })
    .await;
    let base = format!("http://{}", server.address());
    for path in ["/plain", "/gzip"] {
        let whole = ask(options(short()), &format!("{base}{path}/limit")).await.expect("it is at the limit");
        assert_eq!(whole.body.len(), LIMIT);
        let error = ask(options(short()), &format!("{base}{path}/over")).await.map(drop).unwrap_err();
        assert_eq!(error.code(), ErrorCode::CredentialNotFound);
        assert!(error.message().ends_with("the response is larger than 1048576 bytes"), "{error}");
    }
}

#[tokio::test]
async fn plain_http_is_allowed_for_loopback_with_its_flag_and_nothing_with_the_simulator() {
    let server = Server::start(|_| reply("200 OK", "", "")).await;
    let port = server.address().port();
    let own = || options(short());
    let rows = [
        (NetworkOptions { allow_loopback_http: false, ..own() }, server.url()),
        (own(), format!("http://localhost:{port}/")),
        (own(), "http://192.0.2.1/".to_owned()),
        (own(), format!("ftp://127.0.0.1:{port}/")),
        (NetworkOptions { simulator: Some(server.address()), ..own() }, server.url()),
    ];
    for (options, url) in rows {
        let error = ask(options, &url).await.map(drop).unwrap_err();
        assert_eq!(error.code(), ErrorCode::InputInvalid, "{url}: {error}");
    }
    assert_eq!(server.opened(), 0);
}

#[tokio::test]
async fn https_uses_the_proxy_of_the_operator_and_only_the_store_gets_the_secret() {
    let proxy = Server::start(|_| reply("403 Forbidden", "", "")).await;
    let through = NetworkOptions { proxy: Some(format!("http://{}", proxy.address())), ..options(short()) };
    let error = ask(through, "https://bao.example:8200/v1/x").await.map(drop).unwrap_err();
    assert_eq!(error.code(), ErrorCode::NetworkFailed, "{error}");
    assert!(error.message().contains("bao.example:8200"), "{error}");
    let seen = proxy.seen();
    assert_eq!((&*seen[0].method, &*seen[0].target), ("CONNECT", "bao.example:8200"));
    assert!(seen[0].header("x-vault-token").is_none() && seen[0].body.is_empty());
}
