//! TLS with an authority that is created at the start, signs one certificate and is forgotten.

use std::io;
use std::io::Write;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Context;
use std::task::Poll;

use rcgen::BasicConstraints;
use rcgen::CertificateParams;
use rcgen::DnType;
use rcgen::ExtendedKeyUsagePurpose;
use rcgen::IsCa;
use rcgen::Issuer;
use rcgen::KeyPair;
use rcgen::KeyUsagePurpose;
use rustls::ServerConfig;
use rustls::pki_types::DnsName;
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::PrivatePkcs8KeyDer;
use tempfile::NamedTempFile;
use time::Duration;
use tokio::net::TcpStream;
use tokio_rustls::Accept;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use crate::state::Clock;

/// How long the certificates are valid. Some clients refuse longer times.
const VALID_FOR: Duration = Duration::days(30);

/// The certificate of the authority, in a file for clients, and what accepts connections. The key of the authority is
/// not kept.
pub(crate) struct Tls {
    file: NamedTempFile,
    acceptor: TlsAcceptor,
}

impl Tls {
    /// Creates an authority and a certificate for this machine, these hosts and the hosts below them.
    pub(crate) fn create(hosts: &[&str]) -> io::Result<Tls> {
        let (authority, issuer) = authority().map_err(io::Error::other)?;
        let mut names = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
        for host in hosts {
            DnsName::try_from(*host).map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))?;
            names.extend([(*host).to_owned(), format!("*.{host}")]);
        }
        let key = KeyPair::generate().map_err(io::Error::other)?;
        let invalid = |error| io::Error::new(io::ErrorKind::InvalidInput, error);
        let mut params = dated(CertificateParams::new(names).map_err(invalid)?);
        params.use_authority_key_identifier_extension = true;
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.distinguished_name.push(DnType::CommonName, "azdo-bot simulator");
        let certificate = params.signed_by(&key, &issuer).map_err(io::Error::other)?;
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(io::Error::other)?
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .map_err(io::Error::other)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        let mut file = tempfile::Builder::new().prefix("azdo-simulator-").suffix(".pem").tempfile()?;
        file.write_all(authority.as_bytes())?;
        Ok(Tls { file, acceptor: TlsAcceptor::from(Arc::new(config)) })
    }

    /// The file with the certificate of the authority, in PEM. It is removed at the end.
    pub(crate) fn file(&self) -> &Path {
        self.file.path()
    }

    pub(crate) fn acceptor(&self) -> TlsAcceptor {
        self.acceptor.clone()
    }
}

/// A new authority: its certificate in PEM, and what signs with its key.
fn authority() -> Result<(String, Issuer<'static, KeyPair>), rcgen::Error> {
    let key = KeyPair::generate()?;
    let mut params = dated(CertificateParams::new(Vec::new())?);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    // Two authorities of one name would differ in their signatures only.
    let name = format!("azdo-bot simulator {}", uuid::Uuid::new_v4());
    params.distinguished_name.push(DnType::CommonName, name);
    let pem = params.self_signed(&key)?.pem();
    Ok((pem, Issuer::new(params, key)))
}

/// Valid from yesterday, since the clock of a client may be behind.
fn dated(mut params: CertificateParams) -> CertificateParams {
    let now = Clock::started().now();
    params.not_before = now - Duration::DAY;
    params.not_after = now.saturating_add(VALID_FOR);
    params
}

/// A connection, with TLS or without. The handshake is part of the first read or write, so that a client that does not
/// finish it delays no other.
pub(crate) enum Stream {
    Plain(TcpStream),
    Greeting(Box<Accept<TcpStream>>),
    Secure(Box<TlsStream<TcpStream>>),
}

impl Stream {
    pub(crate) fn new(stream: TcpStream, acceptor: Option<&TlsAcceptor>) -> Stream {
        match acceptor {
            Some(acceptor) => Stream::Greeting(Box::new(acceptor.accept(stream))),
            None => Stream::Plain(stream),
        }
    }

    /// Finishes the handshake.
    pub(crate) fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if let Stream::Greeting(accept) = self {
            match Pin::new(accept.as_mut()).poll(context) {
                Poll::Ready(Ok(stream)) => *self = Stream::Secure(Box::new(stream)),
                Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                Poll::Pending => return Poll::Pending,
            }
        }
        Poll::Ready(Ok(()))
    }
}
