//! The running simulator, as a program that embeds it sees it.

use std::io;
use std::net::Ipv4Addr;
use std::net::SocketAddr;
use std::path::Path;
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
use crate::server::GitHost;
use crate::server::Journal;
use crate::server::JournalEntry;
use crate::server::Listener;
use crate::server::Service;
use crate::server::Tls;
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

/// The port that an address does not name.
const HTTPS: u16 = 443;

/// A simulator that runs on `127.0.0.1`. It stops, and closes its connections, when it is dropped.
pub struct Simulator {
    address: SocketAddr,
    service: Arc<Service>,
    task: JoinHandle<()>,
    /// None for plain HTTP.
    tls: Option<Tls>,
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
    /// If the port is not available, or ([`io::ErrorKind::InvalidInput`]) if the world has a duplicate name or a
    /// reference to something that does not exist.
    pub async fn start(world: World, port: u16) -> io::Result<Simulator> {
        Simulator::listen(world, port, None, None).await
    }

    /// Starts with TLS, with a certificate for this machine, these hosts and the hosts below them. Its authority is created
    /// now, and [`Simulator::authority`] is the file that clients trust it with. The first host, or otherwise
    /// `127.0.0.1`, is in the addresses that records contain.
    ///
    /// # Errors
    /// As of [`Simulator::start`], also if a host is not a name ([`io::ErrorKind::InvalidInput`]) or the file cannot be
    /// written.
    pub async fn start_with_tls(world: World, port: u16, hosts: &[&str]) -> io::Result<Simulator> {
        let tls = Tls::create(hosts)?;
        Simulator::listen(world, port, Some(tls), hosts.first().copied()).await
    }

    async fn listen(world: World, port: u16, tls: Option<Tls>, host: Option<&str>) -> io::Result<Simulator> {
        world.check().map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))?;
        let inner = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let address = inner.local_addr()?;
        let connections = Arc::new(Connections::default());
        let state = world.into_state();
        let server = match (&tls, host) {
            (None, _) => format!("http://{address}"),
            (Some(_), None) => format!("https://{address}"),
            (Some(_), Some(host)) if address.port() == HTTPS => format!("https://{host}"),
            (Some(_), Some(host)) => format!("https://{host}:{}", address.port()),
        };
        let service = Arc::new(Service {
            origin: format!("{server}{}", state.settings.server.map_or("", |_| Server::PREFIX)),
            journal: Mutex::new(Journal::default()),
            faults: Mutex::new(Faults::default()),
            connections: Arc::clone(&connections),
            git: GitHost::default(),
            fixed_headers: FixedHeaders::new(state.settings.deployment),
            state: Mutex::new(state),
        });
        let router = Router::new().fallback(serve).with_state(Arc::clone(&service));
        let listener = Listener { inner, tls: tls.as_ref().map(Tls::acceptor), connections, accepted: 0 };
        let serving = axum::serve(listener, router.into_make_service_with_connect_info::<ConnectionNumber>());
        let task = tokio::spawn(async move {
            // The server continues after errors; it ends only when it is aborted.
            let _ = serving.await;
        });
        Ok(Simulator { address, service, task, tls })
    }

    /// Returns the file with the certificate of the authority, in PEM, if the simulator has TLS. It is removed with the
    /// simulator.
    pub fn authority(&self) -> Option<&Path> {
        self.tls.as_ref().map(Tls::file)
    }

    /// Returns the address that the simulator listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns `http://127.0.0.1:PORT/{organization}`, the same with `https` or with a host, or `…/tfs/{organization}` for a server. The organization need
    /// not exist.
    pub fn organization_url(&self, organization: &str) -> String {
        format!("{}/{organization}", self.service.origin)
    }

    /// Returns the names of the organizations, in the order in which they were added.
    pub fn organizations(&self) -> Vec<String> {
        let state = locked(&self.service.state);
        state.organizations.iter().map(|organization| organization.name.clone()).collect()
    }

    /// Returns the names of an organization's projects; empty if the organization does not exist.
    pub fn projects(&self, organization: &str) -> Vec<String> {
        self.in_organization(organization, |organization| {
            organization.projects.iter().map(|project| project.name.clone()).collect()
        })
        .unwrap_or_default()
    }

    /// Returns the token with full access that every organization has.
    pub fn token(&self, organization: &str) -> Option<String> {
        self.token_named(organization, FULL_TOKEN)
    }

    /// Returns the Microsoft Entra access token of an organization's first user.
    pub fn entra_token(&self, organization: &str) -> Option<String> {
        self.token_named(organization, ENTRA_TOKEN)
    }

    /// Returns the text of an organization's token by the token's name.
    pub fn token_named(&self, organization: &str, name: &str) -> Option<String> {
        let state = locked(&self.service.state);
        let position = state.position(organization)?;
        state.tokens.named(position, name).map(str::to_owned)
    }

    /// Creates a token. Returns `None` if the organization or the user does not exist.
    pub fn mint_token(&self, organization: &str, options: TokenOptions) -> Option<String> {
        let mut state = locked(&self.service.state);
        let position = state.position(organization)?;
        let user = state.organizations[position].user_position(options.user.as_deref())?;
        Some(state.tokens.mint(position, user, options))
    }

    /// Revokes a token. Returns `false` if the token is unknown.
    pub fn revoke(&self, token: &str) -> bool {
        locked(&self.service.state).tokens.revoke(token)
    }

    /// Adds an organization without projects. Returns `false` if the name is taken.
    pub fn add_organization(&self, name: &str) -> bool {
        let mut state = locked(&self.service.state);
        let new = state.position(name).is_none();
        if new {
            state.add_organization(world::Organization::named(name));
        }
        new
    }

    /// Adds a project with a repository and a pipeline `site`, like those of the default world. Returns `false` if the
    /// name is taken or the organization does not exist.
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

    /// Renames a project, which keeps its identifier. Returns `false` if it does not exist or the new name is taken.
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

    /// Removes a project and its contents. Returns `false` if it does not exist.
    pub fn delete_project(&self, organization: &str, name: &str) -> bool {
        self.in_organization(organization, |organization| {
            let position = organization.project_position(name);
            position.map(|position| organization.projects.remove(position)).is_some()
        })
        .unwrap_or(false)
    }

    /// Sets or removes the limit on the requests of each user of an organization. Returns `false` if the organization
    /// does not exist.
    pub fn set_rate_limit(&self, organization: &str, limit: Option<RateLimit>) -> bool {
        self.in_organization(organization, |organization| organization.rate_limit = limit).is_some()
    }

    /// Sets the script of a pipeline's later runs. Returns `false` if the pipeline does not exist.
    pub fn set_script(&self, organization: &str, project: &str, pipeline: &str, script: Script) -> bool {
        self.in_organization(organization, |organization| {
            let position = organization.project_position(project)?;
            let mut all = organization.projects[position].pipelines.iter_mut();
            all.find(|known| names::same(&known.name, pipeline)).map(|known| known.script = script)
        })
        .flatten()
        .is_some()
    }

    /// Returns the whole state as text for [`World::from_saved`]. A simulator that starts with it continues where this
    /// one is.
    /// Tokens are saved with their names but without their texts, and get new texts.
    pub fn saved(&self) -> String {
        let world = World::of(&locked(&self.service.state));
        serde_json::to_string_pretty(&world).expect("all of it is JSON: no map has keys other than texts")
    }

    /// Returns the contents of the organizations, for [`Simulator::restore`].
    pub fn snapshot(&self) -> Snapshot {
        locked(&self.service.state).snapshot()
    }

    /// Restores the contents of the organizations, and removes organizations that were added since. Tokens and the
    /// journal do not change. Numbers continue, so that nothing new gets the number of something older.
    pub fn restore(&self, snapshot: &Snapshot) {
        locked(&self.service.state).restore(snapshot);
    }

    /// Adds a fault. Faults apply in the order in which they were added.
    pub fn fault(&self, fault: Fault) {
        locked(&self.service.faults).add(fault);
    }

    /// Removes the faults that have not applied yet.
    pub fn clear_faults(&self) {
        locked(&self.service.faults).clear();
    }

    /// Returns the requests since the start or the last [`Simulator::clear_journal`], oldest first, at most 100,000.
    pub fn journal(&self) -> Vec<JournalEntry> {
        locked(&self.service.journal).entries()
    }

    /// Clears the journal.
    pub fn clear_journal(&self) {
        locked(&self.service.journal).clear();
    }

    fn in_organization<T>(&self, name: &str, visit: impl FnOnce(&mut Organization) -> T) -> Option<T> {
        let mut state = locked(&self.service.state);
        let position = state.position(name)?;
        Some(visit(&mut state.organizations[position]))
    }
}
