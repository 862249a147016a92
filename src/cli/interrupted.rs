//! The end of a command that goes on until somebody ends it.

/// Resolves when the system or a person wants the process to end
#[cfg(unix)]
pub(super) async fn interrupted() {
    use tokio::signal::unix::SignalKind;
    use tokio::signal::unix::signal;

    let wait = |kind| async move {
        match signal(kind) {
            Ok(mut signal) => drop(signal.recv().await),
            // Without a handler the signal ends the process by itself.
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        () = wait(SignalKind::terminate()) => {}
        () = wait(SignalKind::interrupt()) => {}
        () = wait(SignalKind::hangup()) => {}
    }
}

/// Resolves when the system or a person wants the process to end
#[cfg(not(unix))]
pub(super) async fn interrupted() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
