//! The failure of a command: its error and its exit code.

use std::io::Write as _;
use std::process::ExitCode;

use crate::cli::output::look::Look;
use crate::cli::output::look::Tone;
use crate::cli::output::stderr;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::files;

/// The bot or action failed
pub(in crate::cli) const FAILED: u8 = 1;
/// The command line is wrong
pub(in crate::cli) const USAGE: u8 = 2;
/// The bot cannot run
pub(in crate::cli) const NOT_RUNNABLE: u8 = 3;
/// The file is not a bot file
pub(in crate::cli) const NOT_A_BOT: u8 = 4;

/// The reader closed standard output; the code is that of SIGPIPE
const OUTPUT_CLOSED: u8 = 141;

/// A failed command
pub(in crate::cli) struct Fail {
    /// None where nothing is reported
    error: Option<Error>,
    exit: ExitCode,
}

impl Fail {
    /// An error in the command line or the operator's file
    pub(in crate::cli) fn usage(message: impl Into<String>) -> Self {
        Fail::new(Error::new(ErrorCode::InputInvalid, message), USAGE)
    }

    /// An error with its exit code
    pub(in crate::cli) fn new(error: Error, exit: u8) -> Self {
        Fail { error: Some(error), exit: ExitCode::from(exit) }
    }

    /// The end by a signal, before any work began
    pub(in crate::cli) fn ended(exit: ExitCode) -> Self {
        Fail { error: None, exit }
    }

    /// Replaces the exit code by that of the signal that ended the command, if there was one
    pub(in crate::cli) fn exiting(self, signalled: Option<ExitCode>) -> Self {
        Fail { exit: signalled.unwrap_or(self.exit), ..self }
    }

    /// Prints the error and returns the exit code: as text on standard error, or as a JSON document on standard output
    pub(in crate::cli) fn report(self, json: bool) -> ExitCode {
        match self.error {
            Some(error) if json => {
                let document = serde_json::json!({ "error": error });
                let _ = writeln!(std::io::stdout(), "{document}");
            }
            Some(error) => stderr::report(&describe(&error, &stderr::look())),
            None => {}
        }
        self.exit
    }
}

impl From<Error> for Fail {
    /// The command line, the operator's file or what they name is wrong
    fn from(error: Error) -> Self {
        Fail::new(error, USAGE)
    }
}

impl From<std::io::Error> for Fail {
    /// Standard output cannot be written: the disk is full, or the reader is gone (as with `head`), which is not reported
    fn from(error: std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::BrokenPipe {
            return Fail { error: None, exit: ExitCode::from(OUTPUT_CLOSED) };
        }
        let help = "The command did its work; only its output is missing. Check where standard output goes.";
        Fail::new(files::failed("the output cannot be written", error).help(help), FAILED)
    }
}

/// An error as text: what happened, what to do, details for support
fn describe(error: &Error, look: &Look) -> String {
    let mut text = look.labelled(Tone::Bad, "error", &error.to_string());
    text += &format!("\n{}", help(error, look));
    let context: Vec<String> = error
        .context()
        .iter()
        .filter(|(key, _)| *key != "field")
        .map(|(key, value)| format!("{key} {value}"))
        .collect();
    if !context.is_empty() {
        let line = format!("  {} {}", look.paint(Tone::Quiet, "for support:"), context.join(", "));
        text += &format!("\n{}", look.wrap(&line, "    "));
    }
    text
}

/// The help of an error as text, below its message
pub(in crate::cli) fn help(error: &Error, look: &Look) -> String {
    look.wrap(&format!("  {} {}", look.paint(Tone::Help, "help:"), error.help_text()), "    ")
}
