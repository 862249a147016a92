//! What is wrong with the TLS of a server, and who can correct it.

use std::borrow::Cow;

use rustls::CertificateError;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// What is wrong with the TLS of the other side
pub(crate) fn reason(error: &rustls::Error) -> String {
    let rustls::Error::InvalidCertificate(fault) = error else {
        return "no TLS came about".to_owned();
    };
    let reason = match fault {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => "has expired",
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => "is not valid yet",
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "is another host's"
        }
        CertificateError::UnknownIssuer => "comes from an authority that is not trusted",
        CertificateError::Revoked => "is revoked",
        _ => "cannot be trusted",
    };
    format!("its certificate {reason}")
}

/// What to do about it: who has to act, likeliest first
pub(crate) fn help(error: &rustls::Error, now: OffsetDateTime) -> Cow<'static, str> {
    let rustls::Error::InvalidCertificate(fault) = error else {
        return "The port may speak plain HTTP, or TLS before 1.2, which is not spoken here; a proxy may stand \
                between."
            .into();
    };
    let clock = |instead: &str| {
        let now = now.replace_nanosecond(0).unwrap_or(now).format(&Rfc3339).unwrap_or_default();
        format!("This machine's clock shows {now}. If it is wrong, set it; if it is right, {instead}.").into()
    };
    match fault {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            clock("the server's owner has to renew the certificate")
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            clock("the server's owner used the certificate too early")
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "Compare the host in the URL with the one the certificate is for; a sign-in page of the network may \
             answer in its place."
                .into()
        }
        CertificateError::Revoked => "The server's owner has to replace the certificate.".into(),
        _ => "A proxy on the way may open the encryption, or the server has an authority of its own: give that \
              authority's certificate with `--ca FILE`. If neither should be so, send no token from this network."
            .into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_of_a_certificate_has_its_own_help() {
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
