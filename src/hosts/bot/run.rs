//! Runs a checked bot: bot runs begin and end here, whatever happens in them.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;

use tokio_util::sync::CancellationToken;

use crate::contract::BotRunId;
use crate::contract::Dictionary;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Invocation;
use crate::contract::Masker;
use crate::contract::SessionHandle;
use crate::contract::Success;
use crate::contract::Value;
use crate::dispatch::Dispatcher;
use crate::hosts::bot::checker::TargetVariable;
use crate::hosts::bot::expression::failed;
use crate::hosts::bot::folder::Folder;
use crate::hosts::bot::location::Fault;
use crate::hosts::bot::location::Location;
use crate::hosts::bot::nodes::Failed;
use crate::hosts::bot::nodes::run_block;
use crate::hosts::bot::observer::ActionCall;
use crate::hosts::bot::observer::CallProgress;
use crate::hosts::bot::observer::Observer;
use crate::hosts::bot::observer::Reporter;
use crate::hosts::bot::program::Bot;
use crate::hosts::bot::program::Program;
use crate::hosts::bot::variable_scope::VariableScope;
use crate::hosts::bot::variables::VariableKind;
use crate::hosts::bot::variables::check_nesting;

/// How a run went
#[derive(Debug)]
pub struct Summary {
    /// The root's bot run
    pub bot_run: BotRunId,
    /// The root's output variables, or what it failed with and where
    pub result: Result<Dictionary, Fault>,
    /// Actions of this package that were called, those that failed among them
    pub actions: u64,
    /// Sessions that were opened, in all bots
    pub sessions_opened: usize,
    /// Of these, those that the flow closed itself
    pub sessions_closed_by_flow: usize,
    /// Of these, those that the end of a bot run closed
    pub sessions_closed_at_end: usize,
    /// Requests that were sent
    pub requests: u64,
    /// What masked all this, for a screen that cuts it
    pub masker: Arc<Masker>,
}

/// Runs a program to its end
///
/// Its bot runs are ended in every case, also when the future is dropped; the sessions they own are
/// closed with them. A future that is dropped runs no `finally`: to stop a bot is to stop it.
pub async fn run(
    program: &Program,
    dispatcher: &Dispatcher,
    inputs: Dictionary,
    observer: &dyn Observer,
) -> Summary {
    run_until(program, dispatcher, inputs, observer, std::future::pending()).await
}

/// The same, cut off when `stopped` resolves
///
/// Then the action in flight is cut off, answered and written down, and what became of it is the run's result; nothing
/// that comes behind it is run.
pub async fn run_until(
    program: &Program,
    dispatcher: &Dispatcher,
    inputs: Dictionary,
    observer: &dyn Observer,
    stopped: impl Future<Output = ()>,
) -> Summary {
    let id = BotRunId::mint();
    let failed = |error| Failed::at(&Location::file(program.file()), error);
    let started = program
        .root_scope(&inputs)
        .and_then(|scope| Ok((scope, BotRun::start(dispatcher, id.clone(), None)?)))
        .and_then(|(scope, run)| Ok((scope, run, dispatcher.masker(&id)?)));
    let (scope, run, masker) = match started {
        Ok(started) => started,
        Err(error) => return Totals::default().summary(id, Err(failed(error)), Arc::default()),
    };
    let engine = Engine {
        program,
        dispatcher,
        reporter: Reporter::new(observer, masker),
        totals: Mutex::new(Totals::default()),
        stop: CancellationToken::new(),
        at_work: tokio::sync::Mutex::default(),
    };
    let result = tokio::select! {
        result = run_bot(&engine, program.root(), run, scope) => result.map(|outputs| engine.shown(outputs)),
        failed = engine.stop(&id, stopped) => Err(failed),
    };
    let masker = engine.reporter.masker().clone();
    engine.totals.into_inner().unwrap_or_else(PoisonError::into_inner).summary(id, result, masker)
}

/// What all bots of a run share
struct Engine<'a> {
    program: &'a Program,
    dispatcher: &'a Dispatcher,
    reporter: Reporter<'a>,
    totals: Mutex<Totals>,
    /// No action begins any more
    stop: CancellationToken,
    /// Held while an action is in flight; it keeps what one that was stopped failed with
    at_work: tokio::sync::Mutex<Option<Failed>>,
}

/// What a summary counts
#[derive(Default)]
struct Totals {
    actions: u64,
    requests: u64,
    opened: HashSet<SessionHandle>,
    closed_at_end: usize,
}

/// A bot run that ends when it goes out of sight
struct BotRun<'a> {
    dispatcher: &'a Dispatcher,
    id: BotRunId,
}

/// A bot at work
pub(super) struct Frame<'a> {
    engine: &'a Engine<'a>,
    pub(super) bot: &'a Bot,
    pub(super) run: BotRunId,
    pub(super) scope: VariableScope,
}

async fn run_bot(
    engine: &Engine<'_>,
    bot: &Bot,
    run: BotRun<'_>,
    scope: VariableScope,
) -> Result<Dictionary, Failed> {
    let frame = Frame { engine, bot, run: run.id.clone(), scope };
    let result = run_block(&bot.nodes, &frame).await.map(|_| bot.outputs(&frame.scope));
    let closed = run.end();
    engine.totals().closed_at_end += closed.len();
    engine.reporter.bot_ended(&bot.name, &closed);
    result
}

impl<'a> BotRun<'a> {
    fn start(dispatcher: &'a Dispatcher, id: BotRunId, parent: Option<&BotRunId>) -> Result<Self, Error> {
        dispatcher.start(&id, parent)?;
        Ok(BotRun { dispatcher, id })
    }

    /// Ends it and tells which sessions that closed, in words
    fn end(self) -> Vec<String> {
        // Only a bot run that never started cannot end, and this one has.
        self.dispatcher.end(&self.id).unwrap_or_default()
    }
}

impl Drop for BotRun<'_> {
    fn drop(&mut self) {
        // Ending twice closes nothing, so the orderly end needs no mark.
        let _ = self.dispatcher.end(&self.id);
    }
}

impl Engine<'_> {
    fn totals(&self) -> MutexGuard<'_, Totals> {
        self.totals.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// When it is asked for, ends what is in flight and then every bot run; gives back what the run failed with
    async fn stop(&self, root: &BotRunId, asked: impl Future<Output = ()>) -> Failed {
        asked.await;
        self.stop.cancel();
        self.dispatcher.end_soon();
        let in_flight = self.at_work.lock().await.take();
        let closed = self.dispatcher.end(root).unwrap_or_default();
        self.totals().closed_at_end += closed.len();
        self.reporter.bot_ended(&self.program.root().name, &closed);
        in_flight.unwrap_or_else(|| {
            let error = Error::new(ErrorCode::Cancelled, "the bot was interrupted; its sessions are closed");
            Failed::at(&Location::file(self.program.file()), error)
        })
    }

    /// The root's outputs as they may be shown
    fn shown(&self, mut outputs: Dictionary) -> Dictionary {
        let variables = &self.program.root().variables;
        outputs.retain(|name, _| {
            !matches!(variables[name].kind, VariableKind::Credential | VariableKind::Session(_))
        });
        outputs.values_mut().for_each(|value| self.reporter.masker().mask_value(value));
        outputs
    }
}

impl Totals {
    fn summary(self, bot_run: BotRunId, result: Result<Dictionary, Failed>, masker: Arc<Masker>) -> Summary {
        let opened = self.opened.len();
        Summary {
            bot_run,
            result: result.map_err(|failed| Fault { place: failed.origin, error: failed.error }),
            actions: self.actions,
            sessions_opened: opened,
            sessions_closed_by_flow: opened.saturating_sub(self.closed_at_end),
            sessions_closed_at_end: self.closed_at_end,
            requests: self.requests,
            masker,
        }
    }
}

impl<'a> Frame<'a> {
    pub(super) fn reporter(&self) -> &Reporter<'a> {
        &self.engine.reporter
    }

    pub(super) fn folder(&self) -> &Folder {
        &self.engine.program.folder
    }

    /// A bot of the program by its number
    pub(super) fn bot(&self, number: usize) -> &'a Bot {
        &self.engine.program.bots[number]
    }

    /// Puts a result into a variable, if one takes it
    pub(super) fn assign(&self, target: Option<&TargetVariable>, value: Value) -> Result<(), Error> {
        let Some(target) = target else { return Ok(()) };
        check_nesting(&target.name, &value, 0)?;
        let got = value.kind();
        let kept = target.kind.keep(value).ok_or_else(|| {
            failed(format!("\"{}\" is {}, which cannot hold {got}", target.name, target.kind))
        })?;
        self.scope.set(&target.name, kept);
        Ok(())
    }

    /// Runs a child bot from its start to its end
    pub(super) async fn run_child(
        &self,
        child: usize,
        place: &Location,
        scope: VariableScope,
    ) -> Result<Dictionary, Failed> {
        let bot = self.bot(child);
        let run = BotRun::start(self.engine.dispatcher, BotRunId::mint(), Some(&self.run))
            .map_err(|error| Failed::at(place, error))?;
        self.reporter().child_started(place, &bot.name);
        run_bot(self.engine, bot, run, scope).await
    }

    /// Runs an action, and tells and counts what it does
    pub(super) async fn execute(
        &self,
        call: &ActionCall<'_>,
        invocation: Invocation,
    ) -> Result<Success, Error> {
        let (reporter, stop) = (self.reporter(), &self.engine.stop);
        let mut at_work = self.engine.at_work.lock().await;
        if stop.is_cancelled() {
            drop(at_work);
            return std::future::pending().await;
        }
        reporter.action_started(call);
        let progress = CallProgress { reporter, call: *call };
        let outcome = self.engine.dispatcher.execute_until(invocation, &progress, stop.cancelled()).await;
        let requests = match &outcome {
            Ok(success) => success.requests,
            Err(failure) => failure.requests,
        };
        {
            let mut totals = self.engine.totals();
            totals.actions += 1;
            totals.requests += requests;
            totals.opened.extend(outcome.iter().filter_map(|success| success.session));
        }
        reporter.action_finished(call, outcome.as_ref().err().map(|failure| &failure.error), requests);
        let outcome = outcome.map_err(|failure| failure.error);
        if stop.is_cancelled() {
            *at_work = outcome.err().map(|error| Failed::at(call.place, error));
            drop(at_work);
            return std::future::pending().await;
        }
        let success = outcome?;
        for warning in &success.warnings {
            reporter.warning_of_action(call.place, warning);
        }
        Ok(success)
    }
}
