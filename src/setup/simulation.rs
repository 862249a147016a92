//! The simulator instead of Azure DevOps: an unchanged bot runs against it, and nothing leaves the machine.

use std::future::Future;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;

#[cfg(feature = "cli")]
use azdo_simulator::JournalEntry;
#[cfg(feature = "cli")]
use azdo_simulator::Pace;
use azdo_simulator::Simulator;
use azdo_simulator::World;

use crate::contract::ConnectTarget;
use crate::contract::Credential;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::OrganizationForm;
use crate::contract::Scheme;
use crate::contract::Secret;
use crate::contract::TokenSource;
use crate::devops::NetworkOptions;
use crate::files;
use crate::files::PartFile;
use crate::files::WritableFile;

/// A running simulator, which has a token for every credential
///
/// It stops when this and every package built with it are dropped.
pub struct Simulation {
    simulator: Arc<Simulator>,
    /// Where its messages go
    report: fn(&str),
    /// Whether organizations and projects that a Connect names are added; not with a world file
    adds: bool,
}

impl Simulation {
    /// Starts a simulator with the world of a file, or with one repository and one pipeline
    ///
    /// Without a file, each organization and project that a Connect names is added to the world.
    ///
    /// # Errors
    ///
    /// `input.invalid` if the file does not describe a world or no port is free, `file.*` if it cannot be read.
    pub async fn start(world: Option<&Path>) -> Result<Self, Error> {
        let adds = world.is_none();
        let world = world.map_or_else(|| Ok(World::easy()), read_world)?;
        Simulation::of(world, adds).await
    }

    /// Starts a simulator for a test: pipeline runs take no time, and go on when they are looked at
    ///
    /// # Errors
    ///
    /// Those of [`Simulation::start`].
    #[cfg(feature = "cli")]
    pub(crate) async fn start_for_test(world: Option<&Path>) -> Result<Self, Error> {
        let adds = world.is_none();
        let world = world.map_or_else(|| Ok(World::easy()), read_world)?.pace(Pace::Polls);
        Simulation::of(world, adds).await
    }

    pub(super) async fn of(world: World, adds: bool) -> Result<Self, Error> {
        let simulator = Simulator::start(world, 0)
            .await
            .map_err(|error| invalid(format!("the simulator cannot start: {}", error.kind())))?;
        Ok(Simulation { simulator: Arc::new(simulator), report: |_| {}, adds })
    }

    /// The requests that the simulator got, in order: `GET /fabrikam/_apis/projects`
    #[cfg(feature = "cli")]
    pub(crate) fn requests(&self) -> Vec<String> {
        let entries = self.simulator.journal().into_iter();
        entries.map(|entry| format!("{} {}", entry.method, entry.path)).collect()
    }

    /// Sends its messages here
    pub(crate) fn reporting(self, report: fn(&str)) -> Self {
        Simulation { report, ..self }
    }

    /// The first organization and its first project; none if the world has none
    #[cfg(feature = "cli")]
    pub(crate) fn first_project(&self) -> Option<(String, String)> {
        let organization = self.simulator.organizations().into_iter().next()?;
        let project = self.simulator.projects(&organization).into_iter().next()?;
        Some((organization, project))
    }

    /// Network options that send every hosted URL to the simulator and refuse all others
    pub(crate) fn network_options(&self) -> NetworkOptions {
        NetworkOptions { simulator: Some(self.simulator.address()), ..NetworkOptions::default() }
    }

    /// Reports the address of the simulator
    pub(crate) fn announce(&self) {
        (self.report)(&format!(
            "simulator: listens on {}; nothing leaves this machine",
            self.simulator.address()
        ));
    }

    /// The world in its present state, as a world file
    #[cfg(feature = "cli")]
    pub(super) fn saved(&self) -> String {
        self.simulator.saved()
    }

    /// Saves the world to a file
    pub(crate) async fn save(&self, path: &Path) -> Result<(), Error> {
        save_world(&self.simulator, path).await
    }

    /// The token source of the simulator; it opens no credential store
    pub(crate) fn tokens(&self) -> Box<dyn TokenSource> {
        Box::new(SimulatedTokens { simulator: self.simulator.clone(), report: self.report, adds: self.adds })
    }
}

/// The largest world file that is read, in bytes
const MAX_WORLD: usize = 64 << 20;

/// Reads a world file: written by hand (TOML) or saved by a simulator (JSON)
pub(super) fn read_world(path: &Path) -> Result<World, Error> {
    let read = files::read(path, MAX_WORLD)
        .map_err(|error| files::failed(&format!("{} cannot be read", path.display()), error))?;
    let Some(read) = read else {
        return Err(invalid(format!("{} is larger than 64 MiB", path.display())));
    };
    let text = files::utf8(&read).map_err(|not_utf8| {
        invalid(format!("{} cannot be read: {}", path.display(), not_utf8.reason())).help(not_utf8.help())
    })?;
    // TOML cannot begin with a brace.
    let saved = text.trim_start().starts_with('{');
    let world = if saved { World::from_saved(text) } else { World::from_toml(text) };
    world.map_err(|error| {
        let message = format!("{}: {error}", path.display());
        invalid(message).help("Correct the world file; docs/simulator.md describes it.")
    })
}

/// Saves the state of a simulator to a file, which may be its own world file
pub(crate) async fn save_world(simulator: &Simulator, path: &Path) -> Result<(), Error> {
    save(&simulator.saved(), path).await
}

/// Saves the requests that a simulator got to a file, one JSON object on each line, without secrets and bodies
#[cfg(feature = "cli")]
pub(crate) async fn save_journal(simulator: &Simulator, path: &Path) -> Result<(), Error> {
    let line = |entry: JournalEntry| {
        let value = serde_json::json!({
            "method": entry.method,
            "path": entry.path,
            "route": entry.route,
            "token": entry.token,
            "status": entry.status,
        });
        format!("{value}\n")
    };
    save(&simulator.journal().into_iter().map(line).collect::<String>(), path).await
}

async fn save(text: &str, path: &Path) -> Result<(), Error> {
    let written = async {
        let target = WritableFile::named(path)?;
        let mut file = PartFile::create(&target)?;
        file.write(text.as_bytes()).await?;
        file.finish().await
    };
    written.await.map_err(|error: std::io::Error| {
        files::failed(&format!("{} cannot be written", path.display()), error)
    })
}

struct SimulatedTokens {
    simulator: Arc<Simulator>,
    report: fn(&str),
    adds: bool,
}

impl SimulatedTokens {
    fn token_for(&self, credential: &Credential, target: ConnectTarget<'_>) -> Result<Secret, Error> {
        let (organization, project) = (target.organization.organization(), target.project.as_str());
        if self.adds && target.organization.form() != OrganizationForm::Other {
            if self.simulator.add_organization(organization) {
                (self.report)(&format!("simulator: added the organization \"{organization}\""));
            }
            if self.simulator.add_project(organization, project) {
                (self.report)(&format!(
                    "simulator: added the project \"{project}\" to the organization \"{organization}\""
                ));
            }
        }
        if let Credential::Insecure(token) = credential
            && azdo_simulator::is_special_token(token.expose())
        {
            return Ok(token.another());
        }
        let entra = matches!(credential, Credential::Reference(reference) if reference.store == "entra")
            || target.scheme == Scheme::Bearer;
        let token = |organization: &str| match entra {
            true => self.simulator.entra_token(organization).map(|token| Secret::new(token).as_bearer()),
            false => self.simulator.token(organization).map(Secret::new),
        };
        // For an unknown organization any token does; the simulator responds with 404 as the service would.
        let any = || self.simulator.organizations().first().and_then(|first| token(first));
        token(organization).or_else(any).ok_or_else(|| {
            Error::new(
                ErrorCode::CredentialNotFound,
                "the simulated world has no organization and therefore no token",
            )
        })
    }
}

impl TokenSource for SimulatedTokens {
    fn token<'a>(
        &'a self,
        credential: &'a Credential,
        target: ConnectTarget<'a>,
    ) -> Pin<Box<dyn Future<Output = Result<Secret, Error>> + Send + 'a>> {
        Box::pin(async move { self.token_for(credential, target) })
    }
}

fn invalid(message: String) -> Error {
    Error::new(ErrorCode::InputInvalid, message)
}
