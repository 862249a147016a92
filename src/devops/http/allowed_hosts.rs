//! The organizations that may be reached; checked before a token is resolved or anything is sent.

use std::net::IpAddr;
use std::net::SocketAddr;

use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::OrganizationForm;
use crate::contract::OrganizationUrl;
use crate::devops::http::network_options::NetworkOptions;

/// Returns the base URL of all requests to an organization
///
/// Errors: `policy.denied` if the operator's policy does not list the organization; `organization.invalid_url` if its
/// host is not allowed, with the flag that allows it in the help.
pub(crate) fn base_of(options: &NetworkOptions, organization: &OrganizationUrl) -> Result<String, Error> {
    options.organizations.as_ref().map_or(Ok(()), |allowed| allowed.check(organization))?;
    if let Some(simulator) = options.simulator {
        return simulated(simulator, organization);
    }
    if organization.form() != OrganizationForm::Other {
        return Ok(organization.base());
    }
    if organization.is_plain_http() {
        return plain_http(options, organization);
    }
    let authority = organization.authority();
    if options.allowed_hosts.iter().any(|host| is_host(host, authority, ":443")) {
        return Ok(organization.base());
    }
    let hosted = match ["azure", "visualstudio"].iter().any(|word| authority.contains(word)) {
        true => " For the hosted service, write https://dev.azure.com/<organization>.",
        false => "",
    };
    Err(not_allowed(organization, "this host is not allowed").help(format!(
        "If it is your Azure DevOps Server, start with `--allow-host {authority}`, or add it to \
         `network.allowed_hosts` in the operator's file.{hosted}"
    )))
}

/// Returns the base URL of requests without encryption: to a loopback address, or to a server that the operator allows
fn plain_http(options: &NetworkOptions, organization: &OrganizationUrl) -> Result<String, Error> {
    let authority = organization.authority();
    if options.plain_http_hosts.iter().any(|host| is_host(host, authority, ":80")) {
        return Ok(organization.base());
    }
    let refused = not_allowed(organization, "plain http is not allowed");
    if organization.is_loopback() {
        if options.allow_loopback_http {
            return Ok(organization.base());
        }
        return Err(refused
            .help("Use https, or start with `--allow-loopback-http` to reach a server on this machine."));
    }
    Err(refused.help(format!(
        "Use https if the server has it. If it has not, start with `--allow-plain-http {authority}`, or add it to \
         `network.plain_http_hosts` in the operator's file: the token can then be read on the network."
    )))
}

/// Returns the base URL in the simulator, which has the organizations of the hosted service under the same name
fn simulated(simulator: SocketAddr, organization: &OrganizationUrl) -> Result<String, Error> {
    if organization.form() != OrganizationForm::Other {
        return Ok(format!("http://{simulator}/{}", organization.organization()));
    }
    if organization.is_plain_http() && socket_address(organization.authority()) == Some(simulator) {
        return Ok(organization.base());
    }
    Err(not_allowed(organization, "with the simulator, no request leaves this machine").help(format!(
        "Write https://dev.azure.com/<organization> or http://{simulator}/<organization>, \
         or start without the simulator."
    )))
}

fn not_allowed(organization: &OrganizationUrl, reason: &str) -> Error {
    Error::new(
        ErrorCode::OrganizationInvalidUrl,
        format!("Cannot connect to {}: {reason}", organization.base()),
    )
}

/// Whether an allowed host is exactly this one; only the usual port of the scheme may be omitted
fn is_host(allowed: &str, authority: &str, usual: &str) -> bool {
    allowed.strip_suffix(usual).unwrap_or(allowed).eq_ignore_ascii_case(authority)
}

/// Returns the address of a plain http authority; without a port, 80
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
            &OrganizationUrl::parse(url).unwrap_or_else(|error| panic!("{url}: {}", error.reason)),
        )
    }

    #[test]
    fn only_the_hosted_service_is_allowed_by_default() {
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
    fn plain_http_is_allowed_for_loopback_with_its_flag() {
        let options = NetworkOptions { allow_loopback_http: true, ..NetworkOptions::default() };
        for url in ["http://127.0.0.1:8080/fabrikam", "http://[::1]:8080/fabrikam"] {
            assert_eq!(base(&options, url).expect(url), url);
        }
        assert!(base(&options, "https://127.0.0.1:8080/fabrikam").is_err());
    }

    #[test]
    fn plain_http_to_a_server_is_allowed_for_each_host_by_its_own_flag() {
        let options = NetworkOptions {
            plain_http_hosts: vec!["tfs.example".to_owned(), "tfs.example:8080".to_owned()],
            allowed_hosts: vec!["other.example".to_owned()],
            allow_loopback_http: true,
            ..NetworkOptions::default()
        };
        for url in
            ["http://tfs.example/tfs/Main", "http://TFS.example:80/Main", "http://tfs.example:8080/Main"]
        {
            assert!(base(&options, url).is_ok(), "{url}");
        }
        for url in ["http://other.example/Main", "http://tfs.example:81/Main", "http://a.tfs.example/Main"] {
            let error = base(&options, url).expect_err(url);
            assert!(error.help_text().contains("--allow-plain-http"), "{}", error.help_text());
        }
        // The flag for plain http does not allow https to another certificate's host.
        assert!(base(&options, "https://tfs.example/Main").is_err());
    }

    #[test]
    fn the_help_speaks_of_the_server_where_one_was_meant() {
        let help = |url: &str| base(&NetworkOptions::default(), url).expect_err(url).help_text().to_owned();
        let server = help("https://tfs.corp.example/tfs/Main");
        assert!(
            server.contains("--allow-host tfs.corp.example") && !server.contains("dev.azure.com"),
            "{server}"
        );
        assert!(help("https://dev.azure.com.example/x").contains("https://dev.azure.com/<organization>"));
    }

    #[test]
    fn with_the_simulator_nothing_else_is_allowed() {
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
