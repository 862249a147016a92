//! Who sent a response: Azure DevOps, or something between it and this machine. Decision 0131.
//!
//! A proxy, a firewall, a gateway or the sign-in page of a network responds in the service's place, with any status.
//! The headers that the service adds to every response decide first, then what the response is. Where neither does,
//! the response counts as one of the service. A server has fewer headers than the hosted service, and a reverse proxy
//! may remove them: there only a web page shows another sender.

use reqwest::Url;
use reqwest::header::LOCATION;
use reqwest::header::SERVER;
use reqwest::header::WWW_AUTHENTICATE;

use crate::devops::message::response::ServiceResponse;
use crate::devops::message::service_error::media_type;
use crate::devops::message::web_page;

/// The headers that only proxies send
const PROXY_HEADERS: [&str; 4] = ["proxy-authenticate", "proxy-status", "proxy-connection", "x-squid-error"];

/// The hosts of the sign-in pages of Microsoft
const SIGN_IN_HOSTS: [&str; 4] =
    ["login.microsoftonline.com", "login.microsoftonline.us", "login.windows.net", "login.live.com"];

/// The status of a network that requires a sign-in of its own
pub(crate) const NETWORK_SIGN_IN: u16 = 511;

/// Who sent a response
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sender {
    /// Azure DevOps
    Service,
    /// The web server of an Azure DevOps Server, which the request passes before Azure DevOps
    WebServer,
    /// Something else: a proxy, a firewall, a gateway, or the sign-in page of a network
    Other,
    /// Nothing shows who: it may be Azure DevOps
    Unknown,
}

impl ServiceResponse {
    /// Returns who sent the response
    pub(crate) fn sender(&self) -> Sender {
        let status = self.status.as_u16();
        if status == NETWORK_SIGN_IN {
            return Sender::Other;
        }
        if self.has_service_header() {
            return Sender::Service;
        }
        let is_page = self.is_web_page();
        if self.status.is_success() && status != 203 && !is_page {
            return Sender::Unknown;
        }
        let service_error = self.service_error();
        // 203 is how the service sends its sign-in page.
        if status == 203
            || self.redirects_to_sign_in()
            || self.has_service_challenge()
            || service_error.type_key.is_some()
            || service_error.code.is_some()
        {
            return Sender::Service;
        }
        if PROXY_HEADERS.iter().any(|name| self.headers.contains_key(*name)) {
            return Sender::Other;
        }
        if self.status.is_redirection() {
            return match self.target() {
                Some(target) if target.host_str() == self.from.url.host_str() => Sender::Unknown,
                Some(target) if is_of_service(&target) => Sender::Service,
                Some(_) => Sender::Other,
                None => Sender::Unknown,
            };
        }
        // The body of this status may be a page even if the service sends it.
        if status == 429 {
            return Sender::Unknown;
        }
        if self.from.is_server() {
            return match is_page {
                true if matches!(status, 401 | 404) || self.is_of_web_server() => Sender::WebServer,
                true => Sender::Other,
                false => Sender::Unknown,
            };
        }
        // The hosted service asks for no Windows password, and its own challenges are recognized above.
        let is_challenged = self.challenges().any(|challenge| negotiates(challenge) || has_realm(challenge));
        if is_page || is_challenged || (status != 404 && self.has_foreign_body()) {
            Sender::Other
        } else {
            Sender::Unknown
        }
    }

    /// Returns the URL that the response leads to: of a redirect, or of a page with a refresh
    pub(crate) fn target(&self) -> Option<Url> {
        let location =
            self.headers.get(LOCATION).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
        let refresh = || self.is_web_page().then(|| web_page::refresh(&self.body)).flatten();
        self.from.url.join(&location.or_else(refresh)?).ok()
    }

    /// Whether it redirects to the sign-in page, as the service does for browsers whose token is rejected
    pub(crate) fn redirects_to_sign_in(&self) -> bool {
        let Some(location) = self.headers.get(LOCATION).and_then(|value| value.to_str().ok()) else {
            return false;
        };
        let path = location.split(['?', '#']).next().unwrap_or_default();
        let host = path.strip_prefix("https://").and_then(|rest| rest.split('/').next()).unwrap_or_default();
        let page = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        self.status.is_redirection()
            && (page.eq_ignore_ascii_case("_signin")
                || SIGN_IN_HOSTS.iter().any(|known| host.eq_ignore_ascii_case(known)))
    }

    /// Whether a challenge is one of Azure DevOps: its federation, its own realm, or the tenant of the organization
    fn has_service_challenge(&self) -> bool {
        self.challenges().any(|challenge| {
            let challenge = challenge.to_ascii_lowercase();
            challenge.contains("tfs-federated")
                || challenge.contains(".visualstudio.com")
                || challenge.contains("//dev.azure.com")
                || challenge.contains("authorization_uri=https://login.")
        })
    }

    /// Returns the challenges of the response
    pub(crate) fn challenges(&self) -> impl Iterator<Item = &str> {
        self.headers.get_all(WWW_AUTHENTICATE).iter().filter_map(|value| value.to_str().ok())
    }

    /// Whether it has the marks of the web server of an Azure DevOps Server
    fn is_of_web_server(&self) -> bool {
        let is_iis =
            self.headers.get(SERVER).is_some_and(|server| server.as_bytes().starts_with(b"Microsoft-"));
        let is_aspnet = self.headers.get("x-powered-by").is_some_and(|value| value == "ASP.NET");
        is_iis || is_aspnet || self.challenges().any(negotiates)
    }

    /// Whether the body of an error is neither empty nor one that the hosted service sends without its headers
    fn has_foreign_body(&self) -> bool {
        let is_text = media_type(&self.headers).is_some_and(|media| {
            media.starts_with("text/") || media.ends_with("json") || media.ends_with("xml")
        });
        is_text && !self.body.trim_ascii().is_empty()
    }
}

/// Whether a challenge asks for a Windows password
fn negotiates(challenge: &str) -> bool {
    challenge.eq_ignore_ascii_case("ntlm") || challenge.to_ascii_lowercase().starts_with("negotiate")
}

/// Whether a challenge asks for the password of a realm
fn has_realm(challenge: &str) -> bool {
    challenge.to_ascii_lowercase().starts_with("basic realm=")
}

/// Whether a URL is one of the hosted service
fn is_of_service(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    url.scheme() == "https"
        && ["dev.azure.com", "visualstudio.com"]
            .iter()
            .any(|own| host.strip_suffix(own).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')))
}

#[cfg(test)]
#[path = "sender_tests.rs"]
mod tests;
