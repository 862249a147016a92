//! The one TLS configuration: which authorities are trusted, and which protocols are spoken.

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

/// Where the distributions keep the system's authorities: the first of these files that is there …
#[cfg(target_os = "linux")]
const BUNDLES: [&str; 6] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/pki/tls/cacert.pem",
    "/etc/ssl/cert.pem",
];

/// … and all of these folders
#[cfg(target_os = "linux")]
const FOLDERS: [&str; 2] = ["/etc/ssl/certs", "/etc/pki/tls/certs"];

/// The configuration for https: the operating system's trust store and the operator's authorities
///
/// Nothing global is installed, and session keys are never written anywhere. Errors: `network.tls`
/// if an authority's file holds no certificate or the system's store cannot be read.
pub(crate) fn trusting(authorities: &[Vec<u8>]) -> Result<ClientConfig, Error> {
    let mut extra = Vec::new();
    for pem in authorities {
        let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
        match certificates {
            Ok(certificates) if !certificates.is_empty() => extra.extend(certificates),
            _ => {
                return Err(Error::new(
                    ErrorCode::NetworkTls,
                    "The file of a certificate authority holds no certificate",
                )
                .help("Give `--ca` a PEM file: it has a line -----BEGIN CERTIFICATE-----."));
            }
        }
    }
    let provider = provider();
    let verifier = verifier(extra, provider.clone()).map_err(|error| {
        Error::new(ErrorCode::NetworkTls, "No certificate authority to trust could be loaded")
            .help("Install the system's certificate authorities, or give one with `--ca FILE`.")
            .caused_by(error)
    })?;
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("the ring provider does TLS 1.2 and 1.3")
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth();
    // Handed to the HTTP client ready made, so that it does not set the protocols itself.
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

/// Who judges certificates: the system's authorities and these
///
/// The places are written here, because whoever looks for them reads `SSL_CERT_FILE` and `SSL_CERT_DIR`:
/// the environment must not add to whom is trusted.
#[cfg(target_os = "linux")]
fn verifier(
    extra: Vec<CertificateDer<'static>>,
    provider: Arc<CryptoProvider>,
) -> Result<Arc<dyn ServerCertVerifier>, rustls::Error> {
    let mut roots = RootCertStore::empty();
    for certificate in extra {
        roots.add(certificate)?;
    }
    let there = |place: &&Path| place.exists();
    let bundle = BUNDLES.iter().map(Path::new).find(there);
    let folders = FOLDERS.iter().map(Path::new).filter(there);
    let places = bundle.map(|file| (Some(file), None)).into_iter().chain(folders.map(|at| (None, Some(at))));
    for (file, folder) in places {
        // What cannot be read there is trusted no more than what is not there.
        roots.add_parsable_certificates(rustls_native_certs::load_certs_from_paths(file, folder).certs);
    }
    let verifier = WebPkiServerVerifier::builder_with_provider(roots.into(), provider).build();
    Ok(verifier.map_err(|error| rustls::Error::Other(OtherError(Arc::new(error))))?)
}

/// Who judges certificates: the operating system, with these authorities beside its own
#[cfg(not(target_os = "linux"))]
fn verifier(
    extra: Vec<CertificateDer<'static>>,
    provider: Arc<CryptoProvider>,
) -> Result<Arc<dyn ServerCertVerifier>, rustls::Error> {
    Ok(Arc::new(rustls_platform_verifier::Verifier::new_with_extra_roots(extra, provider)?))
}

/// The configuration for plain http to loopback: it trusts nobody and is never used
///
/// The HTTP client wants one in any case, and the system's store need not be read for it.
pub(crate) fn trusting_nobody() -> ClientConfig {
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
    fn a_file_without_a_certificate_is_refused_and_not_quoted() {
        for pem in ["", "hidden", "-----BEGIN CERTIFICATE-----\nhidden\n-----END CERTIFICATE-----\n"] {
            let error = trusting(&[pem.as_bytes().to_vec()]).expect_err(pem);
            assert_eq!(error.code(), ErrorCode::NetworkTls);
            assert!(!format!("{error:?}").contains("hidden"));
        }
    }
}
