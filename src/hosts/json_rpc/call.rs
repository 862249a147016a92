//! Executes one `action/execute` request.

use tokio_util::sync::CancellationToken;

use crate::contract::Invocation;
use crate::contract::Progress;
use crate::dispatch::Dispatcher;
use crate::hosts::json_rpc::host::Host;
use crate::hosts::json_rpc::messages::error_response;
use crate::hosts::json_rpc::messages::notification;
use crate::hosts::json_rpc::messages::response;
use crate::hosts::json_rpc::protocol::Progressed;
use crate::hosts::json_rpc::protocol::RequestId;

/// Runs an action and sends the response
pub(super) async fn call(
    dispatcher: &Dispatcher,
    host: &Host,
    id: &RequestId,
    invocation: Invocation,
    cancelled: CancellationToken,
) {
    let progress = CallProgress { host, id };
    let line = match dispatcher.execute_until(invocation, &progress, cancelled.cancelled()).await {
        Ok(success) => response(id, success),
        Err(failure) => error_response(Some(id), failure.into()),
    };
    host.outbox().send(line).await;
}

/// Reports the progress of an action to the host; notifications are dropped if the host reads too slowly
struct CallProgress<'a> {
    host: &'a Host,
    id: &'a RequestId,
}

impl Progress for CallProgress<'_> {
    fn report(&self, message: &str) {
        let _ = self.host.outbox().try_send(notification("$/progress", Progressed { id: self.id, message }));
    }
}
