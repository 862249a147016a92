//! What is known about a need before the action runs: the user's permission and the token's scope.
//!
//! The service evaluates permissions for the user, whatever scopes the token has. A token does not list its own
//! scopes: a successful read proves the read scope, and nothing proves a write scope without writing.

use std::fmt;

use schemars::JsonSchema;
use serde::Serialize;

use crate::contract::Needs;
use crate::contract::Permission;
use crate::contract::Scope;
use crate::contract::ServiceKind;
use crate::contract::least_token;

/// Whether the token's user has a permission, at the level that was queried
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum Standing {
    /// The user has the permission
    Granted,
    /// The service did not report it
    Unknown,
    /// The user does not have the permission
    Denied,
}

/// What is known about a scope of the token
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum Sight {
    /// A request that needs the scope succeeded
    Seen,
    /// A read in the scope's area succeeded; a write scope cannot be observed
    #[serde(rename = "read seen")]
    ReadSeen,
    /// A read in the scope's area was rejected, or the operator's list does not have the scope
    Missing,
    /// No request can show it
    #[serde(rename = "not observable")]
    NotObservable,
    /// The operator's file states that the token has it
    Stated,
}

/// The permission and the scope taken together
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum Verdict {
    /// The permission is granted, and the scope was observed or stated
    Granted,
    /// The permission is denied, or the scope is missing
    Denied,
    /// At least one of them is not known
    Unknown,
}

/// What is known about one need: its permissions and its scope
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Evidence {
    /// All permissions together; granted when the need has none
    pub standing: Standing,
    /// The scope; seen when the need has none
    pub sight: Sight,
}

/// The findings about a token and its user in one project
#[derive(Debug, Clone, Default)]
pub struct Findings {
    /// The state of each permission that was queried
    pub permissions: Vec<(Permission, Standing)>,
    /// The result of a read in each area, under the area's least scope
    pub reads: Vec<(Scope, Sight)>,
    /// The scopes that the operator's file states; empty when it states none
    pub stated: Vec<Scope>,
    /// What serves the organization
    pub service: ServiceKind,
}

/// The permissions and scopes that are missing
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lacking {
    /// Permissions that are denied
    pub permissions: Vec<Permission>,
    /// Scopes that are missing
    pub scopes: Vec<Scope>,
    /// What serves the organization
    pub service: ServiceKind,
}

impl Sight {
    /// Returns whether the token has the scope, as far as can be known
    pub fn is_there(self) -> bool {
        matches!(self, Sight::Seen | Sight::Stated)
    }
}

impl Evidence {
    /// Returns the result of permission and scope together
    pub fn verdict(self) -> Verdict {
        match (self.standing, self.sight) {
            (Standing::Denied, _) | (_, Sight::Missing) => Verdict::Denied,
            (Standing::Granted, sight) if sight.is_there() => Verdict::Granted,
            _ => Verdict::Unknown,
        }
    }
}

impl Findings {
    /// Returns what is known about a permission
    pub fn standing(&self, permission: &Permission) -> Standing {
        self.permissions
            .iter()
            .find(|(asked, _)| asked == permission)
            .map_or(Standing::Unknown, |(_, standing)| *standing)
    }

    /// Returns what is known about a scope
    ///
    /// The result of a request takes precedence over the operator's file.
    pub fn sight(&self, scope: Scope) -> Sight {
        let least = scope.least_of_area();
        let read = self.reads.iter().find(|(area, _)| *area == least).map(|(_, sight)| *sight);
        match read {
            Some(Sight::Missing) => Sight::Missing,
            Some(Sight::Seen) if scope == least => Sight::Seen,
            _ if self.stated.iter().any(|stated| stated.satisfies(scope)) => Sight::Stated,
            _ if !self.stated.is_empty() => Sight::Missing,
            Some(Sight::Seen) => Sight::ReadSeen,
            _ => Sight::NotObservable,
        }
    }

    /// Returns what is known about a need
    pub fn evidence(&self, needs: &Needs) -> Evidence {
        let standings = needs.permissions.iter().map(|permission| self.standing(permission));
        Evidence {
            standing: standings.max().unwrap_or(Standing::Granted),
            sight: needs.scope.map_or(Sight::Seen, |scope| self.sight(scope)),
        }
    }

    /// Returns the permissions and scopes that these needs are missing
    pub fn lacking<'a>(&self, needs: impl IntoIterator<Item = &'a Needs>) -> Lacking {
        let (mut permissions, mut scopes) = (Vec::new(), Vec::new());
        for need in needs {
            for permission in need.permissions {
                if self.standing(permission) == Standing::Denied && !permissions.contains(permission) {
                    permissions.push(*permission);
                }
            }
            scopes.extend(need.scope.filter(|scope| self.sight(*scope) == Sight::Missing));
        }
        Lacking { permissions, scopes: least_token(scopes), service: self.service }
    }
}

impl Lacking {
    /// Returns whether nothing is missing
    pub fn is_empty(&self) -> bool {
        self.permissions.is_empty() && self.scopes.is_empty()
    }

    /// Returns what to request, one line for each settings page:
    /// `"Create repository" at Project settings > Repositories > Security`
    pub fn to_ask_for(&self) -> Vec<String> {
        let mut places: Vec<(&str, Vec<String>)> = Vec::new();
        for permission in &self.permissions {
            let (place, name) =
                (permission.namespace.place(self.service), format!("\"{}\"", permission.name));
            match places.iter_mut().find(|(known, _)| *known == place) {
                Some((_, names)) => names.push(name),
                None => places.push((place, vec![name])),
            }
        }
        places.into_iter().map(|(place, names)| format!("{} at {place}", names.join(", "))).collect()
    }
}

// `Display` writes the same words as the JSON form.
impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

impl fmt::Display for Sight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::permissions;

    fn findings(read: Option<Sight>, stated: &[Scope]) -> Findings {
        Findings {
            permissions: vec![(permissions::CONTRIBUTE, Standing::Granted)],
            reads: read.map(|sight| (Scope::CodeRead, sight)).into_iter().collect(),
            stated: stated.to_vec(),
            service: ServiceKind::Hosted,
        }
    }

    #[test]
    fn a_scope_is_seen_stated_missing_or_neither() {
        let rows = [
            (None, &[][..], Scope::CodeRead, Sight::NotObservable),
            (Some(Sight::Seen), &[], Scope::CodeRead, Sight::Seen),
            (Some(Sight::Seen), &[], Scope::CodeWrite, Sight::ReadSeen),
            (Some(Sight::Seen), &[], Scope::BuildRead, Sight::NotObservable),
            (Some(Sight::Seen), &[Scope::CodeManage], Scope::CodeWrite, Sight::Stated),
            (Some(Sight::Seen), &[Scope::CodeRead], Scope::CodeWrite, Sight::Missing),
            (Some(Sight::Seen), &[Scope::BuildRead], Scope::CodeRead, Sight::Seen),
            (Some(Sight::Missing), &[Scope::Full], Scope::CodeWrite, Sight::Missing),
            (Some(Sight::NotObservable), &[], Scope::CodeWrite, Sight::NotObservable),
        ];
        for (read, stated, scope, expected) in rows {
            assert_eq!(findings(read, stated).sight(scope), expected, "{read:?} {stated:?} {scope}");
        }
    }

    #[test]
    fn the_verdict_is_granted_only_when_both_are_there() {
        let rows = [
            (Standing::Granted, Sight::Seen, Verdict::Granted),
            (Standing::Granted, Sight::Stated, Verdict::Granted),
            (Standing::Granted, Sight::ReadSeen, Verdict::Unknown),
            (Standing::Granted, Sight::NotObservable, Verdict::Unknown),
            (Standing::Granted, Sight::Missing, Verdict::Denied),
            (Standing::Unknown, Sight::Seen, Verdict::Unknown),
            (Standing::Unknown, Sight::Missing, Verdict::Denied),
            (Standing::Denied, Sight::Seen, Verdict::Denied),
        ];
        for (standing, sight, verdict) in rows {
            assert_eq!(Evidence { standing, sight }.verdict(), verdict, "{standing} {sight}");
        }
    }

    #[test]
    fn a_need_has_the_state_of_its_worst_permission_and_missing_ones_are_grouped_by_page() {
        let mut found = findings(Some(Sight::Missing), &[]);
        found.permissions.push((permissions::CREATE_BRANCH, Standing::Denied));
        let both = Needs {
            permissions: &[permissions::CONTRIBUTE, permissions::CREATE_BRANCH],
            scope: Some(Scope::CodeWrite),
        };
        assert_eq!(found.evidence(&both).standing, Standing::Denied);
        let lacking = found.lacking([&both, &both]);
        assert_eq!(lacking.to_ask_for(), ["\"Create branch\" at Project settings > Repositories > Security"]);
        assert_eq!(lacking.scopes, [Scope::CodeWrite]);
        let on_server = Lacking {
            permissions: vec![permissions::CREATE_PROJECTS],
            scopes: Vec::new(),
            service: ServiceKind::Server,
        };
        assert_eq!(on_server.to_ask_for(), ["\"Create new projects\" at Collection settings > Permissions"]);
        assert_eq!(found.evidence(&Needs::NOTHING).verdict(), Verdict::Granted);
    }
}
