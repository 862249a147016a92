//! `azdo-bot completions SHELL`: the script that completes commands, flags, actions and inputs. Decision 0187.

use std::io::Write as _;
use std::process::ExitCode;

use clap::Arg;
use clap::Args;
use clap::Command;
use clap::builder::PossibleValuesParser;
use clap_complete::Shell;

use crate::cli::output::fail::Fail;
use crate::cli::output::help_text::examples;
use crate::cli::setup::spelling::kebab;
use crate::package;
use crate::package::ActionCard;

/// The arguments of `completions`
#[derive(Args)]
#[command(after_help = examples!(
    "# bash, for this user",
    "azdo-bot completions bash > ~/.local/share/bash-completion/completions/azdo-bot",
    "# zsh, in a folder of $fpath",
    "azdo-bot completions zsh > ~/.zfunc/_azdo-bot",
    "# fish",
    "azdo-bot completions fish > ~/.config/fish/completions/azdo-bot.fish",
    "# PowerShell, in the profile",
    "azdo-bot completions powershell | Out-String | Invoke-Expression",
))]
pub(in crate::cli) struct Arguments {
    /// The shell
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

/// Prints the script for the whole command line
pub(in crate::cli) fn completions(arguments: &Arguments, whole: Command) -> Result<ExitCode, Fail> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut with_actions(whole), "azdo-bot", &mut script);
    if arguments.shell == Shell::Bash {
        // With a hyphen in the name of the program, the labels of subcommands do not match (clap-rs/clap issue 6421).
        script = String::from_utf8_lossy(&script).replace("azdo__subcmd__bot", "azdo__bot").into_bytes();
    }
    std::io::stdout().lock().write_all(&script)?;
    Ok(ExitCode::SUCCESS)
}

/// Adds the names of actions and inputs, which the parser does not need
///
/// Each action is a subcommand of `call`, since its inputs depend on it.
fn with_actions(whole: Command) -> Command {
    let names = || PossibleValuesParser::new(package::actions().iter().map(|card| kebab(&card.name)));
    let named = |argument: Arg| argument.value_parser(names());
    whole
        .mut_subcommand("actions", |actions| actions.mut_arg("name", named))
        .mut_subcommand("needs", |needs| needs.mut_arg("actions", named))
        .mut_subcommand("policy", |policy| {
            policy.mut_subcommand("check", |check| check.mut_arg("actions", named))
        })
        .mut_subcommand("call", |call| {
            let flags: Vec<Arg> = call.get_arguments().filter(|one| !one.is_positional()).cloned().collect();
            let about = call.get_about().cloned().unwrap_or_default();
            let actions = package::actions().iter().map(|card| of_action(card, &flags));
            Command::new("call").about(about).args(&flags).subcommands(actions)
        })
}

fn of_action(card: &ActionCard, flags: &[Arg]) -> Command {
    let inputs = card.attributes.iter().map(|attribute| format!("{}=", kebab(&attribute.name)));
    let inputs = Arg::new("inputs")
        .value_name("NAME=VALUE")
        .num_args(0..)
        .value_parser(PossibleValuesParser::new(inputs));
    Command::new(kebab(&card.name)).about(card.summary.clone()).arg(inputs).args(flags)
}
