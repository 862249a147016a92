//! The package as a program embeds it: bot runs, and the actions that they execute.

use std::sync::Arc;

use crate::contract::BotRunId;
use crate::contract::Error;
use crate::contract::Invocation;
use crate::contract::Outcome;
use crate::contract::Progress;
use crate::contract::Silent;
use crate::contract::Value;
use crate::dispatch::DeniedAction;
use crate::dispatch::Dispatcher;

/// The package: starts bot runs and executes their actions
///
/// A clone is the same package. Futures may run at once, on one thread or on many.
#[derive(Clone)]
pub struct Package {
    dispatcher: Arc<Dispatcher>,
}

impl Package {
    pub(super) fn new(dispatcher: Arc<Dispatcher>) -> Self {
        Package { dispatcher }
    }

    /// Starts a bot run, the root of a run tree of its own
    ///
    /// # Errors
    ///
    /// No root fails to start today; a limit on bot runs would be an error here.
    pub fn start_bot_run(&self) -> Result<BotRun, Error> {
        self.start(None)
    }

    fn start(&self, parent: Option<&BotRunId>) -> Result<BotRun, Error> {
        let id = BotRunId::mint();
        self.dispatcher.start(&id, parent)?;
        Ok(BotRun { package: self.clone(), id })
    }

    /// Returns the actions that the operator's policy denies in every call, each with its refusal
    pub fn denied_actions(&self) -> Vec<DeniedAction> {
        self.dispatcher.policy().denied_actions()
    }

    /// Executes an action and reports its progress
    ///
    /// The future is the action: dropping it cuts the action off. A request that changes something is then never
    /// sent again.
    pub async fn execute(&self, invocation: Invocation, progress: &dyn Progress) -> Outcome {
        self.dispatcher.execute(invocation, progress).await
    }
}

/// One execution of a bot, which owns its local sessions; a root owns the global sessions of its tree
///
/// The bot run ends when this is dropped, and its sessions are closed.
pub struct BotRun {
    package: Package,
    id: BotRunId,
}

impl BotRun {
    /// The id of the bot run, for an [`Invocation`]
    pub fn id(&self) -> &BotRunId {
        &self.id
    }

    /// Starts a child of this bot run, which shares its global sessions
    ///
    /// # Errors
    ///
    /// `bot_run.ended` if the tree has ended.
    pub fn start_child(&self) -> Result<BotRun, Error> {
        self.package.start(Some(&self.id))
    }

    /// Executes an action with these inputs
    ///
    /// Connect puts its session under the name `Default` of this bot run; for another place see [`Invocation::target`].
    ///
    /// # Errors
    ///
    /// A [`Failure`](crate::Failure) with the error of the action and the number of requests that were sent.
    pub async fn execute<N: Into<String>, V: Into<Value>>(
        &self,
        action: &str,
        inputs: impl IntoIterator<Item = (N, V)>,
    ) -> Outcome {
        let inputs = inputs.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        self.package.execute(Invocation::new(self.id.clone(), action, inputs), &Silent).await
    }
}

impl Drop for BotRun {
    fn drop(&mut self) {
        // It is known, and ending it twice closes nothing.
        let _ = self.package.dispatcher.end(&self.id);
    }
}
