//! `azdo-bot audit verify FILE…`: gaps and edits in an audit trail, and changes that were interrupted.

use std::collections::HashSet;
use std::fs::File;
use std::io::BufRead;
use std::io::BufReader;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use clap::Subcommand;
use serde_json::json;

use crate::audit::Verification;
use crate::audit::VerifyInput;
use crate::audit::verify;
use crate::cli::output::fail::FAILED;
use crate::cli::output::fail::Fail;
use crate::cli::output::help_text::help_of;
use crate::cli::output::json_fields::JsonFields;
use crate::cli::output::look::Look;
use crate::contract::printable;
use crate::files;

/// The file name that means standard input
const STDIN: &str = "-";

/// The length of a hash, in digits
const HASH_DIGITS: usize = 64;

/// The arguments of `audit`
#[derive(Args)]
#[command(after_help = help_of!([
    "azdo-bot audit verify /var/log/azdo-bot.jsonl",
    "# With the files that were rotated",
    "azdo-bot audit verify /var/log/azdo-bot.jsonl*",
], [
    "0  no line was changed, removed, added or moved",
    "1  a line was changed, removed, added or moved",
    "2  the command line is wrong, or a file cannot be read",
]))]
pub(in crate::cli) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Check audit files for lines that were changed, removed, added or moved; exits with 1 if there are any
    #[command(after_help = concat!(
        "Each line has a number and the hash of the line before it. Pass the files that were rotated too: the first line of ",
        "a file continues the file before it.\n\n",
        "A change without a line for its end is shown as interrupted: its process was ended, or is still working. The ",
        "change may have been carried out. The exit code stays 0.\n\n",
        help_of!([
            "azdo-bot audit verify /var/log/azdo-bot.jsonl",
            "# With the files that were rotated",
            "azdo-bot audit verify /var/log/azdo-bot.jsonl*",
            "# What the system's log has kept",
            "journalctl -t azdo-bot -o cat | azdo-bot audit verify --partial -",
        ], [
            "0  no line was changed, removed, added or moved",
            "1  a line was changed, removed, added or moved",
            "2  the command line is wrong, or a file cannot be read",
        ])
    ))]
    Verify {
        /// Audit files; - is standard input
        #[arg(value_name = "FILE", required = true)]
        files: Vec<PathBuf>,
        /// The hash of a line that must be there, as an earlier verification printed it; shows that the end is complete
        #[arg(long, value_name = "HASH", value_parser = hash)]
        last: Option<String>,
        /// Accept chains without their beginnings, as in an export of the system's log
        #[arg(long)]
        partial: bool,
    },
}

fn hash(text: &str) -> Result<String, String> {
    let text = text.to_ascii_lowercase();
    match text.len() == HASH_DIGITS && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        true => Ok(text),
        false => Err(format!("must be {HASH_DIGITS} hexadecimal digits")),
    }
}

pub(in crate::cli) fn audit(arguments: Arguments, json: Option<&JsonFields>) -> Result<ExitCode, Fail> {
    let Command::Verify { files, last, partial } = arguments.command;
    let mut known = HashSet::new();
    let inputs = files.iter().filter_map(|path| input(path, &mut known).transpose());
    let inputs = inputs.collect::<Result<Vec<_>, Fail>>()?;
    let result = verify(inputs, last.as_deref(), partial)
        .map_err(|error| Fail::from(files::failed("an audit file cannot be read", error)))?;
    let mut out = std::io::stdout().lock();
    if let Some(fields) = json {
        let Verification { lines, chains, faults, interrupted, notes, last } = &result;
        let document = json!({
            "lines": lines, "chains": chains, "faults": faults, "interrupted": interrupted, "notes": notes,
            "last": last,
        });
        writeln!(out, "{}", fields.select(document)?)?;
    } else {
        let look = Look::stdout();
        for line in screen(&result) {
            writeln!(out, "{}", look.wrap(&line, "  "))?;
        }
    }
    Ok(if result.faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(FAILED) })
}

/// Opens a file; nothing if it is a known one under another name
///
/// While a file is rotated, and after a rotation that did not end, it has two names.
fn input(
    path: &PathBuf,
    known: &mut HashSet<(u64, u64)>,
) -> Result<Option<VerifyInput<Box<dyn BufRead>>>, Fail> {
    if path.as_os_str() == STDIN {
        let content = Box::new(std::io::stdin().lock());
        return Ok(Some(VerifyInput { name: "standard input".to_owned(), content }));
    }
    let name = printable(&path.to_string_lossy(), 512);
    let file = File::open(path).map_err(|error| {
        Fail::from(files::failed(&format!("the audit file {name} cannot be read"), error))
    })?;
    let is_known = files::identity(&file).is_ok_and(|identity| !known.insert(identity));
    Ok(if is_known { None } else { Some(VerifyInput { name, content: Box::new(BufReader::new(file)) }) })
}

fn screen(result: &Verification) -> Vec<String> {
    let count = |count: u64, one: &str| format!("{count} {one}{}", if count == 1 { "" } else { "s" });
    let number = |list: &Vec<String>| u64::try_from(list.len()).unwrap_or(u64::MAX);
    let mut text = result.faults.clone();
    text.extend(result.notes.iter().map(|note| format!("note: {note}")));
    text.extend(result.interrupted.iter().map(|change| format!("interrupted: {change}")));
    let chains = u64::try_from(result.chains).unwrap_or(u64::MAX);
    text.push(format!(
        "{} in {}, {}, {}",
        count(result.lines, "line"),
        count(chains, "chain"),
        count(number(&result.faults), "fault"),
        count(number(&result.interrupted), "interrupted change"),
    ));
    text.extend(result.last.iter().map(|last| format!("last line: {last}")));
    text
}
