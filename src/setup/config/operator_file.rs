//! The operator's file, `azdo-bot.toml`: everything that extends trust is set here or on the command line.
//!
//! An unknown key is an error, since a misspelt limit would have no effect. Errors name the file, line, column and key, and
//! never quote a value. Decision 0024.

use std::path::Path;
use std::path::PathBuf;

use indexmap::IndexMap;
use serde::Deserialize;
use time::Date;

use crate::contract::AllowedOrganizations;
use crate::contract::CredentialReference;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::LONGEST_NAME;
use crate::contract::OrganizationUrl;
use crate::contract::PolicyRule;
use crate::contract::Scope;
use crate::contract::TextKind as _;
use crate::contract::decode;
use crate::contract::did_you_mean;
use crate::contract::printable;
use crate::credentials::Locker;
use crate::credentials::Lockers;
use crate::credentials::SettingError;
use crate::credentials::StorePolicy;
use crate::credentials::StoreSettings;
use crate::devops::ProxyException;
use crate::dispatch::Policy;
use crate::dispatch::PolicyLimits;
use crate::files;
use crate::files::Guarded;
use crate::sessions::SessionLimits;
use crate::setup::config::audit::Audit;
use crate::setup::config::audit::AuditSettings;
use crate::setup::config::located::Located;
use crate::setup::config::named_files::named_files;
use crate::setup::config::policy;
use crate::setup::config::policy::ActionSettings;
use crate::setup::config::policy::OrganizationSettings;
use crate::setup::config::profiles;
use crate::setup::config::profiles::Profile;
use crate::setup::config::profiles::WrittenProfile;
use crate::setup::config::proxy;
use crate::setup::config::session_store::SessionStoreSetting;
use crate::setup::config::session_store::SessionStoreSettings;

/// The largest file that is read, in bytes
const MAX_BYTES: usize = 1 << 20;

/// The settings of the operator; all are optional
#[derive(Debug, Clone, Default)]
pub(crate) struct OperatorFile {
    /// The network settings
    pub(crate) network: NetworkSettings,
    /// The credential stores, and what bots may name themselves
    pub(crate) stores: StorePolicy,
    /// The credentials that flows name
    pub(crate) lockers: Lockers,
    /// The folders that bots may read and write
    pub(crate) folders: FolderSettings,
    /// The limits on sessions
    pub(crate) limits: SessionSettings,
    /// Where the sessions of run trees are recorded
    pub(crate) session_store: SessionStoreSetting,
    /// Where the audit trail goes
    pub(crate) audit: Audit,
    /// What may be sent to recover from a lost response
    pub(crate) lost_responses: LostResponses,
    /// Which actions may run, and how many
    pub(crate) policy: Policy,
    /// The connections that the command line can name
    #[cfg_attr(not(feature = "cli"), expect(dead_code, reason = "only the command line has profiles"))]
    pub(crate) profiles: IndexMap<String, Profile>,
    /// The organizations that may be used; all by default
    pub(crate) organizations: Option<AllowedOrganizations>,
    /// The files that the settings name, which no flow may write
    pub(crate) named_files: Vec<Guarded>,
    /// The limit on the sessions of a bot run, with its rule
    sessions_per_bot_run: Option<(u32, PolicyRule)>,
}

/// The table `network`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct NetworkSettings {
    /// The proxy's URL without user and password, or a reference to a URL that has them
    pub(crate) proxy: Option<String>,
    /// The hosts that are reached without the proxy
    pub(crate) no_proxy: Vec<String>,
    /// Files of certificate authorities (PEM), in addition to the system's
    pub(crate) certificate_authorities: Vec<PathBuf>,
    /// Hosts in addition to the hosted service: `HOST` or `HOST:PORT`
    pub(crate) allowed_hosts: Vec<String>,
    /// Servers that may be reached without encryption: `HOST` or `HOST:PORT`
    pub(crate) plain_http_hosts: Vec<String>,
    /// Whether plain http to a loopback address is allowed
    pub(crate) allow_loopback_http: bool,
}

/// The table `folders`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct FolderSettings {
    /// Folders that a bot may write to, instead of its own
    pub(crate) write: Vec<PathBuf>,
    /// Folders that a bot may read from, instead of its own
    pub(crate) read: Vec<PathBuf>,
}

/// The table `limits`; a missing entry has its default
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct SessionSettings {
    /// Concurrent sessions of one run tree
    pub(crate) sessions_per_run_tree: Option<u32>,
    /// Concurrent sessions of the process
    pub(crate) sessions_per_process: Option<u32>,
    /// Concurrent sessions that one bot run has opened
    sessions_per_bot_run: Option<u32>,
    /// Actions that one bot run starts in a minute
    actions_per_minute: Option<u32>,
    /// Pipeline runs and deployments that one bot run starts
    runs_per_bot_run: Option<u32>,
}

/// The table `lost_responses`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct LostResponses {
    /// Whether the message of a commit gets a line that names the request that created it
    pub(crate) commit_trailer: bool,
}

/// The file as written, before its lockers are parsed
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Written {
    network: NetworkSettings,
    stores: StoreSettings,
    lockers: IndexMap<String, WrittenLocker>,
    folders: FolderSettings,
    limits: SessionSettings,
    sessions: SessionStoreSettings,
    audit: AuditSettings,
    lost_responses: LostResponses,
    actions: ActionSettings,
    organizations: OrganizationSettings,
    profiles: IndexMap<String, WrittenProfile>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenLocker {
    reference: String,
    organization: Option<OrganizationUrl>,
    expires: Option<String>,
    #[serde(default)]
    scopes: Vec<String>,
}

impl OperatorFile {
    /// Reads the file; may block
    ///
    /// Errors: `input.invalid`, also if another user may write the file, and the codes of invalid values.
    pub(crate) fn read(path: &Path) -> Result<OperatorFile, Error> {
        let name = printable(&path.to_string_lossy(), 512);
        let read = files::read_trusted(path, MAX_BYTES).map_err(|error| {
            invalid(format!("The operator's file {name} cannot be read: {}", files::reason(&error)))
                .help(files::help(&error))
        })?;
        let Some(read) = read else {
            return Err(invalid(format!("The operator's file {name} is larger than 1 MiB")));
        };
        let text = files::utf8(&read).map_err(|not_utf8| {
            invalid(format!("The operator's file {name} cannot be read: {}", not_utf8.reason()))
                .help(not_utf8.help())
        })?;
        Self::parse(&name, text)
    }

    /// Parses the text of a file; messages call it `name`
    pub(crate) fn parse(name: &str, text: &str) -> Result<OperatorFile, Error> {
        let source = Located::parse(name, text)?;
        let values = source.dictionary();
        let written: Written = decode(name, values.clone()).or_else(|error| {
            // Decode again, so that the message begins with the location.
            decode(&source.place_of(error.context_value("field").unwrap_or_default()), values)
        })?;
        let named_files = named_files(&source.dictionary());
        let checked = check(written, |key| source.place_of(key)).map_err(|(key, reason)| {
            invalid(format!("{}: \"{key}\" {reason}", source.place_of(&key))).with("field", key)
        })?;
        Ok(OperatorFile { named_files, ..checked })
    }

    /// The policy of the credential stores
    ///
    /// `credentials_directory` is the folder in which systemd mounted the service's credentials.
    pub(crate) fn store_policy(&self, credentials_directory: Option<PathBuf>) -> StorePolicy {
        StorePolicy { credentials_directory, ..self.stores.clone() }
    }

    /// The rules about other things than actions, each with its name: organizations, limits of a bot run
    #[cfg(feature = "cli")]
    pub(crate) fn policy_facts(&self) -> Vec<(&'static str, String)> {
        let organizations = match &self.organizations {
            Some(some) if some.allowed.is_empty() => "none".to_owned(),
            Some(some) => some.allowed.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
            None => "all".to_owned(),
        };
        let most = |limit: &Option<(u32, PolicyRule)>| {
            limit.as_ref().map_or("no limit".to_owned(), |(most, _)| most.to_string())
        };
        let limits = self.policy.limits();
        vec![
            ("organizations", organizations),
            ("actions per minute of a bot run", most(&limits.actions_per_minute)),
            ("runs that a bot run starts", most(&limits.runs)),
            ("sessions of a bot run", most(&self.sessions_per_bot_run)),
        ]
    }

    /// The limits on sessions: the operator's, or the defaults
    pub(crate) fn session_limits(&self) -> SessionLimits {
        let usual = SessionLimits::default();
        let or =
            |own: Option<u32>, usual| own.map_or(usual, |own| usize::try_from(own).unwrap_or(usize::MAX));
        SessionLimits {
            per_tree: or(self.limits.sessions_per_run_tree, usual.per_tree),
            per_process: or(self.limits.sessions_per_process, usual.per_process),
            per_run: self.sessions_per_bot_run.clone(),
        }
    }
}

fn invalid(message: String) -> Error {
    Error::new(ErrorCode::InputInvalid, message)
}

/// Checks what the types cannot express
///
/// `place_of` returns the location of a key.
fn check(written: Written, place_of: impl Fn(&str) -> String) -> Result<OperatorFile, SettingError> {
    let Written {
        network,
        stores,
        lockers,
        folders,
        limits,
        sessions,
        audit,
        lost_responses,
        actions,
        organizations,
        profiles,
    } = written;
    if let Some(error) = network.proxy.as_deref().and_then(proxy::why_invalid) {
        return Err(("network.proxy".to_owned(), error.to_owned()));
    }
    let hosts = [
        ("network.allowed_hosts", &network.allowed_hosts),
        ("network.plain_http_hosts", &network.plain_http_hosts),
    ];
    for (key, hosts) in hosts {
        if let Some(at) = hosts.iter().position(|host| !is_host(host)) {
            return Err((format!("{key}.{at}"), "must be HOST or HOST:PORT".to_owned()));
        }
    }
    if let Some(at) = network.no_proxy.iter().position(|entry| ProxyException::parse(entry).is_none()) {
        return Err((format!("network.no_proxy.{at}"), NO_PROXY_FORMS.to_owned()));
    }
    let paths = [
        ("network.certificate_authorities", &network.certificate_authorities),
        ("folders.write", &folders.write),
        ("folders.read", &folders.read),
    ];
    let mut listed = paths.iter().flat_map(|(key, paths)| {
        paths.iter().enumerate().map(move |(at, path)| (format!("{key}.{at}"), path))
    });
    // A relative path would depend on the folder in which the process was started.
    if let Some((key, _)) = listed.find(|(_, path)| !path.is_absolute()) {
        return Err((key, "must be an absolute path".to_owned()));
    }
    for (key, limit) in [
        ("limits.sessions_per_run_tree", limits.sessions_per_run_tree),
        ("limits.sessions_per_process", limits.sessions_per_process),
        ("limits.sessions_per_bot_run", limits.sessions_per_bot_run),
        ("limits.actions_per_minute", limits.actions_per_minute),
    ] {
        if limit == Some(0) {
            return Err((key.to_owned(), "must be at least 1".to_owned()));
        }
    }
    let audit = audit.check()?;
    let session_store = sessions.check()?;
    let stores = stores.check()?;
    let lockers = lockers
        .into_iter()
        .map(|(key, written)| locker(&key, written).map(|locker| (key, locker)))
        .collect::<Result<IndexMap<_, _>, SettingError>>()?;
    let profiles = profiles::check(profiles)?;
    let lockers = Lockers::new(lockers).binding(profiles::bindings(&profiles));
    let sessions_per_bot_run = policy::limit("sessions_per_bot_run", limits.sessions_per_bot_run, &place_of);
    let policy_limits = PolicyLimits {
        actions_per_minute: policy::limit("actions_per_minute", limits.actions_per_minute, &place_of),
        runs: policy::limit("runs_per_bot_run", limits.runs_per_bot_run, &place_of),
    };
    Ok(OperatorFile {
        policy: actions.policy(policy_limits, &place_of)?,
        organizations: organizations.allowed(&place_of),
        sessions_per_bot_run,
        profiles,
        network,
        stores,
        lockers,
        folders,
        limits,
        session_store,
        audit,
        lost_responses,
        named_files: Vec::new(),
    })
}

fn locker(key: &str, written: WrittenLocker) -> Result<Locker, SettingError> {
    let error = |part: &str, reason: &str| {
        (format!("lockers.{}{part}", printable(key, LONGEST_NAME)), reason.to_owned())
    };
    if key.split('/').count() != 3 || key.split('/').any(str::is_empty) {
        return Err(error("", "must have the form \"locker/name/attribute\""));
    }
    let reference = CredentialReference::parse(&written.reference).map_err(|refusal| {
        let reason = format!("is not a reference such as env:NAME or file:PATH: {}", refusal.reason);
        error(".reference", &reason)
    })?;
    let expires = written
        .expires
        .map(|text| date(&text))
        .transpose()
        .map_err(|_| error(".expires", "is not a date such as 2027-03-01"))?;
    let scopes = written
        .scopes
        .iter()
        .enumerate()
        .map(|(at, text)| {
            let unknown = || {
                let hint = did_you_mean(Scope::nearest(text).map(Scope::label));
                error(&format!(".scopes.{at}"), &format!("is not a scope of the token page{hint}"))
            };
            Scope::parse(text).ok_or_else(unknown)
        })
        .collect::<Result<Vec<_>, SettingError>>()?;
    Ok(Locker { reference, organization: written.organization, expires, scopes })
}

/// What an entry of `no_proxy` may be, after its name
pub(crate) const NO_PROXY_FORMS: &str =
    "must be HOST, .SUFFIX, ADDRESS or ADDRESS/BITS, each with an optional :PORT, or <local> or *";

fn is_host(host: &str) -> bool {
    !host.is_empty() && host.chars().all(|c| c.is_ascii_alphanumeric() || "-._:[]".contains(c))
}

/// Parses a date without a time
fn date(text: &str) -> Result<Date, time::error::Parse> {
    let form = time::format_description::parse_borrowed::<2>("[year]-[month]-[day]")
        .expect("the format description is valid");
    Date::parse(text, &form)
}

#[cfg(test)]
#[path = "operator_file_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "named_files_tests.rs"]
mod named_files_tests;
