//! The program: arguments in, exit code out.

use std::process::ExitCode;

fn main() -> ExitCode {
    azdo_bot::cli::main(std::env::args_os(), azdo_bot::setup::process_environment())
}
