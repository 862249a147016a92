//! `azdo-bot mcp`: the MCP server, on standard input and output or over HTTP.

use std::path::Path;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use jiff::SignedDuration;

use crate::cli::output::fail::Fail;
use crate::cli::output::stderr;
use crate::cli::process::ending::Ending;
use crate::cli::setup::flags::ConnectFlags;
use crate::contract::Secret;
use crate::contract::printable;
use crate::dispatch::Dispatcher;
use crate::files;
use crate::hosts::mcp;
use crate::hosts::mcp::BearerKey;
use crate::hosts::mcp::BearerToken;
use crate::hosts::mcp::HttpAddress;
use crate::hosts::mcp::Offer;
use crate::setup::Configuration;
use crate::setup::Lookup;
#[cfg(feature = "simulator")]
use crate::setup::Simulation;

/// The longest time that an unread log delays the end of the process
const FLUSH_LIMIT: Duration = Duration::from_millis(50);

/// The largest file with a bearer token that is read, in bytes
const MAX_TOKEN_FILE: usize = 4096;

/// The arguments of `mcp`
#[derive(Args)]
pub(in crate::cli) struct Arguments {
    /// Use a simulator that the command starts; nothing leaves the machine
    #[cfg(feature = "simulator")]
    #[arg(long)]
    simulate: bool,
    /// The world file of the simulator
    #[cfg(feature = "simulator")]
    #[arg(long, value_name = "FILE", requires = "simulate")]
    world: Option<PathBuf>,
    /// Offer only actions that change nothing
    #[arg(long)]
    read_only: bool,
    /// Offer only the actions of these groups, each as a tool, such as repositories,pull-requests,runs
    #[arg(long, value_name = "GROUP", value_delimiter = ',')]
    groups: Vec<String>,
    /// Offer actions that destroy something, too
    #[arg(long, conflicts_with = "read_only")]
    allow_destructive: bool,
    /// Accept a token as an argument of connect, and not only a reference to one; the client's model and logs see it
    #[arg(long)]
    allow_plain_tokens: bool,
    /// Serve streamable HTTP on this loopback address, at /mcp, instead of standard input and output
    #[arg(long, value_name = "[ADDRESS:]PORT", requires = "bearer")]
    http: Option<String>,
    /// A bearer token that HTTP clients send, as env:NAME or file:PATH; each has its own sessions
    #[arg(long, value_name = "REFERENCE", requires = "http")]
    bearer: Vec<String>,
    /// The folder that actions read and write files in, unless the operator's file names folders
    #[arg(long, value_name = "DIR")]
    folder: Option<PathBuf>,
    /// Close a session that no action has used for this time
    #[arg(long, value_name = "DURATION", default_value = "8h", value_parser = idle_limit)]
    idle_limit: Duration,
    #[command(flatten)]
    connect: ConnectFlags,
}

/// Parses a duration of at least a second
fn idle_limit(text: &str) -> Result<Duration, String> {
    let parsed = text.parse::<SignedDuration>().ok().and_then(|limit| Duration::try_from(limit).ok());
    parsed
        .filter(|limit| *limit >= Duration::from_secs(1))
        .ok_or_else(|| "must be a duration of at least 1s, such as 8h, 30m or 90s".to_owned())
}

/// Serves until the client disconnects or a signal arrives
///
/// Standard output carries the protocol only, so an error goes to standard error, even with `--json`.
pub(in crate::cli) async fn mcp(
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
    let offer = Offer::new()
        .read_only(arguments.read_only)
        .destructive(arguments.allow_destructive)
        .plain_tokens(arguments.allow_plain_tokens)
        .groups(&arguments.groups)?;
    let http = match &arguments.http {
        Some(address) => Some((HttpAddress::parse(address)?, bearer_tokens(&arguments.bearer, &lookup)?)),
        None => None,
    };
    let configuration = Configuration::new(arguments.connect.clone().into(), lookup)?;
    let dispatcher = Arc::new(dispatcher(arguments, &configuration).await?);
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
    let served = async {
        let (dispatcher, limit, interrupted) =
            (Arc::clone(&dispatcher), arguments.idle_limit, ending.signalled());
        match http {
            Some((address, tokens)) => {
                let announce = |url: &str| stderr::report(&format!("azdo-bot: the MCP server is at {url}"));
                mcp::serve_http(dispatcher, offer, address, tokens, limit, announce, interrupted).await
            }
            None => {
                ending.watch_input();
                mcp::serve_stdio(dispatcher, offer, limit, interrupted).await
            }
        }
    };
    let result = tokio::select! {
        result = served => result,
        never = reopening => never,
    };
    ending.input_ended();
    result?;
    stderr::finish(FLUSH_LIMIT);
    Ok(())
}

#[cfg_attr(
    not(feature = "simulator"),
    expect(clippy::unused_async, reason = "awaits only with the simulator")
)]
async fn dispatcher(arguments: &Arguments, configuration: &Configuration) -> Result<Dispatcher, Fail> {
    let folder = arguments.folder.as_deref();
    #[cfg(feature = "simulator")]
    if arguments.simulate {
        let simulation = Simulation::start(arguments.world.as_deref()).await?.reporting(stderr::line);
        simulation.announce();
        // These tokens keep the simulator running.
        return Ok(configuration.dispatcher(folder, simulation.network_options(), simulation.tokens())?);
    }
    let tokens = Box::new(configuration.credential_resolver()?);
    Ok(configuration.dispatcher(folder, configuration.network_options()?, tokens)?)
}

/// Reads the bearer tokens
fn bearer_tokens(references: &[String], lookup: &Lookup) -> Result<(BearerKey, Vec<BearerToken>), Fail> {
    let key = BearerKey::generate()?;
    let token = |reference: &String| -> Result<BearerToken, Fail> {
        Ok(key.token(&bearer_token(reference, lookup)?)?)
    };
    let tokens = references.iter().map(token).collect::<Result<_, _>>()?;
    Ok((key, tokens))
}

fn bearer_token(reference: &str, lookup: &Lookup) -> Result<Secret, Fail> {
    let refused = |reason: &str| Fail::usage(format!("--bearer: {reason}"));
    match reference.split_once(':') {
        Some(("env", name)) => lookup(name)
            .and_then(|value| value.into_string().ok())
            .map(Secret::new)
            .ok_or_else(|| refused(&format!("the variable {} is not set", printable(name, 128)))),
        Some(("file", path)) => {
            let shown = printable(path, 512);
            let read = files::read_trusted(Path::new(path), MAX_TOKEN_FILE)
                .map_err(|error| refused(&format!("{shown} cannot be read: {}", files::reason(&error))))?;
            let text = read.and_then(|read| String::from_utf8(read).ok());
            let text = text.ok_or_else(|| refused(&format!("{shown} is not a file with a token")))?;
            Ok(Secret::new(text.trim_ascii().to_owned()))
        }
        // It may be the token itself, so it is not quoted.
        _ => Err(refused("it is not a reference: write env:NAME or file:PATH")),
    }
}
