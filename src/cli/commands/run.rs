//! `azdo-bot run BOT.json`: runs a bot file with its child bots.

use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;

use crate::cli::output::fail::FAILED;
use crate::cli::output::fail::Fail;
use crate::cli::output::fail::NOT_RUNNABLE;
use crate::cli::output::flow_report;
#[cfg(feature = "simulator")]
use crate::cli::output::help_text::SIMULATOR;
use crate::cli::output::help_text::help_of;
use crate::cli::output::look::Look;
use crate::cli::output::report_file::REPORT;
use crate::cli::output::report_file::ReportFile;
#[cfg(feature = "simulator")]
use crate::cli::output::stderr;
use crate::cli::output::stdout_room::stdout_has_room;
use crate::cli::process::ending::Ending;
use crate::cli::setup::flags::ConnectFlags;
use crate::cli::setup::readiness::FlowArguments;
use crate::cli::setup::readiness::Readiness;
use crate::cli::setup::run_tree_flag::RunTreeFlag;
use crate::cli::setup::simulator_arguments::SimulatorArguments;
use crate::contract::Dictionary;
use crate::dispatch::Dispatcher;
use crate::hosts::bot;
use crate::hosts::bot::Event;
use crate::hosts::bot::FlowWarning;
use crate::hosts::bot::JsonLines;
use crate::hosts::bot::Observer;
use crate::hosts::bot::Program;
use crate::hosts::bot::Screen;
use crate::hosts::bot::Summary;
use crate::report::RunRecorder;
use crate::report::RunReport;
use crate::setup::Configuration;
use crate::setup::Lookup;

/// The longest time that the session store delays the end of the process
const TELL_LIMIT: Duration = Duration::from_millis(600);

/// The arguments of `run`
#[derive(Args)]
#[command(after_help = help_of!([
    "# Against the simulator: no organization, no token",
    "azdo-bot run examples/bots/release-day.bot.json --simulate",
    "# With inputs, one of them from the environment",
    "azdo-bot run release.bot.json --input branch=main --input note=@env:NOTE",
    "# A line of JSON for each event",
    "azdo-bot run release.bot.json --json",
], [
    "0    the bot succeeded",
    "1    it failed",
    "2    the command line or the operator's file is wrong",
    "3    the bot cannot run; nothing was run",
    "130  interrupted with Ctrl-C (128 plus the number of the signal)",
]))]
pub(in crate::cli) struct Arguments {
    #[command(flatten)]
    flow: FlowArguments,
    #[command(flatten)]
    simulator: SimulatorArguments,
    /// Save the simulator's world to this file after the run; --world reads it again
    #[cfg(feature = "simulator")]
    #[arg(long, value_name = "FILE", requires = "simulate", help_heading = SIMULATOR)]
    save_world: Option<PathBuf>,
    /// Write a report of the run to this file: one HTML page, for people who were not there; also if the bot cannot run
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    #[command(flatten)]
    run_tree: RunTreeFlag,
    #[command(flatten)]
    connect: ConnectFlags,
}

pub(in crate::cli) async fn run(
    arguments: Arguments,
    json: bool,
    lookup: Lookup,
    ending: Ending,
) -> Result<ExitCode, Fail> {
    let overrides = arguments.run_tree.added_to(arguments.connect.clone().into(), &lookup)?;
    let mut configuration = Configuration::new(overrides, lookup)?;
    configuration.guard(&arguments.flow.input_files());
    let simulated = arguments.simulator.is_simulated();
    let readiness = ending.or_done(arguments.flow.readiness(&configuration, simulated)).await??;
    let Readiness { mut analysis, inputs, warnings, .. } = readiness;
    let report = match &arguments.report {
        Some(file) => {
            Some((ReportFile::begin(file, &REPORT)?, RunReport::of(&arguments.flow.bot, &mut analysis)))
        }
        None => None,
    };
    let program = match analysis.into_program() {
        Ok(program) => program,
        Err(found) => {
            if let Some((file, report)) = &report {
                file.write(&report.page_of_faults(&found))?;
            }
            flow_report::print(&found, json, arguments.flow.verbose)?;
            return Ok(ExitCode::from(NOT_RUNNABLE));
        }
    };
    configuration.guard(program.guarded());
    let flow = Ready { program, inputs, warnings };
    let viewer = Viewer { json, ending, report };
    let summary = prepare_and_run(&arguments, &configuration, flow, &viewer).await?;
    let failed = || viewer.ending.exit_code().unwrap_or(ExitCode::from(FAILED));
    Ok(if summary.result.is_ok() { ExitCode::SUCCESS } else { failed() })
}

/// A flow that can run, its inputs, and the warnings to show first
struct Ready {
    program: Program,
    inputs: Dictionary,
    warnings: Vec<FlowWarning>,
}

async fn prepare_and_run(
    arguments: &Arguments,
    configuration: &Configuration,
    flow: Ready,
    viewer: &Viewer,
) -> Result<Summary, Fail> {
    let own = arguments.flow.own_folder();
    #[cfg(feature = "simulator")]
    if let Some(simulation) = arguments.simulator.start().await? {
        simulation.announce();
        stderr::shown_first();
        let dispatcher =
            configuration.dispatcher(Some(&own), simulation.network_options(), simulation.tokens())?;
        let summary = viewer.watch(flow, &dispatcher).await?;
        tell_the_store(&dispatcher).await;
        if let Some(file) = &arguments.save_world {
            simulation.save(file).await.map_err(|error| Fail::new(error, FAILED))?;
        }
        return Ok(summary);
    }
    let dispatcher = configuration.dispatcher(
        Some(&own),
        configuration.network_options()?,
        Box::new(configuration.credential_resolver()?),
    )?;
    let summary = viewer.watch(flow, &dispatcher).await;
    tell_the_store(&dispatcher).await;
    summary
}

/// Waits until the session store knows that the bot run has ended, for a short time
///
/// Without it, other processes learn the end of the run tree when its lease runs out.
async fn tell_the_store(dispatcher: &Dispatcher) {
    let _ = tokio::time::timeout(TELL_LIMIT, dispatcher.flush_sessions()).await;
}

/// Shows a run, and ends it at a signal
struct Viewer {
    json: bool,
    ending: Ending,
    report: Option<(ReportFile, RunReport)>,
}

impl Viewer {
    /// Runs the bot and shows it as text or as JSON lines; a signal ends it and closes all its sessions
    ///
    /// A slow reader of standard output delays the flow between actions, never within one.
    /// Errors: `file.failed` if the report cannot be written.
    async fn watch(&self, flow: Ready, dispatcher: &Dispatcher) -> Result<Summary, Fail> {
        let recorder = self.report.as_ref().map(|_| RunRecorder::start(flow.program.name()));
        let summary = self.show(flow, dispatcher, recorder.as_ref()).await;
        if let (Some((file, report)), Some(recorder)) = (&self.report, recorder) {
            file.write(&report.page(recorder, &summary))?;
        }
        Ok(summary)
    }

    async fn show(&self, flow: Ready, dispatcher: &Dispatcher, recorder: Option<&RunRecorder>) -> Summary {
        let Ready { program, inputs, warnings } = flow;
        let warn = |observer: &dyn Observer| {
            for FlowWarning { place, text, .. } in &warnings {
                observer.notice(&Event::Warning { place, text });
            }
        };
        let out = std::io::stdout();
        if self.json {
            let lines = JsonLines::new(out).progress_if(stdout_has_room);
            let observer = Recorded { shown: &lines, recorder };
            warn(&observer);
            let run = bot::run_until(&program, dispatcher, inputs, &observer, self.ending.signalled());
            let summary = run.await;
            lines.summary(&summary);
            return summary;
        }
        let terminal = out.is_terminal();
        let look = Look::stdout();
        let columns = look.prose_width().unwrap_or(usize::MAX);
        let screen =
            Screen::new(out, terminal).columns(columns).styled(look.styled()).progress_if(stdout_has_room);
        let observer = Recorded { shown: &screen, recorder };
        warn(&observer);
        let run = bot::run_until(&program, dispatcher, inputs, &observer, self.ending.signalled());
        let summary = run.await;
        screen.summary(&summary);
        summary
    }
}

/// What is shown, and recorded for the report
struct Recorded<'a> {
    shown: &'a dyn Observer,
    recorder: Option<&'a RunRecorder>,
}

impl Observer for Recorded<'_> {
    fn notice(&self, event: &Event<'_>) {
        if let Some(recorder) = self.recorder {
            recorder.notice(event);
        }
        self.shown.notice(event);
    }
}
