//! `azdo-bot run-helper`: replaces itself with a credential helper that ends with its bot, even if the bot is killed.
//! Decision 0117.
//!
//! The command is hidden: `azdo-bot` starts itself with it. A process can only set its own parent-death signal, and between
//! `fork` and `exec` only unsafe code could do that.

use std::ffi::OsString;
use std::os::unix::process::CommandExt as _;
use std::process::Command;
use std::process::ExitCode;

use clap::Args;
use rustix::process::Signal;

/// The exit code if the helper could not be started
const NOT_STARTED: u8 = 125;

/// The arguments of `run-helper`
#[derive(Args)]
pub(in crate::cli) struct Arguments {
    /// The id of the process that the helper ends with
    parent: i32,
    /// The program of the helper and its arguments
    #[arg(last = true, required = true)]
    program: Vec<OsString>,
}

/// Replaces this process with the helper; returns only if that fails
pub(in crate::cli) fn run_helper(arguments: &Arguments) -> ExitCode {
    let set = rustix::process::set_parent_process_death_signal(Some(Signal::KILL));
    // If the parent ended before the signal was set, no signal arrives.
    let parent = rustix::process::getppid().map(|parent| parent.as_raw_pid());
    if set.is_ok()
        && parent == Some(arguments.parent)
        && let [program, rest @ ..] = arguments.program.as_slice()
    {
        // exec returns only on failure; the caller cannot use the reason.
        let _ = Command::new(program).args(rest).exec();
    }
    ExitCode::from(NOT_STARTED)
}
