//! The intended uses of a session: the choices of Connect's *Intended usage*, and what each needs.

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

use crate::contract::Needs;
use crate::contract::Permission;
use crate::contract::Scope;
use crate::contract::permissions;

/// One intended use of a session
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize, JsonSchema)]
#[schemars(inline)]
pub enum Usage {
    /// Read repositories
    #[serde(rename = "repositories.read")]
    RepositoriesRead,
    /// Push commits and branches
    #[serde(rename = "repositories.write")]
    RepositoriesWrite,
    /// Create, rename and delete repositories
    #[serde(rename = "repositories.manage")]
    RepositoriesManage,
    /// Work with pull requests
    #[serde(rename = "pullRequests.contribute")]
    PullRequestsContribute,
    /// See pipelines
    #[serde(rename = "pipelines.view")]
    PipelinesView,
    /// Create pipelines
    #[serde(rename = "pipelines.create")]
    PipelinesCreate,
    /// Change pipelines
    #[serde(rename = "pipelines.edit")]
    PipelinesEdit,
    /// Delete pipelines
    #[serde(rename = "pipelines.delete")]
    PipelinesDelete,
    /// See pipeline runs
    #[serde(rename = "pipelineRuns.view")]
    PipelineRunsView,
    /// Start pipeline runs
    #[serde(rename = "pipelineRuns.queue")]
    PipelineRunsQueue,
    /// Stop pipeline runs
    #[serde(rename = "pipelineRuns.stop")]
    PipelineRunsStop,
    /// See releases
    #[serde(rename = "releases.view")]
    ReleasesView,
    /// Create releases
    #[serde(rename = "releases.create")]
    ReleasesCreate,
    /// Change release pipelines
    #[serde(rename = "releases.edit")]
    ReleasesEdit,
    /// Create projects
    #[serde(rename = "projects.create")]
    ProjectsCreate,
}

impl Usage {
    /// Every use, in the order of the form
    pub const ALL: &[Usage] = &[
        Usage::RepositoriesRead,
        Usage::RepositoriesWrite,
        Usage::RepositoriesManage,
        Usage::PullRequestsContribute,
        Usage::PipelinesView,
        Usage::PipelinesCreate,
        Usage::PipelinesEdit,
        Usage::PipelinesDelete,
        Usage::PipelineRunsView,
        Usage::PipelineRunsQueue,
        Usage::PipelineRunsStop,
        Usage::ReleasesView,
        Usage::ReleasesCreate,
        Usage::ReleasesEdit,
        Usage::ProjectsCreate,
    ];

    const fn row(self) -> (&'static str, &'static [Permission], Scope) {
        match self {
            Usage::RepositoriesRead => {
                ("repositories.read", &[permissions::READ_REPOSITORY], Scope::CodeRead)
            }
            Usage::RepositoriesWrite => (
                "repositories.write",
                &[permissions::CONTRIBUTE, permissions::CREATE_BRANCH],
                Scope::CodeWrite,
            ),
            Usage::RepositoriesManage => (
                "repositories.manage",
                &[
                    permissions::CREATE_REPOSITORY,
                    permissions::DELETE_REPOSITORY,
                    permissions::RENAME_REPOSITORY,
                ],
                Scope::CodeManage,
            ),
            Usage::PullRequestsContribute => {
                ("pullRequests.contribute", &[permissions::CONTRIBUTE_TO_PULL_REQUESTS], Scope::CodeWrite)
            }
            Usage::PipelinesView => ("pipelines.view", &[permissions::VIEW_PIPELINE], Scope::BuildRead),
            Usage::PipelinesCreate => {
                ("pipelines.create", &[permissions::CREATE_PIPELINE], Scope::BuildExecute)
            }
            Usage::PipelinesEdit => ("pipelines.edit", &[permissions::EDIT_PIPELINE], Scope::BuildExecute),
            Usage::PipelinesDelete => {
                ("pipelines.delete", &[permissions::DELETE_PIPELINE], Scope::BuildExecute)
            }
            Usage::PipelineRunsView => ("pipelineRuns.view", &[permissions::VIEW_BUILDS], Scope::BuildRead),
            Usage::PipelineRunsQueue => {
                ("pipelineRuns.queue", &[permissions::QUEUE_BUILDS], Scope::BuildExecute)
            }
            Usage::PipelineRunsStop => {
                ("pipelineRuns.stop", &[permissions::STOP_BUILDS], Scope::BuildExecute)
            }
            Usage::ReleasesView => ("releases.view", &[permissions::VIEW_RELEASES], Scope::ReleaseRead),
            Usage::ReleasesCreate => {
                ("releases.create", &[permissions::CREATE_RELEASES], Scope::ReleaseExecute)
            }
            Usage::ReleasesEdit => {
                ("releases.edit", &[permissions::EDIT_RELEASE_PIPELINE], Scope::ReleaseExecute)
            }
            Usage::ProjectsCreate => {
                ("projects.create", &[permissions::CREATE_PROJECTS], Scope::ProjectManage)
            }
        }
    }

    /// Returns the word in inputs: `repositories.read`
    pub const fn as_str(self) -> &'static str {
        self.row().0
    }

    /// Returns what the use needs from the token's user and from the token
    pub const fn needs(self) -> Needs {
        let (_, permissions, scope) = self.row();
        Needs { permissions, scope: Some(scope) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parser_schema_and_words_are_the_same() {
        let schema = schemars::schema_for!(Usage);
        let consts: Vec<&str> = schema.as_value()["oneOf"]
            .as_array()
            .expect("each use has a text of its own")
            .iter()
            .filter_map(|one| one["const"].as_str())
            .collect();
        let words: Vec<&str> = Usage::ALL.iter().map(|usage| usage.as_str()).collect();
        assert_eq!(consts, words);
        assert_eq!(words.len(), 15);
        for usage in Usage::ALL {
            let read: Usage = serde_json::from_value(usage.as_str().into()).expect("it is one");
            assert_eq!(read, *usage);
        }
        assert!(serde_json::from_value::<Usage>("repositories.own".into()).is_err());
    }
}
