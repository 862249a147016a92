//! The command: loads the flow, probes the service if requested, prints the findings. Runs nothing.

use std::io::Write as _;
use std::process::ExitCode;

use clap::Args;

use crate::cli::commands::check::findings::FlowFindings;
use crate::cli::commands::check::findings::needs_of;
use crate::cli::output::fail::Fail;
use crate::cli::output::fail::NOT_RUNNABLE;
use crate::cli::output::masked;
use crate::cli::process::ending::Ending;
use crate::cli::setup::connect_arguments::MaybeConnectArguments;
use crate::cli::setup::connect_arguments::ProbeConnection;
use crate::cli::setup::flags::ConnectFlags;
use crate::cli::setup::probe::Probe;
use crate::cli::setup::probe_target::ProbeTarget;
use crate::cli::setup::readiness::FlowArguments;
use crate::cli::setup::readiness::Readiness;
use crate::cli::setup::readiness::expiry_warnings;
use crate::contract::CredentialReference;
use crate::contract::Masker;
use crate::contract::Scope;
use crate::credentials::Lockers;
use crate::hosts::bot::Analysis;
use crate::hosts::bot::CredentialSource;
use crate::hosts::bot::CredentialUse;
use crate::package::FlowNeeds;
use crate::setup::Configuration;
use crate::setup::Lookup;

/// The arguments of `check`
#[derive(Args)]
pub(in crate::cli) struct Arguments {
    #[command(flatten)]
    flow: FlowArguments,
    /// A scope of the token, to compare with the needs; can be repeated
    #[arg(long, value_name = "SCOPE")]
    scope: Vec<String>,
    #[command(flatten)]
    target: MaybeConnectArguments,
    #[command(flatten)]
    probe_target: ProbeTarget,
    #[command(flatten)]
    connect: ConnectFlags,
}

pub(in crate::cli) async fn check(
    arguments: Arguments,
    json: bool,
    lookup: Lookup,
    ending: Ending,
) -> Result<ExitCode, Fail> {
    let configuration = Configuration::new(arguments.connect.into(), lookup)?;
    let target = arguments.target.target()?;
    let given: Vec<Scope> = arguments
        .scope
        .iter()
        .map(|text| {
            Scope::parse(text)
                .ok_or_else(|| Fail::usage("--scope takes the name of a scope on the token page, or its id"))
        })
        .collect::<Result<_, _>>()?;
    let verbose = arguments.flow.verbose;
    let readiness = ending
        .or_done(arguments.flow.readiness(&configuration, arguments.probe_target.is_simulated()))
        .await??;
    let Readiness { analysis, inputs: _, warnings: here, unmapped } = readiness;
    let lockers = &configuration.operator.lockers;
    let probe = match &target {
        Some(target) => Some(
            ending
                .or_done(run_probe(&arguments.probe_target, &configuration, target, &analysis, &given))
                .await??,
        ),
        None => None,
    };
    let mut expiring = expiry_warnings(&configuration, &analysis.credentials);
    // The flow may name the same token under another name.
    let unnamed = target.as_ref().filter(|target| !is_named(&analysis, lockers, &target.credential));
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
    if json {
        writeln!(out, "{}", masked::document(masker, findings.document()))?;
    } else {
        masked::text(&mut out, masker, |text| findings.write(text))?;
    }
    Ok(findings.exit_code())
}

/// Probes the service for the needs of the flow
async fn run_probe(
    probe_target: &ProbeTarget,
    configuration: &Configuration,
    target: &ProbeConnection,
    analysis: &Analysis,
    given: &[Scope],
) -> Result<Probe, Fail> {
    let probe = probe_target.probe(configuration, target, &needs_of(analysis)).await?;
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
