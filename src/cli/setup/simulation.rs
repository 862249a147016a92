//! `--simulate`: an unchanged bot runs against the simulator, and nothing leaves the machine.

use std::future::Future;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;

use azdo_simulator::Simulator;
use azdo_simulator::World;

use crate::cli::output::fail::FAILED;
use crate::cli::output::fail::Fail;
use crate::cli::output::fail::USAGE;
use crate::cli::output::stderr;
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

/// The simulator of one command, and the tokens it answers every credential with
pub(in crate::cli) struct Simulation {
    simulator: Arc<Simulator>,
    /// Without a world of the user's own, what a Connect names and the world lacks is added
    adds: bool,
}

impl Simulation {
    /// Starts a simulator with a world file's world, or the easy one
    pub(in crate::cli) async fn start(world: Option<&Path>) -> Result<Self, Fail> {
        let adds = world.is_none();
        let world = world.map_or_else(|| Ok(World::easy()), read_world)?;
        let simulator = Simulator::start(world, 0)
            .await
            .map_err(|error| Fail::usage(format!("the simulator cannot start: {}", error.kind())))?;
        Ok(Simulation { simulator: Arc::new(simulator), adds })
    }

    /// The road to the simulator: every hosted URL goes there, any other is refused
    pub(in crate::cli) fn network_options(&self) -> NetworkOptions {
        NetworkOptions { simulator: Some(self.simulator.address()), ..NetworkOptions::default() }
    }

    /// Says that nothing is real, and where it listens
    pub(in crate::cli) fn announce(&self) {
        say(&format!("listens on {}; nothing leaves this machine", self.simulator.address()));
    }

    /// Keeps the world as it stands in a file
    pub(in crate::cli) async fn save(&self, path: &Path) -> Result<(), Fail> {
        save_world(&self.simulator, path).await
    }

    /// The source of tokens; no store is opened
    pub(in crate::cli) fn tokens(&self) -> Box<dyn TokenSource> {
        Box::new(SimulatedTokens { simulator: self.simulator.clone(), adds: self.adds })
    }
}

/// The largest world file that is read, in bytes
const MAX_WORLD: usize = 64 << 20;

/// Reads a world file, written by a person (TOML) or saved by a simulator (JSON)
pub(in crate::cli) fn read_world(path: &Path) -> Result<World, Fail> {
    let read = files::read(path, MAX_WORLD).map_err(|error| {
        Fail::new(files::failed(&format!("{} cannot be read", path.display()), error), USAGE)
    })?;
    let Some(read) = read else {
        return Err(Fail::usage(format!("{} is larger than 64 MiB", path.display())));
    };
    let text = String::from_utf8(read)
        .map_err(|_| Fail::usage(format!("{} cannot be read: it is not UTF-8", path.display())))?;
    // No TOML begins so.
    let saved = text.trim_start().starts_with('{');
    let world = if saved { World::from_saved(&text) } else { World::from_toml(&text) };
    world.map_err(|error| Fail::usage(format!("{}: {error}", path.display())))
}

/// Keeps what a simulator holds in a file, which may be the one that its world came from
pub(in crate::cli) async fn save_world(simulator: &Simulator, path: &Path) -> Result<(), Fail> {
    let text = simulator.saved();
    let written = async {
        let target = WritableFile::named(path)?;
        let mut file = PartFile::create(&target)?;
        file.write(text.as_bytes()).await?;
        file.finish().await
    };
    written.await.map_err(|error: std::io::Error| {
        Fail::new(files::failed(&format!("{} cannot be written", path.display()), error), FAILED)
    })
}

struct SimulatedTokens {
    simulator: Arc<Simulator>,
    adds: bool,
}

impl SimulatedTokens {
    fn answer(&self, credential: &Credential, target: ConnectTarget<'_>) -> Result<Secret, Error> {
        let (organization, project) = (target.organization.organization(), target.project.as_str());
        if self.adds && target.organization.form() != OrganizationForm::Other {
            if self.simulator.add_organization(organization) {
                say(&format!("added the organization \"{organization}\""));
            }
            if self.simulator.add_project(organization, project) {
                say(&format!("added the project \"{project}\" to the organization \"{organization}\""));
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

/// A line of the simulator's, beside the bot's output
fn say(text: &str) {
    stderr::line(&format!("simulator: {text}"));
}
