//! What a store of secrets is, and what the operator lets a bot take out of one.

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;

use crate::contract::Error;
use crate::contract::Secret;

/// Looks up a variable of the process's environment; handed on from `main`, which alone reads it
pub type EnvLookup = Arc<dyn Fn(&str) -> Option<OsString> + Send + Sync>;

/// What a bot may name by itself, beside what is always allowed
///
/// Always allowed are variables that begin with `AZDO_`, the variable `AZURE_DEVOPS_EXT_PAT`, and files
/// below the folders where platforms mount secrets.
#[derive(Debug, Clone, Default)]
pub struct StorePolicy {
    /// More environment variables: `stores.env.names` of the operator's file
    pub env_names: Vec<String>,
    /// More folders: `stores.file.folders` of the operator's file
    pub file_folders: Vec<PathBuf>,
    /// Where systemd mounted the service's credentials: its `CREDENTIALS_DIRECTORY`
    pub credentials_directory: Option<PathBuf>,
}

/// A place where secrets are kept
pub(super) trait Store: Send + Sync {
    /// Whether a bot may name this path by itself
    ///
    /// Errors: `input.invalid`, with the key that the operator would have to set. What is refused
    /// here is not quoted, as it may be a token that was pasted into the wrong place.
    fn admit(&self, path: &str) -> Result<(), Error>;

    /// Whether two paths lead to the same secret
    fn same(&self, one: &str, other: &str) -> bool;

    /// The text at a path, unchecked; may block
    ///
    /// Errors: `credential.not_found`, `credential.invalid_format`, `input.invalid`.
    fn read(&self, path: &str) -> Result<Secret, Error>;
}
