//! What the simulator holds while it runs: plain data, no I/O. One lock outside guards all of it.

mod allowances;
pub(crate) mod clock;
mod completion;
mod content;
pub(crate) mod git;
mod history;
pub(crate) mod merge;
pub(crate) mod objects;
mod organization;
mod pipeline;
mod project;
pub(crate) mod releases;
pub(crate) mod resources;
pub(crate) mod review;
pub(crate) mod revision;
pub(crate) mod runs;
mod saved;
mod settings;
pub(crate) mod stages;
mod unseen;
mod user;
pub(crate) mod wiql;
pub(crate) mod wiql_reader;
pub(crate) mod work_items;
pub(crate) mod yaml;

use uuid::Uuid;

use allowances::Allowances;
use clock::Clock;
pub(crate) use organization::Organization;
pub(crate) use organization::ProjectOperation;
pub(crate) use pipeline::Pipeline;
pub(crate) use project::Project;
pub(crate) use saved::Saved;
pub use saved::Snapshot;
pub(crate) use settings::Settings;
pub(crate) use unseen::Unseen;
pub(crate) use user::User;

use crate::names;
use crate::tokens::Token;
use crate::tokens::TokenOptions;
use crate::tokens::Tokens;
use crate::world;
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

    /// What its organizations hold now.
    pub(crate) fn snapshot(&self) -> Snapshot {
        Snapshot(self.organizations.clone())
    }

    /// Puts back what they held then. Numbers and times go on: what is made later has none that was given before.
    pub(crate) fn restore(&mut self, snapshot: &Snapshot) {
        let now = std::mem::replace(&mut self.organizations, snapshot.0.clone());
        for (organization, now) in self.organizations.iter_mut().zip(&now) {
            organization.count_on(now);
        }
    }

    /// All of it, as a world that another simulator can start with.
    pub(crate) fn saved(&self) -> World {
        let settings = self.settings;
        let mut tokens: Vec<Token> = self.tokens.all().cloned().collect();
        tokens.sort_by(|one, other| (one.organization, &one.name).cmp(&(other.organization, &other.name)));
        World {
            pace: settings.pace,
            script: settings.script,
            switches: settings.switches,
            server: settings.server,
            organizations: Vec::new(),
            saved: Some(Saved {
                deployment: settings.deployment,
                organizations: self.organizations.clone(),
                tokens,
            }),
        }
    }
}
