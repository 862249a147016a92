//! The command: finds the test files, runs their tests side by side, and prints what failed.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use futures_util::StreamExt as _;

use crate::cli::commands::test::found;
use crate::cli::commands::test::junit;
use crate::cli::commands::test::outcome::TestOutcome;
use crate::cli::commands::test::runner;
use crate::cli::commands::test::screen;
use crate::cli::output::fail::FAILED;
use crate::cli::output::fail::Fail;
use crate::cli::output::help_text::help_of;
use crate::cli::output::look::Look;
use crate::cli::process::ending::Ending;
use crate::files;
use crate::setup::Lookup;

/// The arguments of `test`
#[derive(Args)]
#[command(after_help = concat!(
    "Each test runs its bot in a copy of FOLDER, against a simulator of its own. Pauses of the bot take no time.\n\n",
    help_of!([
        "azdo-bot test bots",
        "# The tests with \"release\" in their file or name",
        "azdo-bot test bots --filter release",
        "# The results for a pipeline",
        "azdo-bot test bots --junit results.xml",
    ], [
        "0  all tests passed",
        "1  a test failed",
        "2  a test file is wrong, or there is none",
    ])
))]
pub(in crate::cli) struct Arguments {
    /// The folder of the bots and their test files (NAME.test.toml)
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
    /// Run only the tests with this text in their file or name
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    filter: String,
    /// Write the results to this file in the JUnit format
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// How many tests run side by side
    #[arg(long, value_name = "NUMBER", default_value_t = 4, value_parser = jobs)]
    jobs: u16,
}

/// Parses the number of tests that run side by side
fn jobs(text: &str) -> Result<u16, String> {
    text.parse()
        .ok()
        .filter(|jobs| (1..=64).contains(jobs))
        .ok_or_else(|| "must be a number from 1 to 64".to_owned())
}

pub(in crate::cli) async fn test(
    arguments: Arguments,
    json: bool,
    lookup: Lookup,
    ending: Ending,
) -> Result<ExitCode, Fail> {
    let tests = found::tests(&arguments.folder, &arguments.filter)?;
    let runs = tests.iter().map(|test| runner::run(&arguments.folder, test, &lookup));
    let running = futures_util::stream::iter(runs).buffered(usize::from(arguments.jobs)).collect();
    let outcomes: Vec<TestOutcome> = ending.or_done(running).await?;
    let written = match &arguments.junit {
        Some(path) => files::write(path, junit::document(&outcomes).as_bytes()).map_err(|error| {
            Fail::new(files::failed(&format!("{} cannot be written", path.display()), error), FAILED)
        }),
        None => Ok(()),
    };
    let mut out = std::io::stdout().lock();
    match json {
        true => writeln!(out, "{}", screen::document(&outcomes))?,
        false => screen::write(&mut out, &outcomes, &Look::stdout())?,
    }
    // The outcomes are shown even if the file cannot be written.
    written?;
    Ok(match outcomes.iter().all(TestOutcome::passed) {
        true => ExitCode::SUCCESS,
        false => ExitCode::from(FAILED),
    })
}
