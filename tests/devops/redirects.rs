//! A redirect is never followed, wherever it points, and its target gets no token.

use std::sync::Arc;

use azdo_bot::contract::ErrorCode;
use azdo_bot::devops::NetworkLimits;
use azdo_bot::devops::Request;
use serde::de::IgnoredAny;

use crate::fixture::Tokens;
use crate::fixture::call;
use crate::fixture::checked;
use crate::fixture::connected;
use crate::fixture::server;
use crate::fixture::short;
use crate::fixture::unauthorized;
use crate::fixture::well;
use crate::server::Server;
use crate::server::json;
use crate::server::reply;

#[tokio::test]
async fn no_redirect_is_followed() {
    let elsewhere = Server::start(|_| json("200 OK", "[]")).await;
    let other = elsewhere.address();
    let here = server(move |seen| {
        let query = seen.target.split_once('?').map_or("", |(_, query)| query);
        let value =
            |name: &str| query.split('&').find_map(|part| part.strip_prefix(name)).expect("it is given");
        let status = value("status=");
        let own = seen.header("host").expect("every request has one");
        let location = match value("to=") {
            "same-host" => format!("http://{own}/fabrikam/other"),
            "other-port" => format!("http://{other}/x"),
            "other-host" => format!("http://localhost:{}/x", other.port()),
            "other-scheme" => format!("https://{own}/x"),
            "address" => format!("http://[::ffff:127.0.0.1]:{}/x", other.port()),
            "userinfo" => format!("http://dev.azure.com@{other}/x"),
            "relative" => "/fabrikam/_apis/other".to_owned(),
            "no-scheme" => format!("//{other}/x"),
            "backslashes" => format!("\\\\{other}/x"),
            "itself" => seen.target.clone(),
            "long" => format!("http://{other}/{}", "x".repeat(64 * 1024)),
            "odd" => "ht!tp://%zz\u{7f}".replace('\u{7f}', ""),
            "empty" => String::new(),
            name => panic!("unexpected kind of location: {name}"),
        };
        reply(&format!("{status} Elsewhere"), &format!("location: {location}\r\n"), "")
    })
    .await;
    let connection = connected(&here, NetworkLimits { attempts: 1, ..short() }).await;
    let (tokens, call) = (Tokens::one(), call());
    let places = [
        "same-host",
        "other-port",
        "other-host",
        "other-scheme",
        "address",
        "userinfo",
        "relative",
        "no-scheme",
        "backslashes",
        "itself",
        "long",
        "odd",
        "empty",
    ];
    let mut sent = 2;
    for status in ["301", "302", "303", "307", "308"] {
        for place in places {
            for request in [Request::get(&["x"]), Request::post(&["x"])] {
                let request = request.query("status", status).query("to", place);
                let result = connection.client(&call, &tokens).send::<IgnoredAny>(request).await;
                let error = checked(result.map(drop).expect_err("a redirect is no value"));
                assert_eq!(error.code(), ErrorCode::ServiceBadResponse, "{status} {place}: {error:?}");
                sent += 1;
            }
        }
    }
    assert_eq!(here.seen().len(), sent, "each was sent once");
    assert_eq!((elsewhere.opened(), elsewhere.seen().len()), (0, 0));
}

#[tokio::test]
async fn a_redirect_to_the_sign_in_page_is_a_rejected_token() {
    let elsewhere = Arc::new(Server::start(|_| json("200 OK", "[]")).await);
    let page = format!("location: http://{}/_signin?realm=dev.azure.com&reply_to=x\r\n", elsewhere.address());
    let signed_out = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let state = signed_out.clone();
    let here = Server::start(move |seen| match well(seen) {
        Some(script) if !state.load(std::sync::atomic::Ordering::SeqCst) => script,
        Some(_) => unauthorized(),
        None => reply("302 Found", &page, "Object moved"),
    })
    .await;
    let connection = connected(&here, short()).await;
    signed_out.store(true, std::sync::atomic::Ordering::SeqCst);
    let error = connection
        .client(&call(), &Tokens::one())
        .send::<IgnoredAny>(Request::get(&["x"]))
        .await
        .map(drop)
        .expect_err("the token is refused");
    assert_eq!(error.code(), ErrorCode::AuthFailed, "{error:?}");
    assert_eq!(elsewhere.opened(), 0);
}
