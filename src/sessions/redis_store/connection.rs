//! The one connection of a process to Redis, made on first use, and how its failures are worded.

use std::time::Duration;

use redis::Client;
use redis::IntoConnectionInfo as _;
use redis::ProtocolVersion;
use redis::PushInfo;
use redis::RedisError;
use redis::TlsCertificates;
use redis::aio::ConnectionManager;
use redis::aio::ConnectionManagerConfig;
use tokio::sync::OnceCell;
use tokio::sync::mpsc::UnboundedSender;

use crate::contract::Secret;
use crate::contract::printable;
use crate::sessions::sharing::StoreError;

/// The settings of the store in Redis
pub struct RedisOptions {
    /// `redis://HOST:PORT`, `rediss://HOST:PORT` with TLS, or `redis+unix:///PATH`, with a user and a password if needed
    pub url: Secret,
    /// Files of certificate authorities to trust (PEM), instead of the system's
    pub certificate_authorities: Vec<u8>,
    /// How long a run tree lives whose root does not renew it
    pub lease: Duration,
    /// How often a root renews its run trees
    pub renewal: Duration,
    /// How long a connection or a response may take
    pub patience: Duration,
}

impl RedisOptions {
    /// Returns the settings of a server: a lease of 30 s that is renewed each 10 s, and 2 s for a response
    ///
    /// With the 5 s for which a process may rely on what it read, sessions of a root that is gone are used for 35 s at most.
    pub fn new(url: Secret) -> Self {
        RedisOptions {
            url,
            certificate_authorities: Vec::new(),
            lease: Duration::from_secs(30),
            renewal: Duration::from_secs(10),
            patience: Duration::from_secs(2),
        }
    }
}

/// The connection, which connects again by itself
pub(super) struct RedisConnection {
    client: Client,
    patience: Duration,
    pushes: UnboundedSender<PushInfo>,
    manager: OnceCell<ConnectionManager>,
}

impl RedisConnection {
    /// Checks the settings; nothing is sent
    pub(super) fn new(options: &RedisOptions, pushes: UnboundedSender<PushInfo>) -> Result<Self, StoreError> {
        let client = client(options).map_err(|error| {
            // The text of the error may quote the URL, and with it a password.
            StoreError(format!("has a URL that cannot be used: {:?}", error.kind()))
        })?;
        Ok(RedisConnection { client, patience: options.patience, pushes, manager: OnceCell::new() })
    }

    /// Returns the connection; the first time, the server's settings are checked
    pub(super) async fn get(&self) -> Result<ConnectionManager, StoreError> {
        self.manager.get_or_try_init(|| self.connect()).await.cloned()
    }

    async fn connect(&self) -> Result<ConnectionManager, StoreError> {
        let config = ConnectionManagerConfig::new()
            .set_number_of_retries(1)
            .set_connection_timeout(Some(self.patience))
            .set_response_timeout(Some(self.patience))
            .set_push_sender(self.pushes.clone())
            .set_automatic_resubscription();
        let mut manager =
            ConnectionManager::new_with_config(self.client.clone(), config).await.map_err(failed)?;
        let memory: String =
            redis::cmd("INFO").arg("memory").query_async(&mut manager).await.map_err(failed)?;
        match memory.lines().find_map(|line| line.strip_prefix("maxmemory_policy:")).map(str::trim) {
            Some("noeviction") => Ok(manager),
            Some(policy) => Err(StoreError(format!(
                "may drop sessions when its memory is full: set `maxmemory-policy` to noeviction instead of {}",
                printable(policy, 40)
            ))),
            None => {
                Err(StoreError("does not say its `maxmemory-policy`, which has to be noeviction".to_owned()))
            }
        }
    }
}

fn client(options: &RedisOptions) -> Result<Client, RedisError> {
    let info = options.url.expose().into_connection_info()?;
    let settings = info.redis_settings().clone().set_protocol(ProtocolVersion::RESP3);
    let info = info.set_redis_settings(settings);
    let is_encrypted = matches!(info.addr(), redis::ConnectionAddr::TcpTls { .. });
    match options.certificate_authorities.is_empty() || !is_encrypted {
        true => Client::open(info),
        false => {
            let root_cert = Some(options.certificate_authorities.clone());
            Client::build_with_tls(info, TlsCertificates { client_tls: None, root_cert })
        }
    }
}

/// Returns why a command failed, as the end of a sentence that begins with the store
pub(super) fn failed(error: RedisError) -> StoreError {
    let text = printable(&error.to_string(), 300);
    StoreError(match () {
        () if error.is_timeout() => "did not respond in time".to_owned(),
        () if error.is_connection_refusal() => "refuses the connection".to_owned(),
        () if error.code() == Some("OOM") => "is full".to_owned(),
        () => format!("failed: {text}"),
    })
}
