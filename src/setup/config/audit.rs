//! The table `audit` of the operator's file: where the audit trail goes, and what it leaves out.

use std::path::PathBuf;

use serde::Deserialize;

use crate::audit::AuditDestination;
use crate::contract::AuditField;
use crate::contract::did_you_mean;
use crate::contract::nearest;
use crate::contract::printable;
use crate::credentials::SettingError;

/// The smallest size at which a file is rotated, in MiB
const LEAST_MIB: u64 = 1;

/// The table `audit` as written
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct AuditSettings {
    /// The file that gets the lines
    file: Option<PathBuf>,
    /// The size beyond which the file is rotated, in MiB
    max_size_mib: Option<u64>,
    /// The socket of the system's log, instead of a file
    syslog: Option<PathBuf>,
    /// The fields that are left out
    omit: Vec<String>,
}

/// Where the audit trail goes, and what it leaves out
#[derive(Debug, Clone, Default)]
pub(crate) struct Audit {
    /// Where it goes; without one there is none
    pub(crate) destination: Option<AuditDestination>,
    /// The fields that are left out
    pub(crate) left_out: Vec<AuditField>,
}

impl Audit {
    /// Returns the path of the file, if the trail goes to one
    #[cfg(any(feature = "cli", test))]
    pub(crate) fn file(&self) -> Option<&std::path::Path> {
        match &self.destination {
            Some(AuditDestination::File { path, .. }) => Some(path),
            _ => None,
        }
    }

    /// Returns where the trail goes, in a few words: `file /var/log/azdo-bot.jsonl, without user, machine`
    #[cfg(feature = "cli")]
    pub(crate) fn summary(&self) -> String {
        let Some(destination) = &self.destination else { return "none".to_owned() };
        let left_out: Vec<&str> = self.left_out.iter().map(|field| field.as_str()).collect();
        match left_out.is_empty() {
            true => destination.to_string(),
            false => format!("{destination}, without {}", left_out.join(", ")),
        }
    }
}

impl AuditSettings {
    /// Checks the settings
    pub(super) fn check(self) -> Result<Audit, SettingError> {
        let error = |key: &str, reason: &str| Err((format!("audit.{key}"), reason.to_owned()));
        let AuditSettings { file, max_size_mib, syslog, omit } = self;
        for (key, path) in [("file", &file), ("syslog", &syslog)] {
            // A relative path would depend on the folder in which the process was started.
            if path.as_ref().is_some_and(|path| !path.is_absolute()) {
                return error(key, "must be an absolute path");
            }
        }
        if max_size_mib.is_some_and(|size| size < LEAST_MIB) {
            return error("max_size_mib", "must be at least 1");
        }
        let max_size = max_size_mib.map(|size| size.saturating_mul(1 << 20));
        let destination = match (file, syslog) {
            (Some(_), Some(_)) => {
                return error("syslog", "excludes \"audit.file\": the trail goes to one place");
            }
            (None, _) if max_size.is_some() => return error("max_size_mib", "needs \"audit.file\""),
            (Some(path), None) => Some(AuditDestination::File { path, max_size }),
            (None, syslog) => syslog.map(AuditDestination::Syslog),
        };
        let left_out = omit.iter().enumerate().map(|(at, name)| field(at, name)).collect::<Result<_, _>>()?;
        Ok(Audit { destination, left_out })
    }
}

fn field(at: usize, name: &str) -> Result<AuditField, SettingError> {
    let names = || AuditField::ALL.iter().map(|field| field.as_str());
    AuditField::ALL.iter().copied().find(|field| field.as_str() == name).ok_or_else(|| {
        let hint = did_you_mean(nearest(name, names()));
        let all: Vec<&str> = names().collect();
        let name = printable(name, 256);
        let reason = format!(
            "names no field that can be left out: there is no \"{name}\" among {}{hint}",
            all.join(", ")
        );
        (format!("audit.omit.{at}"), reason)
    })
}
