//! A store gets three seconds: a file system that hangs must not hang a bot.

use std::time::Duration;

use tokio::sync::oneshot;

use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Retry;

/// How long a credential may take, from its name to its token
pub(super) const STORE_LIMIT: Duration = Duration::from_secs(3);

/// Waits for a store no longer than the limit, then drops what it does
///
/// Errors: `credential.timeout`.
pub(super) async fn in_time<T>(
    limit: Duration,
    work: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    tokio::time::timeout(limit, work).await.unwrap_or_else(|_| {
        let message = format!("The credential store did not answer within {} seconds", limit.as_secs());
        Err(Error::new(ErrorCode::CredentialTimeout, message).retry(Retry::Later))
    })
}

/// Runs what may block on a thread of its own
///
/// A pool of the runtime would wait for a thread that hangs when the runtime ends; this one is left
/// behind, and what it finds late is dropped, which wipes it.
pub(super) async fn on_a_thread<T, F>(work: F) -> Result<T, Error>
where
    T: Send + 'static,
    F: FnOnce() -> Result<T, Error> + Send + 'static,
{
    let (sender, receiver) = oneshot::channel();
    let thread = std::thread::Builder::new().name("credential store".to_owned());
    let spawned = thread.spawn(move || {
        // Nobody waits any more when the time was up.
        let _ = sender.send(work());
    });
    if let Err(error) = spawned {
        let message = "The system starts no more threads, so the credential cannot be read";
        let error = Error::new(ErrorCode::LimitExceeded, message).retry(Retry::Later).caused_by(error);
        return Err(error.help("Let fewer things run at a time, or raise the limit: `ulimit -u` shows it."));
    }
    let lost = |_| Err(Error::new(ErrorCode::Internal, "Reading the credential failed in this package"));
    receiver.await.unwrap_or_else(lost)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run<T: Send + 'static>(
        limit: Duration,
        work: impl FnOnce() -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(in_time(limit, on_a_thread(work)))
    }

    #[test]
    fn an_answer_in_time_is_passed_on() {
        assert_eq!(run(STORE_LIMIT, || Ok(7)).unwrap(), 7);
        let refused = run::<()>(STORE_LIMIT, || Err(Error::new(ErrorCode::CredentialNotFound, "x")));
        assert_eq!(refused.unwrap_err().code(), ErrorCode::CredentialNotFound);
    }

    // A store that hangs until the test is over; the runtime ends without waiting for it
    #[test]
    fn a_store_that_hangs_is_given_up() {
        let (release, hang) = std::sync::mpsc::channel::<()>();
        let error = run(Duration::ZERO, move || hang.recv().map_err(|_| unreachable!("released first")));
        let error = error.unwrap_err();
        assert_eq!((error.code(), error.retry_advice()), (ErrorCode::CredentialTimeout, Retry::Later));
        release.send(()).unwrap();
    }
}
