//! `azdo-bot needs ACTION…`: the permissions and token scopes that actions need, each and in total.

use std::io::Write as _;
use std::process::ExitCode;

use clap::Args;
use serde_json::json;

use crate::cli::output::fail::Fail;
use crate::cli::output::fail::USAGE;
use crate::cli::output::table::table;
use crate::cli::output::token_advice;
use crate::contract::Needs;
use crate::contract::Scope;
use crate::package;
use crate::package::ActionCard;
use crate::package::FlowNeeds;

/// The arguments of `needs`
#[derive(Args)]
pub(in crate::cli) struct Arguments {
    /// The actions in any spelling, such as run-pipeline
    #[arg(value_name = "ACTION", required = true)]
    actions: Vec<String>,
}

pub(in crate::cli) fn needs(arguments: &Arguments, json: bool) -> Result<ExitCode, Fail> {
    let find =
        |name: &String| package::action(name).ok_or_else(|| Fail::new(package::unknown_action(name), USAGE));
    let cards: Vec<&ActionCard> = arguments.actions.iter().map(find).collect::<Result<_, _>>()?;
    let total = FlowNeeds::of(cards.iter().map(|card| &card.needs));
    let mut out = std::io::stdout().lock();
    if json {
        let document = json!({
            "needs": cards.iter().map(|card| document(card)).collect::<Vec<_>>(),
            "token": total.scopes,
            "permissions": total.permissions,
        });
        writeln!(out, "{document}")?;
        return Ok(ExitCode::SUCCESS);
    }
    let rows: Vec<Vec<String>> = cards.iter().flat_map(|card| rows(card)).collect();
    for line in table(&["action", "permission", "token scope"], &rows) {
        writeln!(out, "{line}")?;
    }
    let advice = token_advice::lines(&total);
    if !advice.is_empty() {
        writeln!(out)?;
    }
    for line in advice {
        writeln!(out, "{line}")?;
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
fn rows(card: &ActionCard) -> Vec<Vec<String>> {
    let row = |title: String, needs: &Needs| {
        let permissions: Vec<String> = needs.permissions.iter().map(ToString::to_string).collect();
        vec![title, permissions.join(", "), needs.scope.map_or("", Scope::label).to_owned()]
    };
    let choices = card
        .choices
        .iter()
        .map(|one| row(format!("{}, {} {}", card.label, one.field, one.choice), &one.needs));
    std::iter::once(row(card.label.clone(), &card.needs)).chain(choices).collect()
}
