//! `azdo-bot doctor`: shows who a token belongs to and what it can do in a project.

use std::io::Write;
use std::process::ExitCode;

use clap::Args;
use serde_json::json;

use crate::cli::output::fail::FAILED;
use crate::cli::output::fail::Fail;
use crate::cli::output::masked;
use crate::cli::output::table::table;
use crate::cli::process::ending::Ending;
use crate::cli::setup::connect_arguments::ConnectArguments;
use crate::cli::setup::connect_arguments::ProbeConnection;
use crate::cli::setup::flags::ConnectFlags;
use crate::cli::setup::probe::LIMITS;
use crate::cli::setup::probe::Probe;
use crate::cli::setup::probe_target::ProbeTarget;
use crate::contract::Needs;
use crate::contract::Usage;
use crate::contract::UseEvidence;
use crate::contract::Verdict;
use crate::setup::Configuration;
use crate::setup::Lookup;

/// The arguments of `doctor`
#[derive(Args)]
pub(in crate::cli) struct Arguments {
    #[command(flatten)]
    target: ConnectArguments,
    /// An intended usage, as in Connect; can be repeated [default: all]
    #[arg(long, value_name = "USE", value_parser = usage)]
    intended_usage: Vec<Usage>,
    #[command(flatten)]
    probe_target: ProbeTarget,
    #[command(flatten)]
    connect: ConnectFlags,
}

fn usage(text: &str) -> Result<Usage, String> {
    Usage::ALL.iter().copied().find(|usage| usage.as_str() == text).ok_or_else(|| {
        let all: Vec<&str> = Usage::ALL.iter().map(|usage| usage.as_str()).collect();
        format!("must be one of {}", all.join(", "))
    })
}

pub(in crate::cli) async fn doctor(
    arguments: Arguments,
    json: bool,
    lookup: Lookup,
    ending: Ending,
) -> Result<ExitCode, Fail> {
    let target = arguments.target.target()?;
    let own = !arguments.intended_usage.is_empty();
    let usages = match arguments.intended_usage.as_slice() {
        [] => Usage::ALL.to_vec(),
        some => some.to_vec(),
    };
    let needs: Vec<Needs> = usages.iter().map(|usage| usage.needs()).collect();
    let configuration = Configuration::new(arguments.connect.into(), lookup)?;
    let policy = configuration.operator.policy.summary();
    let audit = configuration.operator.audit.summary();
    let probe = ending.or_done(arguments.probe_target.probe(&configuration, &target, &needs)).await??;
    let diagnosis = Diagnosis {
        probe: probe.map_err(|error| Fail::new(error, FAILED))?,
        target,
        usages,
        needs,
        policy,
        audit,
        own,
    };
    let mut out = std::io::stdout().lock();
    if json {
        writeln!(out, "{}", masked::document(&diagnosis.probe.masker, diagnosis.document()))?;
    } else {
        masked::text(&mut out, &diagnosis.probe.masker, |text| diagnosis.write(text))?;
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

    fn write(&self, out: &mut impl Write) -> Result<(), Fail> {
        let connection = &self.probe.connection;
        let facts = [
            ("user", self.probe.user()),
            (connection.organization().service().organization(), connection.organization().to_string()),
            ("project", connection.project().shown().to_owned()),
            ("token", format!("{}, from {}", self.probe.token.shape, self.target.credential)),
            ("round trip", format!("{} ms", self.probe.round_trip.as_millis())),
            ("policy", self.policy.clone()),
            ("audit", self.audit.clone()),
            ("throttling", connection.throttling().map_or("none".to_owned(), |seen| seen.to_string())),
        ];
        for (name, fact) in facts {
            writeln!(out, "{name:<13} {fact}")?;
        }
        writeln!(out)?;
        for line in table(&["use", "permission", "token scope", "result"], &self.rows()) {
            writeln!(out, "{line}")?;
        }
        writeln!(
            out,
            "\n{} granted, {} denied, {} unknown\n{LIMITS}",
            self.count(Verdict::Granted),
            self.count(Verdict::Denied),
            self.count(Verdict::Unknown)
        )?;
        for line in self.probe.advice(&self.needs, self.own) {
            writeln!(out, "{line}")?;
        }
        if let Some(warning) = &self.probe.expiry_warning {
            writeln!(out, "warning: {warning}")?;
        }
        Ok(())
    }

    fn rows(&self) -> Vec<Vec<String>> {
        let row = |one: UseEvidence| {
            vec![
                one.usage.as_str().to_owned(),
                one.permission_is.to_string(),
                format!("{}: {}", one.scope, one.scope_is),
                one.verdict.to_string(),
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
