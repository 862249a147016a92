//! What a simulator starts with: a world described in code or read from a file, or one that was saved.

use serde::Deserialize;
use serde::Serialize;
use uuid::Uuid;

use crate::auth::Refusal;
use crate::names;
use crate::state::Clock;
use crate::state::Saved;
use crate::state::Settings;
use crate::state::State;
use crate::world::Organization;
use crate::world::Pace;
use crate::world::Script;
use crate::world::Server;
use crate::world::Switches;
use crate::world::WorldError;
use crate::world::distinct;

/// The organizations that a simulator starts with, and how it behaves.
///
/// ```
/// use azdo_simulator::{Organization, Project, Repository, World};
///
/// let world = World::hard().organization(
///     Organization::named("contoso")
///         .project(Project::named("Web").repository(Repository::named("site").file("/README.md", "# site\n"))),
/// );
/// ```
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct World {
    pub(crate) pace: Pace,
    pub(crate) script: Script,
    pub(crate) switches: Switches,
    pub(crate) server: Option<Server>,
    /// The organizations of a description. Those of a saved world are in `saved`.
    #[serde(skip_serializing)]
    pub(crate) organizations: Vec<Organization>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) saved: Option<Saved>,
}

impl Default for World {
    /// The easy world without an organization: what a world file starts from.
    fn default() -> Self {
        World {
            pace: Pace::easy(),
            script: Script::default(),
            switches: Switches::easy(),
            server: None,
            organizations: Vec::new(),
            saved: None,
        }
    }
}

impl World {
    /// The world for people: organization `fabrikam`, friendly switches, pipeline runs that take seconds.
    pub fn easy() -> Self {
        World { organizations: vec![Organization::fabrikam()], ..World::default() }
    }

    /// The world for tests: organization `fabrikam`, strict switches, pipeline runs that advance when they are
    /// requested.
    pub fn hard() -> Self {
        World { pace: Pace::Polls, switches: Switches::hard(), ..World::easy() }
    }

    /// Reads a world file (see `docs/simulator.md`). It starts with the easy world's switches, and has the
    /// organizations that the file describes, or `fabrikam` if it describes none.
    ///
    /// # Errors
    /// If the text is not TOML, or has an unknown key, a duplicate name or a reference to something that does not
    /// exist.
    pub fn from_toml(text: &str) -> Result<Self, WorldError> {
        let mut world: World = toml::from_str(text).map_err(|error| WorldError::of_toml(&error, text))?;
        if world.organizations.is_empty() {
            world.organizations.push(Organization::fabrikam());
        }
        world.check()?;
        Ok(world)
    }

    /// Reads a world that [`Simulator::saved`](crate::Simulator::saved) wrote. The JSON is not meant to be edited.
    ///
    /// # Errors
    /// If the text is not a saved world.
    pub fn from_saved(text: &str) -> Result<Self, WorldError> {
        let world: World = serde_json::from_str(text).map_err(|error| WorldError(error.to_string()))?;
        if world.saved.is_none() {
            return Err(WorldError("this is not a saved world: it has no `saved`".to_owned()));
        }
        world.check()?;
        Ok(world)
    }

    /// Adds an organization, or replaces the one with the same name.
    pub fn organization(mut self, organization: Organization) -> Self {
        self.organizations.retain(|known| !names::same(&known.name, &organization.name));
        self.organizations.push(organization);
        self
    }

    /// Sets how pipeline runs advance through their states.
    pub fn pace(mut self, pace: Pace) -> Self {
        self.pace = pace;
        self
    }

    /// Sets the script of all pipelines that have none of their own, including those created later.
    pub fn script(mut self, script: Script) -> Self {
        self.script = script;
        self
    }

    /// Changes switches: `world.switches(|switches| switches.page_size = 2)`.
    pub fn switches(mut self, change: impl FnOnce(&mut Switches)) -> Self {
        change(&mut self.switches);
        self
    }

    /// Simulates an Azure DevOps Server: the organizations are its collections, below `/tfs`.
    pub fn server(mut self, server: Server) -> Self {
        self.server = Some(server);
        self
    }

    /// Simulates an Azure DevOps Server with this collection alone.
    pub fn collection(mut self, server: Server, collection: Organization) -> Self {
        self.organizations = vec![collection];
        self.server(server)
    }

    /// Refuses every request with a valid token, in each organization, described or saved.
    pub fn refuses(mut self, refusal: &Refusal) -> Self {
        for organization in self.saved.iter_mut().flat_map(|saved| &mut saved.organizations) {
            organization.refuses = Some(refusal.clone());
        }
        for organization in &mut self.organizations {
            organization.refuses = Some(refusal.clone());
        }
        self
    }

    /// Checks that names are unique and that references can be resolved.
    pub(crate) fn check(&self) -> Result<(), WorldError> {
        let saved = self.saved.iter().flat_map(|saved| &saved.organizations);
        let saved = saved.map(|organization| organization.name.as_str());
        let described = self.organizations.iter().map(|organization| organization.name.as_str());
        distinct("organization", saved.chain(described))?;
        self.organizations.iter().try_for_each(Organization::check)
    }

    /// Returns the state of a simulator that starts with this world.
    pub(crate) fn into_state(self) -> State {
        let World { pace, script, switches, server, organizations, saved } = self;
        let deployment = saved.as_ref().map_or_else(Uuid::new_v4, |saved| saved.deployment);
        let settings = Settings { pace, script, switches, server, deployment, clock: Clock::started() };
        let mut state = State::new(settings, saved);
        for organization in organizations {
            state.add_organization(organization);
        }
        state
    }

    /// Returns a world that contains the whole state, for another simulator to start with.
    pub(crate) fn of(state: &State) -> World {
        let Settings { pace, script, switches, server, .. } = state.settings;
        World { pace, script, switches, server, organizations: Vec::new(), saved: Some(state.saved()) }
    }
}
