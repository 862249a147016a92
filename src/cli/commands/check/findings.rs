//! The findings of a check, and its result.

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

/// The findings of a check
pub(super) struct FlowFindings {
    pub(super) analysis: Analysis,
    pub(super) needs: FlowNeeds,
    /// The stated scopes of the token, if any
    pub(super) stated: Option<Vec<Scope>>,
    /// The result of the probe, if one was requested
    pub(super) probe: Option<Probe>,
    /// Warnings about this machine
    pub(super) here: Vec<FlowWarning>,
    /// Credentials that the operator's file does not map
    pub(super) unmapped: Vec<String>,
    /// Warnings about tokens that expire soon or have expired
    pub(super) expiring: Vec<String>,
    /// Whether to show every node of a package that is not supported
    pub(super) verbose: bool,
}

/// The needs of each node
pub(super) fn needs_of(analysis: &Analysis) -> Vec<Needs> {
    analysis.needs.iter().map(|node| node.needs).collect()
}

impl FlowFindings {
    /// The scope that a node needs and the token does not have
    pub(super) fn missing(&self, node: &NodeNeeds) -> Option<Scope> {
        let need = node.needs.scope?;
        if let Some(probe) = &self.probe {
            return (probe.findings.sight(need) == Sight::Missing).then_some(need);
        }
        let stated = self.stated.as_ref()?;
        (!stated.iter().any(|scope| scope.satisfies(need))).then_some(need)
    }

    /// Whether a need of the node is not met
    fn lacks(&self, node: &NodeNeeds) -> bool {
        let denied = |probe: &Probe| probe.findings.evidence(&node.needs).verdict() == Verdict::Denied;
        self.missing(node).is_some() || self.probe.as_ref().is_some_and(denied)
    }

    fn is_lacking(&self) -> bool {
        self.analysis.needs.iter().any(|node| self.lacks(node))
    }

    /// Whether the bot can run, and the last line of the screen
    pub(super) fn result(&self) -> (bool, String) {
        let warnings = self.warnings().count();
        let may_fail = self.warnings().filter(|warning| warning.may_fail).count();
        match self.analysis.faults.len() {
            0 if self.is_lacking() && self.probe.is_some() => {
                (false, "The token or its user lacks a scope or permission: this bot cannot run.".to_owned())
            }
            0 if self.is_lacking() => (false, "The token lacks a scope: this bot cannot run.".to_owned()),
            0 if may_fail == 1 && warnings == 1 => {
                (true, "No errors. 1 warning: this bot may still fail.".to_owned())
            }
            0 if may_fail > 0 && may_fail == warnings => {
                (true, format!("No errors. {warnings} warnings: this bot may still fail."))
            }
            0 if may_fail > 0 => {
                (true, format!("No errors. {warnings} warnings, {may_fail} of which may stop this bot."))
            }
            0 => (true, "This bot can run.".to_owned()),
            faults => (false, format!("{}: this bot cannot run.", flow_report::count(faults))),
        }
    }

    /// How much of the bot this host supports; nothing for a file that is not a bot
    pub(super) fn share(&self) -> Option<String> {
        let (supported, enabled) = (self.analysis.supported_nodes, self.analysis.enabled_nodes);
        match enabled {
            0 => None,
            1 if supported == 1 => Some("This host supports the only node of the bot.".to_owned()),
            _ if supported == enabled => Some(format!("This host supports all {enabled} nodes of the bot.")),
            _ => {
                let percent = supported * 100 / enabled;
                Some(format!("This host supports {supported} of {enabled} nodes of the bot ({percent} %)."))
            }
        }
    }

    /// The warnings about this machine and the flow
    pub(super) fn warnings(&self) -> impl Iterator<Item = &FlowWarning> {
        self.here.iter().chain(&self.analysis.warnings)
    }

    pub(super) fn exit_code(&self) -> ExitCode {
        match self.result() {
            _ if !self.analysis.is_bot_file() => ExitCode::from(NOT_A_BOT),
            (true, _) => ExitCode::SUCCESS,
            (false, _) => ExitCode::from(NOT_RUNNABLE),
        }
    }
}
