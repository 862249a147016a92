//! The headers of requests.

use azdo_bot::devops::Network;
use azdo_bot::devops::Request;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::de::IgnoredAny;

use crate::fixture::PROJECT_ID;
use crate::fixture::Tokens;
use crate::fixture::call;
use crate::fixture::connect_to;
use crate::fixture::connected;
use crate::fixture::options;
use crate::fixture::server;
use crate::fixture::short;
use crate::fixture::token;
use crate::server::json;
use crate::server::reply;

#[tokio::test]
async fn every_request_has_a_token_and_requests_a_401_instead_of_a_page() {
    let cookie = "set-cookie: VstsSession=abc; path=/\r\ncontent-type: application/json\r\n";
    let server = server(move |_| reply("200 OK", cookie, "[]")).await;
    let connection = connected(&server, short()).await;
    let (tokens, call) = (Tokens::one(), call());
    let body = serde_json::json!({ "name": "site" });
    let requests = [
        Request::get(&["git", "repositories"]),
        Request::get(&["wit", "x"]).preview(2).query("$top", "5"),
        Request::post(&["git", "repositories"]).json(&body).expect("it has a JSON form"),
        Request::delete(&["git", "repositories", "a b"]),
        Request::get(&["projects"]).organization_level(),
        Request::post(&["build", "retry"]),
    ];
    for request in requests {
        connection.client(&call, &tokens).send::<IgnoredAny>(request).await.expect("it succeeds");
    }
    let seen = server.seen();
    let session = seen[0].header("x-tfs-session").expect("every request has one").to_owned();
    for one in &seen {
        assert_eq!(
            one.header("authorization"),
            Some(&*format!("Basic {}", STANDARD.encode(format!(":{}", token()))))
        );
        assert_eq!(one.header("x-tfs-fedauthredirect"), Some("Suppress"));
        assert_eq!(one.header("x-tfs-session"), Some(&*session));
        assert_eq!(one.header("user-agent"), Some(concat!("azdo-bot/", env!("CARGO_PKG_VERSION"))));
        assert_eq!(one.header("accept-encoding"), Some("gzip"));
        assert!(!one.target.contains("api-version"), "{}", one.target);
        for never in ["cookie", "referer", "origin", "proxy-authorization"] {
            assert_eq!(one.header(never), None, "{never}");
        }
    }
    let accepts: Vec<_> =
        seen[2..].iter().map(|one| one.header("accept").expect("every request has one")).collect();
    let json = "application/json;api-version=7.1";
    assert_eq!(accepts, [json, "application/json;api-version=7.1-preview.2", json, json, json, json]);
    let connection_data =
        seen.iter().find(|one| one.path().ends_with("connectionData")).expect("it is requested");
    assert_eq!(connection_data.header("accept"), Some("application/json;api-version=7.1-preview.1"));
    assert_eq!(
        connection_data.target,
        "/fabrikam/_apis/connectionData?connectOptions=none&lastChangeId=-1&lastChangeId64=-1"
    );
    assert_eq!(seen[3].target, format!("/fabrikam/{PROJECT_ID}/_apis/wit/x?$top=5"));
    assert_eq!(seen[4].header("content-type"), Some("application/json; charset=utf-8"));
    assert_eq!(seen[4].body, br#"{"name":"site"}"#);
    assert_eq!((seen[5].method.as_str(), seen[5].header("content-type")), ("DELETE", None));
    // A server may reject a change without a content length.
    assert_eq!(seen[7].header("content-length"), Some("0"));
    assert_eq!(seen[5].path(), format!("/fabrikam/{PROJECT_ID}/_apis/git/repositories/a%20b"));
    assert_eq!(seen[6].path(), "/fabrikam/_apis/projects");
}

#[tokio::test]
async fn two_sessions_over_one_server_never_mix_their_tokens() {
    let server =
        server(|seen| json("200 OK", format!("\"{}\"", seen.header("authorization").expect("it signs in"))))
            .await;
    let network = Network::new(options(short()));
    let (mine, yours) = (format!("{}-mine", token()), format!("{}-yours", token()));
    let call = call();
    let mut connections = Vec::new();
    for token in [&mine, &yours] {
        let tokens = Tokens::new(&[token.as_str()]);
        connections
            .push((connect_to(&network, &server.url(), &tokens, &call).await.expect("it connects"), token));
    }
    let tokens = Tokens::one();
    let requests = (0..20).map(|at| {
        let (connection, token) = &connections[at % 2];
        let (call, tokens) = (&call, &tokens);
        async move {
            let answer: String =
                connection.client(call, tokens).send(Request::get(&["x"])).await.expect("it succeeds");
            assert_eq!(answer, format!("Basic {}", STANDARD.encode(format!(":{token}"))));
        }
    });
    futures_util::future::join_all(requests).await;
    let sessions: std::collections::BTreeSet<_> =
        server.seen().iter().map(|seen| seen.header("x-tfs-session").map(str::to_owned)).collect();
    assert_eq!(sessions.len(), 2, "each connection has its own session id");
}

#[tokio::test]
async fn the_text_of_a_file_is_read_unchanged() {
    let server = server(|seen| match seen.path().rsplit('/').next() {
        Some("page") => reply("200 OK", "content-type: text/html\r\n", "<html>sign in</html>"),
        Some("bytes") => reply("200 OK", "content-type: text/plain\r\n", b"\xff\xfe".as_slice()),
        Some("large") => reply("200 OK", "content-type: text/plain\r\n", "x".repeat(2000)),
        Some("cut") => reply("200 OK", "content-type: text/plain\r\n", format!("x{}", "ä".repeat(1000))),
        _ => reply(
            "200 OK",
            "content-type: text/plain; charset=utf-8\r\n",
            "{\"message\":\"TF24668: mine\"}\r\n",
        ),
    })
    .await;
    let connection =
        connected(&server, azdo_bot::devops::NetworkLimits { object_bytes: 1000, ..short() }).await;
    let (tokens, call) = (Tokens::one(), call());
    let text =
        connection.client(&call, &tokens).send_text(Request::get(&["file"])).await.expect("it is a text");
    assert_eq!(text, "{\"message\":\"TF24668: mine\"}\r\n");
    let last = server.seen().pop().expect("there was a request");
    assert_eq!(last.header("accept"), Some("text/plain;api-version=7.1"));
    for (name, code) in [
        ("page", "service.bad_response"),
        ("bytes", "service.bad_response"),
        ("large", "service.response_too_large"),
    ] {
        let error = connection.client(&call, &tokens).send_text(Request::get(&[name])).await.expect_err(name);
        assert_eq!(error.code().as_str(), code, "{error:?}");
    }
    // The beginning of a file may be any bytes, and what is over the limit is left.
    for (name, length) in [("file", 29), ("bytes", 2), ("large", 1000), ("cut", 999)] {
        let start = connection.client(&call, &tokens).send_for_start(Request::get(&[name])).await;
        assert_eq!(start.map(|bytes| bytes.len()).ok(), Some(length), "{name}");
    }
    let start = connection.client(&call, &tokens).send_for_start(Request::get(&["page"])).await;
    assert_eq!(start.expect_err("a page").code().as_str(), "service.bad_response");
}
