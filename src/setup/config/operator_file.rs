//! The operator's file, `azdo-bot.toml`: whatever widens trust is written here or on the command line.
//!
//! A key that is not known is an error, since a misspelt limit would be no limit. Errors name the
//! file, line, column and key, and never quote a value.

use std::path::Path;
use std::path::PathBuf;

use indexmap::IndexMap;
use serde::Deserialize;
use time::Date;

use crate::contract::CredentialReference;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::LONGEST_NAME;
use crate::contract::OrganizationUrl;
use crate::contract::Scope;
use crate::contract::TextKind as _;
use crate::contract::decode;
use crate::contract::printable;
use crate::credentials::Locker;
use crate::credentials::Lockers;
use crate::credentials::StorePolicy;
use crate::files;
use crate::sessions::SessionLimits;
use crate::setup::config::located::Located;
use crate::setup::config::proxy;
use crate::setup::config::setting_error::SettingError;
use crate::setup::config::stores::StoreSettings;

/// The largest file that is read, in bytes
const MAX_BYTES: usize = 1 << 20;

/// What the operator decided; everything is optional
#[derive(Debug, Clone, Default)]
pub(crate) struct OperatorFile {
    /// How the service is reached
    pub(crate) network: NetworkSettings,
    /// Where tokens come from, and what bots may name by themselves
    pub(crate) stores: StorePolicy,
    /// Credentials as the designer names them
    pub(crate) lockers: Lockers,
    /// Where bots may read and write files
    pub(crate) folders: FolderSettings,
    /// How many sessions there may be
    pub(crate) limits: SessionSettings,
    /// What is kept of every action
    pub(crate) audit: AuditSettings,
    /// What may be sent so that a lost response is settled
    pub(crate) lost_responses: LostResponses,
}

/// The table `network`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct NetworkSettings {
    /// The proxy's URL without user and password, or a reference to one that has them
    pub(crate) proxy: Option<String>,
    /// Files of certificate authorities in PEM, beside the system's own
    pub(crate) certificate_authorities: Vec<PathBuf>,
    /// Hosts beside the hosted service's: `HOST` or `HOST:PORT`
    pub(crate) allowed_hosts: Vec<String>,
    /// Whether plain http to a literal loopback address is allowed
    pub(crate) allow_loopback_http: bool,
}

/// The table `folders`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct FolderSettings {
    /// Folders that a bot may write in, in place of its own
    pub(crate) write: Vec<PathBuf>,
    /// Folders that a bot may read files of, in place of its own
    pub(crate) read: Vec<PathBuf>,
}

/// The table `limits`; what is not given has the usual limit
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct SessionSettings {
    /// Sessions of one run tree at one time
    pub(crate) sessions_per_run_tree: Option<u32>,
    /// Sessions of the process at one time
    pub(crate) sessions_per_process: Option<u32>,
}

/// The table `audit`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct AuditSettings {
    /// The file that gets one line an action
    pub(crate) file: Option<PathBuf>,
}

/// The table `lost_responses`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct LostResponses {
    /// Whether a commit has a line in its message that says which request made it
    pub(crate) commit_trailer: bool,
}

/// The file as it is written: lockers before they are read
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Written {
    network: NetworkSettings,
    stores: StoreSettings,
    lockers: IndexMap<String, WrittenLocker>,
    folders: FolderSettings,
    limits: SessionSettings,
    audit: AuditSettings,
    lost_responses: LostResponses,
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
    /// Errors: `input.invalid`, also for a file that another user may write, and the codes of the kinds that refuse a
    /// value.
    pub(crate) fn read(path: &Path) -> Result<OperatorFile, Error> {
        let name = printable(&path.to_string_lossy(), 512);
        let read = files::read_trusted(path, MAX_BYTES).map_err(|error| {
            invalid(format!("The operator's file {name} cannot be read: {}", files::reason(&error)))
                .help(files::help(&error))
        })?;
        let Some(read) = read else {
            return Err(invalid(format!("The operator's file {name} is larger than 1 MiB")));
        };
        let text = String::from_utf8(read)
            .map_err(|_| invalid(format!("The operator's file {name} cannot be read: it is not UTF-8")))?;
        Self::parse(&name, &text)
    }

    /// Reads the text of a file; `name` is the file in messages
    pub(crate) fn parse(name: &str, text: &str) -> Result<OperatorFile, Error> {
        let source = Located::parse(name, text)?;
        let values = source.dictionary();
        let written: Written = decode(name, values.clone()).or_else(|error| {
            // Once more, so that the message begins with the place.
            decode(&source.place_of(error.context_value("field").unwrap_or_default()), values)
        })?;
        check(written).map_err(|(key, reason)| {
            invalid(format!("{}: \"{key}\" {reason}", source.place_of(&key))).with("field", key)
        })
    }

    /// What bots may take out of the stores
    ///
    /// `credentials_directory` is where systemd mounted the service's credentials.
    pub(crate) fn store_policy(&self, credentials_directory: Option<PathBuf>) -> StorePolicy {
        StorePolicy { credentials_directory, ..self.stores.clone() }
    }

    /// How many sessions there may be: the operator's numbers, else the usual ones
    pub(crate) fn session_limits(&self) -> SessionLimits {
        let usual = SessionLimits::default();
        let or =
            |own: Option<u32>, usual| own.map_or(usual, |own| usize::try_from(own).unwrap_or(usize::MAX));
        SessionLimits {
            per_tree: or(self.limits.sessions_per_run_tree, usual.per_tree),
            per_process: or(self.limits.sessions_per_process, usual.per_process),
        }
    }
}

fn invalid(message: String) -> Error {
    Error::new(ErrorCode::InputInvalid, message)
}

/// What the types cannot say
fn check(written: Written) -> Result<OperatorFile, SettingError> {
    let Written { network, stores, lockers, folders, limits, audit, lost_responses } = written;
    if let Some(fault) = network.proxy.as_deref().and_then(proxy::fault) {
        return Err(("network.proxy".to_owned(), fault.to_owned()));
    }
    for (at, host) in network.allowed_hosts.iter().enumerate() {
        let plain = |c: char| c.is_ascii_alphanumeric() || "-._:[]".contains(c);
        if host.is_empty() || !host.chars().all(plain) {
            return Err((
                format!("network.allowed_hosts.{at}"),
                "is HOST or HOST:PORT, nothing else".to_owned(),
            ));
        }
    }
    let paths = [
        ("network.certificate_authorities", &network.certificate_authorities),
        ("folders.write", &folders.write),
        ("folders.read", &folders.read),
    ];
    let listed = paths.iter().flat_map(|(key, paths)| {
        paths.iter().enumerate().map(move |(at, path)| (format!("{key}.{at}"), path))
    });
    // A path that depends on where the process was started could be anyone's.
    let relative = listed
        .chain(audit.file.iter().map(|file| ("audit.file".to_owned(), file)))
        .find(|(_, path)| !path.is_absolute());
    if let Some((key, _)) = relative {
        return Err((key, "is a whole path, from the root on".to_owned()));
    }
    for (key, limit) in [
        ("limits.sessions_per_run_tree", limits.sessions_per_run_tree),
        ("limits.sessions_per_process", limits.sessions_per_process),
    ] {
        if limit == Some(0) {
            return Err((key.to_owned(), "is at least 1".to_owned()));
        }
    }
    let stores = stores.check()?;
    let lockers = lockers
        .into_iter()
        .map(|(key, written)| locker(&key, written).map(|locker| (key, locker)))
        .collect::<Result<IndexMap<_, _>, SettingError>>()?;
    let lockers = Lockers::new(lockers);
    Ok(OperatorFile { network, stores, lockers, folders, limits, audit, lost_responses })
}

fn locker(key: &str, written: WrittenLocker) -> Result<Locker, SettingError> {
    let fault = |part: &str, reason: &str| {
        (format!("lockers.{}{part}", printable(key, LONGEST_NAME)), reason.to_owned())
    };
    if key.split('/').count() != 3 || key.split('/').any(str::is_empty) {
        return Err(fault("", "is not of the form \"locker/name/attribute\""));
    }
    let reference = CredentialReference::parse(&written.reference).map_err(|refusal| {
        let reason = format!("is not a reference as env:NAME or file:PATH: {}", refusal.reason);
        fault(".reference", &reason)
    })?;
    let expires = written
        .expires
        .map(|text| date(&text))
        .transpose()
        .map_err(|_| fault(".expires", "is not a date as 2027-03-01"))?;
    let scopes = written
        .scopes
        .iter()
        .enumerate()
        .map(|(at, text)| {
            let unknown = || fault(&format!(".scopes.{at}"), "is not a scope as the token page names it");
            Scope::parse(text).ok_or_else(unknown)
        })
        .collect::<Result<Vec<_>, SettingError>>()?;
    Ok(Locker { reference, organization: written.organization, expires, scopes })
}

/// A date alone, nothing behind it
fn date(text: &str) -> Result<Date, time::error::Parse> {
    let form = time::format_description::parse_borrowed::<2>("[year]-[month]-[day]")
        .expect("the description is a constant of the form that time documents");
    Date::parse(text, &form)
}

#[cfg(test)]
#[path = "operator_file_tests.rs"]
mod tests;
