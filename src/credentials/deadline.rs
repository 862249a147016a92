//! The time limit of a credential store: a file system that hangs must not block a bot.

use std::time::Duration;

use tokio::sync::oneshot;

use crate::contract::CredentialReference;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Retry;
use crate::contract::printable;

/// The time limit from the name of a credential to its token
pub(super) const STORE_LIMIT: Duration = Duration::from_secs(3);

/// Waits for a store until the limit, then drops its work
///
/// `asked` is what was requested, as a message names it; `help` says what to do, if the store knows it.
/// Errors: `credential.timeout`.
pub(super) async fn in_time<T>(
    limit: Duration,
    asked: &CredentialReference,
    help: impl FnOnce() -> Option<String>,
    work: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    tokio::time::timeout(limit, work).await.unwrap_or_else(|_| {
        let (store, place) = (&asked.store, printable(&asked.to_string(), 512));
        let seconds = limit.as_secs();
        let message = format!(
            "The credential store {store} did not return the token of {place} within {seconds} seconds"
        );
        let error = Error::new(ErrorCode::CredentialTimeout, message).retry(Retry::Later);
        Err(match help() {
            Some(help) => error.help(help),
            None => error,
        })
    })
}

/// Runs blocking work on a separate thread
///
/// The runtime would wait for a blocked thread of its pool when it shuts down. This thread is detached
/// instead, and a late result is dropped, which wipes it.
pub(super) async fn on_a_thread<T, F>(work: F) -> Result<T, Error>
where
    T: Send + 'static,
    F: FnOnce() -> Result<T, Error> + Send + 'static,
{
    let (sender, receiver) = oneshot::channel();
    let thread = std::thread::Builder::new().name("credential store".to_owned());
    let spawned = thread.spawn(move || {
        // The receiver is gone after the time limit.
        let _ = sender.send(work());
    });
    if let Err(error) = spawned {
        let message = "The system cannot start another thread, so the credential cannot be read";
        let error = Error::new(ErrorCode::LimitExceeded, message).retry(Retry::Later).caused_by(error);
        return Err(
            error.help("Run fewer processes at the same time, or raise the limit, which `ulimit -u` shows.")
        );
    }
    let lost =
        |_| Err(Error::new(ErrorCode::Internal, "An internal error occurred while the credential was read"));
    receiver.await.unwrap_or_else(lost)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::TextKind as _;

    fn run<T: Send + 'static>(
        limit: Duration,
        work: impl FnOnce() -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let asked = CredentialReference::parse("file:/run/secrets/pat").unwrap();
        runtime.block_on(in_time(limit, &asked, || None, on_a_thread(work)))
    }

    #[test]
    fn a_result_in_time_is_returned() {
        assert_eq!(run(STORE_LIMIT, || Ok(7)).unwrap(), 7);
        let refused = run::<()>(STORE_LIMIT, || Err(Error::new(ErrorCode::CredentialNotFound, "x")));
        assert_eq!(refused.unwrap_err().code(), ErrorCode::CredentialNotFound);
    }

    // The store hangs until the end of the test; the runtime shuts down without waiting for it.
    #[test]
    fn a_store_that_hangs_times_out() {
        let (release, hang) = std::sync::mpsc::channel::<()>();
        let error = run(Duration::ZERO, move || hang.recv().map_err(|_| unreachable!("released first")));
        let error = error.unwrap_err();
        assert_eq!((error.code(), error.retry_advice()), (ErrorCode::CredentialTimeout, Retry::Later));
        assert!(error.message().contains("the token of file:/run/secrets/pat within 0 seconds"), "{error}");
        release.send(()).unwrap();
    }
}
