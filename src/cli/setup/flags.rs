//! The flags of every command that connects.

use std::path::PathBuf;

use clap::Args;

use crate::cli::output::help_text::NETWORK;
use crate::setup::Overrides;

/// The flags of every command that connects
#[derive(Args, Clone, Default)]
pub(in crate::cli) struct ConnectFlags {
    /// The operator's file, instead of the system's default
    #[arg(long, value_name = "FILE", help_heading = NETWORK)]
    pub(in crate::cli) config: Option<PathBuf>,
    /// The HTTP proxy: its URL, or env:NAME or file:PATH if it has a password
    #[arg(long, value_name = "URL", help_heading = NETWORK)]
    pub(in crate::cli) proxy: Option<String>,
    /// A host that is reached without the proxy: HOST, .SUFFIX, ADDRESS/BITS, each with an optional :PORT
    #[arg(long, value_name = "HOST", value_delimiter = ',', help_heading = NETWORK)]
    pub(in crate::cli) no_proxy: Vec<String>,
    /// A certificate authority to trust in addition, or the certificate of a server itself (PEM)
    #[arg(long, value_name = "FILE", help_heading = NETWORK)]
    pub(in crate::cli) ca: Vec<PathBuf>,
    /// Allow requests to this Azure DevOps Server
    #[arg(long, value_name = "HOST[:PORT]", help_heading = NETWORK)]
    pub(in crate::cli) allow_host: Vec<String>,
    /// Allow requests to this Azure DevOps Server without encryption, which discloses the token to the network
    #[arg(long, value_name = "HOST[:PORT]", help_heading = NETWORK)]
    pub(in crate::cli) allow_plain_http: Vec<String>,
    /// Allow plain http to a loopback address, for the simulator and tests
    #[arg(long, help_heading = NETWORK)]
    pub(in crate::cli) allow_loopback_http: bool,
}

impl From<ConnectFlags> for Overrides {
    fn from(flags: ConnectFlags) -> Self {
        Overrides {
            operator_file: flags.config,
            proxy: flags.proxy,
            no_proxy: flags.no_proxy,
            certificate_authorities: flags.ca,
            allowed_hosts: flags.allow_host,
            plain_http_hosts: flags.allow_plain_http,
            allow_loopback_http: flags.allow_loopback_http,
            run_tree: None,
            // This program's own file, also when it was replaced since it was started.
            helper_starter: cfg!(target_os = "linux").then(|| PathBuf::from("/proc/self/exe")),
            broker_program: match cfg!(target_os = "linux") {
                true => Some(PathBuf::from("/proc/self/exe")),
                false => std::env::current_exe().ok(),
            },
        }
    }
}
