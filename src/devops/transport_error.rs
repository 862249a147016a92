//! A request without a whole answer: what broke, told by types, and whether it may have arrived.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::io;
use std::time::Duration;

use rustls::CertificateError;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::contract::ChangeInFlight;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Retry;
use crate::devops::body::BodyFault;

/// What to do where a proxy of the operator's takes no connection to the service
const PROXY_REFUSES: &str = "If a proxy is named there, it does not let this host and port through, or is down itself: ask who runs it.";

/// What to do where the operator's proxy wants to know who is calling
pub(super) const PROXY_ASKS: &str = "The operator keeps the address http://USER:PASSWORD@HOST:PORT in a file and names \
    that, `--proxy file:PATH`. If both are given they are wrong, or the proxy wants NTLM or Kerberos, which are not spoken here.";

/// Why there is no answer
pub(super) struct TransportError {
    /// The code, if nothing more is tried
    pub(super) code: ErrorCode,
    /// What broke, after "could not do it:"
    pub(super) reason: String,
    /// Whether any of the request may have reached the service
    pub(super) sent: bool,
    /// Whether the same request may fare better in a moment
    pub(super) again: bool,
    /// What to do, where the code's own advice does not fit
    help: Option<Cow<'static, str>>,
    source: Option<reqwest::Error>,
    /// The change that may have been made
    pub(super) change: Option<ChangeInFlight>,
}

impl TransportError {
    /// What the HTTP client says about a request to a host
    pub(super) fn of_request(error: reqwest::Error, host: &str) -> Self {
        let error = error.without_url();
        let connecting = error.is_connect();
        let mut help = None;
        let mut again = true;
        let (code, reason) = if let Some(tls) = find::<rustls::Error>(&error) {
            help = Some(tls_help(tls, OffsetDateTime::now_utc()));
            again = false;
            (ErrorCode::NetworkTls, format!("{host}: {}", tls_reason(tls)))
        } else if find::<hyper::Error>(&error).is_some_and(hyper::Error::is_parse) {
            again = false;
            (ErrorCode::ServiceBadResponse, "the answer is not HTTP".to_owned())
        } else {
            let reason = if error.is_dns() {
                "its name cannot be resolved".to_owned()
            } else if connecting && error.is_timeout() {
                "it does not take the connection".to_owned()
            } else if let Some(kind) = find::<io::Error>(&error).map(io::Error::kind).filter(says_something) {
                kind.to_string()
            } else if connecting && asks_who_is_calling(&error) {
                help = Some(PROXY_ASKS.into());
                again = false;
                "the proxy asks who is calling".to_owned()
            } else if connecting {
                help = Some(PROXY_REFUSES.into());
                "no connection came about".to_owned()
            } else {
                "the connection broke before the answer was whole".to_owned()
            };
            (ErrorCode::NetworkFailed, format!("{host}: {reason}"))
        };
        TransportError { code, reason, sent: !connecting, again, help, source: Some(error), change: None }
    }

    /// What became of a body from a host, which was to be no larger than `limit` bytes
    pub(super) fn of_body(fault: BodyFault, host: &str, limit: usize) -> Self {
        let (code, reason) = match fault {
            BodyFault::Broken(error) if find::<hyper::Error>(&error).is_none() && error.is_decode() => {
                (ErrorCode::ServiceBadResponse, "the answer's compression is broken".to_owned())
            }
            BodyFault::Broken(error) => return Self::of_request(error, host),
            BodyFault::Encoded => (
                ErrorCode::ServiceBadResponse,
                "the answer has an encoding that was not asked for".to_owned(),
            ),
            BodyFault::TooLarge => {
                (ErrorCode::ServiceResponseTooLarge, format!("the answer is larger than {limit} bytes"))
            }
        };
        TransportError { code, reason, sent: true, again: false, help: None, source: None, change: None }
    }

    /// One request took its whole time
    pub(super) fn too_slow(limit: Duration) -> Self {
        let reason = format!("there was no whole answer within {} s", limit.as_secs_f64());
        let help = Some(
            "It is the limit of one request, which no action changes; trying again later may help.".into(),
        );
        TransportError {
            code: ErrorCode::DeadlineExceeded,
            reason,
            sent: true,
            again: false,
            help,
            source: None,
            change: None,
        }
    }

    /// A file does not get on
    pub(super) fn stalled() -> Self {
        let reason = "the file goes out with less than 1 KiB a second".to_owned();
        TransportError {
            code: ErrorCode::DeadlineExceeded,
            reason,
            sent: true,
            again: false,
            help: None,
            source: None,
            change: None,
        }
    }

    /// The time of the whole call is over
    pub(super) fn out_of_time(sent: bool) -> Self {
        let reason = "the action's time limit is reached".to_owned();
        TransportError {
            code: ErrorCode::DeadlineExceeded,
            reason,
            sent,
            again: false,
            help: None,
            source: None,
            change: None,
        }
    }

    /// The error, for what was to be done after "could not"
    pub(super) fn into_error(self, words: &str) -> Error {
        let mut error = Error::new(self.code, format!("Could not {words}: {}", self.reason));
        if self.again || (self.code == ErrorCode::DeadlineExceeded && self.help.is_some()) {
            error = error.retry(Retry::Later);
        }
        if let Some(help) = self.help {
            error = error.help(help);
        }
        match self.source {
            Some(source) => error.caused_by(source),
            None => error,
        }
    }
}

fn says_something(kind: &io::ErrorKind) -> bool {
    *kind != io::ErrorKind::Other
}

/// Whether a proxy answered 407 to CONNECT
///
/// The client has a type for it that it keeps to itself, and no field that tells; so its words are compared, here and
/// nowhere else. When they change, `tests/devops/diagnoses.rs` fails.
fn asks_who_is_calling(error: &reqwest::Error) -> bool {
    let mut causes = std::iter::successors(error.source(), |cause| (*cause).source());
    causes.any(|cause| cause.to_string() == "tunnel error: proxy authorization required")
}

/// The first error of a type in a chain of causes
///
/// An I/O error does not count what it wraps as its source, so it is opened by hand.
fn find<'a, T: StdError + 'static>(error: &'a (dyn StdError + 'static)) -> Option<&'a T> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<T>() {
            return Some(found);
        }
        let inner = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        if let Some(found) = inner.and_then(|inner| find::<T>(inner)) {
            return Some(found);
        }
        next = error.source();
    }
    None
}

/// What is wrong with the TLS of the other side
fn tls_reason(error: &rustls::Error) -> String {
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
fn tls_help(error: &rustls::Error, now: OffsetDateTime) -> Cow<'static, str> {
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
    fn a_cause_is_found_by_its_type_inside_io_errors_too() {
        let tls = rustls::Error::InvalidCertificate(CertificateError::Expired);
        let wrapped = io::Error::other(io::Error::new(io::ErrorKind::InvalidData, tls));
        assert_eq!(
            find::<rustls::Error>(&wrapped).map(tls_reason).as_deref(),
            Some("its certificate has expired")
        );
        assert!(find::<rustls::Error>(&io::Error::other("InvalidCertificate(Expired)")).is_none());
    }

    #[test]
    fn every_fault_of_a_certificate_has_its_own_help() {
        let of = |fault| {
            let now = OffsetDateTime::from_unix_timestamp(1_790_000_000).expect("a moment");
            tls_help(&rustls::Error::InvalidCertificate(fault), now)
        };
        assert!(of(CertificateError::UnknownIssuer).contains("--ca FILE"));
        assert!(of(CertificateError::NotValidForName).contains("host"));
        for fault in [CertificateError::Expired, CertificateError::NotValidYet] {
            assert!(of(fault).starts_with("This machine's clock shows 2026-09-21T"));
        }
        assert_ne!(of(CertificateError::Expired), of(CertificateError::NotValidYet));
    }
}
