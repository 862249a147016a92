//! One `action/execute` from its first step to its answer.

use tokio_util::sync::CancellationToken;

use crate::contract::Failure;
use crate::contract::Invocation;
use crate::contract::Masker;
use crate::contract::Progress;
use crate::dispatch::Dispatcher;
use crate::hosts::json_rpc::host::Host;
use crate::hosts::json_rpc::host::answer;
use crate::hosts::json_rpc::host::notification;
use crate::hosts::json_rpc::host::refusal;
use crate::hosts::json_rpc::mask::masked_error;
use crate::hosts::json_rpc::mask::masked_success;
use crate::package::Progressed;
use crate::package::RequestId;

/// Runs an action and answers its request, once
pub(super) async fn call(
    dispatcher: &Dispatcher,
    host: &Host,
    id: &RequestId,
    invocation: Invocation,
    cancelled: CancellationToken,
) {
    // Taken beforehand: when the answer is made, the bot run may have ended. One that never started
    // has nothing to hide.
    let masker = dispatcher.masker(&invocation.bot_run).unwrap_or_default();
    let progress = CallProgress { host, id, masker: &masker };
    let line = match dispatcher.execute_until(invocation, &progress, cancelled.cancelled()).await {
        Ok(success) => answer(id, masked_success(&masker, success)),
        Err(Failure { error, requests }) => {
            refusal(Some(id), Failure { error: masked_error(&masker, error), requests }.into())
        }
    };
    host.outbox().send(line).await;
}

/// Tells the host where an action is; what it is too slow to read is left out
struct CallProgress<'a> {
    host: &'a Host,
    id: &'a RequestId,
    masker: &'a Masker,
}

impl Progress for CallProgress<'_> {
    fn report(&self, message: &str) {
        let message = &*self.masker.mask(message);
        let _ = self.host.outbox().try_send(notification("$/progress", Progressed { id: self.id, message }));
    }
}
