//! The configuration of a process: the operator's file and what overrides it, and the dispatcher made of both.

#[cfg(feature = "cli")]
use std::io;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::actions::Polling;
use crate::actions::Services;
use crate::audit;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::RunTreeId;
use crate::contract::Secret;
use crate::contract::StoreClient;
use crate::contract::TokenSource;
use crate::credentials::CredentialResolver;
use crate::credentials::StorePolicy;
use crate::devops::Network;
use crate::devops::NetworkOptions;
use crate::devops::ProxyException;
use crate::devops::StoreHttp;
use crate::dispatch::Dispatcher;
use crate::dispatch::ProcessOrigin;
use crate::files;
use crate::files::Folders;
use crate::files::Guarded;
use crate::files::GuardedKind;
#[cfg(feature = "cli")]
use crate::sessions::Broker;
use crate::sessions::BrokerOptions;
use crate::sessions::BrokerStore;
use crate::sessions::IdempotencyKeys;
#[cfg(feature = "store-redis")]
use crate::sessions::RedisOptions;
#[cfg(feature = "store-redis")]
use crate::sessions::RedisStore;
use crate::sessions::SessionStore;
use crate::sessions::Sessions;
use crate::sessions::SharedStores;
use crate::sessions::SharedTrees;
use crate::sessions::TokenSeal;
use crate::setup::authorities;
use crate::setup::broker;
use crate::setup::config::NO_PROXY_FORMS;
use crate::setup::config::OperatorFile;
use crate::setup::config::StorePlace;
use crate::setup::config::proxy;
use crate::setup::environment::Lookup;
use crate::setup::origin::origin;

/// How long a process relies on what the session store said
const RECENT: Duration = Duration::from_secs(5);

/// What a command line or an embedding program sets beside the operator's file
#[derive(Clone, Default)]
pub(crate) struct Overrides {
    /// The operator's file, instead of the one at the system's fixed place
    pub(crate) operator_file: Option<PathBuf>,
    /// The HTTP proxy: its URL, or `env:NAME` or `file:PATH`
    pub(crate) proxy: Option<String>,
    /// The hosts that are reached without the proxy
    pub(crate) no_proxy: Vec<String>,
    /// Files of certificate authorities to trust too (PEM)
    pub(crate) certificate_authorities: Vec<PathBuf>,
    /// Azure DevOps Servers to allow, as `HOST[:PORT]`
    pub(crate) allowed_hosts: Vec<String>,
    /// Azure DevOps Servers that may be reached without encryption, as `HOST[:PORT]`
    pub(crate) plain_http_hosts: Vec<String>,
    /// Whether plain http to a loopback address is allowed
    pub(crate) allow_loopback_http: bool,
    /// The run tree of another process that every root joins
    pub(crate) run_tree: Option<RunTreeId>,
    /// The program that starts helpers of `exec:` so that they end with this process, as `PROGRAM run-helper` does
    pub(crate) helper_starter: Option<PathBuf>,
    /// The program that is started with the command `broker`
    pub(crate) broker_program: Option<PathBuf>,
}

/// The operator's settings, and what overrides them
pub(crate) struct Configuration {
    pub(crate) operator: OperatorFile,
    /// The path of the operator's file, if there is one
    #[cfg_attr(not(feature = "cli"), expect(dead_code, reason = "only messages of the commands name it"))]
    pub(crate) operator_path: Option<PathBuf>,
    pub(crate) lookup: Lookup,
    overrides: Overrides,
    /// The files that no flow may write
    guarded: Vec<Guarded>,
}

impl Configuration {
    /// Reads the operator's file
    pub(crate) fn new(overrides: Overrides, lookup: Lookup) -> Result<Self, Error> {
        let fixed = || default_path(&lookup).filter(|path| path.exists());
        let operator_path = overrides.operator_file.clone().or_else(fixed);
        let operator = match &operator_path {
            Some(path) => OperatorFile::read(path)?,
            None => OperatorFile::default(),
        };
        let mut configuration =
            Configuration { operator, operator_path, lookup, overrides, guarded: Vec::new() };
        configuration.guarded = configuration.trusted_files();
        Ok(configuration)
    }

    /// The operator's file, and the files that it and the command line trust
    fn trusted_files(&self) -> Vec<Guarded> {
        let config = self.overrides.operator_file.clone().or_else(|| default_path(&self.lookup));
        let authorities = self.overrides.certificate_authorities.iter();
        let proxy = self.overrides.proxy.iter().filter_map(|written| written.strip_prefix("file:"));
        let config = config.iter().map(|path| Guarded::new(path, GuardedKind::OperatorFile));
        config
            .chain(self.operator.named_files.iter().cloned())
            .chain(authorities.map(|path| Guarded::new(path, GuardedKind::CertificateAuthority)))
            .chain(proxy.map(|path| Guarded::new(path, GuardedKind::Credential)))
            .chain(self.broker_folder().ok().map(|path| Guarded::new(path, GuardedKind::BrokerFolder)))
            .chain(self.store_policy().guarded())
            .collect()
    }

    fn store_policy(&self) -> StorePolicy {
        // systemd sets this variable for a service with credentials.
        let directory = (self.lookup)("CREDENTIALS_DIRECTORY").map(PathBuf::from);
        StorePolicy {
            helper_starter: self.overrides.helper_starter.clone(),
            ..self.operator.store_policy(directory)
        }
    }

    /// The network options from the operator's file and the flags
    pub(crate) fn network_options(&self) -> Result<NetworkOptions, Error> {
        let network = &self.operator.network;
        let mut options = NetworkOptions {
            proxy: self.proxy()?,
            proxy_exceptions: self.proxy_exceptions()?,
            allow_loopback_http: self.overrides.allow_loopback_http || network.allow_loopback_http,
            ..NetworkOptions::default()
        };
        options
            .allowed_hosts
            .extend(network.allowed_hosts.iter().chain(&self.overrides.allowed_hosts).cloned());
        options
            .plain_http_hosts
            .extend(network.plain_http_hosts.iter().chain(&self.overrides.plain_http_hosts).cloned());
        for path in network.certificate_authorities.iter().chain(&self.overrides.certificate_authorities) {
            options.certificate_authorities.push(authorities::read(path)?);
        }
        Ok(options)
    }

    /// The hosts that are reached without the proxy, from the operator's file and the flags
    fn proxy_exceptions(&self) -> Result<Vec<ProxyException>, Error> {
        let entries = self.operator.network.no_proxy.iter().chain(&self.overrides.no_proxy);
        entries
            .map(|entry| {
                ProxyException::parse(entry)
                    .ok_or_else(|| invalid(format!("an entry of `--no-proxy` {NO_PROXY_FORMS}")))
            })
            .collect()
    }

    /// The URL of the proxy, with its password if it has one
    fn proxy(&self) -> Result<Option<String>, Error> {
        let Some(written) = self.overrides.proxy.as_ref().or(self.operator.network.proxy.as_ref()) else {
            return Ok(None);
        };
        if let Some(reason) = proxy::why_invalid(written) {
            return Err(invalid(format!("`--proxy` {reason}")));
        }
        let address = proxy::resolve(written, &self.lookup);
        address.map(Some).map_err(|reason| invalid(format!("cannot read the URL of the proxy: {reason}")))
    }

    /// The credential resolver, for use without a simulator
    pub(crate) fn credential_resolver(&self) -> Result<CredentialResolver, Error> {
        let policy = self.store_policy();
        let client: Arc<dyn StoreClient> = Arc::new(StoreHttp::new(self.network_options()?));
        Ok(CredentialResolver::reaching(
            self.lookup.clone(),
            self.operator.lockers.clone(),
            policy,
            Some(client),
        ))
    }

    /// The sessions of this process, with the store of the operator if there is one
    #[cfg(feature = "cli")]
    pub(crate) fn sessions<C: Send + Sync + 'static>(&self) -> Result<Sessions<C>, Error> {
        self.sessions_in(self.shared_store()?.map(|shared| shared.sessions))
    }

    fn sessions_in<C: Send + Sync + 'static>(
        &self,
        store: Option<Arc<dyn SessionStore>>,
    ) -> Result<Sessions<C>, Error> {
        Ok(Sessions::with_store(self.operator.session_limits(), self.shared_trees(store)?))
    }

    /// How run trees are shared with other processes, if the operator names a store
    fn shared_trees(&self, store: Option<Arc<dyn SessionStore>>) -> Result<Option<SharedTrees>, Error> {
        match (store, self.overrides.run_tree.clone()) {
            (Some(store), joined) => Ok(Some(SharedTrees { store, recent: RECENT, joined })),
            (None, None) => Ok(None),
            (None, Some(_)) => {
                Err(invalid("a run tree is joined through a session store, and the operator's file names none".to_owned())
                    .help("Set `store` in the table `sessions` of the operator's file, for the root of the run tree too."))
            }
        }
    }

    /// The store of the operator, which connects on first use
    fn shared_store(&self) -> Result<Option<SharedStores>, Error> {
        let place = self.operator.session_store.place(&self.lookup).map_err(unusable_store)?;
        Ok(match place {
            None => None,
            Some(StorePlace::Broker { store, start }) => {
                let mut options = BrokerOptions { store, ..BrokerOptions::new(self.broker_folder()?) };
                let program = self.overrides.broker_program.clone().filter(|_| start);
                options.start = program.map(|program| {
                    broker::starter(program, self.overrides.operator_file.as_deref(), &self.lookup)
                });
                Some(SharedStores::of(BrokerStore::new(options)))
            }
            Some(StorePlace::Url(url)) => {
                Some(open_store(url, &self.operator.network.certificate_authorities)?)
            }
        })
    }

    /// Creates the broker of a folder, before the operator's store or with the sessions in its memory
    #[cfg(feature = "cli")]
    pub(crate) fn bind_broker(&self, folder: &Path) -> Result<io::Result<Broker>, Error> {
        let behind = self.operator.session_store.behind_broker(&self.lookup).map_err(unusable_store)?;
        Ok(match behind {
            None => Broker::bind(folder),
            Some((store, url)) => {
                let stores = open_store(url, &self.operator.network.certificate_authorities)?;
                Broker::bind_before(folder, store.to_owned(), stores)
            }
        })
    }

    /// The setting with which processes use the broker
    #[cfg(feature = "cli")]
    pub(crate) fn broker_setting(&self) -> &'static str {
        self.operator.session_store.broker_setting()
    }

    /// The folder of the broker's socket
    pub(crate) fn broker_folder(&self) -> Result<PathBuf, Error> {
        let named = self.operator.session_store.broker_folder().map(Path::to_owned);
        named.or_else(|| broker::default_folder(&self.lookup)).ok_or_else(|| {
            invalid("the broker has no folder".to_owned())
                .help("Set `broker_folder` in the table `sessions` of the operator's file.")
        })
    }

    /// What tokens without a reference are sealed with, if the operator allows to share them
    fn token_seal(&self) -> Result<Option<TokenSeal>, Error> {
        let keys = self.operator.session_store.sealing_keys(&self.lookup).map_err(|reason| {
            invalid(format!("cannot use a sealing key of the operator's file: {reason}"))
        })?;
        Ok(keys.map(|(current, previous)| TokenSeal::new(current, previous)))
    }

    /// The folders that bots may read and write
    fn folders(&self, own: Option<&Path>) -> Result<Folders, Error> {
        let folders = &self.operator.folders;
        let opened = Folders::open(own, &folders.write, &folders.read).map_err(files::folder_not_opened)?;
        Ok(opened.guarding(self.guarded.iter().cloned()))
    }

    /// Creates a dispatcher with these network options and tokens, for bots with this folder
    pub(crate) fn dispatcher(
        &self,
        own: Option<&Path>,
        options: NetworkOptions,
        tokens: Box<dyn TokenSource>,
    ) -> Result<Dispatcher, Error> {
        self.dispatcher_polling(own, options, tokens, Polling::default())
    }

    /// Creates a dispatcher whose waits ask at these intervals
    pub(crate) fn dispatcher_polling(
        &self,
        own: Option<&Path>,
        mut options: NetworkOptions,
        tokens: Box<dyn TokenSource>,
        polling: Polling,
    ) -> Result<Dispatcher, Error> {
        options.organizations.clone_from(&self.operator.organizations);
        let settings = &self.operator.audit;
        let audit = settings.destination.as_ref();
        let audit = audit.map(|destination| audit::open(destination, &settings.left_out)).transpose()?;
        // Only the audit records have it.
        let origin = if audit.is_some() { origin() } else { ProcessOrigin::default() };
        let shared = self.shared_store()?;
        let network = Network::new(options);
        let services = Services {
            network: match &shared {
                Some(shared) => network.sharing(shared.limits.clone()),
                None => network,
            },
            tokens,
            sessions: self
                .sessions_in(shared.as_ref().map(|shared| shared.sessions.clone()))?
                .with_token_seal(self.token_seal()?)
                .with_keys(shared.map(|shared| IdempotencyKeys::shared(shared.keys)).unwrap_or_default()),
            polling,
            folders: self.folders(own)?,
            commit_trailer: self.operator.lost_responses.commit_trailer,
        };
        Ok(Dispatcher::with_policy(services, self.operator.policy.clone(), audit).on(origin))
    }
}

fn invalid(message: String) -> Error {
    Error::new(ErrorCode::InputInvalid, message)
}

fn unusable_store(reason: String) -> Error {
    invalid(format!("cannot use the session store of the operator's file: {reason}"))
}

/// Opens the session store with the certificate authorities of these files
#[cfg(feature = "store-redis")]
fn open_store(url: Secret, files: &[PathBuf]) -> Result<SharedStores, Error> {
    let mut options = RedisOptions::new(url);
    for path in files {
        options.certificate_authorities.extend(authorities::read(path)?);
    }
    let store = RedisStore::new(options).map_err(|error| unusable_store(format!("it {}", error.0)))?;
    Ok(SharedStores::of(store))
}

#[cfg(not(feature = "store-redis"))]
fn open_store(_url: Secret, _files: &[PathBuf]) -> Result<SharedStores, Error> {
    Err(unusable_store("it needs a program that is built with the feature `store-redis`".to_owned()))
}

/// The default path of the operator's file: one per system, which users cannot write
fn default_path(lookup: &Lookup) -> Option<PathBuf> {
    const NAME: &str = "azdo-bot/azdo-bot.toml";
    if cfg!(windows) {
        lookup("ProgramData").map(|folder| PathBuf::from(folder).join(NAME))
    } else if cfg!(target_os = "macos") {
        Some(Path::new("/Library/Application Support").join(NAME))
    } else {
        Some(Path::new("/etc").join(NAME))
    }
}

#[cfg(feature = "cli")]
impl Configuration {
    /// The files that no flow may write: the operator's file, the files that it names, and added files
    pub(crate) fn guarded(&self) -> &[Guarded] {
        &self.guarded
    }

    /// The configuration of a test of a bot: without an operator's file
    #[cfg(feature = "simulator")]
    pub(crate) fn of_a_test(lookup: Lookup) -> Self {
        Configuration {
            operator: OperatorFile::default(),
            operator_path: None,
            lookup,
            overrides: Overrides::default(),
            guarded: Vec::new(),
        }
    }

    /// Whether the process joins the run tree of another one
    pub(crate) fn joins_run_tree(&self) -> bool {
        self.overrides.run_tree.is_some()
    }

    /// Adds files that no flow may write
    pub(crate) fn guard(&mut self, files: &[Guarded]) {
        self.guarded.extend_from_slice(files);
    }
}
