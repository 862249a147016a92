//! The description of protected resources, which pipelines need permission to use.

use serde::Deserialize;
use serde::Serialize;

/// A protected resource. The simulator gives it an identifier.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resource {
    #[serde(rename = "type")]
    pub(crate) kind: ResourceKind,
    pub(crate) name: String,
    /// What a run waits for before it uses the resource.
    #[serde(default)]
    pub(crate) checks: Vec<ResourceCheck>,
}

/// A check of a protected resource.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ResourceCheck {
    #[serde(rename = "type")]
    pub(crate) kind: CheckKind,
    /// The names of the users who approve, for an approval.
    #[serde(default)]
    pub(crate) approvers: Vec<String>,
}

/// The kind of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum CheckKind {
    /// Users approve.
    Approval,
    /// One run at a time uses the resource.
    ExclusiveLock,
    /// The time is within business hours.
    BusinessHours,
}

/// The kind of a protected resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ResourceKind {
    /// A service connection (`endpoint` in the API).
    ServiceConnection,
    /// The queue of an agent pool.
    AgentQueue,
    /// A variable group.
    VariableGroup,
    /// A secure file.
    SecureFile,
    /// An environment.
    Environment,
}

impl Resource {
    /// A resource with this name.
    pub fn named(kind: ResourceKind, name: &str) -> Self {
        Resource { kind, name: name.to_owned(), checks: Vec::new() }
    }

    /// Adds a check.
    #[must_use]
    pub fn check(mut self, kind: CheckKind, approvers: &[&str]) -> Self {
        let approvers = approvers.iter().map(|&name| name.to_owned()).collect();
        self.checks.push(ResourceCheck { kind, approvers });
        self
    }
}
