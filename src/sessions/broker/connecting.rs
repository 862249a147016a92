//! How a process gets its connection to the broker, and starts one if the operator lets it.

use std::future::Future;
use std::io;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::AsyncBufRead;
use tokio::io::BufReader;
use tokio::io::ReadHalf;
use tokio::io::WriteHalf;

use crate::sessions::broker::message::BrokerLine;
use crate::sessions::broker::message::PROTOCOL;
use crate::sessions::broker::message::read_line;
use crate::sessions::broker::served::OWN_MEMORY;
use crate::sessions::broker::transport;
use crate::sessions::broker::transport::ClientStream;
use crate::sessions::sharing::StoreError;

/// How often a connection is tried when a broker ends just then
const ATTEMPTS: usize = 3;

/// Starts a broker; the future is done when it can be reached
pub type StartBroker = Arc<dyn Fn() -> Pin<Box<dyn Future<Output = io::Result<()>> + Send>> + Send + Sync>;

/// The settings of the store in a broker
#[derive(Clone)]
pub struct BrokerOptions {
    /// The folder with the broker's socket
    pub folder: PathBuf,
    /// The store that the broker has to serve, as the operator's file names it
    pub store: String,
    /// Starts a broker if none is running
    pub start: Option<StartBroker>,
    /// How long a broker may take to respond
    pub patience: Duration,
    /// How long a broker may take to start
    pub start_limit: Duration,
}

impl BrokerOptions {
    /// Returns the settings for the broker of a folder that holds the sessions itself, and is not started on demand: 2 s for
    /// a response, 10 s for a start
    pub fn new(folder: PathBuf) -> Self {
        BrokerOptions {
            folder,
            store: OWN_MEMORY.to_owned(),
            start: None,
            patience: Duration::from_secs(2),
            start_limit: Duration::from_secs(10),
        }
    }
}

/// The two halves of a connection to a broker
pub(super) type Halves = (BufReader<ReadHalf<ClientStream>>, WriteHalf<ClientStream>);

/// Connects to the broker; one is started only if it is needed now
pub(super) async fn connect(options: &BrokerOptions, is_needed: bool) -> Result<Halves, StoreError> {
    for _ in 0..ATTEMPTS {
        if let Some(stream) = transport::connect(&options.folder).await? {
            let (read, write) = tokio::io::split(stream);
            let mut read = BufReader::new(read);
            let greeted = tokio::time::timeout(options.patience, greet(&mut read, &options.store)).await;
            if greeted.map_err(|_| StoreError("did not respond in time".to_owned()))?? {
                return Ok((read, write));
            }
        }
        let start = options.start.as_ref().filter(|_| is_needed).ok_or_else(not_running)?;
        match tokio::time::timeout(options.start_limit, start()).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => return Err(StoreError(format!("is a broker that cannot be started: {error}"))),
            Err(_) => return Err(StoreError("is a broker that did not start in time".to_owned())),
        }
    }
    Err(not_running())
}

fn not_running() -> StoreError {
    StoreError("is a broker that is not running: start `azdo-bot broker`".to_owned())
}

/// Reads the first line of a broker; returns false if it has just ended
async fn greet(read: &mut (impl AsyncBufRead + Unpin), store: &str) -> Result<bool, StoreError> {
    let mut line = Vec::new();
    match read_line(read, &mut line).await {
        Some(BrokerLine::Hello { protocol: PROTOCOL, store: served, .. }) if served == store => Ok(true),
        Some(BrokerLine::Hello { protocol: PROTOCOL, .. }) => Err(StoreError(
            "is a broker of another `store` than the operator's file names: end it, and start one with this file"
                .to_owned(),
        )),
        Some(BrokerLine::Hello { .. }) => Err(StoreError(
            "is a broker of another version of azdo-bot: end it, and start the one of this version"
                .to_owned(),
        )),
        None if line.is_empty() => Ok(false),
        _ => Err(garbage()),
    }
}

pub(super) fn garbage() -> StoreError {
    StoreError("responded with something that no broker sends".to_owned())
}
