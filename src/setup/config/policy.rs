//! The operator's policy as written: the tables `actions` and `organizations`, and limits of a bot run.

use serde::Deserialize;

use crate::contract::AllowedOrganizations;
use crate::contract::OrganizationUrl;
use crate::contract::PolicyRule;
use crate::dispatch::NamedActions;
use crate::dispatch::Policy;
use crate::dispatch::PolicyLimits;
use crate::dispatch::PolicyRules;

/// The table `actions`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct ActionSettings {
    /// Whether actions may only read
    read_only: bool,
    /// The only actions that are allowed, beside those of sessions: `listRepositories`, `group:pipelines`
    allow: Option<Vec<String>>,
    /// Actions that are denied
    deny: Vec<String>,
}

/// The table `organizations`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct OrganizationSettings {
    /// The only organizations that are allowed
    allow: Option<Vec<OrganizationUrl>>,
}

impl OrganizationSettings {
    /// Returns the allowed organizations; `place_of` returns the location of a key
    pub(super) fn allowed(self, place_of: impl Fn(&str) -> String) -> Option<AllowedOrganizations> {
        let rule = "organizations.allow does not list it".to_owned();
        let rule = PolicyRule { rule, place: place_of("organizations.allow") };
        self.allow.map(|allowed| AllowedOrganizations { allowed, rule })
    }
}

/// Returns the limit of a key with its rule
pub(super) fn limit(
    key: &str,
    most: Option<u32>,
    place_of: impl Fn(&str) -> String,
) -> Option<(u32, PolicyRule)> {
    let key = format!("limits.{key}");
    most.map(|most| (most, PolicyRule { rule: format!("{key} = {most}"), place: place_of(&key) }))
}

impl ActionSettings {
    /// Returns the policy; `place_of` returns the location of a key
    ///
    /// `Err` has the key of a rule that names no action and no group, and the reason.
    pub(super) fn policy(
        self,
        limits: PolicyLimits,
        place_of: impl Fn(&str) -> String,
    ) -> Result<Policy, (String, String)> {
        let named = |table: &str, at: usize, name: String| {
            let key = format!("actions.{table}.{at}");
            NamedActions { name, place: place_of(&key), key }
        };
        let all = |table: &'static str, names: Vec<String>| {
            let names = names.into_iter().enumerate();
            names.map(|(at, name)| named(table, at, name)).collect::<Vec<NamedActions>>()
        };
        Policy::new(PolicyRules {
            read_only: self.read_only.then(|| place_of("actions.read_only")),
            allow: self.allow.map(|names| (place_of("actions.allow"), all("allow", names))),
            deny: all("deny", self.deny),
            limits,
        })
    }
}
