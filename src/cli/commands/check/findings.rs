//! What a check finds, and what it comes to.

use std::process::ExitCode;

use crate::cli::output::fail::NOT_A_BOT;
use crate::cli::output::fail::NOT_RUNNABLE;
use crate::cli::output::flow_report;
use crate::cli::setup::probe::Probe;
use crate::contract::Needs;
use crate::contract::Scope;
use crate::contract::Sight;
use crate::contract::Verdict;
use crate::hosts::bot::Analysis;
use crate::hosts::bot::FlowWarning;
use crate::hosts::bot::NodeNeeds;
use crate::package::FlowNeeds;

/// What a check of a flow and its token finds
pub(super) struct FlowFindings {
    pub(super) survey: Analysis,
    pub(super) needs: FlowNeeds,
    /// The scopes that the token has, when somebody said so
    pub(super) stated: Option<Vec<Scope>>,
    /// What the service told, when it was to be asked
    pub(super) told: Option<Probe>,
    /// What this machine may lack
    pub(super) here: Vec<FlowWarning>,
    /// Credentials of the vault that nothing maps here
    pub(super) unmapped: Vec<String>,
    /// Credentials whose tokens expire soon, or have expired
    pub(super) expiring: Vec<String>,
}

/// What each node of the flow needs
pub(super) fn needs_of(survey: &Analysis) -> Vec<Needs> {
    survey.needs.iter().map(|node| node.needs).collect()
}

impl FlowFindings {
    /// The scope that a node needs and the token lacks
    pub(super) fn missing(&self, node: &NodeNeeds) -> Option<Scope> {
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
    pub(super) fn verdict(&self) -> (bool, String) {
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
    pub(super) fn warnings(&self) -> impl Iterator<Item = &FlowWarning> {
        self.here.iter().chain(&self.survey.warnings)
    }

    pub(super) fn exit_code(&self) -> ExitCode {
        match self.verdict() {
            _ if !self.survey.is_bot_file() => ExitCode::from(NOT_A_BOT),
            (true, _) => ExitCode::SUCCESS,
            (false, _) => ExitCode::from(NOT_RUNNABLE),
        }
    }
}
