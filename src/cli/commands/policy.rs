//! `azdo-bot policy check FILE`: what the policy of an operator's file allows, and what it says about actions.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use clap::Subcommand;
use serde_json::json;

use crate::cli::output::fail::FAILED;
use crate::cli::output::fail::Fail;
use crate::cli::output::fail::USAGE;
use crate::cli::output::table::table;
use crate::contract::PolicyRule;
use crate::package;
use crate::package::ActionCard;
use crate::setup::Configuration;
use crate::setup::Lookup;
use crate::setup::Overrides;

/// The arguments of `policy`
#[derive(Args)]
pub(in crate::cli) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Show the policy of an operator's file, or whether it allows the actions; exits with 1 if it denies one of them
    Check {
        /// The operator's file
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Actions in any spelling, such as delete-repository
        #[arg(value_name = "ACTION")]
        actions: Vec<String>,
    },
}

pub(in crate::cli) fn policy(arguments: Arguments, json: bool, lookup: Lookup) -> Result<ExitCode, Fail> {
    let Command::Check { file, actions } = arguments.command;
    let overrides = Overrides { operator_file: Some(file), ..Overrides::default() };
    let configuration = Configuration::new(overrides, lookup)?;
    let policy = &configuration.operator.policy;
    let find =
        |name: &String| package::action(name).ok_or_else(|| Fail::new(package::unknown_action(name), USAGE));
    let cards: Vec<&ActionCard> = match actions.as_slice() {
        [] => package::actions().iter().collect(),
        names => names.iter().map(find).collect::<Result<_, _>>()?,
    };
    let results: Vec<(&ActionCard, Option<&PolicyRule>)> =
        cards.into_iter().map(|card| (card, policy.rule_against(&card.name))).collect();
    let is_denied = results.iter().any(|(_, rule)| rule.is_some());
    let facts = configuration.operator.policy_facts();
    let mut out = std::io::stdout().lock();
    if json {
        let row = |(card, rule): &(&ActionCard, Option<&PolicyRule>)| {
            json!({
                "action": card.name,
                "allowed": rule.is_none(),
                "rule": rule.map(|rule| &rule.rule),
                "place": rule.map(|rule| &rule.place),
            })
        };
        let others: Vec<_> =
            facts.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect();
        let document = json!({ "actions": results.iter().map(row).collect::<Vec<_>>(), "other": others });
        writeln!(out, "{document}")?;
    } else {
        let row = |(card, rule): &(&ActionCard, Option<&PolicyRule>)| {
            let (result, rule) = match rule {
                Some(rule) => ("denied", format!("{} ({})", rule.rule, rule.place)),
                None => ("allowed", String::new()),
            };
            vec![card.name.clone(), result.to_owned(), rule]
        };
        for line in table(&["action", "result", "rule"], &results.iter().map(row).collect::<Vec<_>>()) {
            writeln!(out, "{}", line.trim_end())?;
        }
        for (name, value) in facts {
            writeln!(out, "{name}: {value}")?;
        }
    }
    Ok(if is_denied && !actions.is_empty() { ExitCode::from(FAILED) } else { ExitCode::SUCCESS })
}
