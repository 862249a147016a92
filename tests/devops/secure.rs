//! TLS servers on loopback, with certificates generated at run time.

use std::sync::Arc;

use azdo_bot::devops::NetworkOptions;
use rcgen::BasicConstraints;
use rcgen::Certificate;
use rcgen::CertificateParams;
use rcgen::DnType;
use rcgen::IsCa;
use rcgen::Issuer;
use rcgen::KeyPair;
use rustls::ServerConfig;
use rustls_pki_types::PrivateKeyDer;
use rustls_pki_types::PrivatePkcs8KeyDer;
use tokio::net::TcpListener;
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use crate::fixture::options;
use crate::fixture::short;
use crate::server::Script;
use crate::server::Seen;
use crate::server::Server;
use crate::server::Stream;

/// A certificate authority of a test
pub(crate) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pub(crate) pem: Vec<u8>,
}

impl Authority {
    pub(crate) fn new() -> Self {
        let key = KeyPair::generate().expect("ring generates keys");
        let mut params = CertificateParams::new(Vec::new()).expect("an empty list of names is valid");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        // Two authorities of one name would differ in their signatures only.
        params.distinguished_name.push(DnType::CommonName, uuid::Uuid::new_v4().to_string());
        let pem = params.self_signed(&key).expect("it is self-signed").pem().into_bytes();
        Authority { issuer: Issuer::new(params, key), pem }
    }

    /// The TLS of a server with a modified certificate for this name
    pub(crate) fn server(
        &self,
        name: &str,
        protocol: &str,
        change: impl Fn(&mut CertificateParams),
    ) -> TlsAcceptor {
        let key = KeyPair::generate().expect("ring generates keys");
        let mut params = CertificateParams::new(vec![name.to_owned()]).expect("it is a name");
        change(&mut params);
        let certificate = params.signed_by(&key, &self.issuer).expect("the authority signs");
        acceptor(&certificate, &key, protocol)
    }
}

/// The TLS of a server with a modified certificate for this name that is signed by itself, and the certificate
pub(crate) fn self_signed(name: &str, change: impl Fn(&mut CertificateParams)) -> (TlsAcceptor, Vec<u8>) {
    let key = KeyPair::generate().expect("ring generates keys");
    let mut params = CertificateParams::new(vec![name.to_owned()]).expect("it is a name");
    change(&mut params);
    let certificate = params.self_signed(&key).expect("it is self-signed");
    (acceptor(&certificate, &key, "http/1.1"), certificate.pem().into_bytes())
}

fn acceptor(certificate: &Certificate, key: &KeyPair, protocol: &str) -> TlsAcceptor {
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let mut config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("the ring provider does TLS 1.2 and 1.3")
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .expect("key and certificate belong together");
    config.alpn_protocols = vec![protocol.as_bytes().to_vec()];
    TlsAcceptor::from(Arc::new(config))
}

/// A server of literal bytes behind TLS
pub(crate) async fn serve(
    acceptor: TlsAcceptor,
    handler: impl Fn(&Seen) -> Script + Send + Sync + 'static,
) -> Server {
    Server::accepting(handler, move |tcp| {
        let acceptor = acceptor.clone();
        Box::pin(async move { Some(Box::new(acceptor.accept(tcp).await.ok()?) as Box<dyn Stream>) })
    })
    .await
}

/// Options that allow this server and trust these authorities
pub(crate) fn trusting(address: std::net::SocketAddr, authorities: &[&Authority]) -> NetworkOptions {
    NetworkOptions {
        allowed_hosts: vec![address.to_string()],
        certificate_authorities: authorities.iter().map(|authority| authority.pem.clone()).collect(),
        ..options(short())
    }
}

/// What an HTTP/2 server saw: the connection and the path of each request
pub(crate) type SeenByH2 = Arc<std::sync::Mutex<Vec<(usize, String)>>>;

/// What an HTTP/2 server does with a request
pub(crate) enum H2Answer {
    /// A response with this body
    Body(&'static str),
    /// `RST_STREAM` in place of a response
    Reset(h2::Reason),
    /// `RST_STREAM` inside the body of a response
    ResetInBody(h2::Reason),
    /// `GOAWAY` in place of a response, and the end of the connection
    GoAway(h2::Reason),
    /// The headers of a response, and nothing more
    Silence,
}

/// A server of HTTP/2 only; after a response for `…/last` it accepts no more requests on that connection
pub(crate) async fn serve_h2(
    acceptor: TlsAcceptor,
    answer: impl Fn(&str) -> H2Answer + Send + Sync + 'static,
) -> (std::net::SocketAddr, SeenByH2) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has a free port");
    let address = listener.local_addr().expect("it is bound");
    let seen = SeenByH2::default();
    let book = seen.clone();
    let answer = Arc::new(answer);
    tokio::spawn(async move {
        let mut connection = 0;
        while let Ok((tcp, _)) = listener.accept().await {
            connection += 1;
            let Ok(stream) = acceptor.accept(tcp).await else { continue };
            let (answer, book) = (answer.clone(), book.clone());
            tokio::spawn(async move { h2_connection(stream, connection, &*answer, book).await });
        }
    });
    (address, seen)
}

async fn h2_connection(
    stream: TlsStream<TcpStream>,
    connection: usize,
    answer: &(dyn Fn(&str) -> H2Answer + Send + Sync),
    seen: SeenByH2,
) {
    let Ok(mut h2) = h2::server::handshake(stream).await else { return };
    // A stream is reset when the last handle of it is dropped.
    let mut silent = Vec::new();
    while let Some(Ok((request, mut respond))) = h2.accept().await {
        let path = request.uri().path().to_owned();
        seen.lock().expect("no test panics here").push((connection, path.clone()));
        let response = || {
            let response = http::Response::builder().header("content-type", "application/json").body(());
            response.expect("it is a response")
        };
        match answer(&path) {
            H2Answer::Body(text) => {
                if let Ok(mut body) = respond.send_response(response(), false) {
                    let _ = body.send_data(text.as_bytes().into(), true);
                }
            }
            H2Answer::Reset(reason) => respond.send_reset(reason),
            H2Answer::ResetInBody(reason) => {
                if let Ok(mut body) = respond.send_response(response(), false) {
                    let _ = body.send_data(b"[1,".as_slice().into(), false);
                    body.send_reset(reason);
                }
            }
            H2Answer::GoAway(reason) => h2.abrupt_shutdown(reason),
            H2Answer::Silence => silent.extend(respond.send_response(response(), false)),
        }
        if path.ends_with("/last") {
            h2.graceful_shutdown();
        }
    }
}
