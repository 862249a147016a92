//! The allowed hosts: for a rejected address no token is resolved and nothing is sent.

use azdo_bot::contract::ErrorCode;
use azdo_bot::devops::Network;
use azdo_bot::devops::NetworkOptions;

use crate::fixture::Tokens;
use crate::fixture::call;
use crate::fixture::checked;
use crate::fixture::connect_to;
use crate::fixture::connection_data;
use crate::fixture::fabrikam;
use crate::fixture::options;
use crate::fixture::organization;
use crate::fixture::short;
use crate::server::Server;
use crate::server::json;
use crate::server::reply;

#[tokio::test]
async fn for_a_rejected_address_no_token_is_resolved_and_nothing_is_sent() {
    let server = Server::start(|_| json("200 OK", "[]")).await;
    let here = server.address();
    let port = here.port();
    let strict = || NetworkOptions { limits: short(), ..NetworkOptions::default() };
    let simulated =
        || NetworkOptions { simulator: Some("127.0.0.1:1".parse().expect("an address")), ..options(short()) };
    let rows: [(NetworkOptions, String); 10] = [
        (strict(), format!("http://{here}/fabrikam")),
        (strict(), format!("https://{here}/fabrikam")),
        (options(short()), format!("https://{here}/fabrikam")),
        (strict(), "https://dev.azure.com.evil.example/x".to_owned()),
        (strict(), "https://evilvisualstudio.com/x".to_owned()),
        (strict(), "https://contoso.visualstudio.com.evil.example/x".to_owned()),
        (strict(), "https://169.254.169.254/x".to_owned()),
        (
            NetworkOptions { allowed_hosts: vec!["127.0.0.1".to_owned()], ..strict() },
            format!("https://127.0.0.1:{port}/x"),
        ),
        (simulated(), format!("http://{here}/fabrikam")),
        (simulated(), "https://tfs.example/Main".to_owned()),
    ];
    for (options, url) in rows {
        let network = Network::new(options);
        let (tokens, call) = (Tokens::one(), call());
        assert!(network.admit(&organization(&url)).is_err(), "{url}");
        let error = connect_to(&network, &url, &tokens, &call).await.expect_err(&url);
        assert_eq!(error.code(), ErrorCode::OrganizationInvalidUrl, "{url}: {error:?}");
        assert_eq!((tokens.resolutions(), call.requests()), (0, 0), "{url}");
    }
    assert_eq!(server.opened(), 0);
}

#[tokio::test]
async fn with_the_simulator_requests_to_a_hosted_organization_are_sent_to_it() {
    let server = Server::start(|seen| match seen.path() {
        "/Contoso/_apis/connectionData" => connection_data(),
        "/Contoso/_apis/projects/Fabrikam" => fabrikam(),
        other => panic!("unexpected request: {other}"),
    })
    .await;
    for url in ["https://dev.azure.com/Contoso", "https://contoso.visualstudio.com"] {
        let options = NetworkOptions {
            simulator: Some(server.address()),
            limits: short(),
            ..NetworkOptions::default()
        };
        let network = Network::new(options);
        network.admit(&organization(url)).expect("it is hosted");
        if url.ends_with("/Contoso") {
            let connection =
                connect_to(&network, url, &Tokens::one(), &call()).await.expect("it is simulated");
            assert_eq!(connection.organization().base(), url);
        }
    }
}

#[tokio::test]
async fn requests_to_a_hosted_organization_use_the_proxy_of_the_operator() {
    let proxy = Server::start(|_| reply("407 Proxy Authentication Required", "", "")).await;
    let address = format!("http://operator:{}@{}", crate::fixture::token(), proxy.address());
    let limits = azdo_bot::devops::NetworkLimits { attempts: 1, ..short() };
    let network = Network::new(NetworkOptions { proxy: Some(address), limits, ..NetworkOptions::default() });
    let call = call();
    // The password of the proxy is the canary: `connect_to` searches the error for it.
    let error =
        connect_to(&network, "https://dev.azure.com/fabrikam", &Tokens::new(&["abcdef"]), &call).await;
    let error = checked(error.expect_err("the proxy rejects it"));
    assert_eq!(error.code(), ErrorCode::NetworkFailed, "{error:?}");
    let host = format!("dev.azure.com through the proxy {}", proxy.address());
    assert!(error.message().contains(&host), "{error}");
    assert!(!format!("{network:?}").contains(crate::fixture::token()));
    let seen = proxy.seen();
    assert_eq!(seen.len(), 2);
    for one in seen {
        assert_eq!((one.method.as_str(), one.target.as_str()), ("CONNECT", "dev.azure.com:443"));
        assert!(one.header("proxy-authorization").is_some());
        assert_eq!(one.header("authorization"), None);
    }
    assert_eq!(call.requests(), 0, "nothing came through");
}

#[tokio::test]
async fn an_invalid_proxy_is_rejected_before_anything_is_sent() {
    let options = NetworkOptions {
        proxy: Some("not a proxy".to_owned()),
        limits: short(),
        ..NetworkOptions::default()
    };
    let network = Network::new(options);
    let call = call();
    let error = connect_to(&network, "https://dev.azure.com/fabrikam", &Tokens::one(), &call).await;
    assert_eq!(error.expect_err("it is no address").code(), ErrorCode::InputInvalid);
}

#[tokio::test]
async fn plain_http_to_loopback_never_goes_through_a_proxy() {
    let server = crate::fixture::server(|_| json("200 OK", "[]")).await;
    let proxy = Server::start(|_| json("200 OK", "[]")).await;
    let options = NetworkOptions { proxy: Some(format!("http://{}", proxy.address())), ..options(short()) };
    let network = Network::new(options);
    connect_to(&network, &server.url(), &Tokens::one(), &call()).await.expect("it is reached directly");
    assert_eq!((server.seen().len(), proxy.opened()), (2, 0));
}
