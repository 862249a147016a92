//! The network of a process: what all its connections share, built on first use.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::OnceLock;
use std::sync::PoisonError;

use reqwest::Client;
use reqwest::Url;
use rustls::ClientConfig;
use uuid::Uuid;

use crate::contract::Call;
use crate::contract::ConnectTarget;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::OrganizationUrl;
use crate::contract::Scheme;
use crate::contract::TokenSource;
use crate::devops::auth::connect_request::ConnectRequest;
use crate::devops::auth::resolve_token::resolve_token;
use crate::devops::client::connection::Connection;
use crate::devops::client::reported_ids::ReportedIds;
use crate::devops::connect::connect_outcome::ConnectOutcome;
use crate::devops::connect::open::ConnectAttempt;
use crate::devops::connect::open::open;
use crate::devops::http::allowed_hosts;
use crate::devops::http::clients;
use crate::devops::http::clients::Clients;
use crate::devops::http::credential_key::CredentialKey;
use crate::devops::http::credential_key::CredentialKeys;
use crate::devops::http::network_options::NetworkOptions;
use crate::devops::http::proxy::OperatorProxy;
use crate::devops::http::tls;
use crate::devops::http::transport::Transport;
use crate::devops::http::user_limits::CredentialScope;
use crate::devops::http::user_limits::CurrentUser;
use crate::devops::http::user_limits::Users;
use crate::devops::limits::network_limits::NetworkLimits;
use crate::devops::limits::shared_rate_limit::SharedRateLimit;
use crate::devops::message::api_version::Versions;
use crate::devops::message::service_clock::ServiceClock;

/// With so many organizations in memory, those without a connection are removed
const REMEMBERED: usize = 256;

/// The network of a process, with the options of the operator
pub struct Network {
    options: NetworkOptions,
    limits: Arc<NetworkLimits>,
    keys: OnceLock<Arc<CredentialKeys>>,
    tls: OnceLock<ClientConfig>,
    proxy: OnceLock<Option<Arc<OperatorProxy>>>,
    clients: Clients,
    users: Arc<Users>,
    reported_ids: Mutex<HashMap<String, Arc<ReportedIds>>>,
}

impl Network {
    /// Creates a network with these options; nothing is loaded, built or sent yet
    pub fn new(options: NetworkOptions) -> Self {
        Network {
            limits: Arc::new(options.limits.clone()),
            options,
            keys: OnceLock::new(),
            tls: OnceLock::new(),
            proxy: OnceLock::new(),
            clients: Clients::default(),
            users: Arc::default(),
            reported_ids: Mutex::default(),
        }
    }

    /// Shares the rate limits of its users with other processes
    #[must_use]
    pub fn sharing(mut self, limit: Arc<dyn SharedRateLimit>) -> Self {
        self.users = Arc::new(Users::sharing(limit));
        self
    }

    /// Checks whether the options allow a connection to an organization; nothing is sent
    ///
    /// Errors: `organization.invalid_url`, whose help names the flag that allows it.
    pub fn admit(&self, organization: &OrganizationUrl) -> Result<(), Error> {
        allowed_hosts::base_of(&self.options, organization).map(drop)
    }

    /// Opens a connection to one organization and project in one round trip
    ///
    /// Two requests are sent side by side, for the user of the token and for the project; if the project does
    /// not exist, a third one looks for similar names. Errors: `organization.invalid_url`, those of the token
    /// source, `auth.failed`, `auth.scope_missing`, `permission.denied`, `organization.disabled`,
    /// `organization.not_found`, `project.not_found`, `service.*`, `network.*`, `deadline.exceeded`.
    pub async fn connect(
        &self,
        request: ConnectRequest<'_>,
        tokens: &dyn TokenSource,
        call: &Call,
    ) -> Result<Connection, Error> {
        self.open(request, tokens, call, true).await?.connected()
    }

    /// Opens a connection whose project may be missing
    ///
    /// Errors: those of [`Network::connect`]; `project.not_found` only if the user of the token is not known.
    pub async fn connect_organization(
        &self,
        request: ConnectRequest<'_>,
        tokens: &dyn TokenSource,
        call: &Call,
    ) -> Result<ConnectOutcome, Error> {
        self.open(request, tokens, call, false).await
    }

    async fn open(
        &self,
        request: ConnectRequest<'_>,
        tokens: &dyn TokenSource,
        call: &Call,
        suggest: bool,
    ) -> Result<ConnectOutcome, Error> {
        let ConnectRequest { organization, project, scheme, .. } = request;
        let base = allowed_hosts::base_of(&self.options, organization)?;
        let target = ConnectTarget { organization, project, scheme };
        let token = resolve_token(call, tokens, &request.credential, target).await?;
        let key = self.keys().key(&request.credential);
        let transport = self.transport(organization, base, key, token.scheme())?;
        transport.user.share(&token, call.deadline()).await;
        let (keys, reported_ids) = (self.keys().clone(), self.reported_ids(organization.identity()));
        open(ConnectAttempt { request, token, transport, keys, reported_ids, suggest }, call).await
    }

    /// Returns the keys that identify credentials
    fn keys(&self) -> &Arc<CredentialKeys> {
        self.keys.get_or_init(|| Arc::new(CredentialKeys::new()))
    }

    /// Returns the transport to one organization, for one credential and the scheme of its token
    fn transport(
        &self,
        organization: &OrganizationUrl,
        base: String,
        key: CredentialKey,
        scheme: Scheme,
    ) -> Result<Transport, Error> {
        let plain = base.starts_with("http://");
        let proxy = self.proxy()?;
        let url = Url::parse(&base).map_err(|_| {
            Error::new(ErrorCode::Internal, "The organization's URL is not valid, although it was checked")
        })?;
        let identity = organization.identity();
        let build = || self.build(plain, proxy.as_deref());
        let client = self.clients.get((identity.clone(), key.clone()), build)?;
        let used = CredentialScope { organization: identity, credential: key, scheme };
        Ok(Transport {
            client,
            base: url,
            proxy,
            service: organization.service(),
            user: CurrentUser::new(self.users.clone(), used),
            limits: self.limits.clone(),
            session: Uuid::new_v4(),
            clock: ServiceClock::default(),
            versions: Versions::default(),
        })
    }

    /// Returns the operator's proxy, which all connections share
    fn proxy(&self) -> Result<Option<Arc<OperatorProxy>>, Error> {
        if let Some(proxy) = self.proxy.get() {
            return Ok(proxy.clone());
        }
        let proxy = OperatorProxy::of(&self.options)?.map(Arc::new);
        Ok(self.proxy.get_or_init(|| proxy).clone())
    }

    fn build(&self, plain: bool, proxy: Option<&OperatorProxy>) -> Result<Client, Error> {
        let tls = if plain { tls::without_trust() } else { self.tls()? };
        clients::build(tls, proxy, &self.limits)
    }

    /// Returns the TLS configuration; after a failure it is built again
    fn tls(&self) -> Result<ClientConfig, Error> {
        if let Some(config) = self.tls.get() {
            return Ok(config.clone());
        }
        let config = tls::trusting(&self.options.certificate_authorities)?;
        Ok(self.tls.get_or_init(|| config).clone())
    }

    fn reported_ids(&self, organization: String) -> Arc<ReportedIds> {
        let mut all = self.reported_ids.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= REMEMBERED {
            all.retain(|_, reported_ids| Arc::strong_count(reported_ids) > 1 || !reported_ids.is_idle());
        }
        all.entry(organization).or_default().clone()
    }
}

impl fmt::Debug for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Network").field("options", &self.options).finish_non_exhaustive()
    }
}
