//! The builder of a [`Package`]: every default is that of the command line.

use std::path::PathBuf;
use std::sync::Arc;

use crate::contract::Error;
use crate::contract::TokenSource;
use crate::devops::NetworkOptions;
use crate::setup::configuration::Configuration;
use crate::setup::configuration::Overrides;
use crate::setup::environment::Lookup;
use crate::setup::environment::process_environment;
use crate::setup::package::Package;
#[cfg(feature = "simulator")]
use crate::setup::simulation::Simulation;

/// Builds a [`Package`]; made by [`Package::builder`]
///
/// What is not set here comes from the operator's file, if there is one. Without both, credentials come from
/// the environment and from files, the system's certificate authorities are trusted, and bots can reach no folder.
pub struct PackageBuilder {
    overrides: Overrides,
    environment: Lookup,
    folder: Option<PathBuf>,
    /// The name and version of the embedding program
    program: Option<(String, String)>,
    tokens: Option<Box<dyn TokenSource>>,
    /// Where requests go instead, with the tokens for them
    simulated: Option<(NetworkOptions, Box<dyn TokenSource>)>,
}

impl Package {
    /// Returns a builder with the defaults of the command line
    pub fn builder() -> PackageBuilder {
        PackageBuilder::default()
    }
}

impl Default for PackageBuilder {
    fn default() -> Self {
        PackageBuilder {
            overrides: Overrides::default(),
            environment: process_environment(),
            folder: None,
            program: None,
            tokens: None,
            simulated: None,
        }
    }
}

impl PackageBuilder {
    /// Reads this operator's file instead of the one at the system's fixed place
    #[must_use]
    pub fn operator_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.overrides.operator_file = Some(path.into());
        self
    }

    /// Looks environment variables up with this function instead of in the process's own environment
    #[must_use]
    pub fn environment(mut self, lookup: Lookup) -> Self {
        self.environment = lookup;
        self
    }

    /// Allows an Azure DevOps Server, as `HOST` or `HOST:PORT`
    #[must_use]
    pub fn allow_host(mut self, host: impl Into<String>) -> Self {
        self.overrides.allowed_hosts.push(host.into());
        self
    }

    /// Trusts the certificate authorities of this PEM file too
    #[must_use]
    pub fn certificate_authority(mut self, path: impl Into<PathBuf>) -> Self {
        self.overrides.certificate_authorities.push(path.into());
        self
    }

    /// Sends requests through this HTTP proxy: its URL, or `env:NAME` or `file:PATH` for one with a password
    #[must_use]
    pub fn proxy(mut self, url: impl Into<String>) -> Self {
        self.overrides.proxy = Some(url.into());
        self
    }

    /// Sends requests to this host without the proxy: `HOST`, `.SUFFIX` or `ADDRESS/BITS`, each with an optional `:PORT`
    #[must_use]
    pub fn no_proxy(mut self, host: impl Into<String>) -> Self {
        self.overrides.no_proxy.push(host.into());
        self
    }

    /// Allows plain HTTP to this Azure DevOps Server, which discloses the token to the network
    #[must_use]
    pub fn allow_plain_http(mut self, host: impl Into<String>) -> Self {
        self.overrides.plain_http_hosts.push(host.into());
        self
    }

    /// Allows plain HTTP to a loopback address, for a simulator in another process
    #[must_use]
    pub fn allow_loopback_http(mut self) -> Self {
        self.overrides.allow_loopback_http = true;
        self
    }

    /// Names the embedding program and its version in the audit records
    #[must_use]
    pub fn program(mut self, name: impl Into<String>, version: impl Into<String>) -> Self {
        self.program = Some((name.into(), version.into()));
        self
    }

    /// Lets bots read and write in this folder
    #[must_use]
    pub fn folder(mut self, path: impl Into<PathBuf>) -> Self {
        self.folder = Some(path.into());
        self
    }

    /// Resolves credentials with this source instead of the credential stores
    #[must_use]
    pub fn token_source(mut self, tokens: impl TokenSource + 'static) -> Self {
        self.tokens = Some(Box::new(tokens));
        self
    }

    /// Sends every request to this simulator, which also has the tokens; nothing leaves the machine
    #[cfg(feature = "simulator")]
    #[must_use]
    pub fn simulation(mut self, simulation: &Simulation) -> Self {
        self.simulated = Some((simulation.network_options(), simulation.tokens()));
        self
    }

    /// Reads the operator's file and opens what it names
    ///
    /// # Errors
    ///
    /// `input.invalid` for a setting that cannot be used, with its place in the operator's file; `file.*` for a file
    /// that cannot be read or that another user may write.
    pub fn build(self) -> Result<Package, Error> {
        let configuration = Configuration::new(self.overrides, self.environment)?;
        let (options, tokens) = match (self.simulated, self.tokens) {
            (Some(simulated), _) => simulated,
            (None, Some(tokens)) => (configuration.network_options()?, tokens),
            (None, None) => (configuration.network_options()?, stores(&configuration)?),
        };
        let dispatcher = configuration.dispatcher(self.folder.as_deref(), options, tokens)?;
        let (name, version) = self.program.unwrap_or_else(unnamed);
        dispatcher.called_by(&name, &version);
        Ok(Package::new(Arc::new(dispatcher)))
    }
}

/// Returns the name of a program that has not stated one
fn unnamed() -> (String, String) {
    ("azdo-bot library".to_owned(), env!("CARGO_PKG_VERSION").to_owned())
}

fn stores(configuration: &Configuration) -> Result<Box<dyn TokenSource>, Error> {
    Ok(Box::new(configuration.credential_resolver()?))
}
