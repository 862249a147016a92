//! Runs a checked bot, and ends its bot runs in every case.

use std::sync::Arc;

use crate::contract::BotRunId;
use crate::contract::Dictionary;
use crate::dispatch::Dispatcher;
use crate::hosts::bot::location::Location;
use crate::hosts::bot::observe::Observer;
use crate::hosts::bot::observe::Reporter;
use crate::hosts::bot::run::ActiveRun;
use crate::hosts::bot::run::Engine;
use crate::hosts::bot::run::Failed;
use crate::hosts::bot::run::Program;
use crate::hosts::bot::run::Summary;
use crate::hosts::bot::run::Totals;
use crate::hosts::bot::run::run_bot;

/// Runs a program to its end
///
/// Its bot runs are ended in every case, also when the future is dropped, which closes their
/// sessions. If the future is dropped, no `finally` of the flow runs.
pub async fn run(
    program: &Program,
    dispatcher: &Dispatcher,
    inputs: Dictionary,
    observer: &dyn Observer,
) -> Summary {
    run_until(program, dispatcher, inputs, observer, std::future::pending()).await
}

/// Runs a program like [`run`], and stops it when `stopped` resolves
///
/// When it is stopped, the action in flight is cancelled and audited, and its error is the result of the run; no
/// further node runs. The same happens when the timeout in the properties of the bot is reached: then the error is
/// `deadline.exceeded`.
pub async fn run_until(
    program: &Program,
    dispatcher: &Dispatcher,
    inputs: Dictionary,
    observer: &dyn Observer,
    stopped: impl Future<Output = ()>,
) -> Summary {
    dispatcher.called_by("azdo-bot run", env!("CARGO_PKG_VERSION"));
    let id = BotRunId::named(program.name());
    let failed = |error| Failed::at(&Location::file(program.file()), error);
    let started = program
        .root_scope(&inputs)
        .and_then(|scope| Ok((scope, ActiveRun::start(dispatcher, id.clone(), None)?)))
        .and_then(|(scope, run)| Ok((scope, run, dispatcher.masker(&id)?)));
    let (scope, run, masker) = match started {
        Ok(started) => started,
        Err(error) => return Totals::default().summary(id, Err(failed(error)), Arc::default()),
    };
    let engine = Engine::new(&program.bots, &program.folder, dispatcher, Reporter::new(observer, masker))
        .with_delays(program.delays);
    let result = tokio::select! {
        result = run_bot(&engine, program, 0, run, scope) => result.map(|outputs| engine.shown(outputs)),
        failed = engine.stop(&id, stopped) => Err(failed),
        failed = engine.stop(&id, program.time_is_over()) => Err(program.out_of_time(failed)),
    };
    engine.summary(id, result)
}
