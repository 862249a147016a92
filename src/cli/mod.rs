//! The command line: one file a command, and the wiring they share.

mod actions;
mod audit_file;
mod call;
mod check;
mod cores;
mod doctor;
mod fail;
mod faults;
mod interrupted;
mod operator_file;
mod probe;
mod proxy;
mod run;
mod serve;
#[cfg(feature = "simulator")]
mod simulate;
#[cfg(feature = "simulator")]
mod simulation;
mod table;
mod wiring;

use std::ffi::OsString;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use clap::Subcommand;
use tracing_subscriber::filter::LevelFilter;

use crate::cli::fail::Fail;

/// How the environment is looked up; `main` hands it in
pub type Lookup = Arc<dyn Fn(&str) -> Option<OsString> + Send + Sync>;

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
    Run(run::Arguments),
    /// Tell what would keep a bot from running, and what it needs; nothing is run
    Check(check::Arguments),
    /// Connect, run one action, disconnect
    Call(call::Arguments),
    /// Tell who a token is and what it can do in a project; nothing is changed
    Doctor(doctor::Arguments),
    /// Speak JSON-RPC with a host, a message a line, on standard input and output
    Serve(serve::Arguments),
    /// Run the simulator of Azure DevOps alone
    #[cfg(feature = "simulator")]
    Simulate(simulate::Arguments),
    /// List the actions, or show one
    Actions(actions::Arguments),
    /// Print the package's manifest
    Manifest,
}

/// Runs the command line
///
/// Exit codes: 0 done; 1 the bot or action failed; 2 usage; 3 not runnable; 4 not a bot file.
pub fn main(arguments: impl IntoIterator<Item = OsString>, lookup: Lookup) -> ExitCode {
    cores::switch_off();
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // Asking for help or the version comes this way too, on standard output and with code 0.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    tracing_subscriber::fmt().with_max_level(cli.log).with_writer(std::io::stderr).with_ansi(false).init();
    let result = match cli.command {
        Command::Run(arguments) => block_on(run::run(arguments, cli.json, lookup)),
        Command::Check(arguments) => block_on(check::check(arguments, cli.json, lookup)),
        Command::Call(arguments) => block_on(call::call(arguments, cli.json, lookup)),
        Command::Doctor(arguments) => block_on(doctor::doctor(arguments, cli.json, lookup)),
        Command::Serve(arguments) => block_on(serve::serve(arguments, lookup)),
        #[cfg(feature = "simulator")]
        Command::Simulate(arguments) => block_on(simulate::simulate(arguments, cli.json)),
        Command::Actions(arguments) => actions::actions(&arguments, cli.json),
        Command::Manifest => actions::manifest(),
    };
    match result {
        Ok(code) => code,
        Err(fail) => fail.report(cli.json),
    }
}

/// One thread is enough: actions wait for the network, they do not compute
fn block_on<T>(work: impl Future<Output = Result<T, Fail>>) -> Result<T, Fail> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Fail::usage(format!("the runtime cannot be started: {error}")))?;
    let result = runtime.block_on(work);
    // A look-up of a name may hang in the system; it is left behind.
    runtime.shutdown_background();
    result
}
