//! Progress reports of a call, on their way to the client.

use tokio::sync::mpsc;

use crate::contract::Progress;

/// How many reports wait for a client that reads slowly; further ones are dropped
const WAITING: usize = 8;

/// Takes the reports of an action, without waiting
pub(super) struct Reports(mpsc::Sender<String>);

/// Returns both ends
pub(super) fn reports() -> (Reports, mpsc::Receiver<String>) {
    let (sender, receiver) = mpsc::channel(WAITING);
    (Reports(sender), receiver)
}

impl Progress for Reports {
    fn report(&self, message: &str) {
        let _ = self.0.try_send(message.to_owned());
    }
}
