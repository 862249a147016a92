//! Faults of a bot file, all at once, each with its place and its help.

use std::io::Write as _;

use crate::cli::output::fail::Fail;
use crate::cli::output::masked;
use crate::cli::output::stderr;
use crate::contract::Masker;
use crate::hosts::bot::Fault;

/// Prints what keeps a bot from running
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

/// A fault for a person
pub(in crate::cli) fn line(fault: &Fault) -> String {
    format!("{}: {}\n  help: {}", fault.place, fault.error, fault.error.help_text())
}

/// `3 faults`
pub(in crate::cli) fn count(faults: usize) -> String {
    format!("{faults} fault{}", if faults == 1 { "" } else { "s" })
}

/// Faults for a machine
pub(in crate::cli) fn as_json(faults: &[Fault]) -> Vec<serde_json::Value> {
    faults.iter().map(|fault| serde_json::json!({ "place": fault.place, "error": fault.error })).collect()
}
