//! Which organizations are reached at all; decided before a token is resolved or a byte is sent.

use std::net::IpAddr;
use std::net::SocketAddr;

use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::OrganizationForm;
use crate::contract::OrganizationUrl;
use crate::devops::http::network_options::NetworkOptions;

/// The base of every request to this organization, or why it is not reached
///
/// Errors: `organization.invalid_url`, whose help names the flag that would allow it.
pub(crate) fn base_of(options: &NetworkOptions, organization: &OrganizationUrl) -> Result<String, Error> {
    if let Some(simulator) = options.simulator {
        return simulated(simulator, organization);
    }
    if organization.form() != OrganizationForm::Other {
        return Ok(organization.base());
    }
    if organization.is_plain_http() {
        // The contract reads plain http only with a literal loopback address.
        if options.allow_loopback_http {
            return Ok(organization.base());
        }
        return Err(refuse(organization, "plain http is not allowed")
            .help("Use https, or start with `--allow-loopback-http` to reach a server on this machine."));
    }
    let authority = organization.authority();
    if options.allowed_hosts.iter().any(|host| is_host(host, authority)) {
        return Ok(organization.base());
    }
    Err(refuse(organization, "this host is not allowed").help(format!(
        "Write https://dev.azure.com/<organization>. To reach {authority}, the operator starts with \
         `--allow-host {authority}` or names it in the configuration file."
    )))
}

/// An organization of the hosted service is looked for in the simulator under the same name
fn simulated(simulator: SocketAddr, organization: &OrganizationUrl) -> Result<String, Error> {
    if organization.form() != OrganizationForm::Other {
        return Ok(format!("http://{simulator}/{}", organization.organization()));
    }
    if organization.is_plain_http() && socket_address(organization.authority()) == Some(simulator) {
        return Ok(organization.base());
    }
    Err(refuse(organization, "with the simulator nothing leaves this machine").help(format!(
        "Write https://dev.azure.com/<organization> or http://{simulator}/<organization>, \
         or start without `--simulate`."
    )))
}

fn refuse(organization: &OrganizationUrl, reason: &str) -> Error {
    Error::new(ErrorCode::OrganizationInvalidUrl, format!("{} is not reached: {reason}", organization.base()))
}

/// Whether an allowed host is exactly this one; the port may be left out only where it is 443
fn is_host(allowed: &str, authority: &str) -> bool {
    allowed.strip_suffix(":443").unwrap_or(allowed).eq_ignore_ascii_case(authority)
}

/// The address of a plain http authority, whose own port is left out
fn socket_address(authority: &str) -> Option<SocketAddr> {
    let host = authority.trim_start_matches('[').trim_end_matches(']');
    authority.parse().ok().or_else(|| Some(SocketAddr::new(host.parse::<IpAddr>().ok()?, 80)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::TextKind;

    fn base(options: &NetworkOptions, url: &str) -> Result<String, Error> {
        base_of(
            options,
            &OrganizationUrl::parse(url).unwrap_or_else(|refusal| panic!("{url}: {}", refusal.reason)),
        )
    }

    #[test]
    fn the_hosted_service_is_open_and_nothing_else() {
        let options = NetworkOptions::default();
        for url in ["https://dev.azure.com/fabrikam", "https://fabrikam.visualstudio.com"] {
            assert_eq!(base(&options, url).expect(url), url);
        }
        for url in [
            "https://dev.azure.com.evil.example/x",
            "https://evilvisualstudio.com/x",
            "https://contoso.visualstudio.com.evil.example/x",
            "https://169.254.169.254/x",
            "https://127.0.0.1/x",
            "https://tfs.example/tfs/Main",
            "http://127.0.0.1:8080/fabrikam",
            "http://[::1]:8080/fabrikam",
        ] {
            let error = base(&options, url).expect_err(url);
            assert_eq!(error.code(), ErrorCode::OrganizationInvalidUrl, "{url}");
            let flag = if url.starts_with("http:") { "--allow-loopback-http" } else { "--allow-host" };
            assert!(error.help_text().contains(flag), "{}", error.help_text());
        }
    }

    #[test]
    fn an_allowed_host_is_exactly_that_host_and_port() {
        let allowed =
            |host: &str| NetworkOptions { allowed_hosts: vec![host.to_owned()], ..NetworkOptions::default() };
        let rows = [
            ("tfs.example", "https://TFS.example/Main", true),
            ("TFS.Example", "https://tfs.example/Main", true),
            ("tfs.example:443", "https://tfs.example/Main", true),
            ("tfs.example:8443", "https://tfs.example:8443/Main", true),
            ("tfs.example", "https://tfs.example:8443/Main", false),
            ("tfs.example:8443", "https://tfs.example/Main", false),
            ("example", "https://tfs.example/Main", false),
            ("tfs.example", "https://tfs.example.evil.example/Main", false),
            ("127.0.0.1:8443", "https://127.0.0.1:8443/Main", true),
            ("127.0.0.1:8443", "http://127.0.0.1:8443/Main", false),
            ("", "https://tfs.example/Main", false),
        ];
        for (host, url, admitted) in rows {
            assert_eq!(base(&allowed(host), url).is_ok(), admitted, "{host} {url}");
        }
    }

    #[test]
    fn plain_http_is_for_loopback_with_its_flag() {
        let options = NetworkOptions { allow_loopback_http: true, ..NetworkOptions::default() };
        for url in ["http://127.0.0.1:8080/fabrikam", "http://[::1]:8080/fabrikam"] {
            assert_eq!(base(&options, url).expect(url), url);
        }
        assert!(base(&options, "https://127.0.0.1:8080/fabrikam").is_err());
    }

    #[test]
    fn with_the_simulator_nothing_else_is_reached() {
        let with = |address: &str| NetworkOptions {
            simulator: Some(address.parse().expect("an address")),
            allow_loopback_http: true,
            allowed_hosts: vec!["tfs.example".to_owned()],
            ..NetworkOptions::default()
        };
        let options = with("127.0.0.1:4711");
        for url in [
            "https://dev.azure.com/fabrikam",
            "https://fabrikam.visualstudio.com",
            "http://127.0.0.1:4711/fabrikam",
        ] {
            assert_eq!(base(&options, url).expect(url), "http://127.0.0.1:4711/fabrikam", "{url}");
        }
        for url in
            ["https://tfs.example/Main", "http://127.0.0.1:4712/fabrikam", "https://127.0.0.1:4711/fabrikam"]
        {
            assert_eq!(
                base(&options, url).expect_err(url).code(),
                ErrorCode::OrganizationInvalidUrl,
                "{url}"
            );
        }
        assert!(base(&with("127.0.0.1:80"), "http://127.0.0.1/fabrikam").is_ok());
        assert!(base(&with("[::1]:80"), "http://[::1]/fabrikam").is_ok());
    }
}
