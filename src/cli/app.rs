//! The command line: parses the arguments, runs the command and returns its exit code.

use std::ffi::OsString;
use std::io::Write as _;
use std::process::ExitCode;
use std::time::Duration;

use anstream::ColorChoice;
use clap::CommandFactory as _;
use clap::FromArgMatches as _;
use clap::Parser;
use clap::Subcommand;
use clap::builder::PossibleValuesParser;
use clap::builder::Styles;
use clap::builder::TypedValueParser as _;
use clap::builder::styling::AnsiColor;
use clap::error::ContextKind;
use clap::error::ContextValue;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::cli::commands;
use crate::cli::output::fail::Fail;
use crate::cli::output::help_text::help_of;
use crate::cli::output::json_fields::JsonFields;
use crate::cli::output::look;
use crate::cli::output::look::Look;
use crate::cli::output::stderr;
use crate::cli::process::coredump;
use crate::cli::process::panic_hook;
use crate::cli::process::runtime::block_on;
use crate::cli::version;
use crate::contract::nearest;
use crate::setup::Lookup;

/// The longest time that a blocked standard error delays the end of the process
const FLUSH_LIMIT: Duration = Duration::from_secs(1);

/// The most columns of a help
const MOST_COLUMNS: usize = 100;

/// The levels of the log
const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];

/// The colours of a help, as cargo has them
const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

/// Azure DevOps for bots: connect once, and a whole tree of bots uses the session
#[derive(Parser)]
#[command(name = "azdo-bot", version, styles = STYLES, after_help = help_of!([
    "azdo-bot run examples/bots/release-day.bot.json --simulate",
    "azdo-bot call list-repositories --simulate",
    "azdo-bot help call",
], [
    "0      success",
    "1      the bot or the action failed",
    "2      the command line, or a file that it names, is wrong",
    "3      the bot cannot run",
    "4      the file is not a bot file",
    "141    the reader of the output is gone",
    "128+N  signal N ended the command: 130 after Ctrl-C",
]))]
struct Cli {
    #[command(subcommand)]
    command: Command,
    /// Print JSON and nothing else on standard output; =FIELDS selects members, such as name,webUrl
    #[arg(long, global = true, value_name = "FIELDS", value_parser = JsonFields::parse,
        num_args = 0..=1, require_equals = true, default_missing_value = "")]
    json: Option<JsonFields>,
    /// Use colours: auto (the default), always or never; auto obeys NO_COLOR, CLICOLOR and CLICOLOR_FORCE
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        default_value = "auto",
        hide_default_value = true,
        hide_possible_values = true
    )]
    color: clap::ColorChoice,
    /// Log to standard error: off (the default), error, warn, info, debug or trace
    #[arg(long, global = true, value_name = "LEVEL", default_value = "off", hide_default_value = true,
        hide_possible_values = true, value_parser = PossibleValuesParser::new(LEVELS).try_map(|level| level.parse::<LevelFilter>()))]
    log: LevelFilter,
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
    /// Serve an MCP client: the actions as tools, on standard input and output or over HTTP
    #[cfg(feature = "mcp")]
    Mcp(commands::mcp::Arguments),
    /// Hold the sessions of run trees for all processes of this user
    Broker(commands::broker::Arguments),
    /// Run a program, and make its processes one run tree
    RunTree(commands::run_tree::Arguments),
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
    /// Print the script that completes commands, actions and inputs in a shell
    Completions(commands::completions::Arguments),
    /// Run a credential helper that ends together with its parent process
    #[cfg(all(target_os = "linux", feature = "store-exec"))]
    #[command(hide = true)]
    RunHelper(commands::run_helper::Arguments),
}

/// Runs the command line
///
/// Exit codes: 0 success; 1 the bot or action failed; 2 wrong usage; 3 the bot cannot run; 4 not a bot file; 128 plus
/// the number of the signal that ended the process, such as 130 after Ctrl-C; 141 if the reader of standard output is gone.
pub fn main(arguments: impl IntoIterator<Item = OsString>, lookup: Lookup) -> ExitCode {
    coredump::switch_off();
    panic_hook::install();
    let code = run_command(arguments.into_iter().collect(), lookup);
    stderr::finish(FLUSH_LIMIT);
    code
}

/// Returns the whole command line, for its manual pages
pub fn command() -> clap::Command {
    Cli::command()
}

/// Returns what `--color` says, before the arguments are parsed: their errors and helps have colours too
fn color(arguments: &[OsString]) -> ColorChoice {
    let options = arguments.iter().take_while(|argument| *argument != "--");
    let mut words = options.filter_map(|argument| argument.to_str());
    let mut color = ColorChoice::Auto;
    while let Some(word) = words.next() {
        let value = match word.strip_prefix("--color") {
            Some("") => words.next(),
            Some(rest) => rest.strip_prefix('='),
            None => None,
        };
        color = match value {
            Some("always") => ColorChoice::Always,
            Some("never") => ColorChoice::Never,
            _ => color,
        };
    }
    color
}

/// Suggests the command that a word is near to; the parser knows no words of other tools, and suggests hidden commands
fn with_near_command(mut error: clap::Error, arguments: &[String]) -> clap::Error {
    if let Some(ContextValue::String(wrong)) = error.get(ContextKind::InvalidSubcommand) {
        let before =
            arguments.iter().skip(1).take_while(|word| *word != wrong).filter(|word| *word != "help");
        let mut within = command();
        for word in before {
            within = within.find_subcommand(word).cloned().unwrap_or(within);
        }
        let names = within.get_subcommands().filter(|one| !one.is_hide_set()).map(clap::Command::get_name);
        let near = nearest(wrong, names).map(|near| ContextValue::Strings(vec![near.to_owned()]));
        error.insert(ContextKind::SuggestedSubcommand, near.unwrap_or(ContextValue::None));
    }
    error
}

/// Prints a help, a version or an error of the command line
fn report(error: &clap::Error) -> ExitCode {
    let text = |look: Look| match look.styled() {
        true => error.render().ansi().to_string(),
        false => error.render().to_string(),
    };
    if error.use_stderr() {
        let look = stderr::look();
        let lines: Vec<String> = text(look).trim_end().lines().map(|line| look.wrap(line, "  ")).collect();
        stderr::report(&lines.join("\n"));
    } else if let Err(error) = std::io::stdout().lock().write_all(text(Look::stdout()).as_bytes()) {
        return Fail::from(error).report(false);
    }
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
}

fn run_command(arguments: Vec<OsString>, lookup: Lookup) -> ExitCode {
    look::set_up(color(&arguments), &lookup);
    let width = Look::stdout().table_width().unwrap_or(MOST_COLUMNS).min(MOST_COLUMNS);
    let words: Vec<String> =
        arguments.iter().map(|argument| argument.to_string_lossy().into_owned()).collect();
    let parsed = command().long_version(version::long()).term_width(width).try_get_matches_from(arguments);
    let cli = match parsed.and_then(|matches| Cli::from_arg_matches(&matches)) {
        Ok(cli) => cli,
        // --help and --version come here too, with standard output and code 0.
        Err(error) => return report(&with_near_command(error, &words)),
    };
    // The MCP library logs every message, and arguments may have a token before it is known to be one.
    let levels = Targets::new().with_default(cli.log).with_target("rmcp", LevelFilter::OFF);
    tracing_subscriber::fmt()
        .with_max_level(cli.log)
        .with_writer(|| stderr::Log)
        .log_internal_errors(false)
        .with_ansi(false)
        .finish()
        .with(levels)
        .init();
    let is_json = cli.json.is_some();
    match run(cli, lookup) {
        Ok(code) => code,
        Err(fail) => fail.report(is_json),
    }
}

fn run(cli: Cli, lookup: Lookup) -> Result<ExitCode, Fail> {
    let fields = cli.json.as_ref();
    // Commands without a single document do not select from it.
    let whole = || match fields {
        Some(fields) if !fields.is_all() => Err(Fail::usage(
            "this command has no single document to select from: leave out =FIELDS of --json",
        )),
        fields => Ok(fields.is_some()),
    };
    match cli.command {
        Command::Run(arguments) => {
            let json = whole()?;
            block_on(|ending| commands::run::run(arguments, json, lookup, ending))
        }
        Command::Check(arguments) => {
            block_on(|ending| commands::check::check(arguments, fields, lookup, ending))
        }
        #[cfg(feature = "simulator")]
        Command::Test(arguments) => {
            let json = whole()?;
            block_on(|ending| commands::test::test(arguments, json, lookup, ending))
        }
        Command::Call(arguments) => {
            block_on(|ending| commands::call::call(arguments, fields, lookup, ending))
        }
        Command::Doctor(arguments) => {
            block_on(|ending| commands::doctor::doctor(arguments, fields, lookup, ending))
        }
        Command::Serve(arguments) => block_on(|ending| commands::serve::serve(arguments, lookup, ending)),
        #[cfg(feature = "mcp")]
        Command::Mcp(arguments) => block_on(|ending| commands::mcp::mcp(arguments, lookup, ending)),
        Command::Broker(arguments) => {
            let json = whole()?;
            block_on(|ending| commands::broker::broker(arguments, json, lookup, ending))
        }
        Command::RunTree(arguments) => {
            block_on(|ending| commands::run_tree::run_tree(arguments, lookup, ending))
        }
        #[cfg(feature = "simulator")]
        Command::Simulate(arguments) => {
            let json = whole()?;
            block_on(|ending| commands::simulate::simulate(arguments, json, ending))
        }
        Command::Actions(arguments) => commands::actions::actions(&arguments, fields),
        Command::Needs(arguments) => commands::needs::needs(&arguments, fields),
        Command::Policy(arguments) => commands::policy::policy(arguments, fields, lookup),
        Command::Audit(arguments) => commands::audit::audit(arguments, fields),
        Command::Manifest(arguments) => commands::manifest::manifest(&arguments, whole()?),
        Command::Completions(arguments) => commands::completions::completions(&arguments, &command()),
        #[cfg(all(target_os = "linux", feature = "store-exec"))]
        Command::RunHelper(arguments) => Ok(commands::run_helper::run_helper(&arguments)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_colours_are_known_before_the_arguments_are_parsed() {
        let of = |words: &[&str]| color(&words.iter().map(OsString::from).collect::<Vec<_>>());
        assert_eq!(of(&["azdo-bot", "--color", "never", "--help"]), ColorChoice::Never);
        assert_eq!(of(&["azdo-bot", "call", "--color=always"]), ColorChoice::Always);
        assert_eq!(of(&["azdo-bot", "--color", "--help"]), ColorChoice::Auto);
        assert_eq!(of(&["azdo-bot", "run-helper", "1", "--", "x", "--color=always"]), ColorChoice::Auto);
    }

    #[test]
    fn the_command_line_is_consistent() {
        command().debug_assert();
    }

    /// Returns the help below the arguments of each command, with its name
    fn helps(command: &clap::Command) -> Vec<(String, String)> {
        let shown = |one: &&clap::Command| !one.is_hide_set();
        let own = command.get_after_help().map(ToString::to_string).unwrap_or_default();
        let inner = command.get_subcommands().filter(shown).flat_map(helps);
        [(command.get_name().to_owned(), own)].into_iter().chain(inner).collect()
    }

    #[test]
    fn every_help_has_examples_to_paste_and_exit_codes() {
        for (name, help) in helps(&command()) {
            for heading in ["Examples:\n", "Exit codes:\n"] {
                assert!(help.contains(heading), "{name} has no {heading}{help}");
            }
            // A terminal of 80 columns does not break them; what is above them is prose.
            let wide = help.lines().find(|line| line.starts_with("  ") && line.len() > 80);
            assert_eq!(wide, None, "{name}");
        }
    }
}
