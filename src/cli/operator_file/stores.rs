//! The table `stores`: where tokens come from, and what bots may take from there by themselves.

use std::path::Path;
use std::path::PathBuf;

use indexmap::IndexMap;
use serde::Deserialize;
use url::Url;

use crate::cli::operator_file::Fault;
use crate::credentials::Helper;
use crate::credentials::Protocol;
use crate::credentials::StorePolicy;

/// The table `stores`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Stores {
    env: Env,
    file: File,
    exec: IndexMap<String, Exec>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Env {
    names: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    folders: Vec<PathBuf>,
}

/// A helper: `stores.exec.NAME`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Exec {
    program: PathBuf,
    #[serde(default)]
    arguments: Vec<String>,
    #[serde(default)]
    protocol: Spoken,
    url: Option<String>,
    #[serde(default)]
    environment: Vec<String>,
    #[serde(default)]
    bots: Vec<String>,
}

/// How a helper speaks
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Spoken {
    #[default]
    Plain,
    Git,
}

impl Stores {
    /// What the types cannot say
    pub(super) fn check(self) -> Result<StorePolicy, Fault> {
        for (at, folder) in self.file.folders.iter().enumerate() {
            whole_path(&format!("stores.file.folders.{at}"), folder)?;
        }
        let helpers = self
            .exec
            .into_iter()
            .map(|(name, written)| helper(&name, written).map(|helper| (name, helper)))
            .collect::<Result<_, _>>()?;
        Ok(StorePolicy {
            env_names: self.env.names,
            file_folders: self.file.folders,
            credentials_directory: None,
            helpers,
        })
    }
}

fn helper(name: &str, written: Exec) -> Result<Helper, Fault> {
    let fault = |part: &str, reason: &str| Err((format!("stores.exec.{name}{part}"), reason.to_owned()));
    if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c)) {
        return fault("", "is not a name of letters, digits, - and _");
    }
    whole_path(&format!("stores.exec.{name}.program"), &written.program)?;
    let protocol = match (written.protocol, written.url) {
        (Spoken::Plain, None) => Protocol::Plain,
        (Spoken::Plain, Some(_)) => return fault(".url", "is for the protocol git alone"),
        (Spoken::Git, None) => return fault("", "needs a url with the protocol git"),
        (Spoken::Git, Some(text)) => match Url::parse(&text) {
            Ok(url) if url.password().is_some() || !url.username().is_empty() => {
                return fault(".url", "carries a user or a password, which do not belong into this file");
            }
            Ok(url) if url.has_host() && url.query().is_none() && url.fragment().is_none() => {
                Protocol::Git { url }
            }
            _ => return fault(".url", "is not an address as https://dev.azure.com/contoso"),
        },
    };
    let Exec { program, arguments, environment, bots, .. } = written;
    Ok(Helper { program, arguments, protocol, environment, bots })
}

/// A path that depends on where the process was started could be anyone's
pub(super) fn whole_path(key: &str, path: &Path) -> Result<(), Fault> {
    if path.is_absolute() {
        return Ok(());
    }
    Err((key.to_owned(), "is a whole path, from the root on".to_owned()))
}
