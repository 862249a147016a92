//! A request without a whole answer: what broke, told by types, and whether it may have arrived.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::io;
use std::time::Duration;

use time::OffsetDateTime;

use crate::contract::ChangeInFlight;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Retry;
use crate::devops::errors::certificate_error;
use crate::devops::message::body::BodyFault;

/// What to do where a proxy of the operator's takes no connection to the service
const PROXY_REFUSES: &str = "If a proxy is named there, it does not let this host and port through, or is down itself: ask who runs it.";

/// What to do where the operator's proxy wants to know who is calling
pub(crate) const PROXY_ASKS: &str = "The operator keeps the address http://USER:PASSWORD@HOST:PORT in a file and names \
    that, `--proxy file:PATH`. If both are given they are wrong, or the proxy wants NTLM or Kerberos, which are not spoken here.";

/// Why there is no answer
pub(crate) struct TransportError {
    /// The code, if nothing more is tried
    pub(crate) code: ErrorCode,
    /// What broke, after "could not do it:"
    pub(crate) reason: String,
    /// Whether any of the request may have reached the service
    pub(crate) sent: bool,
    /// Whether the same request may fare better in a moment
    pub(crate) retryable: bool,
    /// What to do, where the code's own advice does not fit
    help: Option<Cow<'static, str>>,
    source: Option<reqwest::Error>,
    /// The change that may have been made
    pub(crate) change: Option<ChangeInFlight>,
}

impl TransportError {
    /// What the HTTP client says about a request to a host
    pub(crate) fn of_request(error: reqwest::Error, host: &str) -> Self {
        let error = error.without_url();
        let connecting = error.is_connect();
        let mut help = None;
        let mut retryable = true;
        let (code, reason) = if let Some(tls) = find::<rustls::Error>(&error) {
            help = Some(certificate_error::help(tls, OffsetDateTime::now_utc()));
            retryable = false;
            (ErrorCode::NetworkTls, format!("{host}: {}", certificate_error::reason(tls)))
        } else if find::<hyper::Error>(&error).is_some_and(hyper::Error::is_parse) {
            retryable = false;
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
                retryable = false;
                "the proxy asks who is calling".to_owned()
            } else if connecting {
                help = Some(PROXY_REFUSES.into());
                "no connection came about".to_owned()
            } else {
                "the connection broke before the answer was whole".to_owned()
            };
            (ErrorCode::NetworkFailed, format!("{host}: {reason}"))
        };
        TransportError { code, reason, sent: !connecting, retryable, help, source: Some(error), change: None }
    }

    /// What became of a body from a host, which was to be no larger than `limit` bytes
    pub(crate) fn of_body(fault: BodyFault, host: &str, limit: usize) -> Self {
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
        TransportError { code, reason, sent: true, retryable: false, help: None, source: None, change: None }
    }

    /// One request took its whole time
    pub(crate) fn too_slow(limit: Duration) -> Self {
        let reason = format!("there was no whole answer within {} s", limit.as_secs_f64());
        let help = Some(
            "It is the limit of one request, which no action changes; trying again later may help.".into(),
        );
        TransportError {
            code: ErrorCode::DeadlineExceeded,
            reason,
            sent: true,
            retryable: false,
            help,
            source: None,
            change: None,
        }
    }

    /// A file does not get on
    pub(crate) fn stalled() -> Self {
        let reason = "the file goes out with less than 1 KiB a second".to_owned();
        TransportError {
            code: ErrorCode::DeadlineExceeded,
            reason,
            sent: true,
            retryable: false,
            help: None,
            source: None,
            change: None,
        }
    }

    /// The time of the whole call is over
    pub(crate) fn out_of_time(sent: bool) -> Self {
        let reason = "the action's time limit is reached".to_owned();
        TransportError {
            code: ErrorCode::DeadlineExceeded,
            reason,
            sent,
            retryable: false,
            help: None,
            source: None,
            change: None,
        }
    }

    /// The error, for what was to be done after "could not"
    pub(crate) fn into_error(self, description: &str) -> Error {
        let mut error = Error::new(self.code, format!("Could not {description}: {}", self.reason));
        if self.retryable || (self.code == ErrorCode::DeadlineExceeded && self.help.is_some()) {
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

#[cfg(test)]
mod tests {
    use super::*;

    use rustls::CertificateError;

    #[test]
    fn a_cause_is_found_by_its_type_inside_io_errors_too() {
        let tls = rustls::Error::InvalidCertificate(CertificateError::Expired);
        let wrapped = io::Error::other(io::Error::new(io::ErrorKind::InvalidData, tls));
        assert_eq!(
            find::<rustls::Error>(&wrapped).map(certificate_error::reason).as_deref(),
            Some("its certificate has expired")
        );
        assert!(find::<rustls::Error>(&io::Error::other("InvalidCertificate(Expired)")).is_none());
    }
}
