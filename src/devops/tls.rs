//! The one TLS configuration: which authorities are trusted, and which protocols are spoken.

use std::sync::Arc;

use rustls::ClientConfig;
use rustls::RootCertStore;
use rustls::crypto::CryptoProvider;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;
use rustls_platform_verifier::Verifier;

use crate::contract::Error;
use crate::contract::ErrorCode;

/// The configuration for https: the operating system's trust store and the operator's authorities
///
/// Nothing global is installed, and session keys are never written anywhere. Errors: `network.tls`
/// if an authority's file holds no certificate or the system's store cannot be read.
pub(super) fn trusting(authorities: &[Vec<u8>]) -> Result<ClientConfig, Error> {
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
    let verifier = Verifier::new_with_extra_roots(extra, provider.clone()).map_err(|error| {
        Error::new(ErrorCode::NetworkTls, "No certificate authority to trust could be loaded")
            .help("Install the system's certificate authorities, or give one with `--ca FILE`.")
            .caused_by(error)
    })?;
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("the ring provider does TLS 1.2 and 1.3")
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    // Handed to the HTTP client ready made, so that it does not set the protocols itself.
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

/// The configuration for plain http to loopback: it trusts nobody and is never used
///
/// The HTTP client wants one in any case, and the system's store need not be read for it.
pub(super) fn trusting_nobody() -> ClientConfig {
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
