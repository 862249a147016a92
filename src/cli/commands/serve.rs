//! `azdo-bot serve`: the JSON-RPC server on standard input and output.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;

use crate::cli::output::fail::Fail;
use crate::cli::output::help_text::help_of;
use crate::cli::output::stderr;
use crate::cli::process::ending::Ending;
use crate::cli::setup::duration::at_least_a_second;
use crate::cli::setup::flags::ConnectFlags;
use crate::cli::setup::run_tree_flag::RunTreeFlag;
use crate::cli::setup::simulator_arguments::SimulatorArguments;
use crate::dispatch::Dispatcher;
use crate::hosts::json_rpc;
use crate::hosts::json_rpc::Host;
use crate::hosts::json_rpc::HostCredentials;
use crate::hosts::json_rpc::LineReader;
use crate::setup::Configuration;
use crate::setup::Lookup;

/// The longest time that an unread log delays the end of the process
const FLUSH_LIMIT: Duration = Duration::from_millis(50);

/// The arguments of `serve`
#[derive(Args)]
#[command(after_help = help_of!([
    "azdo-bot serve --folder /srv/bots --idle-limit 8h",
    "# Against the simulator",
    "azdo-bot serve --simulate",
], [
    "0  the host closed the connection",
    "1  the host closed it, and a running action did not end in time",
    "2  the command line or the operator's file is wrong",
]))]
pub(in crate::cli) struct Arguments {
    #[command(flatten)]
    simulator: SimulatorArguments,
    /// The folder of the bots: relative paths start here, and files are read and written here unless the operator's file names folders
    #[arg(long, value_name = "DIR")]
    folder: Option<PathBuf>,
    /// Close a session that no action has used for this time, such as 8h or 30m [default: never]
    #[arg(long, value_name = "DURATION", value_parser = at_least_a_second)]
    idle_limit: Option<Duration>,
    #[command(flatten)]
    run_tree: RunTreeFlag,
    #[command(flatten)]
    connect: ConnectFlags,
}

/// Serves until the host disconnects
///
/// Standard output carries the protocol only, so an error before it starts goes to standard error, even with `--json`.
pub(in crate::cli) async fn serve(
    arguments: Arguments,
    lookup: Lookup,
    ending: Ending,
) -> Result<ExitCode, Fail> {
    match try_serve(&arguments, lookup, &ending).await {
        Ok(()) => Ok(ExitCode::SUCCESS),
        Err(fail) => Ok(fail.report(false)),
    }
}

async fn try_serve(arguments: &Arguments, lookup: Lookup, ending: &Ending) -> Result<(), Fail> {
    let overrides = arguments.run_tree.added_to(arguments.connect.clone().into(), &lookup)?;
    let configuration = Configuration::new(overrides, lookup)?;
    let host = Host::on_stdout()?;
    let dispatcher = dispatcher(arguments, &configuration, host.clone()).await?;
    let input = LineReader::stdin()?;
    ending.watch_input();
    let (interrupted, closed) = (ending.signalled(), ending.input_closed());
    // Programs that rotate files send SIGHUP.
    if configuration.operator.audit.file().is_some() {
        ending.reopen_at_hangup();
    }
    let reopening = async {
        loop {
            ending.hung_up().await;
            dispatcher.reopen_audit();
        }
    };
    let all_written = tokio::select! {
        all_written = json_rpc::serve(&dispatcher, &host, input, arguments.idle_limit, interrupted, closed) => all_written,
        never = reopening => never,
    };
    ending.input_ended();
    if !all_written {
        stderr::report(
            "azdo-bot: the host did not read every response; a change without one may have been carried out",
        );
    }
    stderr::finish(FLUSH_LIMIT);
    Ok(())
}

#[cfg_attr(
    not(feature = "simulator"),
    expect(clippy::unused_async, reason = "awaits only with the simulator")
)]
async fn dispatcher(
    arguments: &Arguments,
    configuration: &Configuration,
    host: Arc<Host>,
) -> Result<Dispatcher, Fail> {
    #[cfg(feature = "simulator")]
    if let Some(simulation) = arguments.simulator.start().await? {
        simulation.announce();
        // These tokens keep the simulator running. No other source is used, not even the host.
        return Ok(configuration.dispatcher(
            arguments.folder.as_deref(),
            simulation.network_options(),
            simulation.tokens(),
        )?);
    }
    let credentials = HostCredentials::new(host, Box::new(configuration.credential_resolver()?));
    Ok(configuration.dispatcher(
        arguments.folder.as_deref(),
        configuration.network_options()?,
        Box::new(credentials),
    )?)
}
