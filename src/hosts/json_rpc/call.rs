//! One `action/execute` from its first step to its answer.

use tokio_util::sync::CancellationToken;

use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Failure;
use crate::contract::Invocation;
use crate::contract::Masker;
use crate::contract::Outcome;
use crate::contract::Progress;
use crate::dispatch::Dispatcher;
use crate::hosts::json_rpc::host::Host;
use crate::hosts::json_rpc::host::answer;
use crate::hosts::json_rpc::host::notification;
use crate::hosts::json_rpc::host::refusal;
use crate::hosts::json_rpc::mask::masked_error;
use crate::hosts::json_rpc::mask::masked_success;
use crate::package;
use crate::package::Effect;
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
    let line = match run(dispatcher, invocation, &progress, cancelled).await {
        Ok(success) => answer(id, masked_success(&masker, success)),
        Err(Failure { error, requests }) => {
            refusal(Some(id), Failure { error: masked_error(&masker, error), requests }.into())
        }
    };
    host.outbox().send(line).await;
}

/// The dispatcher's outcome, or the host's word that it wants none
///
/// A call that is dropped cannot say which of its requests left. So a reading action was cancelled, and
/// any other that has begun may have been carried out.
async fn run(
    dispatcher: &Dispatcher,
    invocation: Invocation,
    progress: &dyn Progress,
    cancelled: CancellationToken,
) -> Outcome {
    let card = package::action(&invocation.action);
    let (name, changes) =
        card.map_or(("the action", false), |card| (card.words, card.effect != Effect::Reads));
    if cancelled.is_cancelled() {
        return Err(cut_off(name, false));
    }
    tokio::select! {
        biased;
        outcome = dispatcher.execute(invocation, progress) => outcome,
        () = cancelled.cancelled() => Err(cut_off(name, changes)),
    }
}

fn cut_off(name: &'static str, may_have_changed: bool) -> Failure {
    let (code, message) = if may_have_changed {
        let message =
            format!("{name} was cancelled by the host while it worked; it may have been carried out");
        (ErrorCode::ServiceOutcomeUnknown, message)
    } else {
        (ErrorCode::Cancelled, format!("{name} was cancelled by the host"))
    };
    Failure { error: Error::new(code, message).operation(name), requests: 0 }
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
