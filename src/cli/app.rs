//! The command line as clap reads it, and the way of a command from its arguments to its exit code.

use std::ffi::OsString;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use clap::Subcommand;
use tracing_subscriber::filter::LevelFilter;

use crate::cli::commands;
use crate::cli::output::stderr;
use crate::cli::process::coredump;
use crate::cli::process::panic_hook;
use crate::cli::process::runtime::block_on;
use crate::setup::Lookup;

/// How long a reader of standard error that does not read keeps the process at its end
const LAST_WORDS: Duration = Duration::from_secs(1);

/// Azure DevOps for bots: connect once, and a whole tree of bots works through the session
#[derive(Parser)]
#[command(name = "azdo-bot", version, disable_help_subcommand = true, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    /// Log to standard error: off, error, warn, info, debug, trace
    #[arg(long, global = true, value_name = "LEVEL", default_value = "off")]
    log: LevelFilter,
    /// Print JSON for machines, and nothing else on standard output
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Subcommand)]
enum Command {
    /// Run a bot file with its child bots
    Run(commands::run::Arguments),
    /// Tell what would keep a bot from running, and what it needs; nothing is run
    Check(commands::check::Arguments),
    /// Connect, run one action, disconnect
    Call(commands::call::Arguments),
    /// Tell who a token is and what it can do in a project; nothing is changed
    Doctor(commands::doctor::Arguments),
    /// Speak JSON-RPC with a host, a message a line, on standard input and output
    Serve(commands::serve::Arguments),
    /// Run the simulator of Azure DevOps alone
    #[cfg(feature = "simulator")]
    Simulate(commands::simulate::Arguments),
    /// List the actions, or show one
    Actions(commands::actions::Arguments),
    /// Show the permissions and token scopes that actions need
    Needs(commands::needs::Arguments),
    /// Print the package's manifest
    Manifest,
    /// Become a helper of the operator's that ends with the process that asks for it
    #[cfg(all(target_os = "linux", feature = "store-exec"))]
    #[command(hide = true)]
    RunHelper(commands::run_helper::Arguments),
}

/// Runs the command line
///
/// Exit codes: 0 done; 1 the bot or action failed; 2 usage; 3 not runnable; 4 not a bot file; 128 and the signal's
/// number when a signal ended it, as 130 after Ctrl-C.
pub fn main(arguments: impl IntoIterator<Item = OsString>, lookup: Lookup) -> ExitCode {
    coredump::switch_off();
    panic_hook::install();
    let code = run_command(arguments, lookup);
    stderr::finish(LAST_WORDS);
    code
}

fn run_command(arguments: impl IntoIterator<Item = OsString>, lookup: Lookup) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // Asking for help or the version comes this way too, on standard output and with code 0.
            match error.use_stderr() {
                true => stderr::report(error.render().to_string().trim_end()),
                false => drop(error.print()),
            }
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    tracing_subscriber::fmt()
        .with_max_level(cli.log)
        .with_writer(|| stderr::Log)
        .log_internal_errors(false)
        .with_ansi(false)
        .init();
    let json = cli.json;
    let result = match cli.command {
        Command::Run(arguments) => block_on(|ending| commands::run::run(arguments, json, lookup, ending)),
        Command::Check(arguments) => {
            block_on(|ending| commands::check::check(arguments, json, lookup, ending))
        }
        Command::Call(arguments) => block_on(|ending| commands::call::call(arguments, json, lookup, ending)),
        Command::Doctor(arguments) => {
            block_on(|ending| commands::doctor::doctor(arguments, json, lookup, ending))
        }
        Command::Serve(arguments) => block_on(|ending| commands::serve::serve(arguments, lookup, ending)),
        #[cfg(feature = "simulator")]
        Command::Simulate(arguments) => {
            block_on(|ending| commands::simulate::simulate(arguments, json, ending))
        }
        Command::Actions(arguments) => commands::actions::actions(&arguments, json),
        Command::Needs(arguments) => commands::needs::needs(&arguments, json),
        Command::Manifest => commands::actions::manifest(),
        #[cfg(all(target_os = "linux", feature = "store-exec"))]
        Command::RunHelper(arguments) => Ok(commands::run_helper::run_helper(&arguments)),
    };
    match result {
        Ok(code) => code,
        Err(fail) => fail.report(json),
    }
}
