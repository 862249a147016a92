//! Runs one test: in a copy of the folder, against a simulator of its own.

use std::path::Path;
use std::time::Duration;
use std::time::Instant;

use crate::actions::Polling;
use crate::cli::commands::test::collector::Collector;
use crate::cli::commands::test::collector::Observed;
use crate::cli::commands::test::comparison;
use crate::cli::commands::test::found::FoundTest;
use crate::cli::commands::test::outcome::TestOutcome;
use crate::contract::Error;
use crate::hosts::bot;
use crate::hosts::bot::LoadOptions;
use crate::setup::BotTestFolder;
use crate::setup::Configuration;
use crate::setup::Lookup;
use crate::setup::Simulation;

/// How often a wait asks the simulator, whose pipeline runs go on when they are looked at
const POLLING: Polling = Polling { first: Duration::from_millis(1), most: Duration::from_millis(2) };

/// Runs a test; a test that cannot run has failed
pub(super) async fn run(folder: &Path, found: &FoundTest, lookup: &Lookup) -> TestOutcome {
    let begin = Instant::now();
    let failures = match observe(folder, found, lookup).await {
        Ok((observed, copy)) => comparison::failures(&found.test.expect, &observed, copy.path()),
        Err(error) => vec![format!("the test cannot run: {error}")],
    };
    TestOutcome { file: found.file.clone(), name: found.test.name.clone(), failures, time: begin.elapsed() }
}

/// Runs the bot of a test, and returns what it did and the folder in which it ran
async fn observe(
    folder: &Path,
    found: &FoundTest,
    lookup: &Lookup,
) -> Result<(Observed, BotTestFolder), Error> {
    let copy = BotTestFolder::copy_of(folder)?;
    let own = copy.path().join(&found.folder);
    let world = found.test.world.as_ref().map(|world| folder.join(&found.folder).join(world));
    let simulation = Simulation::start_for_test(world.as_deref()).await?;
    let options = LoadOptions {
        repository: Some(copy.path().to_owned()),
        inputs: Some(found.test.inputs.clone()),
        ..LoadOptions::default()
    };
    let file = own.join(found.test.bot.as_deref().unwrap_or_default());
    let collector = Collector::default();
    let result = match bot::load(&file, &options).into_program() {
        Ok(program) => {
            let mut configuration = Configuration::of_a_test(lookup.clone());
            configuration.guard(program.guarded());
            let dispatcher = configuration.dispatcher_polling(
                Some(copy.path()),
                simulation.network_options(),
                simulation.tokens(),
                POLLING,
            )?;
            let program = program.without_delays();
            let summary = bot::run(&program, &dispatcher, found.test.inputs.clone(), &collector).await;
            summary.result.map_err(|fault| vec![fault])
        }
        Err(faults) => Err(faults),
    };
    let (messages, actions) = collector.collected();
    Ok((Observed { result, messages, actions, requests: simulation.requests() }, copy))
}
