//! The errors of a bot file, each with its location and its help.

use std::io::Write as _;

use crate::cli::output::fail::Fail;
use crate::cli::output::masked;
use crate::cli::output::stderr;
use crate::contract::Masker;
use crate::hosts::bot::Fault;

/// Prints the errors that stop a bot
pub(in crate::cli) fn print(faults: &[Fault], json: bool) -> Result<(), Fail> {
    if json {
        let document = serde_json::json!({ "faults": as_json(faults) });
        writeln!(std::io::stdout(), "{}", masked::document(&Masker::default(), document))?;
        return Ok(());
    }
    let lines: Vec<String> = faults.iter().map(line).collect();
    stderr::result(&format!("{}\n{}; nothing was run", lines.join("\n"), count(faults.len())));
    Ok(())
}

/// An error as text
pub(in crate::cli) fn line(fault: &Fault) -> String {
    format!("{}: {}\n  help: {}", fault.place, fault.error, fault.error.help_text())
}

/// `3 errors`
pub(in crate::cli) fn count(faults: usize) -> String {
    format!("{faults} error{}", if faults == 1 { "" } else { "s" })
}

/// The errors as JSON
pub(in crate::cli) fn as_json(faults: &[Fault]) -> Vec<serde_json::Value> {
    faults.iter().map(|fault| serde_json::json!({ "place": fault.place, "error": fault.error })).collect()
}
