//! `azdo-bot check BOT.json`: what would keep a bot from running, what it needs, and what of that is there. Nothing is run.

use std::io::Write;
use std::process::ExitCode;

use clap::Args;
use serde_json::json;

use crate::cli::environment::Lookup;
use crate::cli::output::fail::Fail;
use crate::cli::output::fail::NOT_A_BOT;
use crate::cli::output::fail::NOT_RUNNABLE;
use crate::cli::output::flow_report;
use crate::cli::output::masked;
use crate::cli::output::table::table;
use crate::cli::process::ending::Ending;
use crate::cli::setup::connect_arguments::MaybeConnectArguments;
use crate::cli::setup::connect_arguments::ProbeConnection;
use crate::cli::setup::flags::ConnectFlags;
use crate::cli::setup::probe::LIMITS;
use crate::cli::setup::probe::Probe;
use crate::cli::setup::probe_target::ProbeTarget;
use crate::cli::setup::readiness::FlowArguments;
use crate::cli::setup::readiness::Readiness;
use crate::cli::setup::wiring::Wiring;
use crate::contract::CredentialReference;
use crate::contract::Masker;
use crate::contract::Needs;
use crate::contract::Scope;
use crate::contract::Sight;
use crate::contract::Verdict;
use crate::credentials::Lockers;
use crate::hosts::bot::Analysis;
use crate::hosts::bot::CredentialSource;
use crate::hosts::bot::CredentialUse;
use crate::hosts::bot::FlowWarning;
use crate::hosts::bot::NodeNeeds;
use crate::package::FlowNeeds;

/// What to check
#[derive(Args)]
pub(in crate::cli) struct Arguments {
    #[command(flatten)]
    flow: FlowArguments,
    /// The scopes the token has, to be compared with what is needed; once for each
    #[arg(long, value_name = "SCOPE")]
    scope: Vec<String>,
    #[command(flatten)]
    target: MaybeConnectArguments,
    #[command(flatten)]
    asking: ProbeTarget,
    #[command(flatten)]
    connect: ConnectFlags,
}

/// What a check of a flow and its token finds
struct Findings {
    survey: Analysis,
    needs: FlowNeeds,
    /// The scopes that the token has, when somebody said so
    stated: Option<Vec<Scope>>,
    /// What the service told, when it was to be asked
    told: Option<Probe>,
    /// What this machine may lack
    here: Vec<FlowWarning>,
    /// Credentials of the vault that nothing maps here
    unmapped: Vec<String>,
    /// Credentials whose tokens expire soon, or have expired
    expiring: Vec<String>,
}

pub(in crate::cli) async fn check(
    arguments: Arguments,
    json: bool,
    lookup: Lookup,
    ending: Ending,
) -> Result<ExitCode, Fail> {
    let wiring = Wiring::new(arguments.connect, lookup)?;
    let target = arguments.target.target()?;
    let given: Vec<Scope> = arguments
        .scope
        .iter()
        .map(|text| {
            Scope::parse(text)
                .ok_or_else(|| Fail::usage("--scope takes a scope as the token page names it, or its id"))
        })
        .collect::<Result<_, _>>()?;
    let readiness =
        ending.or_done(arguments.flow.readiness(&wiring, arguments.asking.is_simulated())).await??;
    let Readiness { survey, inputs: _, warnings: here, unmapped } = readiness;
    let lockers = &wiring.operator.lockers;
    let told = match &target {
        Some(target) => {
            Some(ending.or_done(ask(&arguments.asking, &wiring, target, &survey, &given)).await??)
        }
        None => None,
    };
    let mut expiring = wiring.expiry_warnings(&survey.credentials);
    // The token that was asked with may be one that the flow names, under another name.
    let asked = target.as_ref().filter(|target| !is_named(&survey, lockers, &target.credential));
    expiring.extend(asked.and(told.as_ref()).and_then(|probe| probe.expiry_warning.clone()));
    let findings = Findings {
        needs: FlowNeeds::of(&needs_of(&survey)),
        stated: if given.is_empty() { stated(&survey, lockers) } else { Some(given) },
        told,
        here,
        unmapped: unmapped.iter().map(ToString::to_string).collect(),
        expiring,
        survey,
    };
    let nothing = Masker::default();
    let masker = findings.told.as_ref().map_or(&nothing, |probe| &probe.masker);
    let mut out = std::io::stdout().lock();
    if json {
        writeln!(out, "{}", masked::document(masker, findings.document()))?;
    } else {
        masked::text(&mut out, masker, |text| findings.write(text))?;
    }
    Ok(findings.exit_code())
}

/// Asks the service what of the flow's needs is there
async fn ask(
    asking: &ProbeTarget,
    wiring: &Wiring,
    target: &ProbeConnection,
    survey: &Analysis,
    given: &[Scope],
) -> Result<Probe, Fail> {
    let probe = asking.probe(wiring, target, &needs_of(survey)).await?;
    let mut probe = probe.map_err(|error| Fail::new(error, NOT_RUNNABLE))?;
    if !given.is_empty() {
        given.clone_into(&mut probe.findings.stated);
    }
    Ok(probe)
}

/// The scopes that the operator states beside every credential the flow names
fn stated(survey: &Analysis, lockers: &Lockers) -> Option<Vec<Scope>> {
    let mut scopes = Vec::new();
    for source in survey.credentials.iter().flat_map(CredentialUse::sources) {
        let CredentialSource::Locker(name) = source else { return None };
        let own = &lockers.get(name)?.scopes;
        if own.is_empty() {
            return None;
        }
        scopes.extend(own);
    }
    (!scopes.is_empty()).then_some(scopes)
}

/// What each node of the flow needs
fn needs_of(survey: &Analysis) -> Vec<Needs> {
    survey.needs.iter().map(|node| node.needs).collect()
}

/// Whether a credential that the flow names leads to this place
fn is_named(survey: &Analysis, lockers: &Lockers, place: &CredentialReference) -> bool {
    survey.credentials.iter().flat_map(CredentialUse::sources).any(|source| match source {
        CredentialSource::Locker(name) => lockers.get(name).is_some_and(|locker| locker.reference == *place),
        _ => false,
    })
}

impl Findings {
    /// The scope that a node needs and the token lacks
    fn missing(&self, node: &NodeNeeds) -> Option<Scope> {
        let need = node.needs.scope?;
        if let Some(probe) = &self.told {
            return (probe.findings.sight(need) == Sight::Missing).then_some(need);
        }
        let stated = self.stated.as_ref()?;
        (!stated.iter().any(|scope| scope.satisfies(need))).then_some(need)
    }

    /// Whether a node needs what is not there
    fn lacks(&self, node: &NodeNeeds) -> bool {
        let denied = |probe: &Probe| probe.findings.evidence(&node.needs).verdict() == Verdict::Denied;
        self.missing(node).is_some() || self.told.as_ref().is_some_and(denied)
    }

    fn is_lacking(&self) -> bool {
        self.survey.needs.iter().any(|node| self.lacks(node))
    }

    /// What it all comes to: whether the bot can run, and the last line
    fn verdict(&self) -> (bool, String) {
        let may_fail = self.warnings().filter(|warning| warning.may_fail).count();
        match self.survey.faults.len() {
            0 if self.is_lacking() && self.told.is_some() => {
                (false, "The token or its user lacks what the flow needs; nothing was run.".to_owned())
            }
            0 if self.is_lacking() => (false, "The token lacks a scope; nothing was run.".to_owned()),
            0 if may_fail == 1 => {
                (true, "No faults; 1 warning says what may still stop this bot.".to_owned())
            }
            0 if may_fail > 0 => {
                (true, format!("No faults; {may_fail} warnings say what may still stop this bot."))
            }
            0 => (true, "Nothing keeps this bot from running.".to_owned()),
            faults => (false, format!("{}; nothing was run.", flow_report::count(faults))),
        }
    }

    /// What the author should know, of the flow and of this machine
    fn warnings(&self) -> impl Iterator<Item = &FlowWarning> {
        self.here.iter().chain(&self.survey.warnings)
    }

    fn exit_code(&self) -> ExitCode {
        match self.verdict() {
            _ if !self.survey.is_bot_file() => ExitCode::from(NOT_A_BOT),
            (true, _) => ExitCode::SUCCESS,
            (false, _) => ExitCode::from(NOT_RUNNABLE),
        }
    }

    fn write(&self, out: &mut impl Write) -> Result<(), Fail> {
        let survey = &self.survey;
        if !survey.needs.is_empty() {
            for line in self.node_table() {
                writeln!(out, "{line}")?;
            }
            writeln!(out)?;
            match &self.told {
                Some(probe) => self.write_advice(out, probe)?,
                None => self.write_sum(out)?,
            }
        }
        for warning in &self.expiring {
            writeln!(out, "warning: {warning}")?;
        }
        for warning in self.warnings() {
            writeln!(out, "warning: {warning}")?;
        }
        for node in &survey.needs {
            if let Some(scope) = self.missing(node) {
                writeln!(
                    out,
                    "{}: {} needs the scope {scope}, which the token lacks",
                    node.place, node.card.label
                )?;
            }
        }
        for fault in &survey.faults {
            writeln!(out, "{}", flow_report::line(fault))?;
        }
        writeln!(out, "{}", self.verdict().1)?;
        Ok(())
    }

    fn node_table(&self) -> Vec<String> {
        if let Some(probe) = &self.told {
            return self.compared_table(probe);
        }
        let head = ["node", "action", "permission", "token scope"];
        let rows: Vec<Vec<String>> = self
            .survey
            .needs
            .iter()
            .map(|node| {
                let permissions: Vec<String> =
                    node.needs.permissions.iter().map(ToString::to_string).collect();
                let scope = match node.needs.scope {
                    None => String::new(),
                    Some(need) if self.stated.is_none() => need.label().to_owned(),
                    Some(need) if self.missing(node).is_some() => format!("{need}: missing"),
                    Some(need) => format!("{need}: stated"),
                };
                vec![
                    format!("{} {}", node.bot, node.place.line),
                    node.card.label.clone(),
                    permissions.join(", "),
                    scope,
                ]
            })
            .collect();
        table(&head, &rows)
    }

    /// Each need with both answers about it
    fn compared_table(&self, probe: &Probe) -> Vec<String> {
        let row = |node: &NodeNeeds| {
            let (needs, evidence) = (&node.needs, probe.findings.evidence(&node.needs));
            let permissions: Vec<String> = needs.permissions.iter().map(ToString::to_string).collect();
            let standing = match permissions.as_slice() {
                [] => String::new(),
                _ => evidence.standing.to_string(),
            };
            let scope = needs.scope.map(|scope| format!("{scope}: {}", evidence.sight));
            vec![
                format!("{} {} {}", node.bot, node.place.line, node.card.label),
                permissions.join(", "),
                standing,
                scope.unwrap_or_default(),
            ]
        };
        let rows: Vec<Vec<String>> = self.survey.needs.iter().map(row).collect();
        table(&["node", "needs", "permission", "token scope"], &rows)
    }

    fn write_advice(&self, out: &mut impl Write, probe: &Probe) -> Result<(), Fail> {
        writeln!(
            out,
            "As {} in project {} of {}",
            probe.who(),
            probe.connection.project().name,
            probe.connection.organization()
        )?;
        for line in probe.advice(&needs_of(&self.survey), true) {
            writeln!(out, "{line}")?;
        }
        writeln!(out, "{LIMITS}")?;
        Ok(())
    }

    fn write_sum(&self, out: &mut impl Write) -> Result<(), Fail> {
        let scopes: Vec<&str> = self.needs.scopes.iter().map(|scope| scope.label()).collect();
        if !scopes.is_empty() {
            writeln!(out, "Make a token with: {}", scopes.join("; "))?;
            writeln!(out, "  at <organization URL>/_usersSettings/tokens")?;
        }
        let mut places: Vec<&str> = Vec::new();
        for permission in &self.needs.permissions {
            let place = permission.namespace.place();
            if !places.contains(&place) {
                places.push(place);
            }
        }
        for place in places {
            let names: Vec<&str> = self
                .needs
                .permissions
                .iter()
                .filter(|one| one.namespace.place() == place)
                .map(|one| one.name)
                .collect();
            writeln!(out, "Its user needs: {}\n  at {place}", names.join(", "))?;
        }
        Ok(())
    }

    fn document(&self) -> serde_json::Value {
        let survey = &self.survey;
        let nodes: Vec<_> = survey
            .needs
            .iter()
            .map(|node| {
                let mut document = json!({
                    "place": node.place,
                    "bot": node.bot,
                    "action": node.card.name,
                    "permissions": node.needs.permissions,
                    "scope": node.needs.scope,
                    "scopeMissing": self.missing(node).is_some(),
                });
                if let Some(probe) = &self.told {
                    let evidence = probe.findings.evidence(&node.needs);
                    document["permissionIs"] = evidence.standing.to_string().into();
                    document["scopeIs"] = evidence.sight.to_string().into();
                    document["verdict"] = evidence.verdict().to_string().into();
                }
                document
            })
            .collect();
        let warnings: Vec<_> = self
            .warnings()
            .map(|warning| json!({ "place": warning.place, "text": warning.text, "mayFail": warning.may_fail }))
            .collect();
        let (runnable, verdict) = self.verdict();
        json!({
            "needs": nodes,
            "token": self.needs.scopes,
            "permissions": self.needs.permissions,
            "unmappedCredentials": self.unmapped,
            "expiringCredentials": self.expiring,
            "warnings": warnings,
            "faults": flow_report::as_json(&survey.faults),
            "runnable": runnable,
            "verdict": verdict,
        })
    }
}
