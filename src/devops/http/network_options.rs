//! The operator's options for the network.

use std::fmt;
use std::net::SocketAddr;

use crate::contract::AllowedOrganizations;
use crate::devops::http::proxy_exception::ProxyException;
use crate::devops::limits::network_limits::NetworkLimits;

/// The options of the operator for the network
///
/// A bot and the environment cannot change them. `Debug` omits the proxy, whose address may contain a
/// password.
#[derive(Clone, Default)]
pub struct NetworkOptions {
    /// The proxy of all https requests: `http://proxy.example:8080`; none by default
    pub proxy: Option<String>,
    /// The hosts that are reached without the proxy
    pub proxy_exceptions: Vec<ProxyException>,
    /// Additional trusted certificate authorities, each the content of a PEM file
    pub certificate_authorities: Vec<Vec<u8>>,
    /// Servers that may be reached without encryption: `HOST` or `HOST:PORT`
    pub plain_http_hosts: Vec<String>,
    /// Servers that are allowed in addition to the hosted service: `HOST` or `HOST:PORT`
    pub allowed_hosts: Vec<String>,
    /// The organizations that may be used; all by default
    pub organizations: Option<AllowedOrganizations>,
    /// Whether plain http to a literal loopback address is allowed
    pub allow_loopback_http: bool,
    /// The address of the simulator: all requests to hosted organizations are sent there, all others are rejected
    pub simulator: Option<SocketAddr>,
    /// Times and sizes
    pub limits: NetworkLimits,
}

impl fmt::Debug for NetworkOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NetworkOptions")
            .field("proxy", &self.proxy.as_ref().map(|_| ".."))
            .field("proxy_exceptions", &self.proxy_exceptions)
            .field("certificate_authorities", &self.certificate_authorities.len())
            .field("plain_http_hosts", &self.plain_http_hosts)
            .field("allowed_hosts", &self.allowed_hosts)
            .field("organizations", &self.organizations)
            .field("allow_loopback_http", &self.allow_loopback_http)
            .field("simulator", &self.simulator)
            .field("limits", &self.limits)
            .finish()
    }
}
