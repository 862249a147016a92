//! The hosts of an organization: in the hosted service, release management and identities have their own.

use reqwest::Url;

/// The host of an organization that a request is sent to
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ServiceHost {
    /// The host of the organization
    Organization,
    /// Release management
    Release,
    /// Identities
    Identities,
}

impl ServiceHost {
    /// Returns the base URL of its requests
    ///
    /// Only URLs of the hosted service change, and only to another host of that service. A server and
    /// the simulator have one base for all requests.
    pub(crate) fn base(self, organization: &Url) -> Url {
        let mut base = organization.clone();
        let service = match self {
            ServiceHost::Organization => return base,
            ServiceHost::Release => "vsrm",
            ServiceHost::Identities => "vssps",
        };
        let host = match organization.host_str() {
            Some("dev.azure.com") => format!("{service}.dev.azure.com"),
            Some(host) => match host.strip_suffix(".visualstudio.com") {
                Some(organization) => format!("{organization}.{service}.visualstudio.com"),
                None => return base,
            },
            None => return base,
        };
        // `set_host` fails only for a URL without a host; then the allowed URL is used.
        let _ = base.set_host(Some(&host));
        base
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_hosted_service_has_other_hosts_for_releases_and_identities() {
        for (organization, release) in [
            ("https://dev.azure.com/Fabrikam", "https://vsrm.dev.azure.com/Fabrikam"),
            ("https://fabrikam.visualstudio.com/", "https://fabrikam.vsrm.visualstudio.com/"),
            ("https://tfs.example:8443/tfs/Main", "https://tfs.example:8443/tfs/Main"),
            ("https://dev.azure.com.example/x", "https://dev.azure.com.example/x"),
            ("http://127.0.0.1:4711/fabrikam", "http://127.0.0.1:4711/fabrikam"),
        ] {
            let organization = Url::parse(organization).expect("it is an address");
            assert_eq!(ServiceHost::Release.base(&organization).as_str(), release);
            let identities = release.replace("vsrm", "vssps");
            assert_eq!(ServiceHost::Identities.base(&organization).as_str(), identities);
            assert_eq!(ServiceHost::Organization.base(&organization), organization);
        }
    }
}
