//! The findings of a check as JSON.

use serde_json::json;

use crate::cli::commands::check::findings::FlowFindings;
use crate::cli::output::flow_report;

impl FlowFindings {
    pub(super) fn document(&self) -> serde_json::Value {
        let analysis = &self.analysis;
        let nodes: Vec<_> = analysis
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
                if let Some(probe) = &self.probe {
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
        let (runnable, result) = self.result();
        json!({
            "needs": nodes,
            "token": self.needs.scopes,
            "permissions": self.needs.permissions,
            "unmappedCredentials": self.unmapped,
            "expiringCredentials": self.expiring,
            "warnings": warnings,
            "nodes": { "enabled": analysis.enabled_nodes, "supported": analysis.supported_nodes },
            "faults": flow_report::as_json(&analysis.faults),
            "runnable": runnable,
            "verdict": result,
        })
    }
}
