//! The HTTP clients: one for each organization and credential, dropped with its last session.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::Weak;

use reqwest::Client;
use reqwest::Proxy;
use reqwest::Url;
use reqwest::redirect::Policy;
use rustls::ClientConfig;

use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::devops::http::credential_key::CredentialKey;
use crate::devops::limits::network_limits::NetworkLimits;

/// An organization's identity and a credential
pub(crate) type ClientKey = (String, CredentialKey);

/// The clients in use; the map does not keep them alive
#[derive(Default)]
pub(crate) struct Clients(Mutex<HashMap<ClientKey, Weak<Client>>>);

impl Clients {
    /// Returns the client of an organization and credential, and builds it if there is none
    pub(crate) fn get(
        &self,
        key: ClientKey,
        build: impl FnOnce() -> Result<Client, Error>,
    ) -> Result<Arc<Client>, Error> {
        let mut clients = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = clients.get(&key).and_then(Weak::upgrade) {
            return Ok(client);
        }
        clients.retain(|_, client| client.strong_count() > 0);
        let client = Arc::new(build()?);
        clients.insert(key, Arc::downgrade(&client));
        Ok(client)
    }
}

/// Builds a client without redirects, cookies and retries
pub(crate) fn build(
    tls: ClientConfig,
    proxy: Option<Proxy>,
    limits: &NetworkLimits,
) -> Result<Client, Error> {
    let builder = Client::builder()
        .tls_backend_preconfigured(tls)
        .user_agent(concat!("azdo-bot/", env!("CARGO_PKG_VERSION")))
        .redirect(Policy::none())
        .referer(false)
        .retry(reqwest::retry::never())
        .no_proxy()
        .connect_timeout(limits.connect)
        .pool_idle_timeout(limits.idle)
        .tcp_nodelay(true);
    let builder = match proxy {
        Some(proxy) => builder.proxy(proxy),
        None => builder,
    };
    builder.build().map_err(|error| {
        Error::new(ErrorCode::Internal, "The HTTP client cannot be built").caused_by(error.without_url())
    })
}

/// Reads the address of the proxy, and returns the proxy and its host and port for messages
///
/// Errors: `input.invalid`, without the address, which may contain a password.
pub(crate) fn proxy(address: &str) -> Result<(Proxy, String), Error> {
    let invalid = || {
        Error::new(ErrorCode::InputInvalid, "The proxy's address cannot be read")
            .help("Write it as http://HOST:PORT, with `--proxy` or in the operator's file.")
    };
    let url = Url::parse(address).map_err(|_| invalid())?;
    let host = url.host_str().filter(|_| matches!(url.scheme(), "http" | "https")).ok_or_else(invalid)?;
    let shown = format!("{host}:{}", url.port_or_known_default().unwrap_or_default());
    let proxy = Proxy::all(url).map_err(|_| invalid())?;
    Ok((proxy, shown))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_is_shown_without_its_password_and_an_invalid_one_is_not_quoted() {
        let (_, shown) = proxy("http://user:hidden@proxy.example:8080/").expect("it is a proxy");
        assert_eq!(shown, "proxy.example:8080");
        for address in ["hidden", "socks5://hidden:1", "http://", "ftp://hidden"] {
            let error = proxy(address).expect_err(address);
            assert!(!format!("{error:?}").contains("hidden"), "{error:?}");
        }
    }
}
