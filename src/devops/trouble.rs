//! A request without a whole answer: what broke, told by types, and whether it may have arrived.

use std::error::Error as StdError;
use std::io;
use std::time::Duration;

use rustls::CertificateError;

use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Retry;
use crate::devops::body::BodyFault;

/// Why there is no answer
pub(super) struct Trouble {
    /// The code, if nothing more is tried
    pub(super) code: ErrorCode,
    /// What broke, after "could not do it:"
    pub(super) reason: String,
    /// Whether any of the request may have reached the service
    pub(super) sent: bool,
    /// Whether the same request may fare better in a moment
    pub(super) again: bool,
    /// What to do, where the code's own advice does not fit
    help: Option<&'static str>,
    source: Option<reqwest::Error>,
}

impl Trouble {
    /// What the HTTP client says about a request to a host
    pub(super) fn of_request(error: reqwest::Error, host: &str) -> Self {
        let error = error.without_url();
        let connecting = error.is_connect();
        let (code, reason, again) = if let Some(tls) = find::<rustls::Error>(&error) {
            (ErrorCode::NetworkTls, format!("{host}: {}", tls_reason(tls)), false)
        } else if find::<hyper::Error>(&error).is_some_and(hyper::Error::is_parse) {
            (ErrorCode::ServiceBadResponse, "the answer is not HTTP".to_owned(), false)
        } else {
            let reason = if error.is_dns() {
                "its name cannot be resolved".to_owned()
            } else if connecting && error.is_timeout() {
                "it does not take the connection".to_owned()
            } else if let Some(kind) = find::<io::Error>(&error).map(io::Error::kind).filter(says_something) {
                kind.to_string()
            } else if connecting {
                "no connection came about".to_owned()
            } else {
                "the connection broke before the answer was whole".to_owned()
            };
            (ErrorCode::NetworkFailed, format!("{host}: {reason}"), true)
        };
        Trouble { code, reason, sent: !connecting, again, help: None, source: Some(error) }
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
        Trouble { code, reason, sent: true, again: false, help: None, source: None }
    }

    /// One request took its whole time
    pub(super) fn too_slow(limit: Duration) -> Self {
        let reason = format!("there was no whole answer within {} s", limit.as_secs_f64());
        let help =
            Some("It is the limit of one request, which no action changes; trying again later may help.");
        Trouble { code: ErrorCode::DeadlineExceeded, reason, sent: true, again: false, help, source: None }
    }

    /// The time of the whole call is over
    pub(super) fn out_of_time(sent: bool) -> Self {
        let reason = "the action's time limit is reached".to_owned();
        Trouble { code: ErrorCode::DeadlineExceeded, reason, sent, again: false, help: None, source: None }
    }

    /// The error, for what was to be done after "could not"
    pub(super) fn into_error(self, words: &str) -> Error {
        let mut error = Error::new(self.code, format!("Could not {words}: {}", self.reason));
        if self.again || self.help.is_some() {
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
}
