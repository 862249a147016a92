//! The command line: parses the arguments, runs the command and returns its exit code.

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

/// The longest time that a blocked standard error delays the end of the process
const FLUSH_LIMIT: Duration = Duration::from_secs(1);

/// Azure DevOps for bots: connect once, and a whole tree of bots uses the session
#[derive(Parser)]
#[command(name = "azdo-bot", version, disable_help_subcommand = true, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    /// Log to standard error: off, error, warn, info, debug, trace
    #[arg(long, global = true, value_name = "LEVEL", default_value = "off")]
    log: LevelFilter,
    /// Print JSON and nothing else on standard output
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Subcommand)]
enum Command {
    /// Run a bot file with its child bots
    Run(commands::run::Arguments),
    /// Show what a bot needs and what would stop it, without running it
    Check(commands::check::Arguments),
    /// Test bots against the simulator
    #[cfg(feature = "simulator")]
    Test(commands::test::Arguments),
    /// Run one action: connect, run it, disconnect
    Call(commands::call::Arguments),
    /// Show who a token belongs to and what it can do in a project; changes nothing
    Doctor(commands::doctor::Arguments),
    /// Serve a host with JSON-RPC on standard input and output, one message per line
    Serve(commands::serve::Arguments),
    /// Start the simulator of Azure DevOps on its own
    #[cfg(feature = "simulator")]
    Simulate(commands::simulate::Arguments),
    /// List the actions, or show one
    Actions(commands::actions::Arguments),
    /// Show the permissions and token scopes that actions need
    Needs(commands::needs::Arguments),
    /// Show what the policy of an operator's file allows
    Policy(commands::policy::Arguments),
    /// Verify the audit trail
    Audit(commands::audit::Arguments),
    /// Print the package manifest, or write the sources of the package for Automation 360
    Manifest(commands::manifest::Arguments),
    /// Run a credential helper that ends together with its parent process
    #[cfg(all(target_os = "linux", feature = "store-exec"))]
    #[command(hide = true)]
    RunHelper(commands::run_helper::Arguments),
}

/// Runs the command line
///
/// Exit codes: 0 success; 1 the bot or action failed; 2 wrong usage; 3 the bot cannot run; 4 not a bot file; 128 plus
/// the number of the signal that ended the process, such as 130 after Ctrl-C.
pub fn main(arguments: impl IntoIterator<Item = OsString>, lookup: Lookup) -> ExitCode {
    coredump::switch_off();
    panic_hook::install();
    let code = run_command(arguments, lookup);
    stderr::finish(FLUSH_LIMIT);
    code
}

fn run_command(arguments: impl IntoIterator<Item = OsString>, lookup: Lookup) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // --help and --version come here too, with standard output and code 0.
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
        #[cfg(feature = "simulator")]
        Command::Test(arguments) => block_on(|ending| commands::test::test(arguments, json, lookup, ending)),
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
        Command::Policy(arguments) => commands::policy::policy(arguments, json, lookup),
        Command::Audit(arguments) => commands::audit::audit(arguments, json),
        Command::Manifest(arguments) => commands::manifest::manifest(&arguments, json),
        #[cfg(all(target_os = "linux", feature = "store-exec"))]
        Command::RunHelper(arguments) => Ok(commands::run_helper::run_helper(&arguments)),
    };
    match result {
        Ok(code) => code,
        Err(fail) => fail.report(json),
    }
}
