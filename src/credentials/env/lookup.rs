//! How the environment is read.

use std::ffi::OsString;
use std::sync::Arc;

/// Looks up a variable of the process's environment; handed on from `main`, which alone reads it
pub type EnvLookup = Arc<dyn Fn(&str) -> Option<OsString> + Send + Sync>;
