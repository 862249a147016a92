//! The end of the process: requested by a signal or by the end of the input, and completed within a second.
//!
//! A separate thread listens and keeps the time limit, so that nothing that blocks can delay it. Decision 0118.

use std::io;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::sync::mpsc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::cli::output::fail::Fail;
use crate::cli::output::stderr;

/// The time limit of an orderly end
const LIMIT: Duration = Duration::from_millis(930);

/// How many times a process that is still busy gets that time again, if no signal was sent
const EXTENSIONS: usize = 4;

/// A process that used less processor time than this is waiting, not busy
const AT_WORK: Duration = Duration::from_millis(20);

/// The time limit of the system's exit; after it the process aborts
const EXIT_LIMIT: Duration = Duration::from_millis(50);

/// How long a host may keep reading after the end of the input before calls in flight are cancelled
const GRACE: Duration = Duration::from_millis(200);

/// The base of exit codes after a signal; the signal's number is added
const SIGNALLED: u8 = 128;

/// The number of SIGHUP
const HANGUP: u8 = 1;

/// The request to end this process, and its time limit
#[derive(Clone, Default)]
pub(in crate::cli) struct Ending(Arc<State>);

#[derive(Default)]
struct State {
    signal: OnceLock<u8>,
    /// Whether SIGHUP opens files again instead of ending the process
    hangup_reopens: AtomicBool,
    hangups: Notify,
    signalled: CancellationToken,
    input_ended: CancellationToken,
}

impl Ending {
    /// Starts listening for the signals that request the end
    ///
    /// Errors: the listening thread cannot be started.
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

    /// Resolves when a signal requests the end
    pub(in crate::cli) async fn signalled(&self) {
        self.0.signalled.cancelled().await;
    }

    /// Returns the result of the work, or fails if a signal arrives first
    pub(in crate::cli) async fn or_done<T>(&self, work: impl Future<Output = T>) -> Result<T, Fail> {
        tokio::select! {
            done = work => Ok(done),
            () = self.signalled() => Err(Fail::ended(self.exit_code().unwrap_or(ExitCode::FAILURE))),
        }
    }

    /// The exit code after a signal; none if no signal arrived
    pub(in crate::cli) fn exit_code(&self) -> Option<ExitCode> {
        self.0.signal.get().map(|signal| ExitCode::from(SIGNALLED + signal))
    }

    /// From now on, SIGHUP requests that files are opened again, and not the end
    pub(in crate::cli) fn reopen_at_hangup(&self) {
        self.0.hangup_reopens.store(true, Ordering::Release);
    }

    /// Resolves when SIGHUP requests that files are opened again
    pub(in crate::cli) async fn hung_up(&self) {
        self.0.hangups.notified().await;
    }

    /// Waits for the next signal that requests the end
    async fn next_end(&self, signals: &mut Signals) -> u8 {
        loop {
            match signals.next().await {
                HANGUP if self.0.hangup_reopens.load(Ordering::Acquire) => self.0.hangups.notify_one(),
                signal => return signal,
            }
        }
    }

    /// Starts the time limit: the process has one second to end
    pub(in crate::cli) fn input_ended(&self) {
        self.0.input_ended.cancel();
    }

    /// Starts watching for the host to close the pipe on standard input, even if it was not read to its end
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
            let mut polled = [PollFd::new(&input, events)];
            // A reader sees the end only after the lines before it; poll reports it at once.
            while poll(&mut polled, None) == Err(rustix::io::Errno::INTR) {}
            if polled[0].revents().intersects(PollFlags::HUP | events) {
                ending.input_ended();
            }
        });
    }

    /// Does nothing: on this system only a reader sees the end
    #[cfg(not(unix))]
    pub(in crate::cli) fn watch_input(&self) {}

    /// Resolves some time after the end of the input
    pub(in crate::cli) async fn input_closed(&self) {
        self.0.input_ended.cancelled().await;
        tokio::time::sleep(GRACE).await;
    }

    /// Waits for the first reason to end, then exits after the limit or at a second signal
    async fn keep_time(self, mut signals: Signals) {
        let signalled = tokio::select! {
            signal = self.next_end(&mut signals) => Some(signal),
            () = self.0.input_ended.cancelled() => None,
        };
        if let Some(signal) = signalled {
            let _ = self.0.signal.set(signal);
            self.0.signalled.cancel();
        }
        let limit = async {
            // On a slow machine, lines from before the end of the input may still be in work.
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
            signal = self.next_end(&mut signals) => (SIGNALLED + signal, "a second signal arrived"),
            () = limit => match signalled {
                Some(signal) => (SIGNALLED + signal, "it did not end in time after the signal"),
                None => (1, "it did not end in time after the end of its input"),
            },
        };
        stderr::report(&format!(
            "azdo-bot exited early: {reason}; a change in flight may have been carried out"
        ));
        stderr::finish(Duration::from_millis(20));
        let _ = std::thread::Builder::new().spawn(|| {
            #[expect(clippy::disallowed_methods, reason = "no runtime is left, and no call is delayed")]
            std::thread::sleep(EXIT_LIMIT);
            // An exit flushes buffers and waits for another thread that exits.
            std::process::abort();
        });
        std::process::exit(code.into());
    }
}

/// The processor time that this process has used
#[cfg(unix)]
fn processor_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::try_from(time).unwrap_or_default()
}

/// Unknown on this system
#[cfg(not(unix))]
fn processor_time() -> Duration {
    Duration::ZERO
}

/// The signals that request the end: of a supervisor, of Ctrl-C and of a closed terminal
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

    /// Waits for the next signal and returns its number
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

/// Ctrl-C, reported as signal 2
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
