//! What `--help` shows below the arguments of a command: examples and exit codes, each with its heading.

/// Examples; a line that begins with `#` explains the next one
macro_rules! examples {
    ($($line:literal),+ $(,)?) => {
        concat!("\x1b[1m\x1b[32mExamples:\x1b[0m", $("\n  ", $line),+)
    };
}

/// The exit codes of a command
macro_rules! exit_codes {
    ($($line:literal),+ $(,)?) => {
        concat!("\x1b[1m\x1b[32mExit codes:\x1b[0m", $("\n  ", $line),+)
    };
}

/// Examples and exit codes of a command that succeeds, fails or is called in a wrong way
macro_rules! help_of {
    ([$($example:literal),+ $(,)?], [$($code:literal),+ $(,)?]) => {
        concat!($crate::cli::output::help_text::examples!($($example),+), "\n\n",
            $crate::cli::output::help_text::exit_codes!($($code),+))
    };
}

pub(in crate::cli) use examples;
pub(in crate::cli) use exit_codes;
pub(in crate::cli) use help_of;

/// The heading of the arguments about the organization, the project and the token
pub(in crate::cli) const CONNECTION: &str = "Connection";

/// The heading of the arguments about the simulator
#[cfg(feature = "simulator")]
pub(in crate::cli) const SIMULATOR: &str = "Simulator";

/// The heading of the arguments about the operator's file, the network and trust
pub(in crate::cli) const NETWORK: &str = "Operator's file and network";
