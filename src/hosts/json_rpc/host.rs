//! The host at the other end of the connection: lines are sent to it, and it answers requests of this process.

use std::collections::HashMap;
use std::io;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::OnceLock;
use std::sync::PoisonError;
use std::time::Duration;

use serde::Serialize;
use tokio::sync::oneshot;

use crate::contract::Value;
use crate::hosts::json_rpc::messages::request;
use crate::hosts::json_rpc::protocol::HostCapabilities;
use crate::hosts::json_rpc::protocol::NamedCredential;
use crate::hosts::json_rpc::protocol::RequestId;
use crate::hosts::json_rpc::stdio::Outbox;
use crate::hosts::json_rpc::stdio::OutputPipe;
use crate::hosts::json_rpc::stdio::Stdout;

/// The host that started this process
pub struct Host {
    outbox: Outbox,
    pending: Mutex<PendingRequests>,
    capabilities: OnceLock<HostCapabilities>,
}

/// Requests to the host that are not answered yet
#[derive(Default)]
struct PendingRequests {
    sent: u64,
    open: HashMap<String, oneshot::Sender<Option<Value>>>,
}

/// Why a request to the host has no result
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RequestError {
    /// The host returned an error
    Rejected,
    /// The host did not respond in time
    TimedOut,
}

impl Host {
    /// Connects to the host on standard output; nothing is written before the first request of the host
    ///
    /// Errors: there is no standard output, or the writer thread cannot be started.
    pub fn on_stdout() -> io::Result<Arc<Self>> {
        Self::new(Stdout::new()?)
    }

    fn new(output: impl OutputPipe) -> io::Result<Arc<Self>> {
        Ok(Arc::new(Host {
            outbox: Outbox::new(output)?,
            pending: Mutex::default(),
            capabilities: OnceLock::new(),
        }))
    }

    pub(super) fn outbox(&self) -> &Outbox {
        &self.outbox
    }

    /// Returns whether the host provides this credential
    pub(super) fn owns(&self, credential: &NamedCredential) -> bool {
        let Some(HostCapabilities { credentials: true, lockers }) = self.capabilities.get() else {
            return false;
        };
        match (lockers, credential) {
            (None, _) => true,
            (Some(lockers), NamedCredential::Locker { locker_name, .. }) => lockers.contains(locker_name),
            (Some(_), NamedCredential::Reference { .. }) => false,
        }
    }

    /// Returns whether the credential is in one of the lockers that the host lists, which another host need not have
    pub(super) fn names(&self, credential: &NamedCredential) -> bool {
        let lists = self.capabilities.get().is_some_and(|capabilities| capabilities.lockers.is_some());
        lists && self.owns(credential)
    }

    /// Sets the capabilities of the host, once
    pub(super) fn set_capabilities(&self, capabilities: HostCapabilities) {
        let _ = self.capabilities.set(capabilities);
    }

    /// Sends a request to the host and waits for the response, at most for the time limit
    pub(super) async fn request(
        &self,
        method: &'static str,
        params: impl Serialize,
        limit: Duration,
    ) -> Result<Value, RequestError> {
        let (sender, response) = oneshot::channel();
        let pending_request = PendingRequest::open(self, sender);
        let line = request(&pending_request.id, method, params);
        let work = async {
            self.outbox.send(line).await;
            response.await.ok().flatten().ok_or(RequestError::Rejected)
        };
        tokio::time::timeout(limit, work).await.unwrap_or(Err(RequestError::TimedOut))
    }

    /// Completes the request with this ID; a response to no pending request is dropped
    pub(super) fn complete(&self, id: &RequestId, result: Option<Value>) {
        let RequestId::Text(id) = id else { return };
        if let Some(sender) = self.pending().open.remove(id) {
            let _ = sender.send(result);
        }
    }

    fn pending(&self) -> MutexGuard<'_, PendingRequests> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A pending request, which is removed when it is dropped
struct PendingRequest<'a> {
    host: &'a Host,
    id: String,
}

impl<'a> PendingRequest<'a> {
    fn open(host: &'a Host, sender: oneshot::Sender<Option<Value>>) -> Self {
        let mut pending = host.pending();
        pending.sent += 1;
        let id = format!("c{}", pending.sent);
        pending.open.insert(id.clone(), sender);
        PendingRequest { host, id }
    }
}

impl Drop for PendingRequest<'_> {
    fn drop(&mut self) {
        self.host.pending().open.remove(&self.id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl OutputPipe for io::Sink {
        fn takes(&self, _bytes: usize) -> bool {
            true
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_request_without_a_response_times_out_and_is_removed() {
        let host = Host::new(io::sink()).unwrap();
        let answer = host.request("credential/resolve", (), Duration::from_secs(3)).await;
        assert_eq!(answer.unwrap_err(), RequestError::TimedOut);
        assert!(host.pending().open.is_empty());
    }
}
