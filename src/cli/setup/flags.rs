//! The flags of every command that connects.

use std::path::PathBuf;

use clap::Args;

use crate::setup::Overrides;

/// The flags of every command that connects
#[derive(Args, Clone, Default)]
pub(in crate::cli) struct ConnectFlags {
    /// The operator's file, instead of the system's default
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) config: Option<PathBuf>,
    /// The HTTP proxy: its URL, or env:NAME or file:PATH if it has a password
    #[arg(long, value_name = "URL")]
    pub(in crate::cli) proxy: Option<String>,
    /// A certificate authority to trust in addition (PEM)
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) ca: Vec<PathBuf>,
    /// Allow requests to this Azure DevOps Server
    #[arg(long, value_name = "HOST[:PORT]")]
    pub(in crate::cli) allow_host: Vec<String>,
    /// Allow plain http to a loopback address, for the simulator and tests
    #[arg(long)]
    pub(in crate::cli) allow_loopback_http: bool,
}

impl From<ConnectFlags> for Overrides {
    fn from(flags: ConnectFlags) -> Self {
        Overrides {
            operator_file: flags.config,
            proxy: flags.proxy,
            certificate_authorities: flags.ca,
            allowed_hosts: flags.allow_host,
            allow_loopback_http: flags.allow_loopback_http,
            // This program's own file, also when it was replaced since it was started.
            helper_starter: cfg!(target_os = "linux").then(|| PathBuf::from("/proc/self/exe")),
        }
    }
}
