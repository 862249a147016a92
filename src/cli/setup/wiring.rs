//! What the commands that connect share: their flags, the operator's file, and the dispatcher made of both.

use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

use indexmap::IndexSet;

use crate::actions::Polling;
use crate::actions::Services;
use crate::cli::config::operator_file::OperatorFile;
use crate::cli::config::proxy;
use crate::cli::environment::Lookup;
use crate::cli::output::fail::Fail;
use crate::cli::output::fail::USAGE;
use crate::cli::setup::audit_file::AuditFile;
use crate::cli::setup::flags::ConnectFlags;
use crate::contract::AuditSink;
use crate::contract::Error;
use crate::contract::StoreClient;
use crate::contract::TokenSource;
use crate::contract::printable;
use crate::credentials::CredentialResolver;
use crate::credentials::StorePolicy;
use crate::devops::Network;
use crate::devops::NetworkOptions;
use crate::devops::StoreHttp;
use crate::dispatch::Dispatcher;
use crate::files;
use crate::files::Folders;
use crate::files::Guarded;
use crate::files::GuardedKind;
use crate::hosts::bot::CredentialSource;
use crate::hosts::bot::CredentialUse;
use crate::sessions::Sessions;

/// The operator's decisions and what they come from
pub(in crate::cli) struct Wiring {
    pub(in crate::cli) operator: OperatorFile,
    /// Where the operator's file lies, if one was read
    pub(in crate::cli) operator_path: Option<PathBuf>,
    pub(in crate::cli) lookup: Lookup,
    flags: ConnectFlags,
    /// What no flow may write
    guarded: Vec<Guarded>,
}

impl Wiring {
    /// Reads the operator's file
    pub(in crate::cli) fn new(flags: ConnectFlags, lookup: Lookup) -> Result<Self, Fail> {
        let fixed = || fixed_place(&lookup).filter(|path| path.exists());
        let operator_path = flags.config.clone().or_else(fixed);
        let operator = match &operator_path {
            Some(path) => OperatorFile::read(path).map_err(usage)?,
            None => OperatorFile::default(),
        };
        let mut wiring = Wiring { operator, operator_path, lookup, flags, guarded: Vec::new() };
        wiring.guarded = wiring.trusted_files();
        Ok(wiring)
    }

    /// What no flow may write: the operator's file and what it names, and what was added
    pub(in crate::cli) fn guarded(&self) -> &[Guarded] {
        &self.guarded
    }

    /// Guards more files
    pub(in crate::cli) fn guard(&mut self, files: &[Guarded]) {
        self.guarded.extend_from_slice(files);
    }

    /// The operator's file and what it and the command line name and trust
    fn trusted_files(&self) -> Vec<Guarded> {
        use GuardedKind::AuditFile as Audit;
        use GuardedKind::CertificateAuthority;
        use GuardedKind::OperatorFile as Operator;
        let network = &self.operator.network;
        let policy = self.store_policy();
        let config = self.flags.config.clone().or_else(|| fixed_place(&self.lookup));
        let proxy = self.flags.proxy.as_ref().or(network.proxy.as_ref());
        let proxy = proxy.and_then(|written| written.strip_prefix("file:"));
        let authorities = network.certificate_authorities.iter().chain(&self.flags.ca);
        let files = config.iter().map(|path| Guarded::new(path, Operator));
        files
            .chain(self.operator.audit.file.iter().map(|path| Guarded::new(path, Audit)))
            .chain(authorities.map(|path| Guarded::new(path, CertificateAuthority)))
            .chain(proxy.map(|path| Guarded::new(path, GuardedKind::Credential)))
            .chain(policy.guarded())
            .chain(self.operator.lockers.guarded())
            .collect()
    }

    fn store_policy(&self) -> StorePolicy {
        // systemd tells a service this way where its credentials are mounted.
        let directory = (self.lookup)("CREDENTIALS_DIRECTORY").map(PathBuf::from);
        // This program's own file, also when it was replaced since it was started.
        let helper_starter = cfg!(target_os = "linux").then(|| PathBuf::from("/proc/self/exe"));
        StorePolicy { helper_starter, ..self.operator.store_policy(directory) }
    }

    /// The road to Azure DevOps as operator and flags allow it
    pub(in crate::cli) fn network_options(&self) -> Result<NetworkOptions, Fail> {
        let network = &self.operator.network;
        let mut options = NetworkOptions {
            proxy: self.proxy()?,
            allow_loopback_http: self.flags.allow_loopback_http || network.allow_loopback_http,
            ..NetworkOptions::default()
        };
        options.allowed_hosts.extend(network.allowed_hosts.iter().chain(&self.flags.allow_host).cloned());
        for path in network.certificate_authorities.iter().chain(&self.flags.ca) {
            options.certificate_authorities.push(read(path)?);
        }
        Ok(options)
    }

    /// The proxy's address, with the password that it may have
    fn proxy(&self) -> Result<Option<String>, Fail> {
        let Some(written) = self.flags.proxy.as_ref().or(self.operator.network.proxy.as_ref()) else {
            return Ok(None);
        };
        if let Some(fault) = proxy::fault(written) {
            return Err(Fail::usage(format!("the proxy's address {fault}")));
        }
        let address = proxy::resolve(written, &self.lookup);
        address
            .map(Some)
            .map_err(|reason| Fail::usage(format!("the proxy's address cannot be had: {reason}")))
    }

    /// Where tokens come from when nothing is simulated
    pub(in crate::cli) fn vault(&self) -> Result<CredentialResolver, Fail> {
        let policy = self.store_policy();
        let client: Arc<dyn StoreClient> = Arc::new(StoreHttp::new(self.network_options()?));
        Ok(CredentialResolver::reaching(
            self.lookup.clone(),
            self.operator.lockers.clone(),
            policy,
            Some(client),
        ))
    }

    /// Credentials of a flow whose tokens expire soon, or have expired
    pub(in crate::cli) fn expiry_warnings(&self, credentials: &[CredentialUse]) -> Vec<String> {
        let today = time::OffsetDateTime::now_utc().date();
        let warned = credentials.iter().flat_map(CredentialUse::sources).filter_map(|source| match source {
            CredentialSource::Locker(name) => {
                self.operator.lockers.get(name)?.expiry_warning(&name.to_string(), today)
            }
            _ => None,
        });
        // A flow names one credential in many places.
        warned.collect::<IndexSet<String>>().into_iter().collect()
    }

    /// Where bots may read and write
    fn folders(&self, own: Option<&Path>) -> Result<Folders, Fail> {
        let folders = &self.operator.folders;
        let opened = Folders::open(own, &folders.write, &folders.read).map_err(|error| {
            let why = files::reason(&error);
            Fail::usage(format!("a folder that bots may read or write in cannot be opened: {why}"))
        })?;
        Ok(opened.guarding(self.guarded.iter().cloned()))
    }

    /// A dispatcher over this road and these tokens, for bots whose own folder is this
    pub(in crate::cli) fn dispatcher(
        &self,
        own: Option<&Path>,
        options: NetworkOptions,
        tokens: Box<dyn TokenSource>,
    ) -> Result<Dispatcher, Fail> {
        let audit: Option<Box<dyn AuditSink>> = match &self.operator.audit.file {
            Some(path) => Some(Box::new(AuditFile::open(path).map_err(usage)?)),
            None => None,
        };
        let services = Services {
            network: Network::new(options),
            tokens,
            sessions: Sessions::with_limits(self.operator.session_limits()),
            polling: Polling::default(),
            folders: self.folders(own)?,
            commit_trailer: self.operator.lost_responses.commit_trailer,
        };
        Ok(Dispatcher::new(services, audit))
    }
}

fn usage(error: Error) -> Fail {
    Fail::new(error, USAGE)
}

/// Where the operator's file lies when no flag names it: one place a system, which users cannot write
fn fixed_place(lookup: &Lookup) -> Option<PathBuf> {
    const NAME: &str = "azdo-bot/azdo-bot.toml";
    if cfg!(windows) {
        lookup("ProgramData").map(|folder| PathBuf::from(folder).join(NAME))
    } else if cfg!(target_os = "macos") {
        Some(Path::new("/Library/Application Support").join(NAME))
    } else {
        Some(Path::new("/etc").join(NAME))
    }
}

/// The largest file of certificate authorities that is read, in bytes
const MAX_AUTHORITIES: usize = 4 << 20;

/// A file of certificate authorities, which no other user may write
fn read(path: &Path) -> Result<Vec<u8>, Fail> {
    let shown = printable(&path.to_string_lossy(), 512);
    let read = files::read_trusted(path, MAX_AUTHORITIES)
        .map_err(|error| usage(files::failed(&format!("{shown} cannot be read"), error)))?;
    read.ok_or_else(|| Fail::usage(format!("{shown} is larger than 4 MiB")))
}
