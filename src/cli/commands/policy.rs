//! `azdo-bot policy`: what the policy of an operator's file allows, and what it says about actions.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use clap::Subcommand;
use serde_json::json;

use crate::cli::output::fail::FAILED;
use crate::cli::output::fail::Fail;
use crate::cli::output::help_text::help_of;
use crate::cli::output::json_fields::JsonFields;
use crate::cli::output::look::Look;
use crate::cli::output::look::Tone;
use crate::cli::output::table::Cell;
use crate::cli::output::table::table;
use crate::cli::setup::spelling::find_action;
use crate::cli::setup::spelling::kebab;
use crate::dispatch::DeniedAction;
use crate::package;
use crate::package::ActionCard;
use crate::setup::Configuration;
use crate::setup::Lookup;
use crate::setup::Overrides;

/// The arguments of `policy`
#[derive(Args)]
#[command(after_help = help_of!([
    "azdo-bot policy show",
    "# Whether a file allows an action",
    "azdo-bot policy check azdo-bot.toml delete-repository",
], [
    "0  the policy is shown, and allows the actions that were named",
    "1  it denies one of them",
    "2  the command line or the file is wrong",
]))]
pub(in crate::cli) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Show the policy of an operator's file, or whether it allows the actions; exits with 1 if it denies one of them
    #[command(after_help = help_of!([
        "azdo-bot policy check azdo-bot.toml",
        "azdo-bot policy check azdo-bot.toml delete-repository create-project",
        "# For a script: the actions with their results",
        "azdo-bot policy check azdo-bot.toml --json",
    ], [
        "0  the policy is shown, and allows the actions that were named",
        "1  it denies one of them",
        "2  the command line or the file is wrong",
    ]))]
    Check {
        /// The operator's file
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Actions in any spelling, such as delete-repository
        #[arg(value_name = "ACTION")]
        actions: Vec<String>,
    },
    /// Show the policy that other commands on this machine obey
    #[command(after_help = help_of!([
        "azdo-bot policy show",
        "azdo-bot policy show --config azdo-bot.toml",
    ], [
        "0  the policy is shown",
        "2  the command line or the file is wrong",
    ]))]
    Show {
        /// The operator's file [default: the one at its fixed place, if there is one]
        #[arg(long, value_name = "FILE")]
        config: Option<PathBuf>,
    },
}

pub(in crate::cli) fn policy(
    arguments: Arguments,
    json: Option<&JsonFields>,
    lookup: Lookup,
) -> Result<ExitCode, Fail> {
    let (operator_file, actions) = match arguments.command {
        Command::Check { file, actions } => (Some(file), actions),
        Command::Show { config } => (config, Vec::new()),
    };
    let configuration = Configuration::new(Overrides { operator_file, ..Overrides::default() }, lookup)?;
    let cards: Vec<&ActionCard> = match actions.as_slice() {
        [] => package::actions().to_vec(),
        names => names.iter().map(|name| find_action(name)).collect::<Result<_, _>>()?,
    };
    let denied = configuration.operator.policy.denied_actions();
    let rule_against = |card: &ActionCard| denied.iter().find(|one| one.action == card.name);
    let results: Vec<(&ActionCard, Option<&DeniedAction>)> =
        cards.into_iter().map(|card| (card, rule_against(card))).collect();
    let is_denied = results.iter().any(|(_, rule)| rule.is_some());
    write(&configuration, &results, json)?;
    Ok(if is_denied && !actions.is_empty() { ExitCode::from(FAILED) } else { ExitCode::SUCCESS })
}

/// Prints the actions with their rules, then the other rules
fn write(
    configuration: &Configuration,
    results: &[(&ActionCard, Option<&DeniedAction>)],
    json: Option<&JsonFields>,
) -> Result<(), Fail> {
    let file = configuration.operator_path.as_deref();
    let facts = configuration.operator.policy_facts();
    let mut out = std::io::stdout().lock();
    if let Some(fields) = json {
        let row = |(card, denied): &(&ActionCard, Option<&DeniedAction>)| match denied {
            Some(denied) => {
                let mut row = json!(denied);
                row["allowed"] = json!(false);
                row
            }
            None => json!({ "action": card.name, "allowed": true }),
        };
        let others: Vec<_> =
            facts.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect();
        let actions: Vec<_> = results.iter().map(row).collect();
        let file = file.map(|file| file.to_string_lossy());
        let document = json!({ "file": file, "actions": actions, "other": others });
        writeln!(out, "{}", fields.select(document)?)?;
        return Ok(());
    }
    let row = |(card, denied): &(&ActionCard, Option<&DeniedAction>)| {
        let (result, rule) = match denied {
            Some(denied) => (Cell::toned(Tone::Bad, "denied"), format!("{} ({})", denied.rule, denied.place)),
            None => (Cell::toned(Tone::Good, "allowed"), String::new()),
        };
        vec![kebab(&card.name).into(), result, rule.into()]
    };
    let look = Look::stdout();
    for line in table(&["action", "result", "rule"], &results.iter().map(row).collect::<Vec<_>>(), &look) {
        writeln!(out, "{line}")?;
    }
    for (name, value) in facts {
        writeln!(out, "{}", look.wrap(&format!("{name}: {value}"), "  "))?;
    }
    if file.is_none() {
        writeln!(out, "there is no operator's file")?;
    }
    Ok(())
}
