//! The error of a request without a complete response: what broke, and whether the request may have arrived.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::io;
use std::time::Duration;

use crate::contract::ChangeInFlight;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Retry;
use crate::contract::utc_now;
use crate::devops::errors::certificate_error;
use crate::devops::message::body::BodyFault;
use crate::devops::message::route::Route;

/// The help for a host that is reached without a proxy and is not in the public cloud
const NO_ROUTE: &str = "Check that this machine resolves the name of the host, that no firewall is in between, and that the \
    server runs. A later retry may help.";

/// The help for a proxy that requires authentication
pub(crate) const PROXY_ASKS: &str = "Store the address http://USER:PASSWORD@HOST:PORT in a file and pass it with \
    `--proxy file:PATH`. If the user and the password are given already, they are wrong, or the proxy requires NTLM or \
    Kerberos, which are not supported.";

/// Why there is no response
pub(crate) struct TransportError {
    /// The code of the error
    pub(crate) code: ErrorCode,
    /// What broke, after "could not …:"
    pub(crate) reason: String,
    /// Whether the service may have processed a part of the request
    pub(crate) sent: bool,
    /// Whether the same request may succeed in a moment
    pub(crate) retryable: bool,
    /// The help, if the one of the code does not fit
    help: Option<Cow<'static, str>>,
    source: Option<reqwest::Error>,
    /// The change that the request may have made
    pub(crate) change: Option<ChangeInFlight>,
}

impl TransportError {
    /// Returns the error of the HTTP client for a request to a host
    pub(crate) fn of_request(error: reqwest::Error, route: &Route) -> Self {
        let error = error.without_url();
        let connecting = error.is_connect();
        let mut help = None;
        let mut retryable = true;
        let (code, reason) = if let Some(tls) = find::<rustls::Error>(&error) {
            help = Some(certificate_error::help(tls, utc_now(), route.proxy.as_deref()));
            retryable = false;
            (ErrorCode::NetworkTls, format!("{route}: {}", certificate_error::reason(tls)))
        } else if find::<hyper::Error>(&error).is_some_and(hyper::Error::is_parse) {
            retryable = false;
            (ErrorCode::ServiceBadResponse, "the response is not HTTP".to_owned())
        } else {
            let reason = if error.is_dns() {
                "its name cannot be resolved".to_owned()
            } else if connecting && error.is_timeout() {
                "it does not accept the connection".to_owned()
            } else if let Some(kind) = find::<io::Error>(&error).map(io::Error::kind).filter(is_specific) {
                kind.to_string()
            } else if connecting && is_proxy_auth_required(&error) {
                help = Some(PROXY_ASKS.into());
                retryable = false;
                "the proxy requires authentication".to_owned()
            } else if connecting {
                "no connection was established".to_owned()
            } else {
                "the connection broke before the response was complete".to_owned()
            };
            if connecting && help.is_none() {
                help = match &route.proxy {
                    Some(proxy) => Some(
                        format!(
                            "The proxy {proxy} is down or does not allow this host and port: ask its administrator. For a \
                             host that needs no proxy, add `--no-proxy {}` or `network.no_proxy` in the operator's file.",
                            route.host
                        )
                        .into(),
                    ),
                    None if route.is_public() => None,
                    None => Some(NO_ROUTE.into()),
                };
            }
            (ErrorCode::NetworkFailed, format!("{route}: {reason}"))
        };
        let sent = !connecting && !find::<h2::Error>(&error).is_some_and(is_unprocessed);
        TransportError { code, reason, sent, retryable, help, source: Some(error), change: None }
    }

    /// Returns the error of a response body of at most `limit` bytes
    pub(crate) fn of_body(fault: BodyFault, route: &Route, limit: usize) -> Self {
        let (code, reason) = match fault {
            BodyFault::Broken(error) if find::<hyper::Error>(&error).is_none() && error.is_decode() => {
                (ErrorCode::ServiceBadResponse, "the compression of the response is broken".to_owned())
            }
            BodyFault::Broken(error) => return Self::of_request(error, route),
            BodyFault::Encoded => (
                ErrorCode::ServiceBadResponse,
                "the response has an encoding that was not requested".to_owned(),
            ),
            BodyFault::TooLarge => {
                (ErrorCode::ServiceResponseTooLarge, format!("the response is larger than {limit} bytes"))
            }
        };
        TransportError { code, reason, sent: true, retryable: false, help: None, source: None, change: None }
    }

    /// Returns the error of a request that exceeds its time limit
    pub(crate) fn too_slow(limit: Duration) -> Self {
        let reason = format!("there was no complete response within {} s", limit.as_secs_f64());
        let help = Some(
            "This is the limit of a single request, which no action changes; trying again later may help."
                .into(),
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

    /// Returns the error of an upload below the minimum throughput
    pub(crate) fn stalled() -> Self {
        let reason = "the upload is slower than 1 KiB/s".to_owned();
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

    /// Returns the error of a request at the deadline of the call
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

    /// Converts it to an error; `description` completes "could not"
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

fn is_specific(kind: &io::ErrorKind) -> bool {
    *kind != io::ErrorKind::Other
}

/// Whether the server has certainly not processed a request: it refused the stream, or it named an earlier stream as the
/// last one when it closed the connection (RFC 9113, section 8.7)
fn is_unprocessed(error: &h2::Error) -> bool {
    let is_refused = error.is_reset() && error.reason() == Some(h2::Reason::REFUSED_STREAM);
    let is_behind_the_last = error.is_go_away() && error.reason() == Some(h2::Reason::NO_ERROR);
    error.is_remote() && (is_refused || is_behind_the_last)
}

/// Whether a proxy responded with 407 to CONNECT
///
/// The HTTP client has a private type for this and no accessor, so this compares its message. If the message changes,
/// `tests/devops/diagnoses.rs` fails.
fn is_proxy_auth_required(error: &reqwest::Error) -> bool {
    let mut causes = std::iter::successors(error.source(), |cause| (*cause).source());
    causes.any(|cause| cause.to_string() == "tunnel error: proxy authorization required")
}

/// Returns the first error of a type in a chain of causes
///
/// The inner error of an I/O error is not its source, so this looks there as well.
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
