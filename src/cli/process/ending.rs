//! The end of the process: asked for by a signal or by the end of the input, and kept within a second.
//!
//! A thread of its own listens and keeps the time, so that it holds whatever else blocks.

use std::io;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::mpsc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::cli::output::fail::Fail;
use crate::cli::output::stderr;

/// How long an orderly end may take
const LIMIT: Duration = Duration::from_millis(930);

/// How often a process that still works gets that time again, when no one has sent a signal
const EXTENSIONS: usize = 4;

/// A process that needs less than this of a processor in that time does not work: it waits
const AT_WORK: Duration = Duration::from_millis(20);

/// How long the system may take to exit the process; then it is aborted
const EXIT_LIMIT: Duration = Duration::from_millis(50);

/// How long a host may go on reading after the end of its input, until what is in flight is cut off
const GRACE: Duration = Duration::from_millis(200);

/// What a process that a signal ends exits with: this and the signal's number
const SIGNALLED: u8 = 128;

/// When this process has to end
#[derive(Clone, Default)]
pub(in crate::cli) struct Ending(Arc<State>);

#[derive(Default)]
struct State {
    signal: OnceLock<u8>,
    signalled: CancellationToken,
    input_ended: CancellationToken,
}

impl Ending {
    /// Listens from now on to the signals that ask a process to end
    ///
    /// Errors: the thread that listens cannot be started.
    pub(in crate::cli) fn listen() -> io::Result<Self> {
        let ending = Ending::default();
        let of_thread = ending.clone();
        let (sender, listening) = mpsc::channel();
        std::thread::Builder::new().name("ending".to_owned()).spawn(move || {
            match tokio::runtime::Builder::new_current_thread().enable_all().build() {
                Ok(runtime) => runtime.block_on(async {
                    let signals = Signals::listen();
                    let _ = sender.send(Ok(()));
                    of_thread.keep_time(signals).await;
                }),
                Err(error) => drop(sender.send(Err(error))),
            }
        })?;
        listening.recv().map_err(io::Error::other)??;
        Ok(ending)
    }

    /// Resolves when a signal asks the process to end
    pub(in crate::cli) async fn signalled(&self) {
        self.0.signalled.cancelled().await;
    }

    /// What this work comes to, or the end by a signal that comes before
    pub(in crate::cli) async fn or_done<T>(&self, work: impl Future<Output = T>) -> Result<T, Fail> {
        tokio::select! {
            done = work => Ok(done),
            () = self.signalled() => Err(Fail::ended(self.exit_code().unwrap_or(ExitCode::FAILURE))),
        }
    }

    /// What the process exits with when a signal has asked it to end
    pub(in crate::cli) fn exit_code(&self) -> Option<ExitCode> {
        self.0.signal.get().map(|signal| ExitCode::from(SIGNALLED + signal))
    }

    /// From now on the process has a second to end
    pub(in crate::cli) fn input_ended(&self) {
        self.0.input_ended.cancel();
    }

    /// Sees from now on when the host closes a pipe that is the standard input, read to its end or not
    #[cfg(unix)]
    pub(in crate::cli) fn watch_input(&self) {
        use std::os::fd::AsFd as _;

        use rustix::event::PollFd;
        use rustix::event::PollFlags;
        use rustix::event::poll;

        #[cfg(target_os = "linux")]
        let events = PollFlags::RDHUP;
        #[cfg(not(target_os = "linux"))]
        let events = PollFlags::empty();
        let ending = self.clone();
        let _ = std::thread::Builder::new().name("end of input".to_owned()).spawn(move || {
            let input = std::io::stdin();
            let input = input.as_fd();
            let mut asked = [PollFd::new(&input, events)];
            // Only a reader is told of the end behind lines that are not taken; this tells at once.
            while poll(&mut asked, None) == Err(rustix::io::Errno::INTR) {}
            if asked[0].revents().intersects(PollFlags::HUP | events) {
                ending.input_ended();
            }
        });
    }

    /// Only a reader is told of it here
    #[cfg(not(unix))]
    pub(in crate::cli) fn watch_input(&self) {}

    /// Resolves some time after the input has ended
    pub(in crate::cli) async fn input_closed(&self) {
        self.0.input_ended.cancelled().await;
        tokio::time::sleep(GRACE).await;
    }

    /// Waits for the first reason to end, and then no longer than the limit, or until a signal comes again
    async fn keep_time(self, mut signals: Signals) {
        let signalled = tokio::select! {
            signal = signals.next() => Some(signal),
            () = self.0.input_ended.cancelled() => None,
        };
        if let Some(signal) = signalled {
            let _ = self.0.signal.set(signal);
            self.0.signalled.cancel();
        }
        let limit = async {
            // Lines from before the end of the input may still be at work, on a machine that is slow.
            let mut extensions = if signalled.is_none() { EXTENSIONS } else { 0 };
            loop {
                let before = processor_time();
                tokio::time::sleep(LIMIT).await;
                if extensions == 0 || processor_time().saturating_sub(before) < AT_WORK {
                    return;
                }
                extensions -= 1;
            }
        };
        let (code, reason) = tokio::select! {
            signal = signals.next() => (SIGNALLED + signal, "a signal came while it ended"),
            () = limit => match signalled {
                Some(signal) => (SIGNALLED + signal, "it did not end in time after a signal"),
                None => (1, "it did not end in time after the end of its input"),
            },
        };
        stderr::report(&format!(
            "azdo-bot was cut off: {reason}; a change in flight may have been carried out"
        ));
        stderr::finish(Duration::from_millis(20));
        let _ = std::thread::Builder::new().spawn(|| {
            #[expect(
                clippy::disallowed_methods,
                reason = "no runtime is left to wait with, and no call is cut off"
            )]
            std::thread::sleep(EXIT_LIMIT);
            // An exit writes what is buffered, and waits for another thread that exits.
            std::process::abort();
        });
        std::process::exit(code.into());
    }
}

/// How long this process has worked
#[cfg(unix)]
fn processor_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::try_from(time).unwrap_or_default()
}

/// Not to be known here
#[cfg(not(unix))]
fn processor_time() -> Duration {
    Duration::ZERO
}

/// The signals that ask a process to end: that of a supervisor, that of Ctrl-C, and that of a closed terminal
#[cfg(unix)]
struct Signals([Option<(u8, tokio::signal::unix::Signal)>; 3]);

#[cfg(unix)]
impl Signals {
    fn listen() -> Self {
        use tokio::signal::unix::SignalKind;

        let kinds = [SignalKind::terminate(), SignalKind::interrupt(), SignalKind::hangup()];
        Signals(kinds.map(|kind| {
            let signal = tokio::signal::unix::signal(kind).ok()?;
            Some((u8::try_from(kind.as_raw_value()).ok()?, signal))
        }))
    }

    /// The number of the next one
    async fn next(&mut self) -> u8 {
        let next = std::future::poll_fn(|context| {
            for (number, signal) in self.0.iter_mut().flatten() {
                if signal.poll_recv(context).is_ready() {
                    return std::task::Poll::Ready(*number);
                }
            }
            std::task::Poll::Pending
        });
        next.await
    }
}

/// Ctrl-C, which counts as the signal 2
#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn listen() -> Self {
        Signals
    }

    async fn next(&mut self) -> u8 {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
        2
    }
}
