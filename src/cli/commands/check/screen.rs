//! The findings of a check as text: the nodes, the token to create, warnings and errors.

use std::io::Write;

use crate::cli::commands::check::findings::FlowFindings;
use crate::cli::commands::check::findings::needs_of;
use crate::cli::output::fail::Fail;
use crate::cli::output::flow_report;
use crate::cli::output::look::Look;
use crate::cli::output::look::Tone;
use crate::cli::output::table::Cell;
use crate::cli::output::table::table;
use crate::cli::output::token_advice;
use crate::cli::setup::probe::LIMITS;
use crate::cli::setup::probe::Probe;
use crate::contract::Standing;
use crate::hosts::bot::NodeNeeds;

impl FlowFindings {
    pub(super) fn write(&self, out: &mut impl Write, look: &Look) -> Result<(), Fail> {
        let analysis = &self.analysis;
        if !analysis.needs.is_empty() {
            for line in self.node_table(look) {
                writeln!(out, "{line}")?;
            }
            writeln!(out)?;
            match &self.probe {
                Some(probe) => self.write_advice(out, probe, look)?,
                None => {
                    for line in token_advice::lines(&self.needs) {
                        writeln!(out, "{}", look.wrap(&line, "  "))?;
                    }
                }
            }
        }
        let warnings = self.warnings().map(ToString::to_string);
        for warning in self.expiring.iter().cloned().chain(warnings) {
            writeln!(out, "{}", look.labelled(Tone::Warning, "warning", &warning))?;
        }
        for node in &analysis.needs {
            if let Some(scope) = self.missing(node) {
                let (place, label) = (&node.place, &node.card.label);
                let line = format!("{place}: {label} needs the scope {scope}, which the token does not have");
                writeln!(out, "{}", look.wrap(&line, "  "))?;
            }
        }
        for line in flow_report::lines(&analysis.faults, self.verbose, look) {
            writeln!(out, "{line}")?;
        }
        if let Some(share) = self.share() {
            writeln!(out, "{share}")?;
        }
        let (runnable, result) = self.result();
        writeln!(out, "{}", look.paint(if runnable { Tone::Good } else { Tone::Bad }, &result))?;
        Ok(())
    }

    fn node_table(&self, look: &Look) -> Vec<String> {
        if let Some(probe) = &self.probe {
            return self.compared_table(probe, look);
        }
        let head = ["node", "action", "permission", "token scope"];
        let rows: Vec<Vec<Cell>> = self
            .analysis
            .needs
            .iter()
            .map(|node| {
                let permissions: Vec<String> =
                    node.needs.permissions.iter().map(ToString::to_string).collect();
                let scope = match node.needs.scope {
                    None => Cell::default(),
                    Some(need) if self.stated.is_none() => need.label().into(),
                    Some(need) if self.missing(node).is_some() => {
                        Cell::toned(Tone::Bad, format!("{need}: missing"))
                    }
                    Some(need) => format!("{need}: stated").into(),
                };
                vec![
                    format!("{} {}", node.bot, node.place.line).into(),
                    node.card.label.clone().into(),
                    permissions.join(", ").into(),
                    scope,
                ]
            })
            .collect();
        table(&head, &rows, look)
    }

    /// A table of each need with its permission and its scope
    fn compared_table(&self, probe: &Probe, look: &Look) -> Vec<String> {
        let row = |node: &NodeNeeds| {
            let (needs, evidence) = (&node.needs, probe.findings.evidence(&node.needs));
            let permissions: Vec<String> = needs.permissions.iter().map(ToString::to_string).collect();
            let standing = match (permissions.as_slice(), evidence.standing) {
                ([], _) => Cell::default(),
                (_, standing @ Standing::Denied) => Cell::toned(Tone::Bad, standing.to_string()),
                (_, standing @ Standing::Granted) => Cell::toned(Tone::Good, standing.to_string()),
                (_, standing) => standing.to_string().into(),
            };
            let scope = needs.scope.map(|scope| format!("{scope}: {}", evidence.sight));
            vec![
                format!("{} {} {}", node.bot, node.place.line, node.card.label).into(),
                permissions.join(", ").into(),
                standing,
                scope.unwrap_or_default().into(),
            ]
        };
        let rows: Vec<Vec<Cell>> = self.analysis.needs.iter().map(row).collect();
        table(&["node", "needs", "permission", "token scope"], &rows, look)
    }

    fn write_advice(&self, out: &mut impl Write, probe: &Probe, look: &Look) -> Result<(), Fail> {
        let line = format!(
            "As {} in project {} of {}",
            probe.user(),
            probe.connection.project().shown(),
            probe.connection.organization()
        );
        writeln!(out, "{}", look.wrap(&line, "  "))?;
        for line in probe.advice(&needs_of(&self.analysis), true) {
            writeln!(out, "{}", look.wrap(&line, "  "))?;
        }
        writeln!(out, "{}", look.wrap(LIMITS, ""))?;
        Ok(())
    }
}
