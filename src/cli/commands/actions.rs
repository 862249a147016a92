//! `azdo-bot actions [NAME]`: the actions of the package.

use std::io::Write as _;
use std::process::ExitCode;

use clap::Args;

use crate::cli::output::fail::Fail;
use crate::cli::output::fail::USAGE;
use crate::cli::output::table::table;
use crate::contract::Scope;
use crate::package;
use crate::package::ActionCard;

/// The arguments of `actions`
#[derive(Args)]
pub(in crate::cli) struct Arguments {
    /// The action to show, in any spelling
    name: Option<String>,
}

pub(in crate::cli) fn actions(arguments: &Arguments, json: bool) -> Result<ExitCode, Fail> {
    let mut out = std::io::stdout().lock();
    match &arguments.name {
        Some(name) => {
            let card =
                package::action(name).ok_or_else(|| Fail::new(package::unknown_action(name), USAGE))?;
            let text = if json { package::action_description(card).to_string() } else { one(card) };
            writeln!(out, "{text}")?;
        }
        None if json => {
            writeln!(out, "{}", package::description())?;
        }
        None => {
            let rows: Vec<Vec<String>> = package::actions()
                .iter()
                .map(|card| vec![card.group.to_owned(), card.words.replace(' ', "-"), card.summary.clone()])
                .collect();
            for line in table(&["group", "action", "description"], &rows) {
                writeln!(out, "{line}")?;
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn one(card: &ActionCard) -> String {
    let mut text = format!("{}: {}\n", card.label, card.summary);
    if !card.details.is_empty() {
        text += &format!("\n{}\n", card.details);
    }
    let permissions: Vec<String> = card.needs.permissions.iter().map(ToString::to_string).collect();
    if !permissions.is_empty() || card.needs.scope.is_some() {
        let scope = card.needs.scope.map_or("any", Scope::label);
        text += &format!("\nneeds  permission {}; token scope {scope}\n", permissions.join(", "));
    }
    let default = |attribute: &package::Attribute| match &attribute.default {
        Some(default) => serde_json::to_string(default).unwrap_or_default(),
        None => attribute.requirement(),
    };
    let rows: Vec<Vec<String>> = card
        .attributes
        .iter()
        .map(|one| {
            vec![one.name.clone(), one.kind.as_str().to_lowercase(), default(one), one.description.clone()]
        })
        .collect();
    text += &format!("\n{}", table(&["field", "type", "default", "description"], &rows).join("\n"));
    let rows: Vec<Vec<String>> = card
        .outputs
        .iter()
        .map(|one| vec![one.name.clone(), one.kind.as_str().to_lowercase(), one.description.clone()])
        .collect();
    text + &format!("\n\n{}", table(&["output", "type", "description"], &rows).join("\n"))
}
