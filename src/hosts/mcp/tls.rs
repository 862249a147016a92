//! TLS of the HTTP server: a certificate with its chain, and its key.

use std::net::IpAddr;
use std::sync::Arc;

use rustls::ServerConfig;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::PrivateKeyDer;
use rustls_pki_types::pem::PemObject as _;
use tokio_rustls::TlsAcceptor;
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::FromDer as _;

use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Secret;

/// A certificate with its key
pub struct TlsIdentity {
    acceptor: TlsAcceptor,
    hosts: Vec<String>,
}

impl TlsIdentity {
    /// Reads a certificate, followed by its chain, and its key, both in PEM
    ///
    /// The names of the certificate are the hosts that requests may name. Errors: `input.invalid` if one of them cannot be
    /// read, if they do not belong together, if the certificate is not valid now, or if it has only wildcard names.
    pub fn parse(certificate: &[u8], key: &Secret) -> Result<Self, Error> {
        let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(certificate)
            .collect::<Result<_, _>>()
            .ok()
            .filter(|chain: &Vec<_>| !chain.is_empty())
            .ok_or_else(|| refused("--tls-certificate", "the file has no certificate in PEM", PEM_HELP))?;
        let hosts = chain.first().map_or_else(|| Ok(Vec::new()), hosts)?;
        let key = PrivateKeyDer::from_pem_slice(key.expose().as_bytes()).map_err(|_| {
            refused("--tls-key", "the file has no key in PEM, or one with a passphrase", KEY_HELP)
        })?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("the ring provider does TLS 1.2 and 1.3")
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .map_err(|_| refused("--tls-key", "it is not a key of the certificate", KEY_HELP))?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(TlsIdentity { acceptor: TlsAcceptor::from(Arc::new(config)), hosts })
    }

    /// Returns what accepts connections
    pub(super) fn acceptor(&self) -> TlsAcceptor {
        self.acceptor.clone()
    }

    /// Returns the names and addresses of the certificate, as in a URL
    pub(super) fn hosts(&self) -> &[String] {
        &self.hosts
    }
}

const PEM_HELP: &str = "It begins with -----BEGIN CERTIFICATE-----; the certificates of its chain follow.";

const KEY_HELP: &str = "Pass the key that the certificate was made with. `openssl pkey -in KEY -out NEW` writes it without a passphrase.";

fn refused(flag: &str, message: &str, help: &str) -> Error {
    Error::new(ErrorCode::InputInvalid, format!("{flag}: {message}")).help(help.to_owned())
}

/// Returns the names and addresses of a certificate that is valid now
fn hosts(certificate: &CertificateDer<'_>) -> Result<Vec<String>, Error> {
    let flag = "--tls-certificate";
    let (_, certificate) = X509Certificate::from_der(certificate)
        .map_err(|_| refused(flag, "the first certificate cannot be read", PEM_HELP))?;
    if !certificate.validity().is_valid() {
        let validity = certificate.validity();
        let message =
            format!("the certificate is valid from {} to {} only", validity.not_before, validity.not_after);
        return Err(refused(flag, &message, "Renew it, and check the clock of this machine."));
    }
    let names = certificate.subject_alternative_name().ok().flatten();
    let names = names.iter().flat_map(|names| &names.value.general_names);
    let hosts: Vec<String> = names.filter_map(host).collect();
    if hosts.is_empty() {
        return Err(refused(
            flag,
            "the certificate has no name or address that is not a wildcard",
            "Clients reach the server by a name of the certificate: name it in the certificate (subjectAltName).",
        ));
    }
    Ok(hosts)
}

/// Returns a name of a certificate as the host of a URL; a wildcard is none
fn host(name: &GeneralName<'_>) -> Option<String> {
    match name {
        GeneralName::DNSName(name) if !name.is_empty() && !name.contains('*') => {
            Some(name.to_ascii_lowercase())
        }
        GeneralName::IPAddress(bytes) => {
            let four = <[u8; 4]>::try_from(*bytes).map(IpAddr::from);
            match four.or_else(|_| <[u8; 16]>::try_from(*bytes).map(IpAddr::from)).ok()? {
                IpAddr::V4(address) => Some(address.to_string()),
                IpAddr::V6(address) => Some(format!("[{address}]")),
            }
        }
        _ => None,
    }
}

/// An identity with a new key, for tests
#[cfg(test)]
pub(super) fn example(names: &[&str]) -> TlsIdentity {
    let made = tests::pem(names);
    TlsIdentity::parse(made.0.as_bytes(), &Secret::new(made.1)).expect("they belong together")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns a new certificate for these names, and its key
    pub(super) fn pem(names: &[&str]) -> (String, String) {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let made = rcgen::generate_simple_self_signed(names).expect("they are names");
        (made.cert.pem(), made.signing_key.serialize_pem())
    }

    fn refusal(certificate: &str, key: &str) -> String {
        let refused = TlsIdentity::parse(certificate.as_bytes(), &Secret::new(key.to_owned())).err();
        refused.expect("it is refused").to_string()
    }

    #[test]
    fn the_hosts_are_the_names_of_the_certificate() {
        let identity = example(&["Bots.example", "*.bots.example", "10.1.2.3", "2001:db8::1"]);
        assert_eq!(identity.hosts(), ["bots.example", "10.1.2.3", "[2001:db8::1]"]);
    }

    #[test]
    fn what_does_not_fit_is_refused_and_a_key_is_never_quoted() {
        let (certificate, key) = pem(&["bots.example"]);
        let (_, other_key) = pem(&["bots.example"]);
        assert!(refusal("", &key).contains("--tls-certificate: the file has no certificate"));
        assert!(refusal(&key, &key).contains("no certificate"));
        for bad in ["", "text", &certificate] {
            assert!(refusal(&certificate, bad).contains("--tls-key: the file has no key"), "{bad}");
        }
        let refused = refusal(&certificate, &other_key);
        assert!(refused.contains("not a key of the certificate") && !refused.contains(&other_key[30..60]));
        let (wildcard, key) = pem(&["*.bots.example"]);
        assert!(refusal(&wildcard, &key).contains("not a wildcard"));
    }

    #[test]
    fn a_certificate_that_has_expired_is_refused() {
        let key = rcgen::KeyPair::generate().expect("ring generates keys");
        let mut params =
            rcgen::CertificateParams::new(vec!["bots.example".to_owned()]).expect("it is a name");
        params.not_before = rcgen::date_time_ymd(2020, 1, 1);
        params.not_after = rcgen::date_time_ymd(2020, 2, 1);
        let certificate = params.self_signed(&key).expect("it is self-signed").pem();
        let refused = refusal(&certificate, &key.serialize_pem());
        assert!(refused.contains("is valid from") && refused.contains("2020"), "{refused}");
    }
}
