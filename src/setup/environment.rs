//! The environment as the package sees it: a function, so that a test or a program can give its own.

use std::ffi::OsString;
use std::sync::Arc;

/// Looks up an environment variable
pub type Lookup = Arc<dyn Fn(&str) -> Option<OsString> + Send + Sync>;

/// The environment of this process
#[expect(clippy::disallowed_methods, reason = "this is the one place; everything else gets the function")]
pub fn process_environment() -> Lookup {
    Arc::new(|name| std::env::var_os(name))
}
