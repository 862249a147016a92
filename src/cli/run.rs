//! `azdo-bot run BOT.json`: runs a bot file with its child bots.

use std::io::IsTerminal as _;
use std::path::Path;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use crate::cli::Lookup;
use crate::cli::ending::Ending;
use crate::cli::fail::FAILED;
use crate::cli::fail::Fail;
use crate::cli::fail::NOT_RUNNABLE;
use crate::cli::faults;
use crate::cli::room::stdout_has_room;
use crate::cli::wiring::ConnectFlags;
use crate::cli::wiring::Wiring;
use crate::cli::wiring::name_and_value;
use crate::cli::wiring::read_at;
use crate::contract::Dictionary;
use crate::contract::Value;
use crate::dispatch::Dispatcher;
use crate::files::Guarded;
use crate::files::GuardedKind;
use crate::hosts::bot;
use crate::hosts::bot::JsonLines;
use crate::hosts::bot::LoadOptions;
use crate::hosts::bot::Program;
use crate::hosts::bot::Screen;
use crate::hosts::bot::Summary;

/// What to run and where
#[derive(Args)]
pub(super) struct Arguments {
    /// The bot file
    #[arg(value_name = "BOT.json")]
    bot: PathBuf,
    /// Run against a simulator that starts for it: nothing leaves the machine
    #[cfg(feature = "simulator")]
    #[arg(long)]
    simulate: bool,
    /// A world file for the simulator
    #[cfg(feature = "simulator")]
    #[arg(long, value_name = "FILE", requires = "simulate")]
    world: Option<PathBuf>,
    /// A file for the simulator's world as the bot has left it; --world takes it again
    #[cfg(feature = "simulator")]
    #[arg(long, value_name = "FILE", requires = "simulate")]
    save_world: Option<PathBuf>,
    /// An input variable of the bot; @env:NAME and @file:PATH read a value
    #[arg(long, value_name = "NAME=VALUE", value_parser = name_and_value)]
    input: Vec<(String, String)>,
    /// The folder that repository:/// paths stand for; the bot file's own when it is not given
    #[arg(long, value_name = "DIR")]
    repository: Option<PathBuf>,
    #[command(flatten)]
    connect: ConnectFlags,
}

pub(super) async fn run(
    arguments: Arguments,
    json: bool,
    lookup: Lookup,
    ending: Ending,
) -> Result<ExitCode, Fail> {
    let mut wiring = Wiring::new(arguments.connect.clone(), lookup)?;
    let files = arguments.input.iter().filter_map(|(_, text)| text.strip_prefix("@file:"));
    let files: Vec<Guarded> = files.map(|path| Guarded::new(path, GuardedKind::Credential)).collect();
    wiring.guard(&files);
    let options = LoadOptions {
        repository: arguments.repository.clone(),
        writable: wiring.operator.folders.write.clone(),
        guarded: wiring.guarded().to_vec(),
        ..LoadOptions::default()
    };
    let survey = bot::load(&arguments.bot, &options);
    let program = match survey.into_program() {
        Ok(program) => program,
        Err(found) => {
            faults::print(&found, json)?;
            return Ok(ExitCode::from(NOT_RUNNABLE));
        }
    };
    wiring.guard(program.guarded());
    #[cfg(feature = "simulator")]
    let simulated = arguments.simulate;
    #[cfg(not(feature = "simulator"))]
    let simulated = false;
    let inputs = ending.or_done(inputs(&arguments.input, &wiring, simulated)).await??;
    let eyes = Eyes { json, ending };
    let summary = prepare_and_run(&arguments, &wiring, &program, inputs, &eyes).await?;
    let failed = || eyes.ending.exit_code().unwrap_or(ExitCode::from(FAILED));
    Ok(if summary.result.is_ok() { ExitCode::SUCCESS } else { failed() })
}

#[cfg(feature = "simulator")]
async fn prepare_and_run(
    arguments: &Arguments,
    wiring: &Wiring,
    program: &Program,
    inputs: Dictionary,
    eyes: &Eyes,
) -> Result<Summary, Fail> {
    use crate::cli::simulation::Simulation;

    let own = own_folder(arguments);
    if !arguments.simulate {
        let dispatcher =
            wiring.dispatcher(Some(&own), wiring.network_options()?, Box::new(wiring.vault()?))?;
        return Ok(eyes.watch(program, &dispatcher, inputs).await);
    }
    let simulation = Simulation::start(arguments.world.as_deref()).await?;
    simulation.announce();
    let dispatcher = wiring.dispatcher(Some(&own), simulation.network_options(), simulation.tokens())?;
    let summary = eyes.watch(program, &dispatcher, inputs).await;
    if let Some(file) = &arguments.save_world {
        simulation.save(file).await?;
    }
    Ok(summary)
}

#[cfg(not(feature = "simulator"))]
async fn prepare_and_run(
    arguments: &Arguments,
    wiring: &Wiring,
    program: &Program,
    inputs: Dictionary,
    eyes: &Eyes,
) -> Result<Summary, Fail> {
    let own = own_folder(arguments);
    let dispatcher = wiring.dispatcher(Some(&own), wiring.network_options()?, Box::new(wiring.vault()?))?;
    Ok(eyes.watch(program, &dispatcher, inputs).await)
}

/// The folder of the flow: the one that repository:/// paths stand for
fn own_folder(arguments: &Arguments) -> PathBuf {
    let parent = arguments.bot.parent().filter(|parent| !parent.as_os_str().is_empty());
    arguments.repository.clone().unwrap_or_else(|| parent.unwrap_or(Path::new(".")).to_owned())
}

/// Who looks at a run, and who may end it
struct Eyes {
    json: bool,
    ending: Ending,
}

impl Eyes {
    /// Runs the bot under a person's or a machine's eyes; a signal ends it and all its sessions
    ///
    /// A reader of standard output that is slow holds up the flow between two actions, and no action.
    async fn watch(&self, program: &Program, dispatcher: &Dispatcher, inputs: Dictionary) -> Summary {
        let out = std::io::stdout();
        if self.json {
            let lines = JsonLines::new(out).progress_if(stdout_has_room);
            let run = bot::run_until(program, dispatcher, inputs, &lines, self.ending.signalled());
            let summary = run.await;
            lines.summary(&summary);
            return summary;
        }
        let terminal = out.is_terminal();
        let screen = Screen::new(out, terminal).progress_if(stdout_has_room);
        let run = bot::run_until(program, dispatcher, inputs, &screen, self.ending.signalled());
        let summary = run.await;
        screen.summary(&summary);
        summary
    }
}

async fn inputs(given: &[(String, String)], wiring: &Wiring, simulated: bool) -> Result<Dictionary, Fail> {
    let mut inputs = Dictionary::new();
    for (name, text) in given {
        let value = match text.strip_prefix('@') {
            Some(reference)
                if simulated && !["env:", "file:"].iter().any(|store| reference.starts_with(store)) =>
            {
                return Err(Fail::usage(
                    "with --simulate nothing leaves this machine: @env:NAME and @file:PATH are read, no other store",
                ));
            }
            Some(reference) => Value::from(read_at(&wiring.vault()?, reference).await?.expose().to_owned()),
            None => Value::from(text.as_str()),
        };
        if inputs.insert(name.clone(), value).is_some() {
            return Err(Fail::usage(format!("the input {name} is given twice")));
        }
    }
    Ok(inputs)
}
