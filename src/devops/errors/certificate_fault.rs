//! What is wrong with a server's certificate, with the names and dates that it has.

use std::fmt;

use time::Date;

/// What is wrong with a certificate that the trusted authorities do not verify
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum CertificateFault {
    /// Its last day has passed
    Expired(Date),
    /// Its first day is in the future
    NotYetValid(Date),
    /// It names other hosts
    OtherHosts(Vec<String>),
    /// It has no subject alternative name, which clients require, only a common name
    NoAlternativeName(Option<String>),
    /// It is one of the operator's own, but without a subject alternative name and with another common name
    OtherCommonName(Option<String>),
    /// It is signed by itself: its subject
    SelfSigned(String),
    /// Its issuer is not trusted
    UnknownIssuer(String),
    /// It is that of a certificate authority
    Authority,
    /// It has a version of the format before 3
    OldFormat,
}

impl fmt::Display for CertificateFault {
    /// Completes "its certificate"
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |name: &Option<String>| match name {
            Some(name) => format!("the common name \"{name}\""),
            None => "no common name".to_owned(),
        };
        match self {
            CertificateFault::Expired(date) => write!(f, "has expired on {date}"),
            CertificateFault::NotYetValid(date) => write!(f, "is not valid before {date}"),
            CertificateFault::OtherHosts(names) if names.is_empty() => f.write_str("is for no host"),
            CertificateFault::OtherHosts(names) => write!(f, "is for another host: {}", names.join(", ")),
            CertificateFault::NoAlternativeName(name) => {
                write!(f, "has no subject alternative name (SAN), only {}", shown(name))
            }
            CertificateFault::OtherCommonName(name) => {
                write!(
                    f,
                    "is for another host: it has no subject alternative name (SAN), and {}",
                    shown(name)
                )
            }
            CertificateFault::SelfSigned(subject) => write!(f, "is self-signed ({subject})"),
            CertificateFault::UnknownIssuer(issuer) => {
                write!(f, "was issued by an authority that is not trusted ({issuer})")
            }
            CertificateFault::Authority => f.write_str("is that of a certificate authority, not of a server"),
            CertificateFault::OldFormat => f.write_str("has an old format (X.509 before version 3)"),
        }
    }
}

impl std::error::Error for CertificateFault {}
