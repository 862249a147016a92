//! Verifies a server's certificate: by the trusted authorities, or as one of the certificates that the operator gave.
//!
//! A self-signed certificate may be its own authority or lack a subject alternative name, and is then no certificate of a
//! server for the usual verifier. One that is byte for byte a certificate of the operator is accepted while it is valid, for
//! the hosts that it names. Decision 0135.

use std::net::IpAddr;
use std::sync::Arc;

use rustls::CertificateError;
use rustls::DigitallySignedStruct;
use rustls::Error;
use rustls::OtherError;
use rustls::PeerMisbehaved;
use rustls::SignatureScheme;
use rustls::client::danger::HandshakeSignatureValid;
use rustls::client::danger::ServerCertVerified;
use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::WebPkiSupportedAlgorithms;
use rustls::crypto::verify_tls13_signature_with_raw_key;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::ServerName;
use rustls_pki_types::SubjectPublicKeyInfoDer;
use rustls_pki_types::UnixTime;
use time::Date;
use x509_parser::asn1_rs::Sequence;
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::FromDer as _;
use x509_parser::time::ASN1Time;
use x509_parser::x509::SubjectPublicKeyInfo;
use x509_parser::x509::X509Version;

use crate::contract::printable;
use crate::devops::errors::certificate_fault::CertificateFault;

/// The longest name of a certificate that is shown, in characters
const LONGEST: usize = 256;

/// The most names of a certificate that are shown
const MOST_NAMES: usize = 5;

/// The usual verifier, and the certificates of the operator
#[derive(Debug)]
pub(crate) struct OwnCertificates {
    authorities: Arc<dyn ServerCertVerifier>,
    own: Vec<CertificateDer<'static>>,
    algorithms: WebPkiSupportedAlgorithms,
}

impl OwnCertificates {
    pub(crate) fn new(
        authorities: Arc<dyn ServerCertVerifier>,
        own: Vec<CertificateDer<'static>>,
        algorithms: WebPkiSupportedAlgorithms,
    ) -> Self {
        OwnCertificates { authorities, own, algorithms }
    }

    /// Returns the public key of a certificate of the operator in a format before version 3, which the usual verifier does
    /// not read
    fn old_key<'a>(&self, certificate: &'a CertificateDer<'_>) -> Option<&'a [u8]> {
        let (_, parsed) = X509Certificate::from_der(certificate).ok()?;
        let is_old = parsed.version() != X509Version::V3 && self.own.iter().any(|own| own == certificate);
        is_old.then_some(parsed.tbs_certificate.subject_pki.raw)
    }
}

/// Returns whether the bytes are a certificate
pub(crate) fn is_certificate(der: &[u8]) -> bool {
    X509Certificate::from_der(der).is_ok_and(|(rest, _)| rest.is_empty())
}

impl ServerCertVerifier for OwnCertificates {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let verified =
            self.authorities.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now);
        let Err(Error::InvalidCertificate(reason)) = verified else { return verified };
        let Ok((_, certificate)) = X509Certificate::from_der(end_entity) else {
            return Err(Error::InvalidCertificate(reason));
        };
        let is_own = self.own.iter().any(|own| own == end_entity) && reason != CertificateError::Revoked;
        let fault = match is_own {
            true => own_fault(&certificate, server_name, now),
            false => match fault(&certificate, &reason) {
                Some(fault) => Some(fault),
                None => return Err(Error::InvalidCertificate(reason)),
            },
        };
        match fault {
            None => Ok(ServerCertVerified::assertion()),
            Some(fault) => {
                Err(Error::InvalidCertificate(CertificateError::Other(OtherError(Arc::new(fault)))))
            }
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        match self.old_key(cert) {
            Some(key) => verify_tls12_signature_with_key(key, message, dss, &self.algorithms),
            None => self.authorities.verify_tls12_signature(message, cert, dss),
        }
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        match self.old_key(cert) {
            Some(key) => {
                let key = SubjectPublicKeyInfoDer::from(key);
                verify_tls13_signature_with_raw_key(message, &key, dss, &self.algorithms)
            }
            None => self.authorities.verify_tls13_signature(message, cert, dss),
        }
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.authorities.supported_verify_schemes()
    }
}

/// Verifies the signature of a TLS 1.2 handshake with a public key; rustls has this for TLS 1.3 only
fn verify_tls12_signature_with_key(
    key: &[u8],
    message: &[u8],
    dss: &DigitallySignedStruct,
    algorithms: &WebPkiSupportedAlgorithms,
) -> Result<HandshakeSignatureValid, Error> {
    let invalid = || Error::InvalidCertificate(CertificateError::BadEncoding);
    let (_, info) = SubjectPublicKeyInfo::from_der(key).map_err(|_| invalid())?;
    let (_, outer) = Sequence::from_der(key).map_err(|_| invalid())?;
    let (_, identifier) = Sequence::from_der(&outer.content).map_err(|_| invalid())?;
    let of_scheme = algorithms.mapping.iter().find(|(scheme, _)| *scheme == dss.scheme);
    let algorithm = of_scheme
        .into_iter()
        .flat_map(|(_, all)| all.iter())
        .find(|algorithm| *algorithm.public_key_alg_id() == *identifier.content)
        .ok_or(PeerMisbehaved::SignedHandshakeWithUnadvertisedSigScheme)?;
    algorithm
        .verify_signature(&info.subject_public_key.data, message, dss.signature())
        .map(|()| HandshakeSignatureValid::assertion())
        .map_err(|_| Error::InvalidCertificate(CertificateError::BadSignature))
}

/// Returns what is wrong with a certificate of the operator for this host and time
fn own_fault(
    certificate: &X509Certificate<'_>,
    server_name: &ServerName<'_>,
    now: UnixTime,
) -> Option<CertificateFault> {
    let now = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
    let validity = certificate.validity();
    if now < validity.not_before.timestamp() {
        return Some(CertificateFault::NotYetValid(day(validity.not_before)));
    }
    if now > validity.not_after.timestamp() {
        return Some(CertificateFault::Expired(day(validity.not_after)));
    }
    match alternative_names(certificate) {
        Some(names) if names.iter().any(|name| name.is_for(server_name)) => None,
        Some(names) => Some(CertificateFault::OtherHosts(shown(&names))),
        None => {
            let name = common_name(certificate);
            let is_for_it = name.as_deref().is_some_and(|name| Name::of_text(name).is_for(server_name));
            (!is_for_it)
                .then(|| CertificateFault::OtherCommonName(name.map(|name| printable(&name, LONGEST))))
        }
    }
}

/// Returns what is wrong with another certificate; `None` if the reason says all that is known
fn fault(certificate: &X509Certificate<'_>, reason: &CertificateError) -> Option<CertificateFault> {
    let is_self_signed = certificate.subject().as_raw() == certificate.issuer().as_raw();
    Some(match reason {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            CertificateFault::Expired(day(certificate.validity().not_after))
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            CertificateFault::NotYetValid(day(certificate.validity().not_before))
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            match alternative_names(certificate) {
                Some(names) => CertificateFault::OtherHosts(shown(&names)),
                None => CertificateFault::NoAlternativeName(
                    common_name(certificate).map(|name| printable(&name, LONGEST)),
                ),
            }
        }
        CertificateError::Revoked => return None,
        _ if certificate.version() != X509Version::V3 => CertificateFault::OldFormat,
        _ if is_self_signed => {
            CertificateFault::SelfSigned(printable(&certificate.subject().to_string(), LONGEST))
        }
        CertificateError::UnknownIssuer => {
            CertificateFault::UnknownIssuer(printable(&certificate.issuer().to_string(), LONGEST))
        }
        _ if certificate.is_ca() => CertificateFault::Authority,
        _ => return None,
    })
}

/// A host that a certificate names
enum Name {
    /// A domain in small letters; its first label may be `*`
    Domain(String),
    Address(IpAddr),
}

impl Name {
    fn of_text(text: &str) -> Self {
        text.parse().map_or_else(|_| Name::Domain(text.to_ascii_lowercase()), Name::Address)
    }

    fn is_for(&self, server: &ServerName<'_>) -> bool {
        match (self, server) {
            (Name::Address(own), ServerName::IpAddress(address)) => *own == IpAddr::from(*address),
            (Name::Domain(own), ServerName::DnsName(name)) => {
                let name = name.as_ref().trim_end_matches('.').to_ascii_lowercase();
                let below = own.strip_prefix("*.").filter(|domain| domain.contains('.'));
                // A wildcard stands for one label.
                *own == name
                    || below
                        .is_some_and(|domain| name.split_once('.').is_some_and(|(_, rest)| rest == domain))
            }
            _ => false,
        }
    }
}

/// Returns the hosts in the subject alternative name; `None` if the certificate has none
fn alternative_names(certificate: &X509Certificate<'_>) -> Option<Vec<Name>> {
    let extension = certificate.subject_alternative_name().ok()??;
    let names = extension.value.general_names.iter().filter_map(|name| match name {
        GeneralName::DNSName(name) => Some(Name::Domain(name.to_ascii_lowercase())),
        GeneralName::IPAddress(bytes) => match bytes.len() {
            4 => <[u8; 4]>::try_from(*bytes).ok().map(|bytes| Name::Address(bytes.into())),
            _ => <[u8; 16]>::try_from(*bytes).ok().map(|bytes| Name::Address(bytes.into())),
        },
        _ => None,
    });
    Some(names.collect())
}

fn common_name(certificate: &X509Certificate<'_>) -> Option<String> {
    certificate.subject().iter_common_name().next()?.as_str().ok().map(str::to_owned)
}

/// Returns the names for a message
fn shown(names: &[Name]) -> Vec<String> {
    let text = |name: &Name| match name {
        Name::Domain(name) => printable(name, LONGEST),
        Name::Address(address) => address.to_string(),
    };
    let more = names.len().saturating_sub(MOST_NAMES);
    let more = (more > 0).then(|| format!("and {more} more"));
    names.iter().take(MOST_NAMES).map(text).chain(more).collect()
}

fn day(moment: ASN1Time) -> Date {
    moment.to_datetime().date()
}
