//! A user of an organization, and the user's permissions.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::Serialize;
use uuid::Uuid;

use crate::auth::Permission;
use crate::auth::Role;
use crate::names;
use crate::world;

/// A user, to whom tokens can belong.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct User {
    pub(crate) id: Uuid,
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) role: Role,
    pub(crate) denied: Vec<Permission>,
    /// By the repository's name in lower case.
    pub(crate) denied_in: BTreeMap<String, Vec<Permission>>,
}

impl User {
    /// Returns whether this is the user's name, e-mail address or identifier.
    pub(crate) fn is_called(&self, wanted: &str) -> bool {
        [&self.name, &self.email, &self.id.to_string()].into_iter().any(|known| names::same(known, wanted))
    }

    /// Returns whether the user is denied a permission.
    pub(crate) fn may_not(&self, permission: Permission) -> bool {
        self.denied.contains(&permission) || !self.role.licensed(permission)
    }

    /// Returns whether the user is denied a permission in a repository.
    pub(crate) fn may_not_in(&self, repository: &str, permission: Permission) -> bool {
        let own = self.denied_in.get(&repository.to_lowercase());
        own.is_some_and(|denied| denied.contains(&permission)) || self.may_not(permission)
    }

    pub(super) fn new(described: world::User, domain: &str) -> User {
        let mailbox: String = described.name.to_lowercase().split_whitespace().collect::<Vec<_>>().join(".");
        User {
            id: Uuid::new_v4(),
            email: format!("{mailbox}@{domain}.example"),
            name: described.name,
            role: described.role,
            denied: described.role.denied().into_iter().chain(described.denied).collect(),
            denied_in: described
                .denied_in
                .into_iter()
                .map(|(repository, denied)| (repository.to_lowercase(), denied))
                .collect(),
        }
    }
}
