//! The command: its arguments, and the two actions that it runs: Connect and the named one.

use std::path::Path;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use crate::cli::commands::call::inputs::inputs;
use crate::cli::commands::call::result;
use crate::cli::commands::call::result::Form;
use crate::cli::output::fail::FAILED;
use crate::cli::output::fail::Fail;
use crate::cli::output::fail::USAGE;
use crate::cli::output::help_text::help_of;
use crate::cli::output::json_fields::JsonFields;
use crate::cli::output::stderr;
use crate::cli::process::ending::Ending;
use crate::cli::setup::command_target::CommandTarget;
use crate::cli::setup::connect_arguments::ConnectArguments;
use crate::cli::setup::connect_arguments::ProbeConnection;
use crate::cli::setup::flags::ConnectFlags;
use crate::cli::setup::simulator_arguments::SimulatorArguments;
use crate::cli::setup::spelling::find_action;
use crate::cli::setup::spelling::kebab;
use crate::cli::setup::spelling::own_names;
use crate::cli::setup::spelling::with_own_names;
use crate::cli::setup::values::name_and_value;
use crate::contract::BotRunId;
use crate::contract::Dictionary;
use crate::contract::Failure;
use crate::contract::Invocation;
use crate::contract::Progress;
use crate::contract::SessionTarget;
use crate::contract::Success;
use crate::contract::Value;
use crate::credentials::CredentialResolver;
use crate::dispatch::Dispatcher;
use crate::package::ActionCard;
use crate::package::Returns;
use crate::setup::Configuration;
use crate::setup::Lookup;

/// The arguments of `call`
#[derive(Args)]
#[command(after_help = help_of!([
    "# Against the simulator: no organization, no token",
    "azdo-bot call list-repositories --simulate",
    "# With [profiles.default] in the operator's file",
    "azdo-bot call run-pipeline pipeline=site-ci branch=main",
    "# A file of a repository, as it is",
    "azdo-bot call get-repository-file repository=site path=README.md \\",
    "  --field content",
    "# Two members of each entry, for a script",
    "azdo-bot call list-repositories --json=name,webUrl",
    "# Without a profile",
    "azdo-bot call list-repositories --project Web --credential env:AZDO_PAT \\",
    "  --organization-url https://dev.azure.com/contoso",
], [
    "0  the action succeeded",
    "1  it failed, or the output cannot be written",
    "2  the command line or the operator's file is wrong; nothing was sent",
]))]
pub(in crate::cli) struct Arguments {
    /// The action in any spelling, such as list-repositories
    action: String,
    /// The inputs of the action; @env:NAME and @file:PATH read the value, @@ is an @
    #[arg(value_name = "NAME=VALUE", value_parser = name_and_value)]
    inputs: Vec<(String, String)>,
    /// Print this output alone: a text as it is, any other value as JSON
    #[arg(long, value_name = "NAME")]
    field: Option<String>,
    /// Write the result to this file instead of standard output
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    simulator: SimulatorArguments,
    #[command(flatten)]
    target: ConnectArguments,
    #[command(flatten)]
    connect: ConnectFlags,
}

pub(in crate::cli) async fn call(
    arguments: Arguments,
    json: Option<&JsonFields>,
    lookup: Lookup,
    ending: Ending,
) -> Result<ExitCode, Fail> {
    let card = find_action(&arguments.action)?;
    if card.returns == Returns::Session {
        return Err(Fail::usage("call connects by itself; name another action"));
    }
    let form = match (json, &arguments.field) {
        (Some(_), Some(_)) => return Err(Fail::usage("--field and --json exclude each other")),
        (Some(fields), None) => {
            result::check(card, fields)?;
            Form::Json(fields)
        }
        (None, Some(name)) => Form::Field(result::field(card, name)?),
        (None, None) => Form::Text,
    };
    let configuration = Configuration::new(arguments.connect.into(), lookup.clone())?;
    let simulator = arguments.simulator.or_examples();
    let target = CommandTarget::of(&simulator, &arguments.target, &configuration).await?;
    let reference = target.connection.credential.clone();
    let resolver = configuration.credential_resolver()?.trusting(reference);
    let simulated = simulator.is_simulated();
    let inputs = ending.or_done(inputs(card, &arguments.inputs, &lookup, &resolver, simulated)).await??;
    card.check_spelled(inputs.clone(), kebab).map_err(|error| Fail::new(with_own_names(error), USAGE))?;

    let dispatcher = dispatcher(&configuration, &target, resolver)?;
    dispatcher.called_by("azdo-bot call", env!("CARGO_PKG_VERSION"));
    let run = BotRunId::mint();
    dispatcher.start(&run, None).map_err(|error| Fail::new(error, FAILED))?;
    let outcome = connect_and_run(&dispatcher, &run, &target.connection, card, inputs, &ending).await;
    let masker = dispatcher.masker(&run);
    let ended = dispatcher.end(&run);
    let success = outcome?;
    ended.map_err(|error| Fail::new(error, FAILED))?;
    result::write(card, &success, &masker.unwrap_or_default(), &form, arguments.output.as_deref())?;
    if json.is_none() {
        success.warnings.iter().for_each(|warning| stderr::warn(&own_names(&warning.to_string())));
    }
    Ok(ExitCode::SUCCESS)
}

fn dispatcher(
    configuration: &Configuration,
    target: &CommandTarget,
    resolver: CredentialResolver,
) -> Result<Dispatcher, Fail> {
    let own = Some(Path::new("."));
    #[cfg(feature = "simulator")]
    if let Some(simulation) = &target.simulation {
        return Ok(configuration.dispatcher(own, simulation.network_options(), simulation.tokens())?);
    }
    #[cfg(not(feature = "simulator"))]
    let _ = target;
    Ok(configuration.dispatcher(own, configuration.network_options()?, Box::new(resolver))?)
}

async fn connect_and_run(
    dispatcher: &Dispatcher,
    run: &BotRunId,
    connection: &ProbeConnection,
    card: &ActionCard,
    inputs: Dictionary,
    ending: &Ending,
) -> Result<Success, Fail> {
    let connect = Dictionary::from_iter([
        ("personalAccessToken".to_owned(), Value::from(connection.credential.to_string())),
        ("organizationUrl".to_owned(), Value::from(connection.organization.to_string())),
        ("projectName".to_owned(), Value::from(connection.project.as_str())),
    ]);
    let connect = Invocation::new(run.clone(), "connect", connect).target(Some(SessionTarget::default()));
    let action = Invocation::new(run.clone(), card.name.clone(), inputs);
    let failed =
        |failure: Failure| Fail::new(with_own_names(failure.error), FAILED).exiting(ending.exit_code());
    let signalled = || async {
        ending.signalled().await;
        dispatcher.end_soon();
    };
    // A denied action needs no session: it is called only to be refused and recorded.
    let is_denied = dispatcher.policy().denies(&action.action, &action.inputs);
    let mut requests = 0;
    if !is_denied {
        requests = dispatcher.execute_until(connect, &Lines, signalled()).await.map_err(failed)?.requests;
    }
    let mut success = dispatcher.execute_until(action, &Lines, signalled()).await.map_err(failed)?;
    success.requests += requests;
    Ok(success)
}

/// Writes progress to standard error if that is a terminal
struct Lines;

impl Progress for Lines {
    fn report(&self, message: &str) {
        if stderr::is_terminal() {
            stderr::line(message);
        }
    }
}
