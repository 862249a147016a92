//! From invocation to outcome: finds the action, decodes its inputs, runs it within its time limit, and writes the
//! audit record.

mod audit;
mod capacity;
#[cfg(feature = "mcp")]
mod open_sessions;
mod policy;
mod run_trees;

use std::convert::Infallible;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::OnceLock;
use std::time::Duration;

use futures_util::FutureExt as _;
use tokio::time::Instant;

use crate::actions;
use crate::actions::Context;
use crate::actions::Entry;
use crate::actions::Notes;
use crate::actions::Services;
use crate::contract::AuditHost;
use crate::contract::AuditSink;
use crate::contract::BotRunId;
use crate::contract::Call;
use crate::contract::Dictionary;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Failure;
use crate::contract::Invocation;
use crate::contract::Masker;
use crate::contract::Outcome;
use crate::contract::Progress;
use crate::contract::Retry;
use crate::contract::Success;
use crate::contract::printable;
use crate::dispatch::audit::CallTrail;
pub use crate::dispatch::audit::ProcessOrigin;
use crate::dispatch::audit::RecordParts;
use crate::dispatch::audit::Recorder;
use crate::dispatch::audit::not_begun;
use crate::dispatch::audit::unrecorded;
use crate::dispatch::capacity::Capacity;
#[cfg(feature = "mcp")]
pub use crate::dispatch::open_sessions::SessionSummary;
pub use crate::dispatch::policy::DeniedAction;
use crate::dispatch::policy::LimitUsage;
pub use crate::dispatch::policy::NamedActions;
pub use crate::dispatch::policy::Policy;
pub use crate::dispatch::policy::PolicyLimits;
pub use crate::dispatch::policy::PolicyRules;
pub use crate::files::Folders;
use crate::sessions::ClosedSession;

/// The maximum length of a progress report, in characters
const LONGEST_REPORT: usize = 1000;

/// Runs actions for the bot runs of a process
///
/// Everything that it returns is masked here, for all hosts: outputs, warnings, progress, errors and the sessions
/// closed by the end of a bot run. It spawns nothing: an action runs inside the caller's future and ends when that is
/// dropped.
pub struct Dispatcher {
    services: Services,
    policy: Policy,
    usage: LimitUsage,
    capacity: Capacity,
    audit: Option<Recorder>,
    origin: ProcessOrigin,
    host: OnceLock<AuditHost>,
}

impl Dispatcher {
    /// Creates a dispatcher that allows every action; without an audit sink, no audit records are written
    pub fn new(services: Services, audit: Option<Box<dyn AuditSink>>) -> Self {
        Self::with_policy(services, Policy::default(), audit)
    }

    /// Creates a dispatcher with a policy
    pub fn with_policy(services: Services, policy: Policy, audit: Option<Box<dyn AuditSink>>) -> Self {
        Dispatcher {
            services,
            policy,
            usage: LimitUsage::default(),
            capacity: Capacity::default(),
            audit: audit.map(Recorder::new),
            origin: ProcessOrigin::default(),
            host: OnceLock::new(),
        }
    }

    /// Sets how many actions run at once
    #[must_use]
    pub fn with_capacity(mut self, most: usize) -> Self {
        self.capacity = Capacity::of(most);
        self
    }

    /// States where this process runs, for the audit records
    #[must_use]
    pub fn on(mut self, origin: ProcessOrigin) -> Self {
        self.origin = origin;
        self
    }

    /// States which program calls the actions, for the audit records; the first statement counts
    pub fn called_by(&self, name: &str, version: &str) {
        let _ = self.host.set(AuditHost { name: name.to_owned(), version: version.to_owned() });
    }

    /// Returns the operator's policy
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Shortens the wait for the audit sink, as the process is about to end
    pub fn end_soon(&self) {
        self.audit.as_ref().inspect(|audit| audit.end_soon());
    }

    /// Opens what the audit records are written to again, so that a file that was replaced is released
    pub fn reopen_audit(&self) {
        self.audit.as_ref().inspect(|audit| audit.reopen());
    }

    /// Starts a bot run; without a parent it is the root of a new run tree
    ///
    /// Errors: `bot_run.unknown` or `bot_run.ended` for the parent, `input.invalid` for the id of a running bot run.
    pub fn start(&self, run: &BotRunId, parent: Option<&BotRunId>) -> Result<(), Error> {
        self.services.sessions.start(run, parent)
    }

    /// Ends a bot run and what it owns, and for a root its whole tree; ending it again has no effect
    ///
    /// Returns a description of each closed session: `local session "Archive"`. Errors: `bot_run.unknown` for a bot run
    /// that never started.
    pub fn end(&self, run: &BotRunId) -> Result<Vec<String>, Error> {
        let masker = self.masker(run).unwrap_or_default();
        let closed = self.services.sessions.end(run).map_err(|error| error.masked(&masker))?;
        self.usage.retain(|run| self.services.sessions.enter(run).is_ok());
        let words = |session: &ClosedSession| masker.mask(&session.target.to_string()).into_owned();
        Ok(closed.iter().map(words).collect())
    }

    /// Closes the sessions that no action has used for this time, and returns how many there were
    pub fn close_idle_sessions(&self, limit: Duration) -> usize {
        self.services.sessions.close_idle(limit)
    }

    /// Returns the masker for the secrets of a run tree, for other output of its host
    ///
    /// Errors: `bot_run.unknown`, `bot_run.ended`.
    pub fn masker(&self, run: &BotRunId) -> Result<Arc<Masker>, Error> {
        Ok(self.services.sessions.enter(run)?.masker)
    }

    /// Runs one action within its time limit and returns the outcome
    pub async fn execute(&self, invocation: Invocation, progress: &dyn Progress) -> Outcome {
        self.execute_until(invocation, progress, std::future::pending()).await
    }

    /// Runs one action until `cancelled` resolves: then it fails with `cancelled`, or with `service.outcome_unknown`
    /// while a change has no response yet
    pub async fn execute_until(
        &self,
        invocation: Invocation,
        progress: &dyn Progress,
        cancelled: impl Future<Output = ()>,
    ) -> Outcome {
        let Invocation { bot_run, action, inputs, target, place } = invocation;
        let notes = Notes::default();
        let mut masker = None;
        let mut started = None;
        let entry = actions::entry(&action);
        let mut state = CallState {
            name: entry.map_or_else(|| printable(&action, 256), Entry::name),
            call: Call::until(Instant::now()),
            trail: self.audit.as_ref().map(|_| CallTrail::new(&bot_run, place)),
        };
        let mut running = None;
        let work = async {
            let entered = self.services.sessions.enter(&bot_run)?;
            masker = Some(Arc::clone(&entered.masker));
            if let Some(trail) = &mut state.trail {
                trail.enter(&entered.root);
            }
            running = Some(self.capacity.take()?);
            let entry = entry.ok_or_else(|| actions::unknown_action(&action))?;
            if let Some(trail) = &mut state.trail {
                trail.describe(entry, &inputs, target.as_ref());
            }
            if target.is_some() && !entry.returns_session {
                return Err(Error::new(
                    ErrorCode::InputInvalid,
                    format!("{} returns no session, so it cannot have a session target", entry.words),
                ));
            }
            self.policy.check_inputs(entry, &inputs)?;
            let session = self.shared_session(entry, &bot_run, &inputs)?;
            let prepared = (entry.prepare)(inputs)?;
            state.call = Call::until(Instant::now() + prepared.time_limit);
            if let Some(rule) = self.policy.read_only() {
                state.call.forbid_changes(rule.clone());
            }
            if self.audit.is_some() {
                state.call.hold_changes();
            }
            self.usage.begin(self.policy.limits(), &bot_run, entry)?;
            started = Some(entry);
            let target = target.unwrap_or_default();
            let cx = Context {
                services: &self.services,
                bot_run: &bot_run,
                target: &target,
                call: &state.call,
                progress: &MaskedProgress { progress, masker: &entered.masker },
                masker: &entered.masker,
                notes: &notes,
            };
            tokio::select! {
                biased;
                () = entered.ended.cancelled() => Err(interrupted(&state, Interruption::Ended)),
                () = cancelled => Err(interrupted(&state, Interruption::Cancelled)),
                result = async {
                    self.check_audit(&state).await?;
                    if let Some(session) = &session {
                        cx.attach(session).await?;
                    }
                    (prepared.run)(&cx).await
                } => result,
                result = report_waits(&state.call, cx.progress) => match result {},
                error = self.record_start(&state, &notes, &entered.masker) => Err(error),
                () = tokio::time::sleep_until(state.call.deadline()) => {
                    Err(interrupted(&state, Interruption::Deadline(prepared.time_limit)))
                }
            }
        };
        // A panic ends only the call that it happened in. Its payload may contain anything, so it is dropped unread.
        let result = AssertUnwindSafe(work).catch_unwind().await;
        let result = result.unwrap_or_else(|_| Err(interrupted(&state, Interruption::Panic)));
        let result = check_outcome(&state, result);
        if let Some(entry) = started
            && !state.call.has_begun_change()
        {
            self.usage.started_none(&bot_run, entry);
        }
        // Nothing leaves a call unmasked, even if its bot run has ended in the meantime. For a bot run that never
        // started, no secrets are known, but tokens are recognised by their form.
        let masker = masker.unwrap_or_default();
        let result = self.record(&state, &notes, &masker, result).await;
        drop(running);
        let requests = state.call.requests();
        match result {
            Ok(mut outputs) => {
                // The names of the outputs are fixed by the action.
                outputs.values_mut().for_each(|value| masker.mask_value(value));
                let mut warnings = notes.take_warnings();
                warnings.iter_mut().for_each(|warning| masker.mask_text(&mut warning.message));
                Ok(Success { outputs, session: notes.opened(), requests, warnings })
            }
            Err(error) => {
                let error = error.on(notes.service().unwrap_or_default()).excerpt(&masker);
                Err(Failure { error, requests })
            }
        }
    }

    /// Fails if the audit record could not be written: then the action does not start
    async fn check_audit(&self, state: &CallState) -> Result<(), Error> {
        let Some(audit) = &self.audit else { return Ok(()) };
        audit.check_ready().await.map_err(|reason| not_begun(&state.name, "was not started", reason))
    }

    /// Writes the record for the time before the first change, and lets the change be sent; returns if that fails
    async fn record_start(&self, state: &CallState, notes: &Notes, masker: &Masker) -> Error {
        state.call.change_wanted().await;
        if let (Some(audit), Some(trail)) = (&self.audit, &state.trail)
            && let Err(reason) = audit.record(trail.started(&self.parts(state, notes, masker))).await
        {
            return not_begun(&state.name, "changed nothing", reason);
        }
        state.call.allow_changes();
        std::future::pending().await
    }

    /// Writes the audit record; fails if it cannot be written
    async fn record(
        &self,
        state: &CallState,
        notes: &Notes,
        masker: &Masker,
        result: Result<Dictionary, Error>,
    ) -> Result<Dictionary, Error> {
        let (Some(audit), Some(trail)) = (&self.audit, &state.trail) else { return result };
        let record = || trail.finished(&self.parts(state, notes, masker), &result);
        if result.as_ref().is_err_and(|error| error.code() == ErrorCode::AuditFailed) {
            // The record of the start may still be written later; then it needs its end.
            if state.call.has_wanted_change() {
                audit.record_later(record());
            }
            return result;
        }
        match audit.record(record()).await {
            Ok(()) => result,
            Err(reason) => Err(unrecorded(&state.name, result, reason)),
        }
    }

    fn parts<'a>(&'a self, state: &'a CallState, notes: &'a Notes, masker: &'a Masker) -> RecordParts<'a> {
        let host = self.host.get_or_init(|| AuditHost {
            name: "azdo-bot".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        });
        RecordParts { origin: &self.origin, host, name: &state.name, call: &state.call, notes, masker }
    }
}

/// Reports what the call waits for, as long as it runs
async fn report_waits(call: &Call, progress: &dyn Progress) -> Infallible {
    loop {
        progress.report(&call.next_wait().await);
    }
}

/// The progress reports of an action, masked and limited to one line
struct MaskedProgress<'a> {
    progress: &'a dyn Progress,
    masker: &'a Masker,
}

impl Progress for MaskedProgress<'_> {
    fn report(&self, message: &str) {
        self.progress.report(&self.masker.mask(message).excerpt(LONGEST_REPORT));
    }
}

/// The name and the state of a call, which outlive its action
struct CallState {
    name: String,
    call: Call,
    /// What the audit records say, if there are any
    trail: Option<CallTrail>,
}

/// The reason for ending a call early
enum Interruption {
    Deadline(Duration),
    Ended,
    Cancelled,
    Panic,
}

/// Returns the result, or `service.outcome_unknown` if a change was sent whose outcome is not known
fn check_outcome(state: &CallState, result: Result<Dictionary, Error>) -> Result<Dictionary, Error> {
    let Some(change) = state.call.unknown_change() else { return result };
    let unknown = || {
        let message = format!(
            "{} ended before the outcome of \"{change}\" was known; it may have been carried out",
            state.name
        );
        Error::new(ErrorCode::ServiceOutcomeUnknown, message).operation(state.name.clone())
    };
    match result {
        Ok(_) => Err(unknown()),
        Err(error) if error.code() != ErrorCode::ServiceOutcomeUnknown => Err(unknown().caused_by(error)),
        unknown => unknown,
    }
}

fn interrupted(state: &CallState, interruption: Interruption) -> Error {
    if let Some(change) = state.call.unknown_change() {
        return Error::new(
            ErrorCode::ServiceOutcomeUnknown,
            format!(
                "{} ended before the response to \"{change}\" arrived; it may have been carried out",
                state.name
            ),
        )
        .operation(state.name.clone());
    }
    match interruption {
        Interruption::Ended => {
            Error::new(ErrorCode::Cancelled, format!("{} was stopped: its bot run has ended", state.name))
        }
        Interruption::Cancelled => Error::new(ErrorCode::Cancelled, format!("{} was cancelled", state.name)),
        Interruption::Panic => {
            Error::new(ErrorCode::Internal, format!("{} failed because of a bug in this package", state.name))
        }
        Interruption::Deadline(limit) => Error::new(
            ErrorCode::DeadlineExceeded,
            format!("{} did not finish within {} s", state.name, limit.as_secs()),
        )
        .retry(Retry::Later),
    }
    .operation(state.name.clone())
}
