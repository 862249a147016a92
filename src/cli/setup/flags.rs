//! The flags of every command that connects.

use std::path::PathBuf;

use clap::Args;

/// The flags of every command that connects
#[derive(Args, Clone, Default)]
pub(in crate::cli) struct ConnectFlags {
    /// The operator's file, instead of the one at the system's fixed place
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) config: Option<PathBuf>,
    /// Send requests through this HTTP proxy: its URL, or env:NAME or file:PATH for one with a password
    #[arg(long, value_name = "URL")]
    pub(in crate::cli) proxy: Option<String>,
    /// Trust this certificate authority too (PEM)
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) ca: Vec<PathBuf>,
    /// Allow this Azure DevOps Server
    #[arg(long, value_name = "HOST[:PORT]")]
    pub(in crate::cli) allow_host: Vec<String>,
    /// Allow plain http to a loopback address, for the simulator and tests
    #[arg(long)]
    pub(in crate::cli) allow_loopback_http: bool,
}
