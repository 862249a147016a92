//! Certificates of servers that the operator gives with `--ca`: self-signed, their own authority, or without a SAN.

use std::net::SocketAddr;

use azdo_bot::contract::ErrorCode;
use azdo_bot::devops::Network;
use azdo_bot::devops::NetworkOptions;
use rcgen::BasicConstraints;
use rcgen::CertificateParams;
use rcgen::DnType;
use rcgen::IsCa;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;
use tokio_rustls::TlsAcceptor;

use crate::fixture::Tokens;
use crate::fixture::call;
use crate::fixture::connect_to;
use crate::fixture::options;
use crate::fixture::short;
use crate::fixture::well;
use crate::secure::Authority;
use crate::secure::self_signed;
use crate::secure::serve;

const HOST: &str = "127.0.0.1";

/// A change of a certificate's parameters
type Change = fn(&mut CertificateParams);

fn named(params: &mut CertificateParams, name: &str) {
    params.distinguished_name.push(DnType::CommonName, name);
}

fn without_san(params: &mut CertificateParams) {
    params.subject_alt_names.clear();
}

fn as_authority(params: &mut CertificateParams) {
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
}

fn given(address: SocketAddr, certificates: &[&[u8]]) -> NetworkOptions {
    NetworkOptions {
        allowed_hosts: vec![address.to_string()],
        certificate_authorities: certificates.iter().map(|pem| pem.to_vec()).collect(),
        ..options(short())
    }
}

/// Connects to a server with this certificate, and returns the message and help of the error
async fn connected(acceptor: TlsAcceptor, certificates: &[&[u8]]) -> Result<(), (String, String)> {
    let server = serve(acceptor, |seen| well(seen).expect("only Connect")).await;
    let network = Network::new(given(server.address(), certificates));
    let url = format!("https://{}/fabrikam", server.address());
    let connected = connect_to(&network, &url, &Tokens::one(), &call()).await;
    if connected.is_err() {
        assert!(server.seen().is_empty(), "no request was sent");
    }
    connected.map(drop).map_err(|error| {
        assert_eq!(error.code(), ErrorCode::NetworkTls, "{error:?}");
        (error.message().to_owned(), error.help_text().to_owned())
    })
}

#[tokio::test]
async fn a_certificate_of_the_operator_is_accepted_from_its_server() {
    let rows: [(&str, Change); 4] = [
        ("self-signed", |_| {}),
        ("its own authority", as_authority),
        ("without a SAN", |params| {
            without_san(params);
            named(params, HOST);
        }),
        ("its own authority, without a SAN", |params| {
            without_san(params);
            as_authority(params);
            named(params, HOST);
        }),
    ];
    for (title, change) in rows {
        let (acceptor, pem) = self_signed(HOST, change);
        let other = Authority::new();
        assert_eq!(connected(acceptor.clone(), &[&other.pem, &pem]).await, Ok(()), "{title}");
        let der = CertificateDer::from_pem_slice(&pem).expect("it is PEM");
        assert_eq!(
            connected(acceptor.clone(), &[&other.pem, &der]).await,
            Ok(()),
            "{title}, as Windows exports it"
        );
        let (message, _) = connected(acceptor, &[&other.pem]).await.expect_err(title);
        assert!(message.contains("is self-signed (CN="), "{title}: {message}");
    }
}

#[tokio::test]
async fn a_certificate_of_the_operator_is_accepted_only_while_valid_and_for_its_host() {
    let rows: [(Change, &str); 5] = [
        (
            |params| params.not_after = rcgen::date_time_ymd(2020, 1, 2),
            "its certificate has expired on 2020-01-02",
        ),
        (
            |params| params.not_before = rcgen::date_time_ymd(4000, 1, 1),
            "its certificate is not valid before 4000-01-01",
        ),
        (
            |params| {
                params.subject_alt_names =
                    vec![rcgen::SanType::DnsName("tfs.example".try_into().expect("it is a name"))];
                // With a SAN, the common name does not count.
                named(params, HOST);
            },
            "its certificate is for another host: tfs.example",
        ),
        (
            |params| {
                without_san(params);
                named(params, "tfs.example");
            },
            "no subject alternative name (SAN), and the common name \"tfs.example\"",
        ),
        (
            |params| {
                without_san(params);
                as_authority(params);
                named(params, HOST);
                params.not_after = rcgen::date_time_ymd(2020, 1, 2);
            },
            "its certificate has expired on 2020-01-02",
        ),
    ];
    for (change, expected) in rows {
        let (acceptor, pem) = self_signed(HOST, change);
        let (message, _) = connected(acceptor, &[&pem]).await.expect_err(expected);
        assert!(message.contains(expected), "{message}");
    }
    // Another certificate with the same names is not the one that was given.
    let change: Change = |params| {
        as_authority(params);
        named(params, HOST);
    };
    let ((acceptor, _), (_, pem)) = (self_signed(HOST, change), self_signed(HOST, change));
    assert!(connected(acceptor, &[&pem]).await.is_err());
}

#[tokio::test]
async fn what_a_certificate_lacks_is_named() {
    let (authority, unknown) = (Authority::new(), Authority::new());
    let plain = authority.server(HOST, "http/1.1", |params| {
        without_san(params);
        named(params, HOST);
    });
    let (message, help) = connected(plain, &[&authority.pem]).await.expect_err("it has no SAN");
    assert!(
        message.contains("has no subject alternative name (SAN), only the common name \"127.0.0.1\""),
        "{message}"
    );
    assert!(help.contains("--ca FILE") && help.contains("common name"), "{help}");

    let others = authority.server("tfs.example", "http/1.1", |_| {});
    let (message, _) = connected(others, &[&authority.pem]).await.expect_err("it is for another host");
    assert!(message.ends_with("its certificate is for another host: tfs.example"), "{message}");

    let issued = unknown.server(HOST, "http/1.1", |_| {});
    let (message, help) = connected(issued, &[&authority.pem]).await.expect_err("its issuer is not trusted");
    assert!(message.contains("issued by an authority that is not trusted (CN="), "{message}");
    assert!(help.contains("--ca FILE") && !help.contains("proxy"), "{help}");
}
