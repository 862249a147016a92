//! The command: writes the script of a shell. Decision 0187.

use std::io::Write as _;
use std::process::ExitCode;

use clap::Args;
use clap::Command;
use clap_complete::Shell;

use crate::cli::commands::completions::command_tree::with_actions;
use crate::cli::commands::completions::words;
use crate::cli::commands::completions::words::Words;
use crate::cli::output::fail::Fail;
use crate::cli::output::help_text::help_of;

/// The arguments of `completions`
#[derive(Args)]
#[command(after_help = help_of!([
    "# bash, for this user",
    "azdo-bot completions bash \\",
    "  > ~/.local/share/bash-completion/completions/azdo-bot",
    "# zsh, in a folder of $fpath",
    "azdo-bot completions zsh > ~/.zfunc/_azdo-bot",
    "# fish",
    "azdo-bot completions fish > ~/.config/fish/completions/azdo-bot.fish",
    "# PowerShell, in the profile",
    "azdo-bot completions powershell | Out-String | Invoke-Expression",
    "# elvish, in ~/.config/elvish/rc.elv",
    "eval (azdo-bot completions elvish | slurp)",
], [
    "0  the script is printed",
    "2  there is no such shell",
]))]
pub(in crate::cli) struct Arguments {
    /// The shell
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

/// Prints the script for the whole command line
pub(in crate::cli) fn completions(arguments: &Arguments, whole: &Command) -> Result<ExitCode, Fail> {
    let mut command = with_actions(whole);
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut command, "azdo-bot", &mut script);
    let mut script = String::from_utf8_lossy(&script).into_owned();
    if arguments.shell == Shell::Bash {
        // With a hyphen in the name of the program, the labels of subcommands do not match (clap-rs/clap issue 6421).
        script = script.replace("azdo__subcmd__bot", "azdo__bot");
    }
    let script = words::add(arguments.shell, script, &Words::of(&command, &[]));
    std::io::stdout().lock().write_all(script.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}
