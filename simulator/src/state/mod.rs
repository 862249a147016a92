//! What the simulator holds while it runs: plain data, no I/O. One lock outside guards all of it.

mod allowances;
pub(crate) mod clock;
mod content;
pub(crate) mod git;
mod history;
pub(crate) mod merge;
pub(crate) mod objects;
mod organization;
mod pipeline;
pub(crate) mod releases;
pub(crate) mod resources;
pub(crate) mod review;
pub(crate) mod revision;
pub(crate) mod runs;
mod saved;
pub(crate) mod stages;
mod unseen;
pub(crate) mod wiql;
pub(crate) mod wiql_reader;
pub(crate) mod work_items;
pub(crate) mod yaml;

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::Serialize;
use time::OffsetDateTime;
use uuid::Uuid;

use allowances::Allowances;
use clock::Clock;
use git::Repository;
pub(crate) use organization::Organization;
pub(crate) use organization::ProjectOperation;
pub(crate) use pipeline::Pipeline;
use releases::Release;
use releases::ReleasePipeline;
use runs::Run;
pub(crate) use saved::Saved;
pub use saved::Snapshot;
pub(crate) use unseen::Unseen;
use work_items::WorkItem;

use crate::names;
use crate::permissions::Permission;
use crate::tokens::TokenOptions;
use crate::tokens::Tokens;
use crate::users::Role;
use crate::world;
use crate::world::Pace;
use crate::world::Script;
use crate::world::Server;
use crate::world::Switches;
use crate::world::Visibility;
use crate::world::World;

/// The name of the token with full access that every organization has.
pub(crate) const FULL_TOKEN: &str = "full-access";

/// The name of the access token of Microsoft Entra that every organization has.
pub(crate) const ENTRA_TOKEN: &str = "entra";

/// Everything.
pub(crate) struct State {
    pub(crate) organizations: Vec<Organization>,
    pub(crate) tokens: Tokens,
    pub(crate) allowances: Allowances,
    pub(crate) settings: Settings,
}

/// What holds for the whole simulator.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Settings {
    pub(crate) pace: Pace,
    pub(crate) script: Script,
    pub(crate) switches: Switches,
    pub(crate) server: Option<Server>,
    /// What `connectionData` and a header of every answer call the deployment.
    pub(crate) deployment: Uuid,
    pub(crate) clock: Clock,
}

impl Default for Settings {
    /// Those of the easy world: what an organization has until it is told.
    fn default() -> Self {
        let World { pace, script, switches, server, .. } = World::default();
        Settings { pace, script, switches, server, deployment: Uuid::nil(), clock: Clock::started() }
    }
}

/// Somebody who can own a token.
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

/// A project.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Project {
    pub(crate) id: Uuid,
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) state: String,
    pub(crate) visibility: Visibility,
    pub(crate) team: Uuid,
    pub(crate) updated: OffsetDateTime,
    pub(crate) repositories: Vec<Repository>,
    /// Repositories that were deleted, with when and by whom.
    pub(crate) recycled: Vec<(Repository, OffsetDateTime, usize)>,
    pub(crate) pipelines: Vec<Pipeline>,
    /// Pipelines that were deleted, with their runs.
    pub(crate) deleted: Vec<(Pipeline, Vec<Run>)>,
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
        let World { pace, script, switches, server, organizations, saved } = world;
        let deployment = saved.as_ref().map_or_else(Uuid::new_v4, |saved| saved.deployment);
        let settings = Settings { pace, script, switches, server, deployment, clock: Clock::started() };
        let mut state = State {
            organizations: Vec::new(),
            tokens: Tokens::default(),
            allowances: Allowances::default(),
            settings,
        };
        if let Some(saved) = saved {
            state.organizations = saved.organizations;
            state.organizations.iter_mut().for_each(|organization| organization.settings = settings);
            for token in saved.tokens {
                state.tokens.add(token);
            }
        }
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

impl User {
    /// Whether this is the name, the e-mail address or the identifier.
    pub(crate) fn is_called(&self, wanted: &str) -> bool {
        [&self.name, &self.email, &self.id.to_string()].into_iter().any(|known| names::same(known, wanted))
    }

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
    /// The same for what it has.
    fn count_on(&mut self, from: &Project) {
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
