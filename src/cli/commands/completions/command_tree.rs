//! The command line with the names of actions and inputs, which the parser does not need.

use clap::Arg;
use clap::Command;
use clap::builder::PossibleValue;
use clap::builder::PossibleValuesParser;

use crate::cli::setup::spelling::kebab;
use crate::package;
use crate::package::ActionCard;

/// Returns the command line without hidden commands; each action is a command below `call`, since its inputs depend on it
pub(super) fn with_actions(whole: &Command) -> Command {
    let shown = whole.get_subcommands().filter(|command| !command.is_hide_set()).cloned();
    let names = || PossibleValuesParser::new(package::actions().iter().map(|card| action(card)));
    let named = |argument: Arg| argument.value_parser(names());
    Command::new(whole.get_name().to_owned())
        .version(whole.get_version().unwrap_or_default().to_owned())
        .args(whole.get_arguments())
        .subcommands(shown)
        .mut_subcommand("actions", |actions| actions.mut_arg("name", named))
        .mut_subcommand("needs", |needs| needs.mut_arg("actions", named))
        .mut_subcommand("policy", |policy| {
            policy.mut_subcommand("check", |check| check.mut_arg("actions", named))
        })
        .mut_subcommand("call", |call| {
            let flags: Vec<Arg> = call.get_arguments().filter(|one| !one.is_positional()).cloned().collect();
            let about = call.get_about().cloned().unwrap_or_default();
            let actions = package::actions().iter().map(|card| of_action(card, &flags));
            Command::new("call").about(about).args(&flags).disable_help_subcommand(true).subcommands(actions)
        })
}

fn action(card: &ActionCard) -> PossibleValue {
    PossibleValue::new(kebab(&card.name)).help(card.summary.clone())
}

fn of_action(card: &ActionCard, flags: &[Arg]) -> Command {
    let inputs = card.attributes.iter().map(|attribute| {
        let what = attribute.description.replace('\n', " ");
        PossibleValue::new(format!("{}=", kebab(&attribute.name))).help(what)
    });
    let inputs = Arg::new("inputs")
        .value_name("NAME=VALUE")
        .num_args(0..)
        .value_parser(PossibleValuesParser::new(inputs));
    Command::new(kebab(&card.name)).about(card.summary.clone()).arg(inputs).args(flags)
}
