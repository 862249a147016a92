//! The errors of a bot file, each with its location and its help.

use std::io::Write as _;

use indexmap::IndexMap;

use crate::cli::output::fail::Fail;
use crate::cli::output::fail::help;
use crate::cli::output::look::Look;
use crate::cli::output::look::Tone;
use crate::cli::output::masked;
use crate::cli::output::stderr;
use crate::contract::Masker;
use crate::hosts::bot::Fault;
use crate::hosts::bot::UNSUPPORTED_PACKAGE;

/// Prints the errors that stop a bot
pub(in crate::cli) fn print(faults: &[Fault], json: bool, verbose: bool) -> Result<(), Fail> {
    if json {
        let document = serde_json::json!({ "faults": as_json(faults) });
        writeln!(std::io::stdout(), "{}", masked::document(&Masker::default(), document))?;
        return Ok(());
    }
    let look = stderr::look();
    let lines = lines(faults, verbose, &look).join("\n");
    let result = look.paint(Tone::Bad, &format!("{}; nothing was run", count(faults.len())));
    stderr::result(&format!("{lines}\n{result}"));
    Ok(())
}

/// The errors as text; the nodes of a package that is not supported are one error, unless all places are wanted
pub(in crate::cli) fn lines(faults: &[Fault], verbose: bool, look: &Look) -> Vec<String> {
    let package = |fault: &Fault| fault.error.context_value(UNSUPPORTED_PACKAGE).map(str::to_owned);
    let mut nodes: IndexMap<String, usize> = IndexMap::new();
    for package in faults.iter().filter_map(package) {
        *nodes.entry(package).or_default() += 1;
    }
    let mut lines = Vec::new();
    for fault in faults {
        let count = package(fault).filter(|_| !verbose).map(|package| nodes.swap_remove(&package));
        lines.extend(match count {
            None | Some(Some(1)) => Some(line(fault, "", look)),
            Some(Some(count)) => Some(line(fault, &format!(" ({count} nodes; --verbose shows all)"), look)),
            // It was counted with the first node of its package.
            Some(None) => None,
        });
    }
    lines
}

fn line(fault: &Fault, count: &str, look: &Look) -> String {
    let message = look.wrap(&format!("{}: {}{count}", fault.place, fault.error), "  ");
    format!("{message}\n{}", help(&fault.error, look))
}

/// `3 errors`
pub(in crate::cli) fn count(faults: usize) -> String {
    format!("{faults} error{}", if faults == 1 { "" } else { "s" })
}

/// The errors as JSON
pub(in crate::cli) fn as_json(faults: &[Fault]) -> Vec<serde_json::Value> {
    faults.iter().map(|fault| serde_json::json!({ "place": fault.place, "error": fault.error })).collect()
}
