//! The way of a request, as messages name it: directly, or through the operator's proxy.

use std::fmt;

/// The domains of the hosted service and of the stores of its cloud, which some networks reach only through a proxy
const PUBLIC: &[&str] = &["azure.com", "visualstudio.com", "microsoftonline.com", "azure.net", "windows.net"];

/// The way of a request
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Route {
    /// The host, with the port if it is not the scheme's default
    pub(crate) host: String,
    /// The host and port of the proxy that the request goes through
    pub(crate) proxy: Option<String>,
}

impl Route {
    /// Returns whether the host is one of the public cloud
    pub(crate) fn is_public(&self) -> bool {
        let host = self.host.split(':').next().unwrap_or_default();
        PUBLIC.iter().any(|domain| host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.')))
    }
}

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.proxy {
            Some(proxy) => write!(f, "{} through the proxy {proxy}", self.host),
            None => f.write_str(&self.host),
        }
    }
}
