//! A caller: the owner of sessions and results, and the way of one tool call to the dispatcher and back.
//!
//! Each caller has a root bot run of its own, so that the handle of a session is of no use to another caller.

use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;
use serde_json::Map;
use serde_json::Value as Json;

use crate::contract::BotRunId;
use crate::contract::Dictionary;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Failure;
use crate::contract::Invocation;
use crate::contract::Outcome;
use crate::contract::Progress;
use crate::contract::SessionTarget;
use crate::contract::Value;
use crate::contract::decode;
use crate::contract::did_you_mean;
use crate::contract::nearest;
use crate::contract::printable;
use crate::dispatch::Dispatcher;
use crate::dispatch::SessionSummary;
use crate::hosts::mcp::answer::ToolAnswer;
use crate::hosts::mcp::find::FindAction;
use crate::hosts::mcp::find::find;
use crate::hosts::mcp::offer::Offer;
use crate::hosts::mcp::results::Results;
use crate::hosts::mcp::tasks::Tasks;
use crate::hosts::mcp::tools::FIND_ACTION;
use crate::hosts::mcp::tools::READ_RESULT;
use crate::hosts::mcp::tools::RUN_ACTION;
use crate::hosts::mcp::tools::unknown_action;
use crate::hosts::mcp::tools::unknown_tool;
use crate::package;
use crate::package::ActionCard;
use crate::package::Returns;
use crate::package::SESSION_ARGUMENT;
use crate::package::fields_advice;

/// How often idle sessions are looked for within the limit
const CHECKS_IN_LIMIT: u32 = 10;

/// The help of an error about a session
const CONNECT_FIRST: &str = "Call connect, and pass the `session` of its result.";

/// The owner of sessions: the client on standard input, or those who have one bearer token
pub(super) struct Caller {
    dispatcher: Arc<Dispatcher>,
    offer: Arc<Offer>,
    bot_run: BotRunId,
    results: Results,
    tasks: Tasks,
}

/// The arguments of `run_action`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RunAction {
    action: String,
    #[serde(default)]
    session: Option<String>,
    #[serde(default)]
    inputs: Dictionary,
}

/// The arguments of `read_result`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReadResult {
    result: String,
    #[serde(default)]
    offset: u64,
}

impl Caller {
    /// Starts the bot run of a caller
    pub(super) fn start(dispatcher: Arc<Dispatcher>, offer: Arc<Offer>) -> Result<Self, Error> {
        let bot_run = BotRunId::mint();
        dispatcher.start(&bot_run, None)?;
        Ok(Caller { dispatcher, offer, bot_run, results: Results::default(), tasks: Tasks::default() })
    }

    /// Ends the calls in flight and closes the sessions
    pub(super) fn end(&self) {
        // Ending fails only for a bot run that was never started.
        let _ = self.dispatcher.end(&self.bot_run);
    }

    /// Calls a tool
    ///
    /// A failed call is an answer too, which a model can act on. Errors: `action.unknown` if there is no such tool.
    pub(super) async fn call(
        &self,
        tool: &str,
        arguments: Map<String, Json>,
        progress: &dyn Progress,
        cancelled: impl Future<Output = ()>,
    ) -> Result<ToolAnswer, Error> {
        let arguments = match Value::from(Json::Object(arguments)) {
            Value::Dictionary(arguments) => arguments,
            _ => Dictionary::default(),
        };
        let answer = match tool {
            FIND_ACTION => decode::<FindAction>(tool, arguments)
                .and_then(|wanted| find(&wanted, &self.offer, self.dispatcher.policy()))
                .map(ToolAnswer::own),
            READ_RESULT => self.read_result(arguments),
            RUN_ACTION => match decode::<RunAction>(tool, arguments) {
                Ok(run) => self.run(run, progress, cancelled).await,
                Err(error) => Err(error),
            },
            _ => {
                let card = package::action(tool).ok_or_else(|| unknown_tool(tool))?;
                self.execute(card, arguments, progress, cancelled).await
            }
        };
        Ok(answer.unwrap_or_else(|error| ToolAnswer::refused(&error)))
    }

    async fn run(
        &self,
        run: RunAction,
        progress: &dyn Progress,
        cancelled: impl Future<Output = ()>,
    ) -> Result<ToolAnswer, Error> {
        let RunAction { action, session, mut inputs } = run;
        let card = package::action(&action).ok_or_else(|| unknown_action(&action))?;
        if let Some(session) = session {
            inputs.insert(SESSION_ARGUMENT, Value::from(session));
        }
        self.execute(card, inputs, progress, cancelled).await
    }

    async fn execute(
        &self,
        card: &ActionCard,
        inputs: Dictionary,
        progress: &dyn Progress,
        cancelled: impl Future<Output = ()>,
    ) -> Result<ToolAnswer, Error> {
        match self.outcome(card, inputs, progress, cancelled).await {
            Ok(success) => ToolAnswer::succeeded(success, &self.results),
            Err(Failure { error, requests }) => {
                ToolAnswer::failed(&Failure { error: advised(error, card), requests })
            }
        }
    }

    /// Runs an action that the server offers
    pub(super) async fn outcome(
        &self,
        card: &ActionCard,
        inputs: Dictionary,
        progress: &dyn Progress,
        cancelled: impl Future<Output = ()>,
    ) -> Outcome {
        self.check(card, &inputs).map_err(|error| Failure { error, requests: 0 })?;
        let target = (card.returns == Returns::Session).then_some(SessionTarget::Variable);
        let invocation = Invocation::new(self.bot_run.clone(), card.name.clone(), inputs).target(target);
        self.dispatcher.execute_until(invocation, progress, cancelled).await
    }

    fn check(&self, card: &ActionCard, inputs: &Dictionary) -> Result<(), Error> {
        self.offer.check(card, inputs)?;
        if card.attribute(SESSION_ARGUMENT).is_some() && !inputs.contains_key(SESSION_ARGUMENT) {
            let others = inputs.iter().map(|(name, _)| name).filter(|name| card.attribute(name).is_none());
            let message = match nearest(SESSION_ARGUMENT, others) {
                Some(other) => {
                    let (other, hint) = (printable(other, 256), did_you_mean(Some(SESSION_ARGUMENT)));
                    format!("{}: there is no field \"{other}\"{hint}", card.words)
                }
                None => format!("{}: the field \"{SESSION_ARGUMENT}\" is missing", card.words),
            };
            return Err(Error::new(ErrorCode::InputInvalid, message)
                .with("field", SESSION_ARGUMENT)
                .help(CONNECT_FIRST));
        }
        Ok(())
    }

    /// Returns an action that can be called here
    pub(super) fn offered(&self, name: &str) -> Option<&'static ActionCard> {
        let denied = |card: &ActionCard| self.dispatcher.policy().denies(&card.name, &Dictionary::default());
        package::action(name).filter(|card| self.offer.check_action(card).is_ok() && !denied(card))
    }

    /// Returns the open sessions
    pub(super) fn open_sessions(&self) -> Result<Vec<SessionSummary>, Error> {
        self.dispatcher.open_sessions(&self.bot_run)
    }

    /// Returns the long results
    pub(super) fn results(&self) -> &Results {
        &self.results
    }

    /// Returns the calls that clients have as tasks
    pub(super) fn tasks(&self) -> &Tasks {
        &self.tasks
    }

    fn read_result(&self, arguments: Dictionary) -> Result<ToolAnswer, Error> {
        let ReadResult { result, offset } = decode(READ_RESULT, arguments)?;
        let offset = usize::try_from(offset).unwrap_or(usize::MAX);
        ToolAnswer::page(&result, offset, self.results.page(&result, offset)?)
    }
}

/// Returns an error with the help that an MCP client can follow
fn advised(error: Error, card: &ActionCard) -> Error {
    match error.code() {
        ErrorCode::SessionNotFound => error.help(CONNECT_FIRST),
        ErrorCode::InputInvalid if error.help_text() == fields_advice(card.words) => {
            error.help("Correct the argument; the input schema of the tool describes it, or find_action.")
        }
        _ => error,
    }
}

/// Closes sessions that no action has used for this time, at the latest a tenth later; never ends
pub(super) async fn close_idle_sessions(
    dispatcher: &Dispatcher,
    limit: Duration,
) -> std::convert::Infallible {
    let mut interval = tokio::time::interval(limit / CHECKS_IN_LIMIT);
    loop {
        interval.tick().await;
        dispatcher.close_idle_sessions(limit);
    }
}
