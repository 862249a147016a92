//! The host at the other end of the line: what is said to it, and what it is asked.

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

/// The host that reads what this process writes
pub struct Host {
    outbox: Outbox,
    questions: Mutex<Questions>,
    capabilities: OnceLock<HostCapabilities>,
}

/// Questions of ours that are not answered yet
#[derive(Default)]
struct Questions {
    asked: u64,
    open: HashMap<String, oneshot::Sender<Option<Value>>>,
}

/// Why a question has no result
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unanswered {
    /// The host answered with an error
    RefusedLine,
    /// The time was up
    Late,
}

impl Host {
    /// The host that reads standard output; nothing is written before it asks
    ///
    /// Errors: there is no standard output, or the thread that writes cannot be started.
    pub fn on_stdout() -> io::Result<Arc<Self>> {
        Self::new(Stdout::new()?)
    }

    fn new(output: impl OutputPipe) -> io::Result<Arc<Self>> {
        Ok(Arc::new(Host {
            outbox: Outbox::new(output)?,
            questions: Mutex::default(),
            capabilities: OnceLock::new(),
        }))
    }

    pub(super) fn outbox(&self) -> &Outbox {
        &self.outbox
    }

    /// Whether this credential is the host's to hand out
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

    /// What the host said of itself; it says so once
    pub(super) fn set_capabilities(&self, capabilities: HostCapabilities) {
        let _ = self.capabilities.set(capabilities);
    }

    /// Asks the host something and waits for its answer, no longer than the limit
    pub(super) async fn ask(
        &self,
        method: &'static str,
        params: impl Serialize,
        limit: Duration,
    ) -> Result<Value, Unanswered> {
        let (sender, answered) = oneshot::channel();
        let question = Question::open(self, sender);
        let line = request(&question.id, method, params);
        let work = async {
            self.outbox.send(line).await;
            answered.await.ok().flatten().ok_or(Unanswered::RefusedLine)
        };
        tokio::time::timeout(limit, work).await.unwrap_or(Err(Unanswered::Late))
    }

    /// Hands an answer to whoever asked; one that nobody waits for is dropped
    pub(super) fn answered(&self, id: &RequestId, result: Option<Value>) {
        let RequestId::Text(id) = id else { return };
        if let Some(asker) = self.questions().open.remove(id) {
            let _ = asker.send(result);
        }
    }

    fn questions(&self) -> MutexGuard<'_, Questions> {
        self.questions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A question under way; forgotten when nobody waits for it any more
struct Question<'a> {
    host: &'a Host,
    id: String,
}

impl<'a> Question<'a> {
    fn open(host: &'a Host, asker: oneshot::Sender<Option<Value>>) -> Self {
        let mut questions = host.questions();
        questions.asked += 1;
        let id = format!("c{}", questions.asked);
        questions.open.insert(id.clone(), asker);
        Question { host, id }
    }
}

impl Drop for Question<'_> {
    fn drop(&mut self) {
        self.host.questions().open.remove(&self.id);
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
    async fn a_question_without_an_answer_ends_in_time_and_is_forgotten() {
        let host = Host::new(io::sink()).unwrap();
        let answer = host.ask("credential/resolve", (), Duration::from_secs(3)).await;
        assert_eq!(answer.unwrap_err(), Unanswered::Late);
        assert!(host.questions().open.is_empty());
    }
}
