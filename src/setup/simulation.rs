//! The simulator instead of Azure DevOps: an unchanged bot runs against it, and nothing leaves the machine.

use std::future::Future;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;

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
    /// Without a world of the user's own, what a Connect names and the world lacks is added
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
        let simulator = Simulator::start(world, 0)
            .await
            .map_err(|error| invalid(format!("the simulator cannot start: {}", error.kind())))?;
        Ok(Simulation { simulator: Arc::new(simulator), report: |_| {}, adds })
    }

    /// Sends its messages here
    pub(crate) fn reporting(self, report: fn(&str)) -> Self {
        Simulation { report, ..self }
    }

    /// The road to the simulator: every hosted URL goes there, any other is refused
    pub(crate) fn network_options(&self) -> NetworkOptions {
        NetworkOptions { simulator: Some(self.simulator.address()), ..NetworkOptions::default() }
    }

    /// Says that nothing is real, and where it listens
    pub(crate) fn announce(&self) {
        (self.report)(&format!(
            "simulator: listens on {}; nothing leaves this machine",
            self.simulator.address()
        ));
    }

    /// Keeps the world as it stands in a file
    pub(crate) async fn save(&self, path: &Path) -> Result<(), Error> {
        save_world(&self.simulator, path).await
    }

    /// The source of tokens; no store is opened
    pub(crate) fn tokens(&self) -> Box<dyn TokenSource> {
        Box::new(SimulatedTokens { simulator: self.simulator.clone(), report: self.report, adds: self.adds })
    }
}

/// The largest world file that is read, in bytes
const MAX_WORLD: usize = 64 << 20;

/// Reads a world file, written by a person (TOML) or saved by a simulator (JSON)
pub(crate) fn read_world(path: &Path) -> Result<World, Error> {
    let read = files::read(path, MAX_WORLD)
        .map_err(|error| files::failed(&format!("{} cannot be read", path.display()), error))?;
    let Some(read) = read else {
        return Err(invalid(format!("{} is larger than 64 MiB", path.display())));
    };
    let text = String::from_utf8(read)
        .map_err(|_| invalid(format!("{} cannot be read: it is not UTF-8", path.display())))?;
    // No TOML begins so.
    let saved = text.trim_start().starts_with('{');
    let world = if saved { World::from_saved(&text) } else { World::from_toml(&text) };
    world.map_err(|error| invalid(format!("{}: {error}", path.display())))
}

/// Keeps what a simulator holds in a file, which may be the one that its world came from
pub(crate) async fn save_world(simulator: &Simulator, path: &Path) -> Result<(), Error> {
    let text = simulator.saved();
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
    fn answer(&self, credential: &Credential, target: ConnectTarget<'_>) -> Result<Secret, Error> {
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
        // An organization the world lacks still answers as the service would: with its own 404.
        let any = || self.simulator.organizations().first().and_then(|first| token(first));
        token(organization).or_else(any).ok_or_else(|| {
            Error::new(ErrorCode::CredentialNotFound, "the simulated world has no organization, so no token")
        })
    }
}

impl TokenSource for SimulatedTokens {
    fn token<'a>(
        &'a self,
        credential: &'a Credential,
        target: ConnectTarget<'a>,
    ) -> Pin<Box<dyn Future<Output = Result<Secret, Error>> + Send + 'a>> {
        Box::pin(async move { self.answer(credential, target) })
    }
}

fn invalid(message: String) -> Error {
    Error::new(ErrorCode::InputInvalid, message)
}
