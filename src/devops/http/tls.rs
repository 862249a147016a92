//! The TLS configuration: the trusted certificate authorities and the supported protocols.

#[cfg(target_os = "linux")]
use std::path::Path;
use std::sync::Arc;

use rustls::ClientConfig;
#[cfg(target_os = "linux")]
use rustls::OtherError;
use rustls::RootCertStore;
#[cfg(target_os = "linux")]
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::CryptoProvider;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;

use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::devops::http::own_certificates::OwnCertificates;
use crate::devops::http::own_certificates::is_certificate;

/// The files in which Linux distributions store their certificate authorities: the first one that exists is read …
#[cfg(target_os = "linux")]
const BUNDLES: [&str; 6] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/pki/tls/cacert.pem",
    "/etc/ssl/cert.pem",
];

/// … and all of these directories
#[cfg(target_os = "linux")]
const FOLDERS: [&str; 2] = ["/etc/ssl/certs", "/etc/pki/tls/certs"];

/// Returns the configuration for https: the trust store of the operating system and additional authorities
///
/// It changes no global state, and session keys are never logged. Errors: `network.tls` if the file of an authority
/// contains no certificate or the trust store of the system cannot be read.
pub(crate) fn trusting(authorities: &[Vec<u8>]) -> Result<ClientConfig, Error> {
    let mut extra = Vec::new();
    for pem in authorities {
        let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
        match certificates {
            Ok(certificates) if !certificates.is_empty() => extra.extend(certificates),
            // Windows exports a certificate without the lines of PEM.
            _ if is_certificate(pem) => extra.push(CertificateDer::from(pem.clone())),
            _ => {
                return Err(Error::new(
                    ErrorCode::NetworkTls,
                    "The file of a certificate authority contains no certificate",
                )
                .help("Pass a PEM file to `--ca`: it has a line -----BEGIN CERTIFICATE-----."));
            }
        }
    }
    let provider = provider();
    let algorithms = provider.signature_verification_algorithms;
    let own = extra.clone();
    let verifier = verifier(extra, provider.clone()).map_err(|error| {
        Error::new(ErrorCode::NetworkTls, "No trusted certificate authority could be loaded")
            .help("Install the system's certificate authorities, or pass one with `--ca FILE`.")
            .caused_by(error)
    })?;
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("the ring provider does TLS 1.2 and 1.3")
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(OwnCertificates::new(verifier, own, algorithms)))
        .with_no_client_auth();
    // The HTTP client does not set the protocols of a configuration that it is given.
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

/// Returns the verifier of certificates: the authorities of the system and additional ones
///
/// The paths are fixed, because the usual search reads `SSL_CERT_FILE` and `SSL_CERT_DIR`, and the environment must
/// not add trusted authorities.
#[cfg(target_os = "linux")]
fn verifier(
    extra: Vec<CertificateDer<'static>>,
    provider: Arc<CryptoProvider>,
) -> Result<Arc<dyn ServerCertVerifier>, rustls::Error> {
    let mut roots = RootCertStore::empty();
    for certificate in extra {
        let unusable = !is_certificate(&certificate);
        // A server's certificate that is no authority for the verifier is accepted from that server itself.
        match roots.add(certificate) {
            Err(error) if unusable => return Err(error),
            _ => {}
        }
    }
    let exists = |path: &&Path| path.exists();
    let bundle = BUNDLES.iter().map(Path::new).find(exists);
    let folders = FOLDERS.iter().map(Path::new).filter(exists);
    let sources = bundle.map(|file| (Some(file), None)).into_iter().chain(folders.map(|at| (None, Some(at))));
    for (file, folder) in sources {
        // Certificates that cannot be read are not trusted.
        roots.add_parsable_certificates(rustls_native_certs::load_certs_from_paths(file, folder).certs);
    }
    let verifier = WebPkiServerVerifier::builder_with_provider(roots.into(), provider).build();
    Ok(verifier.map_err(|error| rustls::Error::Other(OtherError(Arc::new(error))))?)
}

/// Returns the verifier of certificates: that of the operating system, with additional authorities
#[cfg(not(target_os = "linux"))]
fn verifier(
    extra: Vec<CertificateDer<'static>>,
    provider: Arc<CryptoProvider>,
) -> Result<Arc<dyn ServerCertVerifier>, rustls::Error> {
    Ok(Arc::new(rustls_platform_verifier::Verifier::new_with_extra_roots(extra, provider)?))
}

/// Returns a configuration without trusted authorities, for plain http to loopback
///
/// The HTTP client requires a configuration, and this one does not read the trust store of the system.
pub(crate) fn without_trust() -> ClientConfig {
    ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .expect("the ring provider does TLS 1.2 and 1.3")
        .with_root_certificates(RootCertStore::empty())
        .with_no_client_auth()
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_a_certificate_is_rejected_and_not_quoted() {
        for pem in ["", "hidden", "-----BEGIN CERTIFICATE-----\nhidden\n-----END CERTIFICATE-----\n"] {
            let error = trusting(&[pem.as_bytes().to_vec()]).expect_err(pem);
            assert_eq!(error.code(), ErrorCode::NetworkTls);
            assert!(!format!("{error:?}").contains("hidden"));
        }
    }
}
