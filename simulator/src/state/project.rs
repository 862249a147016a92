//! A project and its contents.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::Serialize;
use time::OffsetDateTime;
use uuid::Uuid;

use super::Pipeline;
use super::releases::Release;
use super::releases::ReleasePipeline;
use crate::names;
use crate::state::git::Repository;
use crate::state::pipelines::Run;
use crate::state::pipelines::resources;
use crate::state::work::SavedQuery;
use crate::state::work::WorkItem;
use crate::world::Process;
use crate::world::Visibility;

/// A project.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Project {
    pub(crate) id: Uuid,
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) state: String,
    pub(crate) visibility: Visibility,
    #[serde(default)]
    pub(crate) process: Process,
    /// The identifier of the team that it was created with.
    pub(crate) team: Uuid,
    /// The teams that were added.
    #[serde(default)]
    pub(crate) more_teams: Vec<Team>,
    #[serde(default = "first_revision")]
    pub(crate) revision: u32,
    pub(crate) updated: OffsetDateTime,
    pub(crate) repositories: Vec<Repository>,
    /// Deleted repositories, with the time and the position of the user.
    pub(crate) recycled: Vec<(Repository, OffsetDateTime, usize)>,
    pub(crate) pipelines: Vec<Pipeline>,
    /// Deleted pipelines, with their runs.
    pub(crate) deleted: Vec<(Pipeline, Vec<Run>)>,
    pub(crate) runs: Vec<Run>,
    /// Folders of pipelines that were created, also those without pipelines.
    #[serde(default)]
    pub(crate) folders: Vec<Folder>,
    pub(crate) work_items: Vec<WorkItem>,
    /// Deleted work items, with the time and the position of the user.
    #[serde(default)]
    pub(crate) deleted_work_items: Vec<(WorkItem, OffsetDateTime, usize)>,
    /// Saved queries and their folders, without the two roots.
    #[serde(default)]
    pub(crate) queries: Vec<SavedQuery>,
    pub(crate) release_pipelines: Vec<ReleasePipeline>,
    pub(crate) releases: Vec<Release>,
    pub(crate) resources: Vec<resources::Resource>,
    /// The pipelines that may use a resource, by `type/id`.
    pub(crate) authorized: BTreeMap<String, resources::Allowed>,
}

/// A team that was added to a project. All users of the organization are its members.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Team {
    pub(crate) id: Uuid,
    pub(crate) name: String,
    pub(crate) description: String,
}

/// A folder of pipelines.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Folder {
    /// `\folder\…`.
    pub(crate) path: String,
    pub(crate) description: String,
    pub(crate) created: OffsetDateTime,
    /// Positions of the users.
    pub(crate) created_by: usize,
    pub(crate) changed: Option<(OffsetDateTime, usize)>,
}

fn first_revision() -> u32 {
    1
}

impl Project {
    /// Gives it another name, which also starts the paths of its work items.
    pub(crate) fn rename(&mut self, name: &str) {
        let old = std::mem::replace(&mut self.name, name.to_owned());
        let deleted = self.deleted_work_items.iter_mut().map(|(item, ..)| item);
        for item in self.work_items.iter_mut().chain(deleted) {
            item.rename_project(&old, name);
        }
    }

    /// Continues the numbers of another state of the project.
    pub(super) fn count_on(&mut self, from: &Project) {
        self.revision = from.revision;
        for one in &mut self.repositories {
            let from = from.repositories.iter().find(|from| from.id == one.id);
            one.last_push = from.map_or(one.last_push, |from| from.last_push);
        }
        for one in &mut self.work_items {
            let from = from.work_items.iter().find(|from| from.id == one.id);
            one.rev = from.map_or(one.rev, |from| from.rev);
        }
        for one in &mut self.pipelines {
            one.revision = from.pipeline(one.id).map_or(one.revision, |from| from.revision);
        }
        for one in &mut self.release_pipelines {
            let from = from.release_pipelines.iter().find(|from| from.id == one.id);
            one.revision = from.map_or(one.revision, |from| from.revision);
        }
    }

    /// Returns the position of a repository by its name or identifier, even while it is invisible to requests.
    pub(crate) fn repository_position(&self, name_or_id: &str) -> Option<usize> {
        let id = Uuid::try_parse(name_or_id).ok();
        let by_id = id.and_then(|id| self.repositories.iter().position(|repository| repository.id == id));
        by_id.or_else(|| self.repositories.iter().position(|known| names::same(&known.name, name_or_id)))
    }

    /// Returns a repository by its name or identifier, even while it is invisible to requests.
    pub(crate) fn repository(&self, name_or_id: &str) -> Option<&Repository> {
        self.repository_position(name_or_id).map(|position| &self.repositories[position])
    }

    /// Returns an enabled repository by its name or identifier. The content of a disabled one is hidden.
    pub(crate) fn enabled_repository(&self, name_or_id: &str) -> Option<&Repository> {
        self.repository(name_or_id).filter(|repository| !repository.is_disabled)
    }

    pub(crate) fn pipeline(&self, id: u32) -> Option<&Pipeline> {
        self.pipelines.iter().find(|pipeline| pipeline.id == id)
    }
}
