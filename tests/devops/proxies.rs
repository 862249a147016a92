//! The operator's proxy: which requests go through it, and which messages name it.

use azdo_bot::contract::ErrorCode;
use azdo_bot::credentials::SignIn;
use azdo_bot::devops::Network;
use azdo_bot::devops::NetworkOptions;
use azdo_bot::devops::ProxyException;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tokio::net::TcpListener;

use crate::cloud::Cloud;
use crate::cloud::by_variable;
use crate::cloud::reference;
use crate::fixture::Tokens;
use crate::fixture::call;
use crate::fixture::checked;
use crate::fixture::connect_to;
use crate::fixture::options;
use crate::fixture::short;
use crate::fixture::token;
use crate::fixture::well;
use crate::secure::Authority;
use crate::secure::serve;
use crate::server::Server;
use crate::server::reply;

fn exception(text: &str) -> ProxyException {
    ProxyException::parse(text).expect("it is one of the forms")
}

#[tokio::test]
async fn an_intranet_server_is_reached_directly_while_the_stores_are_behind_the_proxy() {
    let cloud = Cloud::start(|_| None).await;
    let authority = Authority::new();
    let acceptor = authority.server("127.0.0.1", "http/1.1", |_| {});
    let server = serve(acceptor, |seen| well(seen).expect("only Connect")).await;
    let url = format!("https://{}/fabrikam", server.address());
    let with = |exceptions: &[&str]| {
        let mut options = cloud.options();
        options.certificate_authorities.push(authority.pem.clone());
        options.allowed_hosts.push(server.address().to_string());
        options.proxy_exceptions = exceptions.iter().map(|text| exception(text)).collect();
        options
    };
    let error =
        connect_to(&Network::new(with(&[])), &url, &Tokens::one(), &call()).await.expect_err("by the proxy");
    assert!(error.message().contains("through the proxy 127.0.0.1:"), "{error}");
    assert!(error.help_text().contains("--no-proxy"), "{}", error.help_text());

    for form in ["127.0.0.1", "127.0.0.0/8", &server.address().to_string()] {
        let network = Network::new(with(&[form]));
        connect_to(&network, &url, &Tokens::one(), &call()).await.expect(form);
        let vault = cloud.vault(SignIn::Token(by_variable()), with(&[form]));
        for place in ["keyvault:team/pat", "vault:azdo/bot#pat", "entra:bot"] {
            let secret = vault.read_reference(&reference(place)).await.map_err(checked).expect(place);
            assert_eq!(secret.expose(), token(), "{place}");
        }
    }
}

#[tokio::test]
async fn a_message_about_a_request_without_the_proxy_does_not_speak_of_it() {
    // A port that is bound and then closed refuses connections.
    let address = {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has a free port");
        listener.local_addr().expect("it is bound")
    };
    let url = format!("https://{address}/fabrikam");
    let unknown =
        serve(Authority::new().server("127.0.0.1", "http/1.1", |_| {}), |_| reply("200 OK", "", "")).await;
    let untrusted = format!("https://{}/fabrikam", unknown.address());
    for proxy in [None, Some("http://proxy.example:8080".to_owned())] {
        let options = NetworkOptions {
            proxy,
            proxy_exceptions: vec![exception("127.0.0.0/8")],
            allowed_hosts: vec![address.to_string(), unknown.address().to_string()],
            ..options(short())
        };
        for url in [&url, &untrusted] {
            let network = Network::new(options.clone());
            let error = connect_to(&network, url, &Tokens::one(), &call()).await.expect_err("it fails");
            assert!(matches!(error.code(), ErrorCode::NetworkFailed | ErrorCode::NetworkTls), "{error}");
            let said = format!("{error} {}", error.help_text());
            assert!(!said.to_lowercase().contains("proxy"), "{said}");
        }
    }
}

#[tokio::test]
async fn the_domain_of_a_user_reaches_the_proxy() {
    let proxy = Server::start(|_| reply("407 Proxy Authentication Required", "", "")).await;
    let network = Network::new(NetworkOptions {
        proxy: Some(format!("http://CORP%5Cme:p%40ss@{}", proxy.address())),
        ..options(short())
    });
    let url = "https://dev.azure.com/fabrikam";
    let error = connect_to(&network, url, &Tokens::one(), &call()).await.expect_err("the proxy refuses");
    assert!(error.message().contains("the proxy requires authentication"), "{error}");
    let header = format!("Basic {}", STANDARD.encode("CORP\\me:p@ss"));
    assert_eq!(proxy.seen()[0].header("proxy-authorization"), Some(header.as_str()));
}
