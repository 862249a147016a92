//! The operator's options for the network.

use std::fmt;
use std::net::SocketAddr;

use crate::devops::limits::network_limits::NetworkLimits;

/// What the operator decided about the network
///
/// Nothing of it comes from a bot or from the environment. `Debug` leaves the proxy out: its
/// address may carry a password.
#[derive(Clone, Default)]
pub struct NetworkOptions {
    /// The proxy every https request goes through: `http://proxy.example:8080`; none by default
    pub proxy: Option<String>,
    /// Certificate authorities trusted beside the operating system's, each a PEM file's content
    pub certificate_authorities: Vec<Vec<u8>>,
    /// Servers beside the hosted service that may be reached: `HOST` or `HOST:PORT`
    pub allowed_hosts: Vec<String>,
    /// Whether plain http to a literal loopback address is allowed
    pub allow_loopback_http: bool,
    /// The simulator's address: every hosted organization is looked for there, all else is refused
    pub simulator: Option<SocketAddr>,
    /// Times and sizes
    pub limits: NetworkLimits,
}

impl fmt::Debug for NetworkOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NetworkOptions")
            .field("proxy", &self.proxy.as_ref().map(|_| ".."))
            .field("certificate_authorities", &self.certificate_authorities.len())
            .field("allowed_hosts", &self.allowed_hosts)
            .field("allow_loopback_http", &self.allow_loopback_http)
            .field("simulator", &self.simulator)
            .field("limits", &self.limits)
            .finish()
    }
}
