//! The HTTP clients: one for each organization and credential, dropped with its last session.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::Weak;

use reqwest::Client;
use reqwest::redirect::Policy;
use rustls::ClientConfig;

use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::devops::http::credential_key::CredentialKey;
use crate::devops::http::proxy::OperatorProxy;
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
    proxy: Option<&OperatorProxy>,
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
        Some(proxy) => builder.proxy(proxy.to_client()),
        None => builder,
    };
    builder.build().map_err(|error| {
        Error::new(ErrorCode::Internal, "The HTTP client cannot be built").caused_by(error.without_url())
    })
}
