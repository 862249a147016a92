//! What the simulator holds while it runs: plain data, no I/O. One lock outside guards all of it.

pub(crate) mod git;
pub(crate) mod merge;
pub(crate) mod objects;
mod pipeline;
pub(crate) mod releases;
pub(crate) mod resources;
pub(crate) mod review;
pub(crate) mod runs;
pub(crate) mod stages;
pub(crate) mod wiql;
pub(crate) mod work_items;
pub(crate) mod yaml;

use std::collections::BTreeMap;
use std::time::SystemTime;

use time::Duration;
use time::OffsetDateTime;
use uuid::Uuid;

use git::Repository;
pub(crate) use pipeline::Pipeline;
use releases::Release;
use releases::ReleasePipeline;
use review::Policy;
use runs::Run;
use work_items::Attachment;
use work_items::WorkItem;

use crate::names;
use crate::permissions::Permission;
use crate::tokens::TokenOptions;
use crate::tokens::Tokens;
use crate::users::Role;
use crate::world;
use crate::world::Condition;
use crate::world::Pace;
use crate::world::Rejection;
use crate::world::Script;
use crate::world::Server;
use crate::world::Switches;
use crate::world::World;

/// The name of the token with full access that every organization has.
pub(crate) const FULL_TOKEN: &str = "full-access";

/// The name of the access token of Microsoft Entra that every organization has.
pub(crate) const ENTRA_TOKEN: &str = "entra";

/// Everything.
pub(crate) struct State {
    pub(crate) organizations: Vec<Organization>,
    pub(crate) tokens: Tokens,
    pub(crate) settings: Settings,
}

/// What holds for the whole simulator.
#[derive(Clone, Copy)]
pub(crate) struct Settings {
    pub(crate) pace: Pace,
    pub(crate) script: Script,
    pub(crate) switches: Switches,
    pub(crate) server: Option<Server>,
    /// What `connectionData` and a header of every answer call the deployment.
    pub(crate) deployment: Uuid,
}

/// An organization.
pub(crate) struct Organization {
    pub(crate) name: String,
    pub(crate) id: Uuid,
    pub(crate) condition: Condition,
    pub(crate) rejects: Rejection,
    pub(crate) users: Vec<User>,
    pub(crate) projects: Vec<Project>,
    /// Files that were uploaded for work items.
    pub(crate) attachments: Vec<Attachment>,
    pub(crate) settings: Settings,
    pub(crate) operations: Vec<Operation>,
    last_definition: u32,
    last_pull_request: u32,
    last_policy: u32,
    last_run: u32,
    last_work_item: u32,
    last_release_pipeline: u32,
    last_release: u32,
    /// Stages of releases and approvals of them are numbered together.
    pub(crate) last_stage: u32,
    last_moment: OffsetDateTime,
}

/// The making of a project, which requests see under way before it is over.
pub(crate) struct Operation {
    pub(crate) id: Uuid,
    pub(crate) project: Uuid,
    /// How many requests still see it under way.
    pub(crate) polls: u32,
}

/// Somebody who can own a token.
pub(crate) struct User {
    pub(crate) id: Uuid,
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) role: Role,
    pub(crate) denied: Vec<Permission>,
    /// By the repository's name in lower case.
    pub(crate) denied_in: BTreeMap<String, Vec<Permission>>,
}

/// A project.
pub(crate) struct Project {
    pub(crate) id: Uuid,
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) state: String,
    pub(crate) team: Uuid,
    pub(crate) updated: OffsetDateTime,
    pub(crate) repositories: Vec<Repository>,
    /// Repositories that were deleted, with when and by whom.
    pub(crate) recycled: Vec<(Repository, OffsetDateTime, usize)>,
    pub(crate) pipelines: Vec<Pipeline>,
    pub(crate) runs: Vec<Run>,
    pub(crate) work_items: Vec<WorkItem>,
    pub(crate) release_pipelines: Vec<ReleasePipeline>,
    pub(crate) releases: Vec<Release>,
    pub(crate) resources: Vec<resources::Resource>,
    /// Which pipelines may use a resource, by `type/id`.
    pub(crate) authorized: BTreeMap<String, resources::Allowed>,
}

impl State {
    pub(crate) fn new(world: World) -> State {
        let World { pace, script, switches, server, organizations } = world;
        let settings = Settings { pace, script, switches, server, deployment: Uuid::new_v4() };
        let mut state = State { organizations: Vec::new(), tokens: Tokens::default(), settings };
        for organization in organizations {
            state.add_organization(organization);
        }
        state
    }

    pub(crate) fn add_organization(&mut self, described: world::Organization) {
        let position = self.organizations.len();
        let tokens = described.tokens.clone();
        let organization = Organization::new(described, self.settings);
        self.tokens.mint(position, 0, TokenOptions::full().named(FULL_TOKEN));
        self.tokens.mint(position, 0, TokenOptions::full().named(ENTRA_TOKEN).of_entra());
        for token in tokens {
            let user = organization.user_position(token.user.as_deref());
            self.tokens.mint(position, user.unwrap_or(0), token);
        }
        self.organizations.push(organization);
    }

    pub(crate) fn position(&self, organization: &str) -> Option<usize> {
        self.organizations.iter().position(|known| names::same(&known.name, organization))
    }
}

impl Organization {
    fn new(described: world::Organization, settings: Settings) -> Organization {
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
            users: users.into_iter().map(|user| User::new(user, &domain)).collect(),
            projects: Vec::new(),
            attachments: Vec::new(),
            settings,
            operations: Vec::new(),
            last_definition: 0,
            last_pull_request: 0,
            last_policy: 0,
            last_run: 0,
            last_work_item: 0,
            last_release_pipeline: 0,
            last_release: 0,
            last_stage: 0,
            last_moment: OffsetDateTime::UNIX_EPOCH,
        };
        for project in described.projects {
            organization.add_project(project);
        }
        organization
    }

    /// This moment, later than every one before it, so that times can stand in for an order.
    pub(crate) fn now(&mut self) -> OffsetDateTime {
        self.last_moment = later(SystemTime::now().into(), self.last_moment);
        self.last_moment
    }

    pub(crate) fn next_definition_id(&mut self) -> u32 {
        self.last_definition += 1;
        self.last_definition
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

    pub(crate) fn next_release_id(&mut self) -> u32 {
        self.last_release += 1;
        self.last_release
    }

    /// The user of this name; the first when there is no name; none when nobody is called that.
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
                repository.fill(git::MAIN, &described.files, &name, &email);
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
                });
            }
            repositories.push(repository);
        }
        let mut project = Project {
            id: Uuid::new_v4(),
            name: described.name,
            description: described.description,
            state: described.state,
            team: Uuid::new_v4(),
            updated,
            repositories,
            recycled: Vec::new(),
            pipelines: Vec::new(),
            runs: Vec::new(),
            work_items: Vec::new(),
            release_pipelines: Vec::new(),
            releases: Vec::new(),
            resources: resources::identified(described.resources),
            authorized: BTreeMap::new(),
        };
        for described in described.pipelines {
            // A world is checked before it gets here; one built in code may still name a repository that is not
            // there, and then has no such pipeline.
            let Some(repository) = project.repository(described.repository_name()) else { continue };
            let repository = repository.id;
            project.pipelines.push(Pipeline {
                folder: described.folder.as_deref().map_or_else(|| "\\".to_owned(), names::folder),
                yaml: format!("/{}", described.yaml.trim_start_matches('/')),
                settable: described.settable,
                script: described.script.unwrap_or(self.settings.script),
                stages: described.stages,
                artifacts: described.artifacts,
                ..Pipeline::new(self, described.name, repository)
            });
        }
        for described in described.releases {
            let known = project.pipelines.iter().find(|known| names::same(&known.name, &described.pipeline));
            // As above.
            let Some(pipeline) = known.map(|known| known.id) else { continue };
            let scripts = described.stages.iter();
            let scripts = scripts.filter_map(|stage| Some((stage.name.clone(), stage.script?))).collect();
            let now = self.now();
            project.release_pipelines.push(ReleasePipeline {
                id: self.next_release_pipeline_id(),
                folder: names::folder(""),
                revision: 1,
                created: now,
                modified: now,
                author: 0,
                rest: releases::definition(&described, pipeline, &project.id.to_string(), &self.users),
                name: described.name,
                scripts,
            });
        }
        self.projects.push(project);
    }
}

impl User {
    /// Whether a request that takes this permission is refused.
    pub(crate) fn may_not(&self, permission: Permission) -> bool {
        self.denied.contains(&permission) || !self.role.licensed(permission)
    }

    /// The same in a repository.
    pub(crate) fn may_not_in(&self, repository: &str, permission: Permission) -> bool {
        let own = self.denied_in.get(&repository.to_lowercase());
        own.is_some_and(|denied| denied.contains(&permission)) || self.may_not(permission)
    }

    fn new(described: world::User, domain: &str) -> User {
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

impl Project {
    /// Found by name or identifier, also while requests do not see it yet.
    pub(crate) fn repository_position(&self, name_or_id: &str) -> Option<usize> {
        let id = Uuid::try_parse(name_or_id).ok();
        let by_id = id.and_then(|id| self.repositories.iter().position(|repository| repository.id == id));
        by_id.or_else(|| self.repositories.iter().position(|known| names::same(&known.name, name_or_id)))
    }

    /// The same, itself.
    pub(crate) fn repository(&self, name_or_id: &str) -> Option<&Repository> {
        self.repository_position(name_or_id).map(|position| &self.repositories[position])
    }

    pub(crate) fn pipeline(&self, id: u32) -> Option<&Pipeline> {
        self.pipelines.iter().find(|pipeline| pipeline.id == id)
    }
}

/// A moment in the service's precision, 100 ns, and after the last one whatever the clock says.
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
    fn no_two_moments_are_the_same() {
        let start = OffsetDateTime::UNIX_EPOCH;
        let tick = Duration::nanoseconds(100);
        assert_eq!(later(start, start), start + tick);
        assert_eq!(later(start - Duration::days(1), start), start + tick, "also when the clock was set back");
        assert_eq!(later(start + Duration::nanoseconds(1_299), start), start + tick * 12);
    }
}
