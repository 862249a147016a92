//! What all bots of a run share: the dispatcher, the reporter, the totals, and stopping the run.

use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;

use tokio_util::sync::CancellationToken;

use crate::contract::BotRunId;
use crate::contract::Dictionary;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Invocation;
use crate::contract::Success;
use crate::dispatch::Dispatcher;
use crate::hosts::bot::folder::Folder;
use crate::hosts::bot::location::Location;
use crate::hosts::bot::observe::ActionCall;
use crate::hosts::bot::observe::CallProgress;
use crate::hosts::bot::observe::Reporter;
use crate::hosts::bot::run::Bot;
use crate::hosts::bot::run::Failed;
use crate::hosts::bot::run::Summary;
use crate::hosts::bot::run::Totals;
use crate::hosts::bot::values::VariableKind;

/// The shared state of all bots of a run
pub(crate) struct Engine<'a> {
    /// The bots of the program, the root first
    pub(crate) bots: &'a [Bot],
    pub(crate) folder: &'a Folder,
    pub(crate) dispatcher: &'a Dispatcher,
    pub(crate) reporter: Reporter<'a>,
    /// Whether a pause of the flow takes its time
    delays: bool,
    totals: Mutex<Totals>,
    /// Cancelled when no further action may start
    stop: CancellationToken,
    /// Locked while an action is in flight; it holds the error of an action that was stopped
    in_flight: tokio::sync::Mutex<Option<Failed>>,
}

impl<'a> Engine<'a> {
    /// Creates the engine of a run of these bots
    pub(crate) fn new(
        bots: &'a [Bot],
        folder: &'a Folder,
        dispatcher: &'a Dispatcher,
        reporter: Reporter<'a>,
    ) -> Self {
        Engine {
            bots,
            folder,
            dispatcher,
            reporter,
            delays: true,
            totals: Mutex::default(),
            stop: CancellationToken::new(),
            in_flight: tokio::sync::Mutex::default(),
        }
    }

    /// Sets whether a pause of the flow takes its time
    pub(crate) fn with_delays(self, delays: bool) -> Self {
        Engine { delays, ..self }
    }

    /// Returns whether a pause of the flow takes its time
    pub(crate) fn delays(&self) -> bool {
        self.delays
    }

    fn root(&self) -> &Bot {
        self.bots.first().expect("a program has its root")
    }

    /// Counts and reports the end of a bot run
    pub(crate) fn bot_ended(&self, bot: &Bot, closed: &[String]) {
        self.totals().closed_at_end += closed.len();
        self.reporter.bot_ended(&bot.name, closed);
    }

    /// Returns the summary of the run
    pub(crate) fn summary(self, bot_run: BotRunId, result: Result<Dictionary, Failed>) -> Summary {
        let masker = self.reporter.masker().clone();
        self.totals.into_inner().unwrap_or_else(PoisonError::into_inner).summary(bot_run, result, masker)
    }

    fn totals(&self) -> MutexGuard<'_, Totals> {
        self.totals.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for `stopped`, ends the action in flight and every bot run, and returns the error of the run
    pub(crate) async fn stop(&self, root: &BotRunId, stopped: impl Future<Output = ()>) -> Failed {
        stopped.await;
        self.stop.cancel();
        self.dispatcher.end_soon();
        let failed = self.in_flight.lock().await.take();
        let closed = self.dispatcher.end(root).unwrap_or_default();
        self.bot_ended(self.root(), &closed);
        failed.unwrap_or_else(|| {
            let error = Error::new(ErrorCode::Cancelled, "the bot was interrupted; its sessions are closed");
            Failed::at(&Location::file(&self.root().file), error)
        })
    }

    /// Returns the outputs of the root without credentials and sessions, masked
    pub(crate) fn shown(&self, mut outputs: Dictionary) -> Dictionary {
        let variables = &self.root().variables;
        outputs.retain(|name, _| {
            !matches!(variables[name].kind, VariableKind::Credential | VariableKind::Session(_))
        });
        outputs.values_mut().for_each(|value| self.reporter.masker().mask_value(value));
        outputs
    }

    /// Runs an action, reports its events and counts its requests
    pub(crate) async fn execute(
        &self,
        call: &ActionCall<'_>,
        invocation: Invocation,
    ) -> Result<Success, Error> {
        let (reporter, stop) = (&self.reporter, &self.stop);
        let mut in_flight = self.in_flight.lock().await;
        if stop.is_cancelled() {
            drop(in_flight);
            return std::future::pending().await;
        }
        reporter.action_started(call);
        let progress = CallProgress { reporter, call: *call };
        let outcome = self.dispatcher.execute_until(invocation, &progress, stop.cancelled()).await;
        let requests = match &outcome {
            Ok(success) => success.requests,
            Err(failure) => failure.requests,
        };
        {
            let mut totals = self.totals();
            totals.actions += 1;
            totals.requests += requests;
            totals.opened.extend(outcome.iter().filter_map(|success| success.session));
        }
        let ended = outcome.as_ref().map(|success| &success.outputs).map_err(|failure| &failure.error);
        reporter.action_finished(call, ended, requests);
        let outcome = outcome.map_err(|failure| failure.error);
        if stop.is_cancelled() {
            *in_flight = outcome.err().map(|error| Failed::at(call.place, error));
            drop(in_flight);
            return std::future::pending().await;
        }
        let success = outcome?;
        for warning in &success.warnings {
            reporter.warning_of_action(call.place, warning);
        }
        Ok(success)
    }
}
