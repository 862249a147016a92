//! The running simulator: what whoever started it can ask and change.

use std::io;
use std::net::Ipv4Addr;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::Mutex;

use axum::Router;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::auth::TokenOptions;
use crate::lock::locked;
use crate::names;
use crate::server::ConnectionNumber;
use crate::server::Connections;
use crate::server::Fault;
use crate::server::Faults;
use crate::server::FixedHeaders;
use crate::server::Journal;
use crate::server::JournalEntry;
use crate::server::Listener;
use crate::server::Service;
use crate::server::serve;
use crate::setup::World;
use crate::state::ENTRA_TOKEN;
use crate::state::FULL_TOKEN;
use crate::state::Organization;
use crate::state::Snapshot;
use crate::world;
use crate::world::RateLimit;
use crate::world::Script;
use crate::world::Server;

/// A simulator that runs on `127.0.0.1`. It stops, and closes its connections, when it is dropped.
pub struct Simulator {
    address: SocketAddr,
    service: Arc<Service>,
    task: JoinHandle<()>,
}

impl Drop for Simulator {
    fn drop(&mut self) {
        self.task.abort();
        self.service.connections.close_all();
    }
}

impl Simulator {
    /// Starts on this port, or on any free one for 0, as tasks of the current tokio runtime.
    ///
    /// # Errors
    /// When the port cannot be had, or ([`io::ErrorKind::InvalidInput`]) when the world has a name twice or
    /// refers to something that is not there.
    pub async fn start(world: World, port: u16) -> io::Result<Simulator> {
        world.check().map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))?;
        let inner = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let address = inner.local_addr()?;
        let connections = Arc::new(Connections::default());
        let state = world.into_state();
        let service = Arc::new(Service {
            origin: format!("http://{address}{}", state.settings.server.map_or("", |_| Server::PREFIX)),
            journal: Mutex::new(Journal::default()),
            faults: Mutex::new(Faults::default()),
            connections: Arc::clone(&connections),
            fixed_headers: FixedHeaders::new(state.settings.deployment),
            state: Mutex::new(state),
        });
        let router = Router::new().fallback(serve).with_state(Arc::clone(&service));
        let listener = Listener { inner, connections, accepted: 0 };
        let serving = axum::serve(listener, router.into_make_service_with_connect_info::<ConnectionNumber>());
        let task = tokio::spawn(async move {
            // Accepting goes on after every error; this ends only by being aborted.
            let _ = serving.await;
        });
        Ok(Simulator { address, service, task })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// `http://127.0.0.1:PORT/{organization}`, or `…/tfs/{organization}` for a server, whether or not there is such an organization.
    pub fn organization_url(&self, organization: &str) -> String {
        format!("{}/{organization}", self.service.origin)
    }

    /// The names of the organizations, in the order in which they were added.
    pub fn organizations(&self) -> Vec<String> {
        let state = locked(&self.service.state);
        state.organizations.iter().map(|organization| organization.name.clone()).collect()
    }

    /// The names of an organization's projects; empty when there is no such organization.
    pub fn projects(&self, organization: &str) -> Vec<String> {
        self.in_organization(organization, |organization| {
            organization.projects.iter().map(|project| project.name.clone()).collect()
        })
        .unwrap_or_default()
    }

    /// The token with full access that every organization has; none when there is no such organization.
    pub fn token(&self, organization: &str) -> Option<String> {
        self.token_named(organization, FULL_TOKEN)
    }

    /// The access token of Microsoft Entra that an organization's first user has.
    pub fn entra_token(&self, organization: &str) -> Option<String> {
        self.token_named(organization, ENTRA_TOKEN)
    }

    /// The text of an organization's token by its name.
    pub fn token_named(&self, organization: &str, name: &str) -> Option<String> {
        let state = locked(&self.service.state);
        let position = state.position(organization)?;
        state.tokens.named(position, name).map(str::to_owned)
    }

    /// Makes a token; none when there is no such organization, or nobody there has the user's name.
    pub fn mint_token(&self, organization: &str, options: TokenOptions) -> Option<String> {
        let mut state = locked(&self.service.state);
        let position = state.position(organization)?;
        let user = state.organizations[position].user_position(options.user.as_deref())?;
        Some(state.tokens.mint(position, user, options))
    }

    /// Takes a token back; false when it is none of the simulator's.
    pub fn revoke(&self, token: &str) -> bool {
        locked(&self.service.state).tokens.revoke(token)
    }

    /// Adds an organization without projects; false when there is one of that name.
    pub fn add_organization(&self, name: &str) -> bool {
        let mut state = locked(&self.service.state);
        let new = state.position(name).is_none();
        if new {
            state.add_organization(world::Organization::named(name));
        }
        new
    }

    /// Adds a project with a repository and a pipeline `site`, as those of the default world; false when there
    /// is one of that name, or no such organization.
    pub fn add_project(&self, organization: &str, name: &str) -> bool {
        self.in_organization(organization, |organization| {
            let new = !organization.projects.iter().any(|project| names::same(&project.name, name));
            if new {
                organization.add_project(world::Project::with_site(name));
            }
            new
        })
        .unwrap_or(false)
    }

    /// Renames a project, which keeps its identifier; false when it is not there or the new name is taken.
    pub fn rename_project(&self, organization: &str, name: &str, new_name: &str) -> bool {
        self.in_organization(organization, |organization| {
            let taken = |position: usize| {
                organization.project_position(new_name).is_some_and(|other| other != position)
            };
            let Some(position) = organization.project_position(name).filter(|&position| !taken(position))
            else {
                return false;
            };
            new_name.clone_into(&mut organization.projects[position].name);
            true
        })
        .unwrap_or(false)
    }

    /// Removes a project with everything in it; false when it is not there.
    pub fn delete_project(&self, organization: &str, name: &str) -> bool {
        self.in_organization(organization, |organization| {
            let position = organization.project_position(name);
            position.map(|position| organization.projects.remove(position)).is_some()
        })
        .unwrap_or(false)
    }

    /// Limits how many requests each user of an organization may make from now on, or does so no longer; false when it is
    /// not there.
    pub fn set_rate_limit(&self, organization: &str, limit: Option<RateLimit>) -> bool {
        self.in_organization(organization, |organization| organization.rate_limit = limit).is_some()
    }

    /// Sets how the later runs of a pipeline go; false when it is not there.
    pub fn set_script(&self, organization: &str, project: &str, pipeline: &str, script: Script) -> bool {
        self.in_organization(organization, |organization| {
            let position = organization.project_position(project)?;
            let mut all = organization.projects[position].pipelines.iter_mut();
            all.find(|known| names::same(&known.name, pipeline)).map(|known| known.script = script)
        })
        .flatten()
        .is_some()
    }

    /// All that it holds now, as a text that [`World::from_saved`] reads: a simulator that starts with it answers as
    /// this one would go on. Tokens are kept by their names, without their texts; they get new ones.
    pub fn saved(&self) -> String {
        let world = World::of(&locked(&self.service.state));
        serde_json::to_string_pretty(&world).expect("all of it is JSON: no map has keys other than texts")
    }

    /// What its organizations hold now, for [`Simulator::restore`].
    pub fn snapshot(&self) -> Snapshot {
        locked(&self.service.state).snapshot()
    }

    /// Puts back what the organizations held then; those that were added since are gone. Tokens and the journal stay as
    /// they are, and numbers go on, so that nothing that is made later has the number of something older.
    pub fn restore(&self, snapshot: &Snapshot) {
        locked(&self.service.state).restore(snapshot);
    }

    /// Sets a fault. Faults strike in the order in which they were set.
    pub fn fault(&self, fault: Fault) {
        locked(&self.service.faults).add(fault);
    }

    /// Forgets the faults that have not struck yet.
    pub fn clear_faults(&self) {
        locked(&self.service.faults).clear();
    }

    /// What came in since the start or the last [`Simulator::clear_journal`], oldest first; the latest 100,000.
    pub fn journal(&self) -> Vec<JournalEntry> {
        locked(&self.service.journal).entries()
    }

    /// Forgets what came in.
    pub fn clear_journal(&self) {
        locked(&self.service.journal).clear();
    }

    fn in_organization<T>(&self, name: &str, visit: impl FnOnce(&mut Organization) -> T) -> Option<T> {
        let mut state = locked(&self.service.state);
        let position = state.position(name)?;
        Some(visit(&mut state.organizations[position]))
    }
}
