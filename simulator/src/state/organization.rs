//! An organization: its users and projects, the numbers that it assigns, and how it is created from its description.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::Serialize;
use time::Duration;
use time::OffsetDateTime;
use uuid::Uuid;

use super::Pipeline;
use super::Project;
use super::Settings;
use super::Unseen;
use super::User;
use super::releases;
use super::releases::Numbers;
use super::releases::ReleasePipeline;
use crate::auth::Refusal;
use crate::auth::Rejection;
use crate::names;
use crate::state::git::Policy;
use crate::state::git::Repository;
use crate::state::git::repository;
use crate::state::pipelines::resources;
use crate::state::work::Attachment;
use crate::world;
use crate::world::Condition;
use crate::world::RateLimit;

/// An organization.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Organization {
    pub(crate) name: String,
    pub(crate) id: Uuid,
    pub(crate) condition: Condition,
    pub(crate) rejects: Rejection,
    #[serde(default)]
    pub(crate) refuses: Option<Refusal>,
    #[serde(default)]
    pub(crate) rate_limit: Option<RateLimit>,
    pub(crate) users: Vec<User>,
    pub(crate) projects: Vec<Project>,
    /// Files that were uploaded for work items.
    pub(crate) attachments: Vec<Attachment>,
    /// The settings of the whole simulator.
    #[serde(skip)]
    pub(crate) settings: Settings,
    pub(crate) operations: Vec<ProjectOperation>,
    /// Deleted projects, which can be restored.
    #[serde(default)]
    pub(crate) deleted_projects: Vec<Project>,
    last_definition: u32,
    last_pull_request: u32,
    last_policy: u32,
    last_run: u32,
    last_work_item: u32,
    last_release_pipeline: u32,
    last_release: u32,
    #[serde(default)]
    last_thread: u32,
    #[serde(default)]
    last_comment: u32,
    #[serde(default)]
    last_resource: usize,
    #[serde(default)]
    last_lease: u32,
    /// Stages of releases and approvals share their numbers.
    pub(crate) last_stage: u32,
    last_moment: OffsetDateTime,
}

/// The creation, change or deletion of a project, which requests see in progress before it is done.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ProjectOperation {
    pub(crate) id: Uuid,
    pub(crate) project: Uuid,
    #[serde(default)]
    pub(crate) kind: ProjectOperationKind,
    /// The number of requests that still see it in progress.
    pub(crate) polls: u32,
}

/// What an operation does to a project when it is done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum ProjectOperationKind {
    /// Makes it `wellFormed`.
    #[default]
    Create,
    /// Nothing: a change applies at once.
    Change,
    /// Moves it to the deleted projects.
    Delete,
}

impl Organization {
    pub(super) fn new(described: world::Organization, settings: Settings) -> Organization {
        let mut users = described.users;
        if users.is_empty() {
            users.push(world::User::named("Bot Runner"));
        }
        let domain = described.name.to_ascii_lowercase();
        let mut organization = Organization {
            name: described.name,
            id: Uuid::new_v4(),
            condition: described.condition,
            rejects: described.rejects,
            refuses: described.refuses,
            rate_limit: described.rate_limit,
            users: users.into_iter().map(|user| User::new(user, &domain)).collect(),
            projects: Vec::new(),
            attachments: Vec::new(),
            settings,
            operations: Vec::new(),
            deleted_projects: Vec::new(),
            last_definition: 0,
            last_pull_request: 0,
            last_policy: 0,
            last_run: 0,
            last_work_item: 0,
            last_release_pipeline: 0,
            last_release: 0,
            last_thread: 0,
            last_comment: 0,
            last_resource: 0,
            last_lease: 0,
            last_stage: 0,
            last_moment: OffsetDateTime::UNIX_EPOCH,
        };
        for project in described.projects {
            organization.add_project(project);
        }
        organization
    }

    /// Returns the current time, which is later than all earlier results, so that times define an order.
    pub(crate) fn now(&mut self) -> OffsetDateTime {
        self.last_moment = later(self.settings.clock.now(), self.last_moment);
        self.last_moment
    }

    /// Brings the runs of a project up to date.
    pub(crate) fn look_at_runs(&mut self, project: usize) {
        let (now, pace) = (self.now(), self.settings.pace);
        for run in &mut self.projects[project].runs {
            run.look(pace, now);
        }
    }

    /// Brings the releases of a project up to date.
    pub(crate) fn look_at_releases(&mut self, project: usize) {
        let (now, pace) = (self.now(), self.settings.pace);
        let mut numbers = Numbers(&mut self.last_stage);
        for release in &mut self.projects[project].releases {
            release.look(pace, &mut numbers, now);
        }
    }

    fn next_definition_id(&mut self) -> u32 {
        self.last_definition += 1;
        self.last_definition
    }

    /// An enabled pipeline in the root folder, created now by the first user.
    pub(crate) fn new_pipeline(&mut self, name: String, repository: Uuid) -> Pipeline {
        let (id, now) = (self.next_definition_id(), self.now());
        Pipeline::new(id, (name, repository), self.settings.script, now)
    }

    pub(crate) fn next_pull_request_id(&mut self) -> u32 {
        self.last_pull_request += 1;
        self.last_pull_request
    }

    pub(crate) fn next_policy_id(&mut self) -> u32 {
        self.last_policy += 1;
        self.last_policy
    }

    pub(crate) fn next_run_id(&mut self) -> u32 {
        self.last_run += 1;
        self.last_run
    }

    pub(crate) fn next_work_item_id(&mut self) -> u32 {
        self.last_work_item += 1;
        self.last_work_item
    }

    pub(crate) fn next_release_pipeline_id(&mut self) -> u32 {
        self.last_release_pipeline += 1;
        self.last_release_pipeline
    }

    pub(crate) fn next_thread_id(&mut self) -> u32 {
        self.last_thread += 1;
        self.last_thread
    }

    pub(crate) fn next_comment_id(&mut self) -> u32 {
        self.last_comment += 1;
        self.last_comment
    }

    pub(crate) fn next_resource_number(&mut self) -> usize {
        let known = self.projects.iter().flat_map(|project| &project.resources);
        let highest = known.map(|resource| resource.number).max().unwrap_or(0);
        self.last_resource = self.last_resource.max(highest) + 1;
        self.last_resource
    }

    pub(crate) fn next_lease_id(&mut self) -> u32 {
        self.last_lease += 1;
        self.last_lease
    }

    pub(crate) fn next_release_id(&mut self) -> u32 {
        self.last_release += 1;
        self.last_release
    }

    /// Continues the numbers of another organization, so that no number is assigned twice.
    pub(super) fn count_on(&mut self, from: &Organization) {
        self.last_definition = from.last_definition;
        self.last_pull_request = from.last_pull_request;
        self.last_policy = from.last_policy;
        self.last_run = from.last_run;
        self.last_work_item = from.last_work_item;
        self.last_release_pipeline = from.last_release_pipeline;
        self.last_release = from.last_release;
        self.last_thread = from.last_thread;
        self.last_comment = from.last_comment;
        self.last_resource = from.last_resource;
        self.last_lease = from.last_lease;
        self.last_stage = from.last_stage;
        self.last_moment = from.last_moment;
        for project in &mut self.projects {
            let Some(from) = from.projects.iter().find(|from| from.id == project.id) else { continue };
            project.count_on(from);
        }
    }

    /// Returns the position of the user with this name, or of the first user if no name is given.
    pub(crate) fn user_position(&self, name: Option<&str>) -> Option<usize> {
        let Some(name) = name else { return Some(0) };
        self.users.iter().position(|user| names::same(&user.name, name))
    }

    pub(crate) fn project_position(&self, name_or_id: &str) -> Option<usize> {
        let id = Uuid::try_parse(name_or_id).ok();
        let by_id = id.and_then(|id| self.projects.iter().position(|project| project.id == id));
        by_id.or_else(|| self.projects.iter().position(|project| names::same(&project.name, name_or_id)))
    }

    pub(crate) fn add_project(&mut self, described: world::Project) {
        let updated = self.now();
        let mut repositories: Vec<Repository> = Vec::new();
        for described in &described.repositories {
            let (name, email) = (self.users[0].name.clone(), self.users[0].email.clone());
            let mut repository = Repository::new(&described.name);
            if !described.files.is_empty() {
                repository.fill(repository::MAIN, &described.files, &name, &email);
            }
            for (branch, files) in &described.branches {
                repository.fill(&format!("refs/heads/{branch}"), files, &name, &email);
            }
            for policy in &described.policies {
                repository.policies.push(Policy {
                    id: self.next_policy_id(),
                    branch: format!("refs/heads/{}", policy.branch),
                    kind: policy.asks,
                    is_blocking: policy.blocking,
                    is_enabled: true,
                    revision: 1,
                    given: serde_json::Map::new(),
                    creator: 0,
                    created: None,
                });
            }
            repositories.push(repository);
        }
        let mut project = Project {
            id: Uuid::new_v4(),
            name: described.name,
            description: described.description,
            state: described.state,
            visibility: described.visibility,
            process: described.process,
            team: Uuid::new_v4(),
            more_teams: Vec::new(),
            revision: 1,
            updated,
            repositories,
            recycled: Vec::new(),
            pipelines: Vec::new(),
            deleted: Vec::new(),
            runs: Vec::new(),
            folders: Vec::new(),
            work_items: Vec::new(),
            deleted_work_items: Vec::new(),
            queries: Vec::new(),
            release_pipelines: Vec::new(),
            releases: Vec::new(),
            resources: resources::identified(described.resources),
            authorized: BTreeMap::new(),
        };
        for described in described.pipelines {
            // A world is checked when it is read. One that is built in code may name a repository that does not exist;
            // then the pipeline is left out.
            let Some(repository) = project.repository(described.repository_name()) else { continue };
            let repository = repository.id;
            let mut pipeline = Pipeline {
                folder: described.folder.as_deref().map_or_else(|| "\\".to_owned(), names::folder),
                yaml: format!("/{}", described.yaml.trim_start_matches('/')),
                settable: described.settable,
                script: described.script.unwrap_or(self.settings.script),
                stages: described.stages,
                artifacts: described.artifacts,
                test_runs: described.test_runs,
                ..self.new_pipeline(described.name, repository)
            };
            pipeline.record(pipeline.author, pipeline.created, None);
            project.pipelines.push(pipeline);
        }
        for described in described.releases {
            let known = project.pipelines.iter().find(|known| names::same(&known.name, &described.pipeline));
            // Left out for the same reason.
            let Some(pipeline) = known.map(|known| known.id) else { continue };
            let scripts = described.stages.iter();
            let scripts = scripts.filter_map(|stage| Some((stage.name.clone(), stage.script?))).collect();
            let now = self.now();
            let mut pipeline = ReleasePipeline {
                id: self.next_release_pipeline_id(),
                folder: names::folder(""),
                revision: 1,
                revisions: Vec::new(),
                properties: serde_json::Map::new(),
                created: now,
                modified: now,
                author: 0,
                rest: releases::definition(&described, pipeline, &project.id.to_string(), &self.users),
                name: described.name,
                scripts,
                unseen: Unseen::default(),
            };
            pipeline.record(pipeline.author, None);
            project.release_pipelines.push(pipeline);
        }
        self.projects.push(project);
    }
}

/// The current time in the service's precision, 100 ns, and after the last one whatever the clock shows.
fn later(now: OffsetDateTime, last: OffsetDateTime) -> OffsetDateTime {
    let now = now - Duration::nanoseconds(i64::from(now.nanosecond() % 100));
    now.max(last + Duration::nanoseconds(100))
}

#[cfg(test)]
mod tests {
    use time::Duration;
    use time::OffsetDateTime;

    use super::later;

    #[test]
    fn no_two_times_are_equal() {
        let start = OffsetDateTime::UNIX_EPOCH;
        let tick = Duration::nanoseconds(100);
        assert_eq!(later(start, start), start + tick);
        assert_eq!(later(start - Duration::days(1), start), start + tick, "also when the clock was set back");
        assert_eq!(later(start + Duration::nanoseconds(1_299), start), start + tick * 12);
    }
}
