//! The broker: accepts the connections of processes, and ends when it is idle.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::sessions::broker::connection;
use crate::sessions::broker::served::Served;
use crate::sessions::broker::transport;
use crate::sessions::broker::transport::BrokerListener;
use crate::sessions::shared_stores::SharedStores;

/// How long the broker waits when the system has no room for another connection
const PAUSE: Duration = Duration::from_millis(100);

/// A session store for the processes of one user on one machine
pub struct Broker {
    listener: BrokerListener,
    served: Arc<Served>,
}

impl Broker {
    /// Listens in a folder that only its user can enter
    ///
    /// The caller makes sure that no other broker uses the folder. Errors: the socket cannot be created.
    pub fn bind(folder: &Path) -> io::Result<Self> {
        Ok(Broker { listener: BrokerListener::bind(folder)?, served: Arc::new(Served::here()) })
    }

    /// The same for stores elsewhere, which the processes reach through this one; `name` is that in the operator's file
    pub fn bind_before(folder: &Path, name: String, stores: SharedStores) -> io::Result<Self> {
        let served = Arc::new(Served::elsewhere(name, stores));
        Ok(Broker { listener: BrokerListener::bind(folder)?, served })
    }

    /// Returns whether a broker accepts connections in a folder
    pub async fn is_running(folder: &Path) -> bool {
        matches!(transport::connect(folder).await, Ok(Some(_)))
    }

    /// Serves until no process has been connected for this time; without one, for ever
    ///
    /// It serves on while its memory has an idempotency key or a pause that the service asked for.
    pub async fn serve(mut self, idle: Option<Duration>) {
        let mut connections = JoinSet::new();
        let mut next: u64 = 0;
        loop {
            let is_idle = connections.is_empty();
            tokio::select! {
                accepted = self.listener.accept() => match accepted {
                    Ok(arrived) => {
                        next += 1;
                        let served = Arc::clone(&self.served);
                        connections.spawn(async move {
                            if let Some(stream) = transport::admit(arrived).await {
                                connection::serve(stream, next, served).await;
                            }
                        });
                    }
                    Err(_) => tokio::time::sleep(PAUSE).await,
                },
                _ = connections.join_next(), if !is_idle => {}
                () = rest(&self.served, idle.unwrap_or_default()), if is_idle && idle.is_some() => return,
            }
        }
    }
}

/// Waits for as long as a broker without connections stays
async fn rest(served: &Served, idle: Duration) {
    let idle = Instant::now() + idle;
    tokio::time::sleep_until(served.kept_until().map_or(idle, |kept| kept.max(idle))).await;
}
