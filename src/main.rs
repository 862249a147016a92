//! The front door: arguments in, exit code out, and the only place that reads the environment.

use std::process::ExitCode;
use std::sync::Arc;

fn main() -> ExitCode {
    #[expect(clippy::disallowed_methods, reason = "this is the one place; the rest gets this function")]
    let lookup = |name: &str| std::env::var_os(name);
    azdo_bot::cli::main(std::env::args_os(), Arc::new(lookup))
}
