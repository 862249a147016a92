//! The command line: one file a command, and the wiring they share.

mod actions;
mod audit_file;
mod call;
mod check;
mod coredump;
mod doctor;
mod ending;
mod fail;
mod masked;
mod operator_file;
mod probe;
mod probe_target;
mod proxy;
mod readiness;
mod report;
mod room;
mod run;
#[cfg(all(target_os = "linux", feature = "store-exec"))]
mod run_helper;
mod serve;
#[cfg(feature = "simulator")]
mod simulate;
#[cfg(feature = "simulator")]
mod simulation;
mod stderr;
mod table;
mod wiring;

use std::ffi::OsString;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::Parser;
use clap::Subcommand;
use tracing_subscriber::filter::LevelFilter;

use crate::cli::ending::Ending;
use crate::cli::fail::FAILED;
use crate::cli::fail::Fail;
use crate::files;

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
    /// Become a helper of the operator's that ends with the process that asks for it
    #[cfg(all(target_os = "linux", feature = "store-exec"))]
    #[command(hide = true)]
    RunHelper(run_helper::Arguments),
}

/// Runs the command line
///
/// Exit codes: 0 done; 1 the bot or action failed; 2 usage; 3 not runnable; 4 not a bot file; 128 and the signal's
/// number when a signal ended it, as 130 after Ctrl-C.
pub fn main(arguments: impl IntoIterator<Item = OsString>, lookup: Lookup) -> ExitCode {
    coredump::switch_off();
    std::panic::set_hook(Box::new(tell_of_panic));
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
        Command::Run(arguments) => block_on(|ending| run::run(arguments, json, lookup, ending)),
        Command::Check(arguments) => block_on(|ending| check::check(arguments, json, lookup, ending)),
        Command::Call(arguments) => block_on(|ending| call::call(arguments, json, lookup, ending)),
        Command::Doctor(arguments) => block_on(|ending| doctor::doctor(arguments, json, lookup, ending)),
        Command::Serve(arguments) => block_on(|ending| serve::serve(arguments, lookup, ending)),
        #[cfg(feature = "simulator")]
        Command::Simulate(arguments) => block_on(|ending| simulate::simulate(arguments, json, ending)),
        Command::Actions(arguments) => actions::actions(&arguments, json),
        Command::Manifest => actions::manifest(),
        #[cfg(all(target_os = "linux", feature = "store-exec"))]
        Command::RunHelper(arguments) => Ok(run_helper::run_helper(&arguments)),
    };
    match result {
        Ok(code) => code,
        Err(fail) => fail.report(json),
    }
}

/// How long a reader of standard error that does not read keeps the process at its end
const LAST_WORDS: Duration = Duration::from_secs(1);

/// Says where a fault is; what a panic says besides may hold anything, unless it stands so in the source
fn tell_of_panic(panic: &std::panic::PanicHookInfo<'_>) {
    let place = panic.location().map(|place| format!(" at {place}")).unwrap_or_default();
    let text = panic.payload().downcast_ref::<&'static str>().map(|text| format!(": {text}"));
    stderr::line(&format!("azdo-bot: a fault in this package{place}{}", text.unwrap_or_default()));
}

/// Whether a runtime can be started, which needs some descriptors and panics without them
#[cfg(unix)]
fn has_descriptors() -> std::io::Result<()> {
    const PAIRS: usize = 4;
    let pairs = std::iter::repeat_with(std::os::unix::net::UnixStream::pair).take(PAIRS);
    pairs.collect::<std::io::Result<Vec<_>>>().map(drop)
}

#[cfg(not(unix))]
fn has_descriptors() -> std::io::Result<()> {
    Ok(())
}

/// One thread is enough: actions wait for the network, they do not compute
fn block_on<W: Future<Output = Result<ExitCode, Fail>>>(
    work: impl FnOnce(Ending) -> W,
) -> Result<ExitCode, Fail> {
    has_descriptors().map_err(|error| Fail::new(files::failed("azdo-bot cannot start", error), FAILED))?;
    let ending = Ending::listen()
        .map_err(|error| Fail::usage(format!("no thread can be started that listens to signals: {error}")))?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Fail::usage(format!("the runtime cannot be started: {error}")))?;
    let result = runtime.block_on(work(ending));
    // A look-up of a name may hang in the system; it is left behind.
    runtime.shutdown_background();
    result
}
