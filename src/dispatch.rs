//! Invocation to outcome: find the action, decode its inputs, run it in time, answer, write it down.

mod recorder;

use std::convert::Infallible;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;
use std::time::SystemTime;

use futures_util::FutureExt as _;
use tokio::time::Instant;

use crate::actions;
use crate::actions::Context;
use crate::actions::Notes;
use crate::actions::Services;
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
use crate::dispatch::recorder::QueuedRecord;
use crate::dispatch::recorder::Recorder;
use crate::dispatch::recorder::Unrecorded;
pub use crate::files::Folders;
use crate::sessions::ClosedSession;

/// The longest report of progress, in characters
const LONGEST_REPORT: usize = 1000;

/// Runs actions for the bot runs of a process
///
/// Whatever it answers is masked here, once and for all hosts: outputs, warnings, progress, errors and the
/// sessions that an end closed.
/// It spawns nothing: an action runs inside the caller's future and ends when that is dropped.
pub struct Dispatcher {
    services: Services,
    audit: Option<Recorder>,
}

impl Dispatcher {
    /// A dispatcher over these services; without an audit sink nothing is written down
    pub fn new(services: Services, audit: Option<Box<dyn AuditSink>>) -> Self {
        Dispatcher { services, audit: audit.map(Recorder::new) }
    }

    /// From now on no answer waits long for the audit sink: the process is about to end
    pub fn end_soon(&self) {
        self.audit.as_ref().inspect(|audit| audit.end_soon());
    }

    /// Starts a bot run; without a parent it is the root of a new run tree
    ///
    /// Errors: `bot_run.unknown` or `bot_run.ended` for the parent, `input.invalid` for an id that runs.
    pub fn start(&self, run: &BotRunId, parent: Option<&BotRunId>) -> Result<(), Error> {
        self.services.sessions.start(run, parent)
    }

    /// Ends a bot run and what it owns, and with a root its whole tree; ending twice closes nothing
    ///
    /// The sessions that it closed are told in words: `local session "Archive"`. Errors: `bot_run.unknown`
    /// for a run that never started.
    pub fn end(&self, run: &BotRunId) -> Result<Vec<String>, Error> {
        let masker = self.masker(run).unwrap_or_default();
        let closed = self.services.sessions.end(run).map_err(|error| error.masked(&masker))?;
        let words = |session: &ClosedSession| masker.mask(&session.target.to_string()).into_owned();
        Ok(closed.iter().map(words).collect())
    }

    /// What hides the secrets of a run's tree, for what its host shows beside the answers
    ///
    /// Errors: `bot_run.unknown`, `bot_run.ended`.
    pub fn masker(&self, run: &BotRunId) -> Result<Arc<Masker>, Error> {
        Ok(self.services.sessions.enter(run)?.masker)
    }

    /// Runs one action and answers, within the action's time limit
    pub async fn execute(&self, invocation: Invocation, progress: &dyn Progress) -> Outcome {
        self.execute_until(invocation, progress, std::future::pending()).await
    }

    /// The same, cut off when `cancelled` resolves: with `cancelled`, or `service.outcome_unknown`
    /// while the answer to a change is awaited
    pub async fn execute_until(
        &self,
        invocation: Invocation,
        progress: &dyn Progress,
        cancelled: impl Future<Output = ()>,
    ) -> Outcome {
        let Invocation { bot_run, action, inputs, target } = invocation;
        let notes = Notes::default();
        let mut masker = None;
        let mut books = Books { name: printable(&action, 256), call: Call::until(Instant::now()) };
        let work = async {
            let entered = self.services.sessions.enter(&bot_run)?;
            masker = Some(Arc::clone(&entered.masker));
            let entry = actions::entry(&action).ok_or_else(|| actions::unknown_action(&action))?;
            books.name = entry.name();
            if target.is_some() && !entry.returns_session {
                return Err(Error::new(
                    ErrorCode::InputInvalid,
                    format!("{} returns no session to put into a target", entry.words),
                ));
            }
            let prepared = (entry.prepare)(inputs)?;
            books.call = Call::until(Instant::now() + prepared.time_limit);
            let target = target.unwrap_or_default();
            let cx = Context {
                services: &self.services,
                bot_run: &bot_run,
                target: &target,
                call: &books.call,
                progress: &MaskedProgress { progress, masker: &entered.masker },
                masker: &entered.masker,
                notes: &notes,
            };
            tokio::select! {
                biased;
                () = entered.ended.cancelled() => Err(cut_off(&books, Cut::Ended)),
                () = cancelled => Err(cut_off(&books, Cut::Cancelled)),
                result = async { self.can_be_recorded(&books).await?; (prepared.run)(&cx).await } => result,
                result = report_waits(&books.call, cx.progress) => match result {},
                () = tokio::time::sleep_until(books.call.deadline()) => {
                    Err(cut_off(&books, Cut::Deadline(prepared.time_limit)))
                }
            }
        };
        // A panic ends the one call it happened in. Its payload may hold anything, so it is dropped unread.
        let result = AssertUnwindSafe(work).catch_unwind().await;
        let result = result.unwrap_or_else(|_| Err(cut_off(&books, Cut::Fault)));
        let result = with_outcome_known(&books, result);
        // Nothing of a call leaves unmasked, also when its bot run has ended meanwhile. In a bot run that
        // never started nothing is known, but a token can be recognised by its form.
        let masker = masker.unwrap_or_default();
        let result = self.write_down(&bot_run, &books, &notes, &masker, result).await;
        let requests = books.call.requests();
        match result {
            Ok(mut outputs) => {
                // The outputs' own names are the action's.
                outputs.values_mut().for_each(|value| masker.mask_value(value));
                let mut warnings = notes.take_warnings();
                warnings.iter_mut().for_each(|warning| masker.mask_text(&mut warning.message));
                Ok(Success { outputs, session: notes.opened(), requests, warnings })
            }
            Err(error) => Err(Failure { error: error.excerpt(&masker), requests }),
        }
    }

    /// What cannot be recorded is not begun
    async fn can_be_recorded(&self, books: &Books) -> Result<(), Error> {
        let Some(audit) = &self.audit else { return Ok(()) };
        audit.ready().await.map_err(|reason| {
            let message = format!("{} was not begun, as it could not be recorded: {reason}", books.name);
            Error::new(ErrorCode::AuditFailed, message)
                .operation(books.name.clone())
                .with("outcome", "not_begun")
                .retry(Retry::Later)
                .caused_by(reason)
        })
    }

    /// Writes the audit line; what cannot be written down does not count as done
    async fn write_down(
        &self,
        bot_run: &BotRunId,
        books: &Books,
        notes: &Notes,
        masker: &Masker,
        result: Result<Dictionary, Error>,
    ) -> Result<Dictionary, Error> {
        let Some(audit) = &self.audit else { return result };
        if result.as_ref().is_err_and(|error| error.code() == ErrorCode::AuditFailed) {
            return result;
        }
        let session = notes.session();
        let masked = |text: &str| masker.mask(text).into_owned();
        let record = QueuedRecord {
            time: SystemTime::now(),
            bot_run: masked(bot_run.as_str()),
            action: masked(&books.name),
            session: session.map(|session| session.audit_id()),
            target: session.map(|session| {
                let connection = session.connection();
                masked(&format!("{} {}", connection.organization(), connection.project().name))
            }),
            error: result.as_ref().err().map(Error::code),
            activity: books.call.activity().map(|activity| masked(&activity)),
            requests: books.call.requests(),
        };
        match audit.record(record).await {
            Ok(()) => result,
            Err(reason) => Err(unrecorded(&books.name, result, reason)),
        }
    }
}

/// Tells the caller what the call waits for, as long as it runs
async fn report_waits(call: &Call, progress: &dyn Progress) -> Infallible {
    loop {
        progress.report(&call.next_wait().await);
    }
}

/// The error of an action whose audit line is not written: what became of it, and that
fn unrecorded(name: &str, result: Result<Dictionary, Error>, reason: Unrecorded) -> Error {
    let error = match result {
        Ok(_) => {
            let message = format!("{name} was done and not recorded: {reason}");
            Error::new(ErrorCode::AuditFailed, message).operation(name.to_owned()).with("outcome", "ok")
        }
        // A flow must look before it tries that again, recorded or not.
        Err(error) if error.code() == ErrorCode::ServiceOutcomeUnknown => {
            let message = format!("{}; it was not recorded: {reason}", error.message());
            reworded(&error, ErrorCode::ServiceOutcomeUnknown, message).help(error.help_text().to_owned())
        }
        Err(error) => {
            let message = format!("{name} failed and was not recorded: {reason}. It failed with {error}");
            reworded(&error, ErrorCode::AuditFailed, message).with("outcome", error.code())
        }
    };
    error.caused_by(reason)
}

/// An error with what support asks for of another one
fn reworded(error: &Error, code: ErrorCode, message: String) -> Error {
    let operation = error.operation_name().unwrap_or_default().to_owned();
    let new = Error::new(code, message).operation(operation).retry(error.retry_advice());
    error.context().iter().fold(new, |new, (key, value)| new.with(key, value))
}

/// What an action says while it works, masked and fit for one line
struct MaskedProgress<'a> {
    progress: &'a dyn Progress,
    masker: &'a Masker,
}

impl Progress for MaskedProgress<'_> {
    fn report(&self, message: &str) {
        self.progress.report(&self.masker.mask(message).excerpt(LONGEST_REPORT));
    }
}

/// What is known of a call whatever becomes of it
struct Books {
    name: String,
    call: Call,
}

/// Why a call was cut off
enum Cut {
    Deadline(Duration),
    Ended,
    Cancelled,
    Fault,
}

/// The result, unless a change was sent whose outcome the action did not find out: then that is what there is to say
fn with_outcome_known(books: &Books, result: Result<Dictionary, Error>) -> Result<Dictionary, Error> {
    let Some(change) = books.call.unknown_change() else { return result };
    let unknown = || {
        let message = format!(
            "{} ended while the outcome of \"{change}\" was not known; it may have been carried out",
            books.name
        );
        Error::new(ErrorCode::ServiceOutcomeUnknown, message).operation(books.name.clone())
    };
    match result {
        Ok(_) => Err(unknown()),
        Err(error) if error.code() != ErrorCode::ServiceOutcomeUnknown => Err(unknown().caused_by(error)),
        unknown => unknown,
    }
}

fn cut_off(books: &Books, cut: Cut) -> Error {
    if let Some(change) = books.call.unknown_change() {
        return Error::new(
            ErrorCode::ServiceOutcomeUnknown,
            format!(
                "{} was cut off while the answer to \"{change}\" was awaited; it may have been carried out",
                books.name
            ),
        )
        .operation(books.name.clone());
    }
    match cut {
        Cut::Ended => {
            Error::new(ErrorCode::Cancelled, format!("{} was cut off: its bot run has ended", books.name))
        }
        Cut::Cancelled => Error::new(ErrorCode::Cancelled, format!("{} was cancelled", books.name)),
        Cut::Fault => {
            Error::new(ErrorCode::Internal, format!("{} stopped at a fault in this package", books.name))
        }
        Cut::Deadline(limit) => Error::new(
            ErrorCode::DeadlineExceeded,
            format!("{} did not finish within {} s", books.name, limit.as_secs()),
        )
        .retry(Retry::Later),
    }
    .operation(books.name.clone())
}
