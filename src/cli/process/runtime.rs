//! The runtime that a command works on.

use std::process::ExitCode;

use crate::cli::output::fail::FAILED;
use crate::cli::output::fail::Fail;
use crate::cli::process::ending::Ending;
use crate::files;

/// Whether a runtime can be started, which needs some descriptors and panics without them
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

/// One thread is enough: actions wait for the network, they do not compute
pub(in crate::cli) fn block_on<W: Future<Output = Result<ExitCode, Fail>>>(
    work: impl FnOnce(Ending) -> W,
) -> Result<ExitCode, Fail> {
    has_descriptors().map_err(|error| Fail::new(files::failed("azdo-bot cannot start", error), FAILED))?;
    let ending = Ending::listen()
        .map_err(|error| Fail::usage(format!("no thread can be started that listens to signals: {error}")))?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Fail::usage(format!("the runtime cannot be started: {error}")))?;
    let result = runtime.block_on(work(ending));
    // A look-up of a name may hang in the system; it is left behind.
    runtime.shutdown_background();
    result
}
