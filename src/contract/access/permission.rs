//! A permission of Azure DevOps, and where a person sets it.

use std::fmt;

use serde::Serialize;
use serde::Serializer;
use serde::ser::SerializeStruct as _;

use crate::contract::ServiceKind;

/// One permission of Azure DevOps, as its security pages name it
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Permission {
    /// The security namespace
    pub namespace: Namespace,
    /// The permission's bit in its namespace
    pub bit: u32,
    /// The name on the security page: `Create repository`
    pub name: &'static str,
    /// Where the permission applies
    pub level: Level,
}

/// A security namespace
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Namespace {
    /// A project's own permissions
    Project,
    /// Git repositories
    Git,
    /// Pipelines and their runs
    Build,
    /// Areas, and the work items in them
    Areas,
    /// Release pipelines and their releases
    ReleaseManagement,
    /// The organization, which a server calls a collection
    Collection,
}

/// The level at which a permission is evaluated
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Level {
    /// The project; a repository or pipeline may override it
    Project,
    /// The organization
    Organization,
}

impl Namespace {
    /// Returns the label that precedes a permission's name: `Git`
    pub const fn label(self, service: ServiceKind) -> &'static str {
        match self {
            Namespace::Project => "Project",
            Namespace::Git => "Git",
            Namespace::Build => "Build",
            Namespace::Areas => "Areas",
            Namespace::ReleaseManagement => "Release",
            Namespace::Collection => match service {
                ServiceKind::Hosted => "Organization",
                ServiceKind::Server => "Collection",
            },
        }
    }

    /// Returns the namespace's id in the service
    pub const fn id(self) -> &'static str {
        match self {
            Namespace::Project => "52d39943-cb85-4d7f-8fa8-c6baac873819",
            Namespace::Git => "2e9eb7ed-3c0a-47d4-87c1-0ffdd275fd87",
            Namespace::Build => "33344d9c-fc72-4d6f-aba5-fa317101a7e9",
            Namespace::Areas => "83e28ad4-2d72-4ceb-97b0-c7726d5502c3",
            // Another namespace has the same name; this is the one whose tokens are projects and definitions.
            Namespace::ReleaseManagement => "c788c23e-1b46-4162-8f5e-d7585343b5de",
            Namespace::Collection => "3e65f728-f8bc-4ecd-8764-7e378b19bfa7",
        }
    }

    /// Returns the settings page on which a person grants the permission
    pub const fn place(self, service: ServiceKind) -> &'static str {
        match self {
            Namespace::Project => "Project settings > Permissions",
            Namespace::Git => "Project settings > Repositories > Security",
            Namespace::Areas => "Project settings > Project configuration > Areas > Security",
            Namespace::Build => "Pipelines > More actions > Manage security",
            Namespace::ReleaseManagement => "Pipelines > Releases > More actions > Security",
            Namespace::Collection => match service {
                ServiceKind::Hosted => "Organization settings > Permissions",
                ServiceKind::Server => "Collection settings > Permissions",
            },
        }
    }
}

impl Permission {
    /// Returns the namespace and the name in the words of a service: `Git: Create repository`
    pub fn words(&self, service: ServiceKind) -> String {
        format!("{}: {}", self.namespace.label(service), self.name)
    }
}

impl Serialize for Permission {
    /// `{"namespace","name","bit","place"}`, in the words of the security pages of the hosted service
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut permission = serializer.serialize_struct("Permission", 4)?;
        permission.serialize_field("namespace", self.namespace.label(ServiceKind::Hosted))?;
        permission.serialize_field("name", self.name)?;
        permission.serialize_field("bit", &self.bit)?;
        permission.serialize_field("place", self.namespace.place(ServiceKind::Hosted))?;
        permission.end()
    }
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words(ServiceKind::Hosted))
    }
}
