//! The command: lists the actions, or shows one.

use std::io::Write as _;
use std::process::ExitCode;

use clap::Args;

use crate::cli::commands::actions::page::page;
use crate::cli::output::fail::Fail;
use crate::cli::output::help_text::help_of;
use crate::cli::output::json_fields::JsonFields;
use crate::cli::output::look::Look;
use crate::cli::output::table::Cell;
use crate::cli::output::table::table;
use crate::cli::setup::spelling::find_action;
use crate::cli::setup::spelling::kebab;
use crate::package;

/// The arguments of `actions`
#[derive(Args)]
#[command(after_help = help_of!([
    "azdo-bot actions",
    "azdo-bot actions create-pull-request",
    "# The names alone, for a script",
    "azdo-bot actions --json=name",
], [
    "0  the actions are shown",
    "2  the command line is wrong, or there is no such action",
]))]
pub(in crate::cli) struct Arguments {
    /// The action to show, in any spelling
    name: Option<String>,
}

pub(in crate::cli) fn actions(arguments: &Arguments, json: Option<&JsonFields>) -> Result<ExitCode, Fail> {
    let mut out = std::io::stdout().lock();
    let look = Look::stdout();
    match (&arguments.name, json) {
        (Some(name), Some(fields)) => {
            writeln!(out, "{}", fields.select(package::action_description(find_action(name)?))?)?;
        }
        (Some(name), None) => {
            for line in page(find_action(name)?, &look) {
                writeln!(out, "{line}")?;
            }
        }
        (None, Some(fields)) if fields.is_all() => writeln!(out, "{}", package::description())?,
        (None, Some(fields)) => {
            writeln!(out, "{}", fields.select(package::description()["actions"].take())?)?;
        }
        (None, None) => {
            let rows: Vec<Vec<Cell>> = package::actions()
                .iter()
                .map(|card| vec![card.group.into(), kebab(&card.name).into(), card.summary.as_str().into()])
                .collect();
            for line in table(&["group", "action", "description"], &rows, &look) {
                writeln!(out, "{line}")?;
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}
