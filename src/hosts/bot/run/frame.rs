//! A running bot: its variables, and what its nodes can do.

use std::time::Duration;

use crate::contract::BotRunId;
use crate::contract::Dictionary;
use crate::contract::Error;
use crate::contract::Invocation;
use crate::contract::Success;
use crate::contract::Value;
use crate::hosts::bot::folder::Folder;
use crate::hosts::bot::location::Location;
use crate::hosts::bot::observe::ActionCall;
use crate::hosts::bot::observe::Reporter;
use crate::hosts::bot::run::ActiveRun;
use crate::hosts::bot::run::Bot;
use crate::hosts::bot::run::Engine;
use crate::hosts::bot::run::Failed;
use crate::hosts::bot::run::OpenTables;
use crate::hosts::bot::run::Running;
use crate::hosts::bot::values::TargetVariable;
use crate::hosts::bot::values::VariableScope;
use crate::hosts::bot::values::check_nesting;
use crate::hosts::bot::values::expression_error;

/// Runs the nodes of a bot
///
/// A frame knows the nodes that run in it only through this trait.
pub(crate) trait RunNodes: Sync {
    /// Runs the nodes of the bot with this number
    fn run_nodes<'a>(&'a self, bot: usize, frame: &'a Frame<'_>) -> Running<'a>;
}

/// A running bot
pub(crate) struct Frame<'a> {
    engine: &'a Engine<'a>,
    program: &'a dyn RunNodes,
    pub(crate) bot: &'a Bot,
    pub(crate) run: BotRunId,
    pub(crate) scope: VariableScope,
    /// The delimited files that the bot has open
    pub(crate) tables: OpenTables,
}

/// Runs a bot of the program
pub(crate) async fn run_bot(
    engine: &Engine<'_>,
    program: &dyn RunNodes,
    number: usize,
    run: ActiveRun<'_>,
    scope: VariableScope,
) -> Result<Dictionary, Failed> {
    let bot = &engine.bots[number];
    scope.mask_with(engine.reporter.masker());
    let frame = Frame { engine, program, bot, run: run.id.clone(), scope, tables: OpenTables::default() };
    let result = program.run_nodes(number, &frame).await.map(|_| bot.outputs(&frame.scope));
    engine.bot_ended(bot, &run.end());
    result
}

impl<'a> Frame<'a> {
    pub(crate) fn reporter(&self) -> &Reporter<'a> {
        &self.engine.reporter
    }

    pub(crate) fn folder(&self) -> &Folder {
        self.engine.folder
    }

    /// Returns whether a pause of the flow takes its time
    pub(crate) fn delays(&self) -> bool {
        self.engine.delays()
    }

    /// Waits, unless the run is without delays
    pub(crate) async fn pause(&self, time: Duration) {
        if self.delays() {
            tokio::time::sleep(time).await;
        }
    }

    /// Returns the bot with this number
    pub(crate) fn bot(&self, number: usize) -> &'a Bot {
        &self.engine.bots[number]
    }

    /// Assigns a result to a variable, if there is one
    pub(crate) fn assign(&self, target: Option<&TargetVariable>, value: Value) -> Result<(), Error> {
        let Some(target) = target else { return Ok(()) };
        check_nesting(&target.name, &value, 0)?;
        let got = value.kind();
        let kept = target.kind.keep(value).ok_or_else(|| {
            expression_error(format!("\"{}\" is {}, which cannot hold {got}", target.name, target.kind))
        })?;
        self.scope.set(&target.name, kept);
        Ok(())
    }

    /// Runs a child bot
    pub(crate) async fn run_child(
        &self,
        child: usize,
        place: &Location,
        scope: VariableScope,
    ) -> Result<Dictionary, Failed> {
        let name = &self.bot(child).name;
        let run = ActiveRun::start(self.engine.dispatcher, BotRunId::named(name), Some(&self.run))
            .map_err(|error| Failed::at(place, error))?;
        self.reporter().child_started(place, name);
        run_bot(self.engine, self.program, child, run, scope).await
    }

    /// Runs an action of this package
    ///
    /// Errors: the error of the action.
    pub(crate) async fn execute(
        &self,
        call: &ActionCall<'_>,
        invocation: Invocation,
    ) -> Result<Success, Error> {
        self.engine.execute(call, invocation).await
    }
}
