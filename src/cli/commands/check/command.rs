//! The command: loads the flow, probes the service if requested, prints the findings. Runs nothing.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use crate::cli::commands::check::findings::FlowFindings;
use crate::cli::commands::check::findings::needs_of;
use crate::cli::output::fail::Fail;
use crate::cli::output::fail::NOT_RUNNABLE;
use crate::cli::output::help_text::help_of;
use crate::cli::output::json_fields::JsonFields;
use crate::cli::output::look::Look;
use crate::cli::output::masked;
use crate::cli::output::report_file::GRAPH;
use crate::cli::output::report_file::ReportFile;
use crate::cli::process::ending::Ending;
use crate::cli::setup::command_target::CommandTarget;
use crate::cli::setup::connect_arguments::ConnectArguments;
use crate::cli::setup::flags::ConnectFlags;
use crate::cli::setup::probe::Probe;
use crate::cli::setup::readiness::FlowArguments;
use crate::cli::setup::readiness::Readiness;
use crate::cli::setup::readiness::expiry_warnings;
use crate::cli::setup::simulator_arguments::SimulatorArguments;
use crate::contract::CredentialReference;
use crate::contract::Masker;
use crate::contract::Scope;
use crate::contract::did_you_mean;
use crate::credentials::Lockers;
use crate::hosts::bot::Analysis;
use crate::hosts::bot::CredentialSource;
use crate::hosts::bot::CredentialUse;
use crate::package::FlowNeeds;
use crate::report::drawing;
use crate::setup::Configuration;
use crate::setup::Lookup;

/// The arguments of `check`
#[derive(Args)]
#[command(after_help = help_of!([
    "azdo-bot check examples/bots/release-day.bot.json",
    "# With the scopes of a token that exists",
    "azdo-bot check release.bot.json --scope \"Code (read)\" --scope \"Build (read)\"",
    "# With what the token of a profile can do in its project",
    "azdo-bot check release.bot.json --profile work",
    "# A drawing of the bots and their sessions",
    "azdo-bot check release.bot.json --graph release.svg",
    "# For a script: whether it can run, and why not",
    "azdo-bot check release.bot.json --json=runnable,faults",
], [
    "0  the bot can run",
    "2  the command line or the operator's file is wrong",
    "3  the bot cannot run",
    "4  the file is not a bot file",
]))]
pub(in crate::cli) struct Arguments {
    #[command(flatten)]
    flow: FlowArguments,
    /// A scope of the token, to compare with the needs; can be repeated
    #[arg(long, value_name = "SCOPE", value_parser = scope)]
    scope: Vec<Scope>,
    /// Write a drawing of the flow with its sessions to this file (SVG)
    #[arg(long, value_name = "FILE")]
    graph: Option<PathBuf>,
    #[command(flatten)]
    simulator: SimulatorArguments,
    #[command(flatten)]
    target: ConnectArguments,
    #[command(flatten)]
    connect: ConnectFlags,
}

/// Parses a scope; the message about an unknown one names the nearest
fn scope(text: &str) -> Result<Scope, String> {
    Scope::parse(text).ok_or_else(|| {
        let hint = did_you_mean(Scope::nearest(text).map(Scope::label));
        format!("must be the name of a scope on the token page, or its id{hint}")
    })
}

pub(in crate::cli) async fn check(
    arguments: Arguments,
    json: Option<&JsonFields>,
    lookup: Lookup,
    ending: Ending,
) -> Result<ExitCode, Fail> {
    let configuration = Configuration::new(arguments.connect.into(), lookup)?;
    let simulated = arguments.simulator.is_simulated();
    let target = match arguments.target.is_given() {
        true => Some(CommandTarget::of(&arguments.simulator, &arguments.target, &configuration).await?),
        false => None,
    };
    let given = arguments.scope;
    let verbose = arguments.flow.verbose;
    let readiness = ending.or_done(arguments.flow.readiness(&configuration, simulated)).await??;
    let Readiness { analysis, inputs: _, warnings: here, unmapped } = readiness;
    if let Some(file) = &arguments.graph {
        ReportFile::begin(file, &GRAPH)?.write(&drawing(&analysis.outline(), &Masker::default()))?;
    }
    let lockers = &configuration.operator.lockers;
    let probe = match &target {
        Some(target) => Some(ending.or_done(run_probe(&configuration, target, &analysis, &given)).await??),
        None => None,
    };
    let mut expiring = expiry_warnings(&configuration, &analysis.credentials);
    // The flow may name the same token under another name.
    let unnamed =
        target.as_ref().filter(|target| !is_named(&analysis, lockers, &target.connection.credential));
    expiring.extend(unnamed.and(probe.as_ref()).and_then(|probe| probe.expiry_warning.clone()));
    let findings = FlowFindings {
        needs: FlowNeeds::of(&needs_of(&analysis)),
        stated: if given.is_empty() { stated(&analysis, lockers) } else { Some(given) },
        probe,
        here,
        unmapped: unmapped.iter().map(ToString::to_string).collect(),
        expiring,
        verbose,
        analysis,
    };
    let nothing = Masker::default();
    let masker = findings.probe.as_ref().map_or(&nothing, |probe| &probe.masker);
    let mut out = std::io::stdout().lock();
    if let Some(fields) = json {
        writeln!(out, "{}", masked::document(masker, fields.select(findings.document())?))?;
    } else {
        let look = Look::stdout();
        masked::text(&mut out, masker, |text| findings.write(text, &look))?;
    }
    Ok(findings.exit_code())
}

/// Probes the service for the needs of the flow
async fn run_probe(
    configuration: &Configuration,
    target: &CommandTarget,
    analysis: &Analysis,
    given: &[Scope],
) -> Result<Probe, Fail> {
    let probe = target.probe(configuration, &needs_of(analysis)).await?;
    let mut probe = probe.map_err(|error| Fail::new(error, NOT_RUNNABLE))?;
    if !given.is_empty() {
        given.clone_into(&mut probe.findings.stated);
    }
    Ok(probe)
}

/// The scopes that the operator's file states for the credentials of the flow
fn stated(analysis: &Analysis, lockers: &Lockers) -> Option<Vec<Scope>> {
    let mut scopes = Vec::new();
    for source in analysis.credentials.iter().flat_map(CredentialUse::sources) {
        let CredentialSource::Locker(name) = source else { return None };
        let own = &lockers.get(name)?.scopes;
        if own.is_empty() {
            return None;
        }
        scopes.extend(own);
    }
    (!scopes.is_empty()).then_some(scopes)
}

/// Whether a credential of the flow refers to this location
fn is_named(analysis: &Analysis, lockers: &Lockers, place: &CredentialReference) -> bool {
    analysis.credentials.iter().flat_map(CredentialUse::sources).any(|source| match source {
        CredentialSource::Locker(name) => lockers.get(name).is_some_and(|locker| locker.reference == *place),
        _ => false,
    })
}
