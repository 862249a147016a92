//! What is known about each intended use, as flat fields: the output of Check session and of `doctor --json`.

use schemars::JsonSchema;
use serde::Serialize;

use crate::contract::Findings;
use crate::contract::Scope;
use crate::contract::Sight;
use crate::contract::Standing;
use crate::contract::Usage;
use crate::contract::Verdict;

/// An intended use, its permissions, its scope, and both together
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(inline)]
pub struct UseEvidence {
    /// The intended use
    #[serde(rename = "use")]
    pub usage: Usage,
    /// The permissions that the token's user needs, as the security page names them
    pub permission: String,
    /// Where these permissions are given
    pub permission_place: &'static str,
    /// What the service reports about these permissions taken together
    pub permission_is: Standing,
    /// The least scope that the token needs, as the token page names it
    pub scope: &'static str,
    /// What is known about that scope
    pub scope_is: Sight,
    /// Permissions and scope taken together
    pub verdict: Verdict,
}

impl UseEvidence {
    /// Creates the evidence for a use from the findings
    pub fn of(usage: Usage, findings: &Findings) -> Self {
        let needs = usage.needs();
        let evidence = findings.evidence(&needs);
        let names: Vec<&str> = needs.permissions.iter().map(|permission| permission.name).collect();
        UseEvidence {
            usage,
            permission: names.join(", "),
            permission_place: needs
                .permissions
                .first()
                .map_or("", |permission| permission.namespace.place(findings.service)),
            permission_is: evidence.standing,
            scope: needs.scope.map_or("any", Scope::label),
            scope_is: evidence.sight,
            verdict: evidence.verdict(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_use_has_its_permissions_in_one_place_and_both_answers_apart() {
        for usage in Usage::ALL {
            let needs = usage.needs();
            let places = needs.permissions.iter().map(|permission| permission.namespace);
            assert!(places.clone().all(|place| Some(place) == places.clone().next()), "{usage:?}");
        }
        let findings = Findings { reads: vec![(Scope::CodeRead, Sight::Seen)], ..Findings::default() };
        let json = serde_json::to_value(UseEvidence::of(Usage::RepositoriesWrite, &findings));
        assert_eq!(
            json.expect("it serializes"),
            serde_json::json!({
                "use": "repositories.write",
                "permission": "Contribute, Create branch",
                "permissionPlace": "Project settings > Repositories > Security",
                "permissionIs": "unknown",
                "scope": "Code (read and write)",
                "scopeIs": "read seen",
                "verdict": "unknown",
            })
        );
    }
}
