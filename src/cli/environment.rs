//! The environment as commands see it: a function, so that tests give their own.

use std::ffi::OsString;
use std::sync::Arc;

/// How the environment is looked up; `main` hands it in
pub type Lookup = Arc<dyn Fn(&str) -> Option<OsString> + Send + Sync>;
