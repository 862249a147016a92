//! Whose response it is: a proxy, a gateway or the sign-in page of a network is not blamed on the token or the service.

use azdo_bot::contract::Error;
use azdo_bot::contract::Retry;
use azdo_bot::devops::Network;
use azdo_bot::devops::NetworkLimits;
use azdo_bot::devops::NetworkOptions;
use azdo_bot::devops::Request;
use serde::de::IgnoredAny;

use crate::fixture::Tokens;
use crate::fixture::call;
use crate::fixture::checked;
use crate::fixture::connect_to;
use crate::fixture::connected;
use crate::fixture::short;
use crate::fixture::token;
use crate::secure::Authority;
use crate::secure::serve;
use crate::secure::trusting;
use crate::server::Script;
use crate::server::Server;
use crate::server::reply;

const HTML: &str = "content-type: text/html\r\n";

/// A response of something else, its code, and what the message shows of it
type Row = (fn() -> Script, &'static str, &'static str);

const ROWS: &[Row] = &[
    (
        || reply("403 Forbidden", HTML, "<html><head><title>Access &amp; use\n denied</title>"),
        "service.bad_response",
        "status 403, a web page titled \"Access & use denied\"",
    ),
    (
        || reply("401 Unauthorized", HTML, "<html><title>Web gateway: sign in</title></html>"),
        "service.bad_response",
        "status 401, a web page titled \"Web gateway: sign in\"",
    ),
    (
        || reply("404 Not Found", HTML, "<html><title>Category blocked</title></html>"),
        "service.bad_response",
        "a web page titled \"Category blocked\"",
    ),
    (
        || {
            reply(
                "200 OK",
                HTML,
                "<html><title>Guest network</title><meta http-equiv=refresh content='0;url=/in?a=b'>",
            )
        },
        "service.bad_response",
        "a web page titled \"Guest network\", which leads to http://",
    ),
    (
        || reply("302 Found", "location: https://portal.example/login?token=a#b\r\n", "moved"),
        "service.bad_response",
        "status 302, a redirect to https://portal.example/login",
    ),
    (
        || reply("307 Temporary Redirect", "location: http://192.0.2.1:8080/\r\n", ""),
        "service.bad_response",
        "status 307, a redirect to http://192.0.2.1:8080/",
    ),
    (
        || reply("511 Network Authentication Required", HTML, "<html><title>Hotel</title></html>"),
        "network.failed",
        "the network requires a sign-in of its own: status 511, a web page titled \"Hotel\"",
    ),
    (
        || reply("502 Bad Gateway", HTML, "<html><title>502 Bad Gateway</title></html>"),
        "network.failed",
        "status 502, a web page titled \"502 Bad Gateway\"",
    ),
    (
        || reply("503 Service Unavailable", HTML, "<html><h1>no title</h1></html>"),
        "network.failed",
        "status 503, a web page without a title",
    ),
    (|| reply("504 Gateway Timeout", HTML, "<html>"), "network.failed", "status 504"),
    (
        || reply("403 Forbidden", "content-type: text/plain\r\n", "Denied by the firewall"),
        "service.bad_response",
        "status 403, the text \"Denied by the firewall\"",
    ),
];

fn once() -> NetworkLimits {
    NetworkLimits { attempts: 1, ..short() }
}

fn assert_foreign(error: &Error, code: &str, shown: &str) {
    assert_eq!(error.code().as_str(), code, "{error:?}");
    assert!(error.message().contains(shown), "{shown}: {error}");
    let text = format!("{error} {}", error.help_text());
    for blamed in ["mistyped", "permission", "_usersSettings", "Azure DevOps responded", "token=a"] {
        assert!(!text.contains(blamed), "{blamed}: {text}");
    }
    let is_gateway = ["502", "503", "504"].contains(&error.context_value("status").unwrap_or_default());
    assert_eq!(error.retry_advice() == Retry::Later, is_gateway, "{error:?}");
}

#[tokio::test]
async fn a_response_of_something_else_is_not_blamed_on_the_token_at_the_sign_in() {
    for (script, code, shown) in ROWS.iter().copied() {
        let server = Server::start(move |_| script()).await;
        let simulator = Some(server.address());
        let network = Network::new(NetworkOptions { simulator, limits: once(), ..NetworkOptions::default() });
        let url = "https://dev.azure.com/fabrikam";
        let error = connect_to(&network, url, &Tokens::one(), &call()).await.expect_err(shown);
        assert_foreign(&error, code, shown);
        assert!(error.message().starts_with("Could not sign in: "), "{error}");
    }
}

#[tokio::test]
async fn a_response_of_something_else_does_not_end_an_open_session() {
    for (script, code, shown) in ROWS.iter().copied() {
        let blocked = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
        let state = blocked.clone();
        let server = Server::start(move |seen| match crate::fixture::well(seen) {
            Some(script) if !state.load(std::sync::atomic::Ordering::SeqCst) => script,
            _ => script(),
        })
        .await;
        let connection = connected(&server, once()).await;
        blocked.store(true, std::sync::atomic::Ordering::SeqCst);
        let tokens = Tokens::one();
        let request = Request::get(&["x"]).named("read it");
        let result = connection.client(&call(), &tokens).send::<IgnoredAny>(request).await;
        assert_foreign(&checked(result.map(drop).expect_err(shown)), code, shown);
        let error = connection.client(&call(), &tokens).check().await.expect_err(shown);
        assert_foreign(&error, code, shown);
        assert_eq!((connection.is_stale(), tokens.resolutions()), (false, 0), "{shown}");
    }
}

#[tokio::test]
async fn a_change_behind_a_page_of_something_else_is_not_sent_twice() {
    for (script, _, shown) in ROWS.iter().copied() {
        let server = crate::fixture::server(move |_| script()).await;
        let connection = connected(&server, short()).await;
        let request = Request::post(&["x"]).named("create it");
        let result = connection.client(&call(), &Tokens::one()).send::<IgnoredAny>(request).await;
        let error = checked(result.map(drop).expect_err(shown));
        let posts = server.seen().iter().filter(|seen| seen.method == "POST").count();
        assert_eq!(posts, 1, "{shown}: {error:?}");
        // A success or the status of a gateway leaves open whether the change was made.
        let is_open = ["status 200", "Guest network", "502", "504"].iter().any(|sign| shown.contains(sign));
        assert_eq!(error.code().as_str() == "service.outcome_unknown", is_open, "{shown}: {error:?}");
    }
}

#[tokio::test]
async fn a_read_behind_a_gateway_is_tried_again() {
    let requests = std::sync::atomic::AtomicUsize::new(0);
    let server =
        crate::fixture::server(move |_| match requests.fetch_add(1, std::sync::atomic::Ordering::SeqCst) {
            0 => reply("502 Bad Gateway", HTML, "<html><title>502 Bad Gateway</title></html>"),
            _ => crate::server::json("200 OK", "[]"),
        })
        .await;
    let connection = connected(&server, short()).await;
    let request = Request::get(&["x"]);
    connection
        .client(&call(), &Tokens::one())
        .send::<IgnoredAny>(request)
        .await
        .expect("the second one succeeds");
}

#[tokio::test]
async fn a_page_is_shown_with_the_token_masked_and_in_whole_words() {
    let echo = format!("<html><title>{} was {} blocked</title></html>", token(), "x".repeat(400));
    let server = crate::fixture::server(move |_| reply("403 Forbidden", HTML, &echo)).await;
    let connection = connected(&server, once()).await;
    let result = connection.client(&call(), &Tokens::one()).send::<IgnoredAny>(Request::get(&["x"])).await;
    let error = checked(result.map(drop).expect_err("a page"));
    assert!(error.message().ends_with("a web page titled \"******** was ...\""), "{error}");
    let place = format!("location: https://portal.example/{}?{}\r\n", token(), token());
    let server = crate::fixture::server(move |_| reply("302 Found", &place, "")).await;
    let connection = connected(&server, once()).await;
    let result = connection.client(&call(), &Tokens::one()).send::<IgnoredAny>(Request::get(&["x"])).await;
    let error = checked(result.map(drop).expect_err("a redirect"));
    assert!(error.message().ends_with("a redirect to https://portal.example/********"), "{error}");
}

#[tokio::test]
async fn a_server_with_few_headers_is_not_taken_for_a_proxy() {
    const IIS: &str = "content-type: text/html\r\nserver: Microsoft-IIS/10.0\r\n";
    type Row = (fn() -> Script, &'static str, &'static str);
    let rows: &[Row] = &[
        (
            || reply("401 Unauthorized", "www-authenticate: NTLM\r\n", ""),
            "auth.failed",
            "before it reaches Azure DevOps",
        ),
        (|| reply("403 Forbidden", "", ""), "permission.denied", "may not sign in"),
        (
            || reply("403 Forbidden", "content-type: application/json\r\n", r#"{"message":"No."}"#),
            "permission.denied",
            "\"No.\"",
        ),
        (|| reply("404 Not Found", HTML, "<html>"), "organization.not_found", "There is no collection"),
        (
            || reply("503 Service Unavailable", IIS, "<html>"),
            "service.unavailable",
            "the web server of 127.0.0.1:",
        ),
        (
            || reply("403 Forbidden", IIS, "<html><title>403 - Forbidden</title></html>"),
            "service.bad_response",
            "responded before Azure DevOps: status 403, a web page titled \"403 - Forbidden\"",
        ),
        (
            || reply("403 Forbidden", HTML, "<html><title>Web gateway</title></html>"),
            "service.bad_response",
            "does not come from Azure DevOps: status 403, a web page titled \"Web gateway\"",
        ),
    ];
    for (script, code, shown) in rows.iter().copied() {
        let authority = Authority::new();
        let server = serve(authority.server("127.0.0.1", "http/1.1", |_| {}), move |_| script()).await;
        let options = trusting(server.address(), &[&authority]);
        let network = Network::new(NetworkOptions { limits: once(), ..options });
        let url = format!("https://{}/tfs/DefaultCollection", server.address());
        let error = connect_to(&network, &url, &Tokens::one(), &call()).await.expect_err(shown);
        assert_eq!(error.code().as_str(), code, "{shown}: {error:?}");
        assert!(error.message().contains(shown), "{shown}: {error}");
    }
}
