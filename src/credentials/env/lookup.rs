//! Access to the environment of the process.

use std::ffi::OsString;
use std::sync::Arc;

/// Looks up a variable of the process's environment; `main`, which alone reads it, passes it on
pub type EnvLookup = Arc<dyn Fn(&str) -> Option<OsString> + Send + Sync>;
