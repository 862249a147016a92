//! The error of a response that something else than the service sent: what it calls itself, and where it leads.

use reqwest::StatusCode;
use reqwest::Url;

use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Retry;
use crate::contract::Secret;
use crate::devops::errors::error_text::quote;
use crate::devops::message::response::ServiceResponse;
use crate::devops::message::sender::NETWORK_SIGN_IN;
use crate::devops::message::sender::Sender;
use crate::devops::message::service_error::media_type;
use crate::devops::message::web_page;

/// The longest path of a URL that is shown, in bytes
const PATH: usize = 160;

/// Returns the code of a response that something else sent in place of Azure DevOps
///
/// The status of a network or gateway that did not reach the service is a failure of the network.
pub(crate) fn foreign_code(response: &ServiceResponse) -> ErrorCode {
    match response.status.is_server_error() {
        true => ErrorCode::NetworkFailed,
        false => ErrorCode::ServiceBadResponse,
    }
}

/// Returns the error of a response that something else sent in place of `service`; `description` completes "could not"
pub(crate) fn foreign_response(
    response: &ServiceResponse,
    code: ErrorCode,
    description: &str,
    service: &str,
    token: &Secret,
) -> Error {
    let (status, host) = (response.status, response.from.host());
    let appearance = appearance(response, token);
    let is_web_server = response.sender() == Sender::WebServer;
    let message = if status.as_u16() == NETWORK_SIGN_IN {
        format!("Could not {description}: the network requires a sign-in of its own: {appearance}")
    } else if is_web_server {
        format!("Could not {description}: the web server of {host} responded before {service}: {appearance}")
    } else {
        format!("Could not {description}: the response does not come from {service}: {appearance}")
    };
    let help = if is_web_server {
        format!("Ask the administrator of {host}, who finds the request in the log of IIS.")
    } else if status.as_u16() == NETWORK_SIGN_IN || status.is_redirection() || status.is_success() {
        format!(
            "The network's own sign-in page, a proxy or a firewall responded. Open {}://{host} in a browser on this \
             machine to see it, and sign in there, or ask who runs the network to let this machine reach {host}.",
            response.from.url.scheme()
        )
    } else if status.is_server_error() {
        format!(
            "A gateway or proxy on the way to {host} did not get a response from it. Try again later; if it stays, ask \
             who runs the network."
        )
    } else {
        format!(
            "A proxy, a firewall or a gateway on the way to {host} refused the request; the token was not checked. Ask \
             who runs the network to let this machine reach {host}."
        )
    };
    let retry = match status {
        StatusCode::REQUEST_TIMEOUT
        | StatusCode::BAD_GATEWAY
        | StatusCode::SERVICE_UNAVAILABLE
        | StatusCode::GATEWAY_TIMEOUT => Retry::Later,
        _ => Retry::Never,
    };
    Error::new(code, message).help(help).retry(retry)
}

/// Returns what a response looks like: its status, what it calls itself, and where it leads
pub(crate) fn appearance(response: &ServiceResponse, token: &Secret) -> String {
    let status = response.status.as_u16();
    let leads = response.target().map(|target| quote(&shown(&target), token));
    let body = if response.status.is_redirection() && leads.is_some() {
        "a redirect".to_owned()
    } else if response.is_web_page() {
        match web_page::title(&response.body) {
            Some(title) => format!("a web page titled \"{}\"", quote(&title, token)),
            None => "a web page without a title".to_owned(),
        }
    } else {
        let is_text = media_type(&response.headers).is_some_and(|media| media.starts_with("text/"));
        let text = String::from_utf8_lossy(&response.body);
        match web_page::words(&text).filter(|_| is_text) {
            Some(text) => format!("the text \"{}\"", quote(&text, token)),
            None => "no page".to_owned(),
        }
    };
    match leads {
        Some(target) if response.status.is_redirection() => format!("status {status}, {body} to {target}"),
        Some(target) => format!("status {status}, {body}, which leads to {target}"),
        None => format!("status {status}, {body}"),
    }
}

/// Returns a URL without user, query and fragment, which may contain secrets; a long path is left out
fn shown(url: &Url) -> String {
    let origin = format!("{}://{}", url.scheme(), url.host_str().unwrap_or_default());
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    let path = if url.path().len() <= PATH { url.path() } else { "/..." };
    format!("{origin}{port}{path}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_shown_without_what_may_be_secret() {
        let shown = |url: &str| super::shown(&Url::parse(url).expect("a URL"));
        assert_eq!(
            shown("https://me:word@portal.example:8443/login?u=1&t=2#x"),
            "https://portal.example:8443/login"
        );
        assert_eq!(shown(&format!("http://portal.example/{}", "x".repeat(200))), "http://portal.example/...");
        assert_eq!(shown("about:blank"), "about://blank");
    }
}
