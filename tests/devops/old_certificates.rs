//! Certificates in the format before version 3, which old servers still have: accepted only if the operator gives them.

use std::sync::Arc;

use azdo_bot::contract::ErrorCode;
use azdo_bot::devops::Network;
use azdo_bot::devops::NetworkOptions;
use rcgen::CertificateParams;
use rcgen::DnType;
use rcgen::KeyPair;
use rcgen::SigningKey as _;
use rustls::ServerConfig;
use rustls::SupportedProtocolVersion;
use rustls::crypto::ring;
use rustls::sign::CertifiedKey;
use rustls::sign::SingleCertAndKey;
use rustls::version::TLS12;
use rustls::version::TLS13;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::PrivateKeyDer;
use rustls_pki_types::PrivatePkcs8KeyDer;
use tokio_rustls::TlsAcceptor;

use crate::fixture::Tokens;
use crate::fixture::call;
use crate::fixture::connect_to;
use crate::fixture::options;
use crate::fixture::short;
use crate::fixture::well;
use crate::secure::serve;

const HOST: &str = "127.0.0.1";

/// The tags of the version and of the extensions, which version 1 of the format does not have
const NOT_IN_VERSION_1: [u8; 2] = [0xA0, 0xA3];

/// Splits the content of a sequence into its elements
fn elements(sequence: &[u8]) -> Vec<&[u8]> {
    let mut rest = content(sequence);
    let mut all = Vec::new();
    while !rest.is_empty() {
        let (one, others) = rest.split_at(rest.len() - after(rest).len());
        all.push(one);
        rest = others;
    }
    all
}

/// Returns how many bytes the head of an element has, and how many its content has
fn head(element: &[u8]) -> (usize, usize) {
    match element[1] {
        short @ ..0x80 => (2, short.into()),
        long => {
            let digits = usize::from(long & 0x7F);
            let length =
                element[2..2 + digits].iter().fold(0, |length, digit| length << 8 | usize::from(*digit));
            (2 + digits, length)
        }
    }
}

fn content(element: &[u8]) -> &[u8] {
    let (start, length) = head(element);
    &element[start..start + length]
}

fn after(bytes: &[u8]) -> &[u8] {
    let (start, length) = head(bytes);
    &bytes[start + length..]
}

/// Returns an element with this tag and content
fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len()).expect("it is short").to_be_bytes();
    [&[tag, 0x82], &length[..], content].concat()
}

/// The TLS of a server with a self-signed certificate of version 1 for this common name, and the certificate
fn old_certificate(name: &str, protocol: &'static SupportedProtocolVersion) -> (TlsAcceptor, Vec<u8>) {
    let key = KeyPair::generate().expect("ring generates keys");
    let mut params = CertificateParams::new(Vec::new()).expect("an empty list of names is valid");
    params.distinguished_name.push(DnType::CommonName, name);
    let newer = params.self_signed(&key).expect("it is self-signed");
    let parts = elements(newer.der());
    let kept = elements(parts[0]).into_iter().filter(|part| !NOT_IN_VERSION_1.contains(&part[0]));
    let body = element(0x30, &kept.collect::<Vec<_>>().concat());
    let signature = [&[0], &key.sign(&body).expect("it signs")[..]].concat();
    let der = element(0x30, &[&body, parts[1], &element(0x03, &signature)].concat());

    (acceptor(&der, &key, protocol), der)
}

/// The TLS of a server that shows this certificate and signs with this key
fn acceptor(der: &[u8], key: &KeyPair, protocol: &'static SupportedProtocolVersion) -> TlsAcceptor {
    let provider = Arc::new(ring::default_provider());
    let private = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let signing = provider.key_provider.load_private_key(private).expect("it is a key");
    let certified = CertifiedKey::new(vec![CertificateDer::from(der.to_vec())], signing);
    let config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[protocol])
        .expect("the ring provider does TLS 1.2 and 1.3")
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(SingleCertAndKey::from(certified)));
    TlsAcceptor::from(Arc::new(config))
}

/// Connects to a server with this certificate, and returns the message and help of the error
async fn connected(acceptor: TlsAcceptor, given: Vec<u8>) -> Result<(), (String, String)> {
    let server = serve(acceptor, |seen| well(seen).expect("only Connect")).await;
    let network = Network::new(NetworkOptions {
        allowed_hosts: vec![server.address().to_string()],
        certificate_authorities: vec![given],
        ..options(short())
    });
    let url = format!("https://{}/fabrikam", server.address());
    connect_to(&network, &url, &Tokens::one(), &call()).await.map(drop).map_err(|error| {
        assert_eq!(error.code(), ErrorCode::NetworkTls, "{error:?}");
        assert!(server.seen().is_empty(), "no request was sent");
        (error.message().to_owned(), error.help_text().to_owned())
    })
}

#[tokio::test]
async fn an_old_certificate_of_the_operator_is_accepted_from_its_server() {
    for protocol in [&TLS12, &TLS13] {
        let (acceptor, der) = old_certificate(HOST, protocol);
        assert_eq!(connected(acceptor, der).await, Ok(()), "{protocol:?}");
    }
}

#[tokio::test]
async fn any_other_old_certificate_is_refused_with_its_own_sentence() {
    for protocol in [&TLS12, &TLS13] {
        let ((acceptor, _), (_, other)) = (old_certificate(HOST, protocol), old_certificate(HOST, protocol));
        let (message, help) = connected(acceptor, other).await.expect_err("it was not given");
        assert!(message.ends_with("its certificate has an old format (X.509 before version 3)"), "{message}");
        assert!(help.contains("version 3") && help.contains("`--ca FILE`"), "{help}");

        let (acceptor, der) = old_certificate("tfs.example", protocol);
        let (message, _) = connected(acceptor, der).await.expect_err("it is for another host");
        assert!(message.contains("the common name \"tfs.example\""), "{message}");
    }
}

#[tokio::test]
async fn a_server_without_the_key_of_its_old_certificate_is_refused() {
    for protocol in [&TLS12, &TLS13] {
        let (_, der) = old_certificate(HOST, protocol);
        let other = KeyPair::generate().expect("ring generates keys");
        let refused = connected(acceptor(&der, &other, protocol), der).await;
        assert!(refused.is_err(), "{protocol:?}");
    }
}
