//! Faults of a bot file, all at once, each with its place and its help.

use std::io::Write as _;

use crate::cli::fail::Fail;
use crate::cli::masked;
use crate::cli::stderr;
use crate::contract::Masker;
use crate::hosts::bot::Fault;

/// Prints what keeps a bot from running
pub(super) fn print(faults: &[Fault], json: bool) -> Result<(), Fail> {
    if json {
        let document = serde_json::json!({ "faults": as_json(faults) });
        writeln!(std::io::stdout(), "{}", masked::document(&Masker::default(), document))?;
        return Ok(());
    }
    let lines: Vec<String> = faults.iter().map(line).collect();
    stderr::result(&format!("{}\n{}; nothing was run", lines.join("\n"), count(faults.len())));
    Ok(())
}

/// A fault for a person
pub(super) fn line(fault: &Fault) -> String {
    format!("{}: {}\n  help: {}", fault.place, fault.error, fault.error.help_text())
}

/// `3 faults`
pub(super) fn count(faults: usize) -> String {
    format!("{faults} fault{}", if faults == 1 { "" } else { "s" })
}

/// Faults for a machine
pub(super) fn as_json(faults: &[Fault]) -> Vec<serde_json::Value> {
    faults.iter().map(|fault| serde_json::json!({ "place": fault.place, "error": fault.error })).collect()
}
