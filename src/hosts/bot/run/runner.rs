//! Runs a checked bot: its bot runs begin and end here, whatever happens in them.

use std::sync::Arc;

use crate::contract::BotRunId;
use crate::contract::Dictionary;
use crate::dispatch::Dispatcher;
use crate::hosts::bot::location::Location;
use crate::hosts::bot::observe::Observer;
use crate::hosts::bot::observe::Reporter;
use crate::hosts::bot::run::BotRun;
use crate::hosts::bot::run::Engine;
use crate::hosts::bot::run::Failed;
use crate::hosts::bot::run::Program;
use crate::hosts::bot::run::Summary;
use crate::hosts::bot::run::Totals;
use crate::hosts::bot::run::run_bot;

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
    let engine = Engine::new(&program.bots, &program.folder, dispatcher, Reporter::new(observer, masker));
    let result = tokio::select! {
        result = run_bot(&engine, program, 0, run, scope) => result.map(|outputs| engine.shown(outputs)),
        failed = engine.stop(&id, stopped) => Err(failed),
    };
    engine.summary(id, result)
}
