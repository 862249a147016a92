//! The errors of TLS and certificates: what is wrong, and who can correct it.

use std::borrow::Cow;

use rustls::CertificateError;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::devops::errors::certificate_fault::CertificateFault;

/// The end of the help for a certificate that is not trusted
const UNEXPECTED: &str = "If you do not expect this certificate, do not send a token from this network.";

/// Returns what is wrong with the TLS of the server
pub(crate) fn reason(error: &rustls::Error) -> String {
    if let Some(fault) = fault(error) {
        return format!("its certificate {fault}");
    }
    let rustls::Error::InvalidCertificate(fault) = error else {
        return "no TLS connection was established".to_owned();
    };
    let reason = match fault {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => "has expired",
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => "is not valid yet",
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "is for another host"
        }
        CertificateError::UnknownIssuer => "was issued by an authority that is not trusted",
        CertificateError::Revoked => "was revoked",
        _ => "cannot be trusted",
    };
    format!("its certificate {reason}")
}

/// Returns who can correct it, and how; `proxy` is the proxy that the request went through
pub(crate) fn help(error: &rustls::Error, now: OffsetDateTime, proxy: Option<&str>) -> Cow<'static, str> {
    let rustls::Error::InvalidCertificate(certificate) = error else {
        let proxy = proxy.map(|proxy| format!("; or the proxy {proxy} intercepts the connection"));
        return format!(
            "The port may use plain HTTP, or a TLS version before 1.2, which is not supported{}.",
            proxy.unwrap_or_default()
        )
        .into();
    };
    let clock = |instead: &str| {
        let now = now.replace_nanosecond(0).unwrap_or(now).format(&Rfc3339).unwrap_or_default();
        format!("This machine's clock shows {now}. If it is wrong, set it; if it is right, {instead}.").into()
    };
    let authority = match proxy {
        Some(proxy) => format!(
            "The proxy {proxy} may intercept TLS, or the server may use a private certificate authority"
        ),
        None => "The server may use a private certificate authority".to_owned(),
    };
    match (fault(error), certificate) {
        (Some(CertificateFault::Expired(_)), _)
        | (None, CertificateError::Expired | CertificateError::ExpiredContext { .. }) => {
            clock("the server's owner must renew the certificate")
        }
        (Some(CertificateFault::NotYetValid(_)), _)
        | (None, CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. }) => {
            clock("the server's owner installed the certificate too early")
        }
        (Some(CertificateFault::OtherHosts(_) | CertificateFault::OtherCommonName(_)), _)
        | (None, CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. }) => {
            "Compare the host in the URL with the host of the certificate; the network's own sign-in page may have \
             responded instead."
                .into()
        }
        (Some(CertificateFault::NoAlternativeName(_)), _) => {
            "Let the server's owner issue it again with the host of the URL as a subject alternative name. Until then, get \
             this certificate from the server's administrator and pass it with `--ca FILE`: a certificate that is given \
             itself is accepted by its common name."
                .into()
        }
        (Some(CertificateFault::SelfSigned(_)), _) => format!(
            "If this is how your server is set up, get its certificate from the server's administrator and pass it with \
             `--ca FILE`. {UNEXPECTED}"
        )
        .into(),
        (Some(CertificateFault::Authority), _) => {
            "If the server is its own certificate authority, pass exactly this certificate with `--ca FILE`. Otherwise let \
             the server's owner install a certificate for the server."
                .into()
        }
        (Some(CertificateFault::OldFormat), _) => {
            "Let the server's owner issue it again in version 3, with the host of the URL as a subject alternative name. Until \
             then, get this certificate from the server's administrator and pass it with `--ca FILE`: a certificate that is \
             given itself is accepted by its common name."
                .into()
        }
        (None, CertificateError::Revoked) => "The server's owner must replace the certificate.".into(),
        _ => format!("{authority}: pass that authority's certificate with `--ca FILE`. {UNEXPECTED}").into(),
    }
}

/// Returns what is wrong with the certificate, if the verifier found out
fn fault(error: &rustls::Error) -> Option<&CertificateFault> {
    match error {
        rustls::Error::InvalidCertificate(CertificateError::Other(other)) => other.0.downcast_ref(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_certificate_error_has_its_own_help() {
        let of = |fault| {
            let now = OffsetDateTime::from_unix_timestamp(1_790_000_000).expect("a moment");
            help(&rustls::Error::InvalidCertificate(fault), now, None)
        };
        assert!(of(CertificateError::UnknownIssuer).contains("--ca FILE"));
        assert!(of(CertificateError::NotValidForName).contains("host"));
        for fault in [CertificateError::Expired, CertificateError::NotValidYet] {
            assert!(of(fault).starts_with("This machine's clock shows 2026-09-21T"));
        }
        assert_ne!(of(CertificateError::Expired), of(CertificateError::NotValidYet));
    }

    #[test]
    fn only_a_request_through_a_proxy_has_help_about_the_proxy() {
        let now = OffsetDateTime::UNIX_EPOCH;
        for error in [
            rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer),
            rustls::Error::General("alert".to_owned()),
        ] {
            assert!(!help(&error, now, None).contains("proxy"));
            assert!(
                help(&error, now, Some("proxy.example:8080")).contains("the proxy proxy.example:8080")
                    || help(&error, now, Some("proxy.example:8080")).contains("The proxy proxy.example:8080")
            );
        }
    }
}
