//! The description of an organization: its condition, users, tokens and projects.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::Serialize;

use super::RateLimit;
use super::content::Project;
use super::error::WorldError;
use super::error::distinct;
use crate::auth::Permission;
use crate::auth::Refusal;
use crate::auth::Rejection;
use crate::auth::Role;
use crate::auth::TokenOptions;
use crate::names;

/// An organization, with the URL `https://dev.azure.com/{organization}` in the service.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Organization {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) condition: Condition,
    #[serde(default)]
    pub(crate) rejects: Rejection,
    #[serde(default)]
    pub(crate) refuses: Option<Refusal>,
    #[serde(default)]
    pub(crate) rate_limit: Option<RateLimit>,
    #[serde(default)]
    pub(crate) users: Vec<User>,
    #[serde(default)]
    pub(crate) tokens: Vec<TokenOptions>,
    #[serde(default)]
    pub(crate) projects: Vec<Project>,
}

/// A condition that prevents a whole organization from working.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Condition {
    /// It works.
    #[default]
    Active,
    /// 503 and `TF24668`, as for an organization that was not used for a long time.
    Deactivated,
    /// 403 and `VS403463` for every request with a valid token.
    ConditionalAccess,
    /// Basic authentication of IIS is enabled in front of a server, and takes every token for a Windows password: 401
    /// with the challenges of IIS. Reported.
    IisBasicAuthentication,
    /// The tokens' users have never signed in in a browser: 401 and `TF401444` for every request with a valid token.
    /// Reported.
    NeverSignedIn,
}

impl Organization {
    /// An organization without projects, with one user who has all permissions.
    pub fn named(name: &str) -> Self {
        Organization {
            name: name.to_owned(),
            condition: Condition::Active,
            rejects: Rejection::default(),
            refuses: None,
            rate_limit: None,
            users: Vec::new(),
            tokens: Vec::new(),
            projects: Vec::new(),
        }
    }

    /// The organization of the default world: projects `Fabrikam` and `Archive`, a repository and a pipeline
    /// `site` in each.
    pub fn fabrikam() -> Self {
        Organization::named("fabrikam")
            .project(Project::with_site("Fabrikam"))
            .project(Project::with_site("Archive"))
    }

    /// Adds a project.
    pub fn project(mut self, project: Project) -> Self {
        self.projects.push(project);
        self
    }

    /// Adds a user. Tokens without a user belong to the first one.
    pub fn user(mut self, user: User) -> Self {
        self.users.push(user);
        self
    }

    /// Adds a token, which is created at the start. Its text can be looked up by its name.
    pub fn token(mut self, token: TokenOptions) -> Self {
        self.tokens.push(token);
        self
    }

    /// Sets the condition.
    pub fn condition(mut self, condition: Condition) -> Self {
        self.condition = condition;
        self
    }

    /// Sets the response to a token that is not accepted.
    pub fn rejects(mut self, rejects: Rejection) -> Self {
        self.rejects = rejects;
        self
    }

    /// Refuses every request with a valid token.
    pub fn refuses(mut self, refusal: Refusal) -> Self {
        self.refuses = Some(refusal);
        self
    }

    /// Limits how many requests each user may make.
    pub fn rate_limit(mut self, limit: RateLimit) -> Self {
        self.rate_limit = Some(limit);
        self
    }

    pub(crate) fn check(&self) -> Result<(), WorldError> {
        distinct("project", self.projects.iter().map(|project| project.name.as_str()))?;
        distinct("user", self.users.iter().map(|user| user.name.as_str()))?;
        for user in self.tokens.iter().filter_map(|token| token.user.as_deref()) {
            if !self.users.iter().any(|known| names::same(&known.name, user)) {
                return Err(WorldError(format!(
                    "token: organization \"{}\" has no user \"{user}\"",
                    self.name
                )));
            }
        }
        self.projects.iter().try_for_each(Project::check)
    }
}

/// A user, to whom tokens can belong.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct User {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) role: Role,
    #[serde(default)]
    pub(crate) denied: Vec<Permission>,
    /// Permissions that are denied in single repositories, by the repository's name.
    #[serde(default)]
    pub(crate) denied_in: BTreeMap<String, Vec<Permission>>,
}

impl User {
    /// A user with all permissions. The e-mail address is derived from the name.
    pub fn named(name: &str) -> Self {
        User { name: name.to_owned(), role: Role::Owner, denied: Vec::new(), denied_in: BTreeMap::new() }
    }

    /// Sets the role.
    pub fn role(mut self, role: Role) -> Self {
        self.role = role;
        self
    }

    /// Denies a permission in one repository. The project's own permissions do not show it.
    pub fn without_in(mut self, repository: &str, permission: Permission) -> Self {
        self.denied_in.entry(repository.to_lowercase()).or_default().push(permission);
        self
    }

    /// Denies a permission in every project of the organization.
    pub fn without(mut self, permission: Permission) -> Self {
        self.denied.push(permission);
        self
    }
}
