//! `azdo-bot run-helper`: becomes a helper of the operator's that ends with its bot, also when the bot is killed.
//!
//! Hidden: `azdo-bot` starts itself so. The system's parent-death signal is set by the process that it is for, and between
//! `fork` and `exec` only unsafe code could do that.

use std::ffi::OsString;
use std::os::unix::process::CommandExt as _;
use std::process::Command;
use std::process::ExitCode;

use clap::Args;
use rustix::process::Signal;

/// The exit code when nothing was run
const NOT_STARTED: u8 = 125;

/// What to become, and for whom
#[derive(Args)]
pub(in crate::cli) struct Arguments {
    /// The process that it ends with
    parent: i32,
    /// The helper
    #[arg(last = true, required = true)]
    program: Vec<OsString>,
}

/// Returns only if it could not become the helper
pub(in crate::cli) fn run_helper(arguments: &Arguments) -> ExitCode {
    let set = rustix::process::set_parent_process_death_signal(Some(Signal::KILL));
    // A parent that ended before the signal was set sends none.
    let parent = rustix::process::getppid().map(|parent| parent.as_raw_pid());
    if set.is_ok()
        && parent == Some(arguments.parent)
        && let [program, rest @ ..] = arguments.program.as_slice()
    {
        // It returns only when it fails; the caller has no place for the reason.
        let _ = Command::new(program).args(rest).exec();
    }
    ExitCode::from(NOT_STARTED)
}
