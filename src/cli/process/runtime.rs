//! The async runtime of a command.

use std::process::ExitCode;

use crate::cli::output::fail::FAILED;
use crate::cli::output::fail::Fail;
use crate::cli::process::ending::Ending;
use crate::files;

/// Checks that enough file descriptors are free; without them the start of a runtime panics
#[cfg(unix)]
fn has_descriptors() -> std::io::Result<()> {
    const PAIRS: usize = 4;
    let pairs = std::iter::repeat_with(std::os::unix::net::UnixStream::pair).take(PAIRS);
    pairs.collect::<std::io::Result<Vec<_>>>().map(drop)
}

#[cfg(not(unix))]
fn has_descriptors() -> std::io::Result<()> {
    Ok(())
}

/// Runs a command on a single-threaded runtime; actions wait for the network and compute little
pub(in crate::cli) fn block_on<W: Future<Output = Result<ExitCode, Fail>>>(
    work: impl FnOnce(Ending) -> W,
) -> Result<ExitCode, Fail> {
    has_descriptors().map_err(|error| Fail::new(files::failed("azdo-bot cannot start", error), FAILED))?;
    let ending = Ending::listen()
        .map_err(|error| Fail::usage(format!("cannot start the thread that listens for signals: {error}")))?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Fail::usage(format!("cannot start the runtime: {error}")))?;
    let result = runtime.block_on(work(ending));
    // A DNS lookup may hang in the system; the process does not wait for it.
    runtime.shutdown_background();
    result
}
