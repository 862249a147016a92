//! The other hosts of an organization: release management answers beside the hosted one, not on it.

use reqwest::Url;

/// Which of an organization's hosts a request goes to
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ServiceHost {
    /// The organization's own address
    Organization,
    /// Release management
    Release,
}

impl ServiceHost {
    /// The base of its requests
    ///
    /// An address is only ever moved between the hosted service's own hosts. A server, and the
    /// simulator, answer everything at one base.
    pub(crate) fn base(self, organization: &Url) -> Url {
        let mut base = organization.clone();
        let host = match (self, organization.host_str()) {
            (ServiceHost::Release, Some("dev.azure.com")) => "vsrm.dev.azure.com".to_owned(),
            (ServiceHost::Release, Some(host)) => match host.strip_suffix(".visualstudio.com") {
                Some(organization) => format!("{organization}.vsrm.visualstudio.com"),
                None => return base,
            },
            _ => return base,
        };
        // Only an address that has no host refuses one; then the one that was admitted stays.
        let _ = base.set_host(Some(&host));
        base
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_hosted_service_has_another_host_for_releases() {
        for (organization, release) in [
            ("https://dev.azure.com/Fabrikam", "https://vsrm.dev.azure.com/Fabrikam"),
            ("https://fabrikam.visualstudio.com/", "https://fabrikam.vsrm.visualstudio.com/"),
            ("https://tfs.example:8443/tfs/Main", "https://tfs.example:8443/tfs/Main"),
            ("https://dev.azure.com.example/x", "https://dev.azure.com.example/x"),
            ("http://127.0.0.1:4711/fabrikam", "http://127.0.0.1:4711/fabrikam"),
        ] {
            let organization = Url::parse(organization).expect("it is an address");
            assert_eq!(ServiceHost::Release.base(&organization).as_str(), release);
            assert_eq!(ServiceHost::Organization.base(&organization), organization);
        }
    }
}
