//! The hosts that are reached without the operator's proxy: `no_proxy` in its usual forms.

use std::net::IpAddr;

use ipnet::IpNet;
use reqwest::Url;
use url::Host;

/// A host, or a set of hosts, that is reached without the proxy
///
/// `HOST` is this host and every host below it, `.SUFFIX` and `*.SUFFIX` are the hosts below it, `ADDRESS` is an address,
/// `ADDRESS/BITS` is a network of addresses, `<local>` is every name without a dot, and `*` is every host. All but the last two
/// may have a `:PORT`. A network matches addresses in URLs: no name is resolved for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProxyException {
    hosts: Hosts,
    port: Option<u16>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Hosts {
    All,
    Local,
    Named(String),
    Below(String),
    Network(IpNet),
}

impl ProxyException {
    /// Parses one entry of a list; `None` if it has none of the forms
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        match text {
            "*" => return Some(ProxyException { hosts: Hosts::All, port: None }),
            "<local>" => return Some(ProxyException { hosts: Hosts::Local, port: None }),
            _ => {}
        }
        if let Some(network) = network(text) {
            return Some(ProxyException { hosts: Hosts::Network(network), port: None });
        }
        let (host, port) = match text.rsplit_once(':') {
            Some((host, port)) => (host, Some(port.parse().ok().filter(|port| *port > 0)?)),
            None => (text, None),
        };
        let hosts = match network(host) {
            Some(network) => Hosts::Network(network),
            None => {
                let (name, below) = match host.strip_prefix("*.").or_else(|| host.strip_prefix('.')) {
                    Some(suffix) => (suffix, true),
                    None => (host, false),
                };
                let name = name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase();
                let is_name = name.split('.').all(|label| {
                    !label.is_empty()
                        && label.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
                });
                match (is_name, below) {
                    (false, _) => return None,
                    (true, true) => Hosts::Below(name),
                    (true, false) => Hosts::Named(name),
                }
            }
        };
        Some(ProxyException { hosts, port })
    }

    /// Returns whether a request to this URL goes without the proxy
    pub(crate) fn covers(&self, url: &Url) -> bool {
        let Some(host) = url.host() else { return false };
        if self.port.is_some() && self.port != url.port_or_known_default() {
            return false;
        }
        let address = match host {
            Host::Domain(_) => None,
            Host::Ipv4(address) => Some(IpAddr::V4(address)),
            Host::Ipv6(address) => Some(IpAddr::V6(address).to_canonical()),
        };
        let name = match host {
            Host::Domain(name) => name.strip_suffix('.').unwrap_or(name),
            _ => "",
        };
        let is_below = |suffix: &str| name.strip_suffix(suffix).is_some_and(|rest| rest.ends_with('.'));
        match &self.hosts {
            Hosts::All => true,
            Hosts::Local => !name.is_empty() && !name.contains('.'),
            Hosts::Named(own) => name == own || is_below(own),
            Hosts::Below(suffix) => is_below(suffix),
            Hosts::Network(network) => address.is_some_and(|address| network.contains(&address)),
        }
    }
}

/// Parses a network or an address, which may be in brackets
fn network(text: &str) -> Option<IpNet> {
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    let address = || bare.parse::<IpAddr>().ok().map(|address| IpNet::from(address.to_canonical()));
    bare.parse().ok().or_else(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_forms_of_no_proxy_cover_their_hosts_and_no_others() {
        for (entry, inside, outside) in [
            ("tfs.corp.example", "https://TFS.corp.example/x", "https://xtfs.corp.example"),
            ("tfs.corp.example", "https://a.tfs.corp.example", "https://corp.example"),
            ("corp.example:8443", "https://tfs.corp.example:8443", "https://tfs.corp.example"),
            ("tfs:443", "https://tfs/x", "https://tfs:8443/x"),
            (".corp.example", "https://tfs.corp.example", "https://corp.example"),
            ("*.Corp.Example.", "https://tfs.corp.example", "https://corp.example.evil.example"),
            ("10.0.0.0/8", "https://10.1.2.3", "https://11.1.2.3"),
            ("10.0.0.0/8:8443", "https://10.1.2.3:8443", "https://10.1.2.3"),
            ("10.1.2.3", "https://10.1.2.3:8443", "https://10.1.2.30"),
            ("fd00::/8", "https://[fd12::1]", "https://[fe80::1]"),
            ("[::1]:8443", "https://[::1]:8443", "https://[::1]"),
            ("::1", "https://[::1]", "https://[::2]"),
            ("127.0.0.1", "https://[::ffff:127.0.0.1]", "https://127.0.0.2"),
            ("<local>", "https://tfs/x", "https://tfs.example"),
        ] {
            let exception = ProxyException::parse(entry).unwrap_or_else(|| panic!("{entry}"));
            let covers = |url: &str| exception.covers(&Url::parse(url).expect("it is a URL"));
            assert!(covers(inside) && !covers(outside), "{entry}");
        }
        let all = ProxyException::parse(" * ").expect("it is every host");
        assert!(all.covers(&Url::parse("https://dev.azure.com").expect("it is a URL")));
    }

    #[test]
    fn an_entry_of_another_form_is_refused() {
        for entry in
            ["", "https://tfs.example", "tfs example", "tfs:0", "tfs:x", "10.0.0.0/33", "a..b", "10.*", "*x"]
        {
            assert_eq!(ProxyException::parse(entry), None, "{entry}");
        }
    }
}
