//! How a command fails: what it prints, and its exit code.

use std::io::Write as _;
use std::process::ExitCode;

use crate::contract::Error;
use crate::contract::ErrorCode;

/// The bot or action failed
pub(super) const FAILED: u8 = 1;
/// The command line is wrong
pub(super) const USAGE: u8 = 2;
/// The bot cannot run here
pub(super) const NOT_RUNNABLE: u8 = 3;
/// The file is not a bot file
pub(super) const NOT_A_BOT: u8 = 4;

/// A command that could not do its work
pub(super) struct Fail {
    error: Error,
    exit: u8,
}

impl Fail {
    /// The command line or the operator's file is wrong
    pub(super) fn usage(message: impl Into<String>) -> Self {
        Fail { error: Error::new(ErrorCode::InputInvalid, message), exit: USAGE }
    }

    /// An error with its exit code
    pub(super) fn new(error: Error, exit: u8) -> Self {
        Fail { error, exit }
    }

    /// Prints the error: to a person on standard error, to a machine as one document
    pub(super) fn report(self, json: bool) -> ExitCode {
        if json {
            let document = serde_json::json!({ "error": self.error });
            let _ = writeln!(std::io::stdout(), "{document}");
        } else {
            let _ = writeln!(std::io::stderr(), "{}", describe(&self.error));
        }
        ExitCode::from(self.exit)
    }
}

impl From<std::io::Error> for Fail {
    /// Standard output is gone; there is nobody to tell
    fn from(error: std::io::Error) -> Self {
        Fail::new(Error::new(ErrorCode::Internal, "the output cannot be written").caused_by(error), FAILED)
    }
}

/// An error for a person: what happened, what to do, what support asks for
pub(super) fn describe(error: &Error) -> String {
    let mut text = format!("error: {error}\n  help: {}", error.help_text());
    let context: Vec<String> = error
        .context()
        .iter()
        .filter(|(key, _)| *key != "field")
        .map(|(key, value)| format!("{key} {value}"))
        .collect();
    if !context.is_empty() {
        text += &format!("\n  for support: {}", context.join(", "));
    }
    text
}
