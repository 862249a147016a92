//! Token scopes, and which scopes include which.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde::Serialize;

/// Each scope with the scopes that it includes directly, from the service's own table. Code, build, work and release
/// include `vso.profile`, so that nearly every token may read a project.
const INCLUDES: &[(&str, &[&str])] = &[
    ("vso.code", &["vso.profile"]),
    ("vso.code_write", &["vso.code"]),
    ("vso.code_manage", &["vso.code_write"]),
    ("vso.code_full", &["vso.code_manage"]),
    ("vso.build", &["vso.profile"]),
    ("vso.build_execute", &["vso.build"]),
    ("vso.release", &["vso.profile"]),
    ("vso.release_execute", &["vso.release"]),
    ("vso.release_manage", &["vso.release_execute"]),
    ("vso.test", &["vso.profile"]),
    ("vso.test_write", &["vso.test"]),
    ("vso.work", &["vso.profile"]),
    ("vso.work_write", &["vso.work"]),
    ("vso.work_full", &["vso.work_write"]),
    ("vso.project_write", &["vso.project"]),
    ("vso.project_manage", &["vso.project_write"]),
    ("vso.profile_write", &["vso.profile"]),
    ("vso.pipelineresources_manage", &["vso.pipelineresources_use"]),
    ("vso.variablegroups_write", &["vso.variablegroups_read"]),
    ("vso.variablegroups_manage", &["vso.variablegroups_write"]),
    ("vso.agentpools_manage", &["vso.agentpools"]),
    ("vso.identity_manage", &["vso.identity"]),
    ("vso.graph_manage", &["vso.graph"]),
];

/// The scope of a token with full access.
pub(crate) const FULL: &str = "app_token";

/// The requests that a token allows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Grant {
    /// Everything that its user may do.
    Full,
    /// What these scopes allow. Included scopes are in the set.
    Scopes(BTreeSet<String>),
}

impl Grant {
    /// Adds the scopes that these include.
    pub(crate) fn of<S: AsRef<str>>(scopes: impl IntoIterator<Item = S>) -> Grant {
        let mut held = BTreeSet::new();
        let mut open: Vec<String> = scopes.into_iter().map(|scope| scope.as_ref().to_owned()).collect();
        while let Some(scope) = open.pop() {
            if scope == FULL {
                return Grant::Full;
            }
            let included = INCLUDES.iter().find(|(name, _)| *name == scope).map_or(&[][..], |(_, all)| all);
            open.extend(included.iter().map(|&scope| scope.to_owned()));
            held.insert(scope);
        }
        Grant::Scopes(held)
    }

    /// Returns whether one of the accepted scopes is granted. Without accepted scopes, any valid token is enough.
    pub(crate) fn allows(&self, accepted: &[&str]) -> bool {
        match self {
            Grant::Full => true,
            Grant::Scopes(held) => accepted.is_empty() || accepted.iter().any(|&scope| held.contains(scope)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Grant;

    #[test]
    fn scopes_include_others() {
        let rows: &[(&str, &str, bool)] = &[
            ("vso.code_full", "vso.code", true),
            ("vso.code_manage", "vso.code_write", true),
            ("vso.code_write", "vso.code_manage", false),
            ("vso.code", "vso.profile", true),
            ("vso.code", "vso.project", false),
            ("vso.build_execute", "vso.build", true),
            ("vso.build", "vso.build_execute", false),
            ("vso.build_execute", "vso.code", false),
            ("vso.project_manage", "vso.project", true),
            ("vso.agentpools", "vso.profile", false),
            ("app_token", "vso.code_full", true),
        ];
        for &(held, needed, expected) in rows {
            assert_eq!(Grant::of([held]).allows(&[needed]), expected, "{held} for {needed}");
        }
        assert!(Grant::of(["vso.agentpools"]).allows(&[]), "no scope is needed there");
        assert!(!Grant::of::<&str>([]).allows(&["vso.profile"]));
    }
}
