//! Collections of an Azure DevOps Server: their names, a URL without one, and servers without encryption.

use azdo_bot::contract::ErrorCode;
use azdo_bot::devops::Network;
use azdo_bot::devops::NetworkOptions;

use crate::fixture::Tokens;
use crate::fixture::call;
use crate::fixture::connect_to;
use crate::fixture::connection_data;
use crate::fixture::fabrikam;
use crate::fixture::options;
use crate::fixture::short;
use crate::fixture::unauthorized;
use crate::secure::Authority;
use crate::secure::serve;
use crate::secure::trusting;
use crate::server::Script;
use crate::server::Seen;
use crate::server::Server;
use crate::server::reply;

fn collection(seen: &Seen) -> Script {
    match seen.path().rsplit('/').next() {
        Some("connectionData") => connection_data(),
        _ => fabrikam(),
    }
}

#[tokio::test]
async fn a_collection_may_have_a_blank_and_an_umlaut_in_its_name() {
    let authority = Authority::new();
    let server = serve(authority.server("127.0.0.1", "http/1.1", |_| {}), collection).await;
    for (name, sent) in [
        ("Meine Sammlung", "/tfs/Meine%20Sammlung/"),
        ("Meine%20Sammlung", "/tfs/Meine%20Sammlung/"),
        ("Übung", "/tfs/%C3%9Cbung/"),
        ("%C3%9Cbung", "/tfs/%C3%9Cbung/"),
    ] {
        let network = Network::new(trusting(server.address(), &[&authority]));
        let url = format!("https://{}/tfs/{name}", server.address());
        connect_to(&network, &url, &Tokens::one(), &call()).await.expect(name);
        let last = server.seen().pop().expect("two requests were sent");
        assert!(last.path().starts_with(sent), "{name}: {}", last.path());
    }
}

#[tokio::test]
async fn a_url_of_a_server_without_a_collection_is_named_as_such() {
    let authority = Authority::new();
    for (answer, code) in [
        (unauthorized as fn() -> Script, ErrorCode::AuthFailed),
        (|| reply("404 Not Found", "", "<html>"), ErrorCode::OrganizationNotFound),
    ] {
        let server = serve(authority.server("127.0.0.1", "http/1.1", |_| {}), move |_| answer()).await;
        let network = Network::new(trusting(server.address(), &[&authority]));
        let url = format!("https://{}/tfs/", server.address());
        let error =
            connect_to(&network, &url, &Tokens::one(), &call()).await.expect_err("there is no collection");
        assert_eq!(error.code(), code, "{error}");
        assert!(error.message().ends_with("/tfs names a server without a collection"), "{error}");
        assert!(error.help_text().contains("/tfs/DefaultCollection"), "{}", error.help_text());
    }
}

#[tokio::test]
async fn a_server_without_encryption_is_reached_only_with_its_own_flag() {
    let server = Server::start(collection).await;
    let host = format!("localhost:{}", server.address().port());
    let url = format!("http://{host}/tfs/Main");
    let refused = Network::new(options(short()));
    let error = connect_to(&refused, &url, &Tokens::one(), &call()).await.expect_err("it is not allowed");
    assert_eq!(error.code(), ErrorCode::OrganizationInvalidUrl);
    assert!(error.help_text().contains(&format!("--allow-plain-http {host}")), "{}", error.help_text());
    assert!(server.seen().is_empty());

    // A proxy would read the token too, so plain http never goes through it.
    let network = Network::new(NetworkOptions {
        plain_http_hosts: vec![host],
        proxy: Some("http://127.0.0.1:9".to_owned()),
        ..options(short())
    });
    connect_to(&network, &url, &Tokens::one(), &call()).await.expect("it is allowed");
    assert_eq!(server.seen().len(), 2);
}
