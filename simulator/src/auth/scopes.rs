//! Token scopes and which of them include which.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde::Serialize;

/// Each scope with those it includes directly (the service's own table; `vso.profile` is what code, build, work
/// and release reach in the end, which is why nearly every token may read a project).
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
    ("vso.work", &["vso.profile"]),
    ("vso.work_write", &["vso.work"]),
    ("vso.work_full", &["vso.work_write"]),
    ("vso.project_write", &["vso.project"]),
    ("vso.project_manage", &["vso.project_write"]),
    ("vso.profile_write", &["vso.profile"]),
    ("vso.pipelineresources_manage", &["vso.pipelineresources_use"]),
    ("vso.agentpools_manage", &["vso.agentpools"]),
    ("vso.identity_manage", &["vso.identity"]),
    ("vso.graph_manage", &["vso.graph"]),
];

/// The scope of a token made with full access.
pub(crate) const FULL: &str = "app_token";

/// What a token may do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Grant {
    /// Everything its user may do.
    Full,
    /// Only what these scopes allow, the included ones already written out.
    Scopes(BTreeSet<String>),
}

impl Grant {
    /// Writes out what the scopes include.
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

    /// Whether one of the scopes that a route accepts is there. A route without scopes takes any good token.
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
