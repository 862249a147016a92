//! `azdo-bot needs ACTION…`: the permissions and token scopes that actions need, each and in total.

use std::io::Write as _;
use std::process::ExitCode;

use clap::Args;
use serde_json::json;

use crate::cli::output::fail::Fail;
use crate::cli::output::help_text::help_of;
use crate::cli::output::json_fields::JsonFields;
use crate::cli::output::look::Look;
use crate::cli::output::table::Cell;
use crate::cli::output::table::table;
use crate::cli::output::token_advice;
use crate::cli::setup::spelling::find_action;
use crate::cli::setup::spelling::kebab;
use crate::contract::Needs;
use crate::contract::Scope;
use crate::package::ActionCard;
use crate::package::FlowNeeds;

/// The arguments of `needs`
#[derive(Args)]
#[command(after_help = help_of!([
    "azdo-bot needs list-repositories run-pipeline",
    "# The scopes alone, for a script",
    "azdo-bot needs create-repository --json=token",
], [
    "0  the needs are shown",
    "2  the command line is wrong, or there is no such action",
]))]
pub(in crate::cli) struct Arguments {
    /// The actions in any spelling, such as run-pipeline
    #[arg(value_name = "ACTION", required = true)]
    actions: Vec<String>,
}

pub(in crate::cli) fn needs(arguments: &Arguments, json: Option<&JsonFields>) -> Result<ExitCode, Fail> {
    let cards: Vec<&ActionCard> =
        arguments.actions.iter().map(|name| find_action(name)).collect::<Result<_, _>>()?;
    let total = FlowNeeds::of(cards.iter().map(|card| &card.needs));
    let mut out = std::io::stdout().lock();
    if let Some(fields) = json {
        let document = json!({
            "needs": cards.iter().map(|card| document(card)).collect::<Vec<_>>(),
            "token": total.scopes,
            "permissions": total.permissions,
        });
        writeln!(out, "{}", fields.select(document)?)?;
        return Ok(ExitCode::SUCCESS);
    }
    let look = Look::stdout();
    let rows: Vec<Vec<Cell>> = cards.iter().flat_map(|card| rows(card)).collect();
    for line in table(&["action", "permission", "token scope"], &rows, &look) {
        writeln!(out, "{line}")?;
    }
    let advice = token_advice::lines(&total);
    if !advice.is_empty() {
        writeln!(out)?;
    }
    for line in advice {
        writeln!(out, "{}", look.wrap(&line, "  "))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn document(card: &ActionCard) -> serde_json::Value {
    let choices = card.choices.iter().map(|one| {
        json!({
            "field": one.field,
            "choice": one.choice,
            "permissions": one.needs.permissions,
            "scope": one.needs.scope,
        })
    });
    json!({
        "action": card.name,
        "permissions": card.needs.permissions,
        "scope": card.needs.scope,
        "choiceNeeds": choices.collect::<Vec<_>>(),
    })
}

/// One row for the action, and one for each choice that changes its needs
fn rows(card: &ActionCard) -> Vec<Vec<Cell>> {
    let row = |title: String, needs: &Needs| {
        let permissions: Vec<String> = needs.permissions.iter().map(ToString::to_string).collect();
        vec![title.into(), permissions.join(", ").into(), needs.scope.map_or("", Scope::label).into()]
    };
    let choices = card
        .choices
        .iter()
        .map(|one| row(format!("{} with {}={}", card.label, kebab(one.field), one.choice), &one.needs));
    std::iter::once(row(card.label.clone(), &card.needs)).chain(choices).collect()
}
