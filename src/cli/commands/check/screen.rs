//! The findings of a check as text: the nodes, the token to create, warnings and errors.

use std::io::Write;

use crate::cli::commands::check::findings::FlowFindings;
use crate::cli::commands::check::findings::needs_of;
use crate::cli::output::fail::Fail;
use crate::cli::output::flow_report;
use crate::cli::output::table::table;
use crate::cli::output::token_advice;
use crate::cli::setup::probe::LIMITS;
use crate::cli::setup::probe::Probe;
use crate::hosts::bot::NodeNeeds;

impl FlowFindings {
    pub(super) fn write(&self, out: &mut impl Write) -> Result<(), Fail> {
        let analysis = &self.analysis;
        if !analysis.needs.is_empty() {
            for line in self.node_table() {
                writeln!(out, "{line}")?;
            }
            writeln!(out)?;
            match &self.probe {
                Some(probe) => self.write_advice(out, probe)?,
                None => {
                    for line in token_advice::lines(&self.needs) {
                        writeln!(out, "{line}")?;
                    }
                }
            }
        }
        for warning in &self.expiring {
            writeln!(out, "warning: {warning}")?;
        }
        for warning in self.warnings() {
            writeln!(out, "warning: {warning}")?;
        }
        for node in &analysis.needs {
            if let Some(scope) = self.missing(node) {
                writeln!(
                    out,
                    "{}: {} needs the scope {scope}, which the token does not have",
                    node.place, node.card.label
                )?;
            }
        }
        for line in flow_report::lines(&analysis.faults, self.verbose) {
            writeln!(out, "{line}")?;
        }
        if let Some(share) = self.share() {
            writeln!(out, "{share}")?;
        }
        writeln!(out, "{}", self.result().1)?;
        Ok(())
    }

    fn node_table(&self) -> Vec<String> {
        if let Some(probe) = &self.probe {
            return self.compared_table(probe);
        }
        let head = ["node", "action", "permission", "token scope"];
        let rows: Vec<Vec<String>> = self
            .analysis
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

    /// A table of each need with its permission and its scope
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
        let rows: Vec<Vec<String>> = self.analysis.needs.iter().map(row).collect();
        table(&["node", "needs", "permission", "token scope"], &rows)
    }

    fn write_advice(&self, out: &mut impl Write, probe: &Probe) -> Result<(), Fail> {
        writeln!(
            out,
            "As {} in project {} of {}",
            probe.user(),
            probe.connection.project().shown(),
            probe.connection.organization()
        )?;
        for line in probe.advice(&needs_of(&self.analysis), true) {
            writeln!(out, "{line}")?;
        }
        writeln!(out, "{LIMITS}")?;
        Ok(())
    }
}
