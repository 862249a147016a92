//! Scopes of a personal access token: ids, the names the token page shows, and which includes which.
//!
//! Source: the scopes table of Azure DevOps' OAuth and token documentation.

use std::fmt;

use serde::Serialize;
use serde::Serializer;
use serde::ser::SerializeStruct as _;

use crate::contract::nearest;

/// A scope a token can be given
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scope {
    /// Full access
    Full,
    /// Code (read)
    CodeRead,
    /// Code (read and write)
    CodeWrite,
    /// Code (read, write, and manage)
    CodeManage,
    /// Code (full)
    CodeFull,
    /// Code (status)
    CodeStatus,
    /// Build (read)
    BuildRead,
    /// Build (read and execute)
    BuildExecute,
    /// Release (read)
    ReleaseRead,
    /// Release (read, write and execute)
    ReleaseExecute,
    /// Release (read, write, execute and manage)
    ReleaseManage,
    /// Project and team (read)
    ProjectRead,
    /// Project and team (read and write)
    ProjectWrite,
    /// Project and team (read, write and manage)
    ProjectManage,
    /// Pipeline resources (use)
    PipelineResourcesUse,
    /// Pipeline resources (use and manage)
    PipelineResourcesManage,
    /// Service connections (read)
    ServiceConnectionsRead,
    /// Agent pools (read)
    AgentPoolsRead,
    /// Variable groups (read)
    VariableGroupsRead,
    /// Variable groups (read, create)
    VariableGroupsWrite,
    /// Variable groups (read, create and manage)
    VariableGroupsManage,
    /// Secure files (read)
    SecureFilesRead,
    /// Environment (read and manage)
    EnvironmentManage,
    /// Test management (read)
    TestRead,
    /// Work items (read)
    WorkRead,
    /// Work items (read and write)
    WorkWrite,
    /// Work items (full)
    WorkFull,
    /// User profile (read)
    ProfileRead,
    /// Identity (read)
    IdentityRead,
}

/// Scopes of one area form a chain: a higher rank includes the lower ones
#[derive(Clone, Copy, PartialEq, Eq)]
enum Area {
    Full,
    Code,
    CodeStatus,
    Build,
    Release,
    Project,
    PipelineResources,
    ServiceConnections,
    AgentPools,
    VariableGroups,
    SecureFiles,
    Environment,
    Test,
    Work,
    Profile,
    Identity,
}

impl Scope {
    /// Every scope that this package knows
    pub const ALL: &[Scope] = &[
        Scope::Full,
        Scope::CodeRead,
        Scope::CodeWrite,
        Scope::CodeManage,
        Scope::CodeFull,
        Scope::CodeStatus,
        Scope::BuildRead,
        Scope::BuildExecute,
        Scope::ReleaseRead,
        Scope::ReleaseExecute,
        Scope::ReleaseManage,
        Scope::ProjectRead,
        Scope::ProjectWrite,
        Scope::ProjectManage,
        Scope::PipelineResourcesUse,
        Scope::PipelineResourcesManage,
        Scope::ServiceConnectionsRead,
        Scope::AgentPoolsRead,
        Scope::VariableGroupsRead,
        Scope::VariableGroupsWrite,
        Scope::VariableGroupsManage,
        Scope::SecureFilesRead,
        Scope::EnvironmentManage,
        Scope::TestRead,
        Scope::WorkRead,
        Scope::WorkWrite,
        Scope::WorkFull,
        Scope::ProfileRead,
        Scope::IdentityRead,
    ];

    const fn row(self) -> (Area, u8, &'static str, &'static str) {
        match self {
            Scope::Full => (Area::Full, 0, "app_token", "Full access"),
            Scope::CodeRead => (Area::Code, 1, "vso.code", "Code (read)"),
            Scope::CodeWrite => (Area::Code, 2, "vso.code_write", "Code (read and write)"),
            Scope::CodeManage => (Area::Code, 3, "vso.code_manage", "Code (read, write, and manage)"),
            Scope::CodeFull => (Area::Code, 4, "vso.code_full", "Code (full)"),
            Scope::CodeStatus => (Area::CodeStatus, 1, "vso.code_status", "Code (status)"),
            Scope::BuildRead => (Area::Build, 1, "vso.build", "Build (read)"),
            Scope::BuildExecute => (Area::Build, 2, "vso.build_execute", "Build (read and execute)"),
            Scope::ReleaseRead => (Area::Release, 1, "vso.release", "Release (read)"),
            Scope::ReleaseExecute => {
                (Area::Release, 2, "vso.release_execute", "Release (read, write and execute)")
            }
            Scope::ReleaseManage => {
                (Area::Release, 3, "vso.release_manage", "Release (read, write, execute and manage)")
            }
            Scope::ProjectRead => (Area::Project, 1, "vso.project", "Project and team (read)"),
            Scope::ProjectWrite => {
                (Area::Project, 2, "vso.project_write", "Project and team (read and write)")
            }
            Scope::ProjectManage => {
                (Area::Project, 3, "vso.project_manage", "Project and team (read, write and manage)")
            }
            Scope::PipelineResourcesUse => {
                (Area::PipelineResources, 1, "vso.pipelineresources_use", "Pipeline resources (use)")
            }
            Scope::PipelineResourcesManage => (
                Area::PipelineResources,
                2,
                "vso.pipelineresources_manage",
                "Pipeline resources (use and manage)",
            ),
            Scope::ServiceConnectionsRead => {
                (Area::ServiceConnections, 1, "vso.serviceendpoint", "Service connections (read)")
            }
            Scope::AgentPoolsRead => (Area::AgentPools, 1, "vso.agentpools", "Agent pools (read)"),
            Scope::VariableGroupsRead => {
                (Area::VariableGroups, 1, "vso.variablegroups_read", "Variable groups (read)")
            }
            Scope::VariableGroupsWrite => {
                (Area::VariableGroups, 2, "vso.variablegroups_write", "Variable groups (read, create)")
            }
            Scope::VariableGroupsManage => (
                Area::VariableGroups,
                3,
                "vso.variablegroups_manage",
                "Variable groups (read, create and manage)",
            ),
            Scope::SecureFilesRead => (Area::SecureFiles, 1, "vso.securefiles_read", "Secure files (read)"),
            Scope::EnvironmentManage => {
                (Area::Environment, 1, "vso.environment_manage", "Environment (read and manage)")
            }
            Scope::TestRead => (Area::Test, 1, "vso.test", "Test management (read)"),
            Scope::WorkRead => (Area::Work, 1, "vso.work", "Work items (read)"),
            Scope::WorkWrite => (Area::Work, 2, "vso.work_write", "Work items (read and write)"),
            Scope::WorkFull => (Area::Work, 3, "vso.work_full", "Work items (full)"),
            Scope::ProfileRead => (Area::Profile, 1, "vso.profile", "User profile (read)"),
            Scope::IdentityRead => (Area::Identity, 1, "vso.identity", "Identity (read)"),
        }
    }

    /// Returns the id that the service uses: `vso.code_manage`
    pub const fn id(self) -> &'static str {
        self.row().2
    }

    /// Returns the name on the token page: `Code (read, write, and manage)`
    pub const fn label(self) -> &'static str {
        self.row().3
    }

    /// Returns the scope whose name or id is most like this text, if any is
    pub fn nearest(text: &str) -> Option<Scope> {
        let names = Scope::ALL.iter().flat_map(|scope| [scope.label(), scope.id()]);
        nearest(text, names).and_then(Scope::parse)
    }

    /// Returns whether a token with this scope can do everything that needs the other
    ///
    /// Reading a project needs a profile or project scope. The code, build, release, test and work
    /// item scopes all include the profile scope.
    pub fn satisfies(self, need: Scope) -> bool {
        let (area, rank, ..) = self.row();
        let (need_area, need_rank, ..) = need.row();
        match area {
            Area::Full => true,
            _ if area == need_area => rank >= need_rank,
            Area::Code if self == Scope::CodeFull && need == Scope::CodeStatus => true,
            Area::Code | Area::Build | Area::Release | Area::Test | Area::Work => {
                matches!(need, Scope::ProjectRead | Scope::ProfileRead)
            }
            Area::Profile => need == Scope::ProjectRead,
            _ => false,
        }
    }

    /// Returns the least scope of its area, which a read can prove: `Code (read)` for all code scopes
    pub fn least_of_area(self) -> Scope {
        let area = self.row().0;
        Self::ALL.iter().copied().find(|scope| scope.row().0 == area).unwrap_or(self)
    }

    /// Parses a scope as people write it: its id, its name on the token page, or `Code: Read & Write`
    pub fn parse(text: &str) -> Option<Scope> {
        let wanted = words(text);
        Self::ALL.iter().copied().find(|scope| scope.id() == text.trim() || words(scope.label()) == wanted)
    }
}

impl Serialize for Scope {
    /// `{"id","label"}`: the id for an application's request, the label of the token page
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut scope = serializer.serialize_struct("Scope", 2)?;
        scope.serialize_field("id", self.id())?;
        scope.serialize_field("label", self.label())?;
        scope.end()
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.label())
    }
}

/// Returns the words of a scope's name, ignoring punctuation
fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .filter(|word| word != "and")
        .collect()
}

/// Returns the fewest scopes that satisfy all these needs: the highest of each area, without those that another includes
pub fn least_token(needs: impl IntoIterator<Item = Scope>) -> Vec<Scope> {
    let mut all: Vec<Scope> = needs.into_iter().collect();
    all.sort_unstable();
    all.dedup();
    let needed = |scope: Scope| !all.iter().any(|other| *other != scope && other.satisfies(scope));
    all.iter().copied().filter(|scope| needed(*scope)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_read_in_every_spelling_of_the_pages() {
        let rows = [
            ("vso.code_write", Scope::CodeWrite),
            ("Code (read and write)", Scope::CodeWrite),
            ("Code: Read & Write", Scope::CodeWrite),
            ("Code (read, write, and manage)", Scope::CodeManage),
            ("Build: Read & Execute", Scope::BuildExecute),
            ("Pipeline Resources: Use", Scope::PipelineResourcesUse),
            ("full access", Scope::Full),
        ];
        for (text, scope) in rows {
            assert_eq!(Scope::parse(text), Some(scope), "{text}");
        }
        assert_eq!(Scope::parse("Code: everything"), None);
        for scope in Scope::ALL {
            assert_eq!(Scope::parse(scope.label()), Some(*scope));
            assert_eq!(Scope::parse(scope.id()), Some(*scope));
        }
    }

    #[test]
    fn the_least_token_has_the_highest_of_each_area_and_nothing_implied() {
        let needs =
            [Scope::ProjectRead, Scope::CodeRead, Scope::BuildExecute, Scope::CodeManage, Scope::BuildRead];
        assert_eq!(least_token(needs), [Scope::CodeManage, Scope::BuildExecute]);
        assert_eq!(least_token([Scope::ProjectRead]), [Scope::ProjectRead]);
        assert_eq!(least_token([]), []);
    }

    #[test]
    fn the_vendors_example_scopes_cannot_create_a_repository() {
        let example =
            ["Code: Read & Write", "Build: Read & Execute", "Pipeline Resources: Use"].map(Scope::parse);
        let has = |need: Scope| example.iter().flatten().any(|scope| scope.satisfies(need));
        assert!(has(Scope::CodeWrite) && has(Scope::BuildExecute) && has(Scope::ProjectRead));
        assert!(!has(Scope::CodeManage));
    }
}
