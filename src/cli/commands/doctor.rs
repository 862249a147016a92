//! `azdo-bot doctor`: shows who a token belongs to and what it can do in a project.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use clap::builder::PossibleValuesParser;
use clap::builder::TypedValueParser;
use serde_json::json;

use crate::cli::output::fail::FAILED;
use crate::cli::output::fail::Fail;
use crate::cli::output::help_text::help_of;
use crate::cli::output::json_fields::JsonFields;
use crate::cli::output::look::Look;
use crate::cli::output::look::Tone;
use crate::cli::output::masked;
use crate::cli::output::report_file::REPORT;
use crate::cli::output::report_file::ReportFile;
use crate::cli::output::table::Cell;
use crate::cli::output::table::table;
use crate::cli::process::ending::Ending;
use crate::cli::setup::command_target::CommandTarget;
use crate::cli::setup::connect_arguments::ConnectArguments;
use crate::cli::setup::connect_arguments::ProbeConnection;
use crate::cli::setup::flags::ConnectFlags;
use crate::cli::setup::probe::LIMITS;
use crate::cli::setup::probe::Probe;
use crate::cli::setup::simulator_arguments::SimulatorArguments;
use crate::contract::Needs;
use crate::contract::Usage;
use crate::contract::UseEvidence;
use crate::contract::Verdict;
use crate::contract::least_token;
use crate::report::TokenReport;
use crate::setup::Configuration;
use crate::setup::Lookup;

/// The arguments of `doctor`
#[derive(Args)]
#[command(after_help = help_of!([
    "# Against the simulator: no organization, no token",
    "azdo-bot doctor --simulate",
    "# With [profiles.default] in the operator's file",
    "azdo-bot doctor",
    "# Two uses only, and what a script needs of the result",
    "azdo-bot doctor --intended-usage repositories.write \\",
    "  --intended-usage pipelineRuns.queue --json=verdict,askFor",
    "# A page for the person who grants what is missing",
    "azdo-bot doctor --report token.html",
], [
    "0  nothing is denied",
    "1  a use is denied, or the sign-in failed",
    "2  the command line or the operator's file is wrong; nothing was sent",
]))]
pub(in crate::cli) struct Arguments {
    /// An intended usage, as in Connect; can be repeated [default: all]
    #[arg(long, value_name = "USE", value_parser = usage(), hide_possible_values = true)]
    intended_usage: Vec<Usage>,
    /// Write a report to this file: one HTML page, for the person who grants what is missing
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    #[command(flatten)]
    simulator: SimulatorArguments,
    #[command(flatten)]
    target: ConnectArguments,
    #[command(flatten)]
    connect: ConnectFlags,
}

/// Parses a use; the message about an unknown one names the nearest
fn usage() -> impl TypedValueParser<Value = Usage> {
    let parse = |text: String| Usage::ALL.iter().copied().find(|usage| usage.as_str() == text);
    PossibleValuesParser::new(Usage::ALL.iter().map(|usage| usage.as_str()))
        .map(move |text| parse(text).expect("the parser admits only uses"))
}

pub(in crate::cli) async fn doctor(
    arguments: Arguments,
    json: Option<&JsonFields>,
    lookup: Lookup,
    ending: Ending,
) -> Result<ExitCode, Fail> {
    let own = !arguments.intended_usage.is_empty();
    let usages = match arguments.intended_usage.as_slice() {
        [] => Usage::ALL.to_vec(),
        some => some.to_vec(),
    };
    let needs: Vec<Needs> = usages.iter().map(|usage| usage.needs()).collect();
    let configuration = Configuration::new(arguments.connect.into(), lookup)?;
    let policy = configuration.operator.policy.summary();
    let audit = configuration.operator.audit.summary();
    let target = CommandTarget::of(&arguments.simulator, &arguments.target, &configuration).await?;
    let report = arguments.report.as_deref().map(|file| ReportFile::begin(file, &REPORT)).transpose()?;
    let probe = match ending.or_done(target.probe(&configuration, &needs)).await?? {
        Ok(probe) => probe,
        Err(error) => {
            if let Some(report) = &report {
                report
                    .write(&TokenReport::of_failed_sign_in(&target.connection.project.to_string(), &error))?;
            }
            return Err(Fail::new(error, FAILED));
        }
    };
    let diagnosis = Diagnosis { probe, target: target.connection, usages, needs, policy, audit, own };
    if let Some(report) = &report {
        report.write(&diagnosis.page())?;
    }
    let mut out = std::io::stdout().lock();
    if let Some(fields) = json {
        let document = fields.select(diagnosis.document())?;
        writeln!(out, "{}", masked::document(&diagnosis.probe.masker, document))?;
    } else {
        let look = Look::stdout();
        masked::text(&mut out, &diagnosis.probe.masker, |text| diagnosis.write(text, &look))?;
    }
    Ok(if diagnosis.count(Verdict::Denied) == 0 { ExitCode::SUCCESS } else { ExitCode::from(FAILED) })
}

/// The result of the probe and its arguments
struct Diagnosis {
    probe: Probe,
    target: ProbeConnection,
    usages: Vec<Usage>,
    needs: Vec<Needs>,
    /// What the operator's policy says
    policy: String,
    /// Where the audit trail goes
    audit: String,
    /// Whether the uses were chosen on the command line
    own: bool,
}

impl Diagnosis {
    fn uses(&self) -> impl Iterator<Item = UseEvidence> {
        self.usages.iter().map(|usage| UseEvidence::of(*usage, &self.probe.findings))
    }

    fn count(&self, verdict: Verdict) -> usize {
        self.uses().filter(|one| one.verdict == verdict).count()
    }

    /// The result in a sentence, for a reader who sees the table for the first time
    fn verdict(&self) -> String {
        let [granted, denied, unknown] =
            [Verdict::Granted, Verdict::Denied, Verdict::Unknown].map(|verdict| self.count(verdict));
        let uses = if granted == 1 { "use" } else { "uses" };
        let denied = if denied == 0 { "nothing".to_owned() } else { denied.to_string() };
        let unknown = match unknown {
            0 => String::new(),
            unknown => format!(", {unknown} can only be seen when used"),
        };
        format!("Signed in as {}. {granted} {uses} confirmed, {denied} denied{unknown}.", self.probe.user())
    }

    fn write(&self, out: &mut impl Write, look: &Look) -> Result<(), Fail> {
        let tone = if self.count(Verdict::Denied) == 0 { Tone::Good } else { Tone::Bad };
        writeln!(out, "{}\n", look.paint(tone, &look.wrap(&self.verdict(), "")))?;
        for (name, fact) in self.facts() {
            writeln!(out, "{} {fact}", look.paint(Tone::Heading, &format!("{name:<13}")))?;
        }
        writeln!(out)?;
        for line in table(&["use", "permission", "token scope", "result"], &self.rows(), look) {
            writeln!(out, "{line}")?;
        }
        writeln!(out, "\n{}", look.wrap(LIMITS, ""))?;
        for line in self.probe.advice(&self.needs, self.own) {
            writeln!(out, "{}", look.wrap(&line, "  "))?;
        }
        if let Some(warning) = &self.probe.expiry_warning {
            writeln!(out, "{}", look.labelled(Tone::Warning, "warning", warning))?;
        }
        Ok(())
    }

    fn facts(&self) -> Vec<(&'static str, String)> {
        let connection = &self.probe.connection;
        vec![
            ("user", self.probe.user()),
            (connection.organization().service().organization(), connection.organization().to_string()),
            ("project", connection.project().shown().to_owned()),
            ("token", format!("{}, from {}", self.probe.token.shape, self.target.credential)),
            ("round trip", format!("{} ms", self.probe.round_trip.as_millis())),
            ("policy", self.policy.clone()),
            ("audit", self.audit.clone()),
            ("throttling", connection.throttling().map_or("none".to_owned(), |seen| seen.to_string())),
        ]
    }

    fn page(&self) -> String {
        let lacking = self.probe.findings.lacking(&self.needs);
        let scopes = match lacking.scopes.is_empty() {
            true => Vec::new(),
            false => least_token(self.needs.iter().filter_map(|needs| needs.scope)),
        };
        let uses: Vec<UseEvidence> = self.uses().collect();
        TokenReport {
            project: self.probe.connection.project().shown(),
            verdict: &self.verdict(),
            facts: &self.facts(),
            uses: &uses,
            user: &self.probe.connection.identity().name,
            permissions: lacking.to_ask_for(),
            scopes,
            token_page: self.probe.token_page(),
            limits: LIMITS,
            warning: self.probe.expiry_warning.as_deref(),
            masker: &self.probe.masker,
        }
        .page()
    }

    fn rows(&self) -> Vec<Vec<Cell>> {
        let row = |one: UseEvidence| {
            let tone = match one.verdict {
                Verdict::Granted => Tone::Good,
                Verdict::Denied => Tone::Bad,
                Verdict::Unknown => Tone::Plain,
            };
            vec![
                one.usage.as_str().into(),
                one.permission_is.to_string().into(),
                format!("{}: {}", one.scope, one.scope_is).into(),
                Cell::toned(tone, one.verdict.to_string()),
            ]
        };
        self.uses().map(row).collect()
    }

    fn document(&self) -> serde_json::Value {
        let (probe, connection) = (&self.probe, &self.probe.connection);
        let identity = connection.identity();
        let uses: Vec<UseEvidence> = self.uses().collect();
        let lacking = probe.findings.lacking(&self.needs);
        json!({
            "verdict": self.verdict(),
            "user": { "id": identity.id, "name": identity.name, "account": identity.account },
            "organizationUrl": connection.organization().to_string(),
            "project": { "id": connection.project().id, "name": connection.project().name },
            "token": { "from": self.target.credential.to_string(), "shape": probe.token.shape },
            "roundTripMilliseconds": probe.round_trip.as_millis(),
            "throttling": connection.throttling(),
            "policy": self.policy,
            "audit": self.audit,
            "uses": uses,
            "level": "project",
            "missingScopes": lacking.scopes,
            "askFor": lacking.permissions,
            "tokenPage": probe.token_page(),
            "expiring": probe.expiry_warning,
        })
    }
}
