//! The errors of TLS and certificates: what is wrong, and who can correct it.

use std::borrow::Cow;

use rustls::CertificateError;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Returns what is wrong with the TLS of the server
pub(crate) fn reason(error: &rustls::Error) -> String {
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

/// Returns who can correct it, and how
pub(crate) fn help(error: &rustls::Error, now: OffsetDateTime) -> Cow<'static, str> {
    let rustls::Error::InvalidCertificate(fault) = error else {
        return "The port may use plain HTTP, or a TLS version before 1.2, which is not supported; or a proxy \
                intercepts the connection."
            .into();
    };
    let clock = |instead: &str| {
        let now = now.replace_nanosecond(0).unwrap_or(now).format(&Rfc3339).unwrap_or_default();
        format!("This machine's clock shows {now}. If it is wrong, set it; if it is right, {instead}.").into()
    };
    match fault {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            clock("the server's owner must renew the certificate")
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            clock("the server's owner installed the certificate too early")
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "Compare the host in the URL with the host of the certificate; the network's own sign-in page may have \
             responded instead."
                .into()
        }
        CertificateError::Revoked => "The server's owner must replace the certificate.".into(),
        _ => "A proxy may intercept TLS, or the server may use a private certificate authority: pass that authority's \
              certificate with `--ca FILE`. If you expect neither, do not send a token from this network."
            .into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_certificate_error_has_its_own_help() {
        let of = |fault| {
            let now = OffsetDateTime::from_unix_timestamp(1_790_000_000).expect("a moment");
            help(&rustls::Error::InvalidCertificate(fault), now)
        };
        assert!(of(CertificateError::UnknownIssuer).contains("--ca FILE"));
        assert!(of(CertificateError::NotValidForName).contains("host"));
        for fault in [CertificateError::Expired, CertificateError::NotValidYet] {
            assert!(of(fault).starts_with("This machine's clock shows 2026-09-21T"));
        }
        assert_ne!(of(CertificateError::Expired), of(CertificateError::NotValidYet));
    }
}
