//! `azdo-bot mcp`: the MCP server, on standard input and output or over HTTP.

use std::path::Path;
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
use crate::cli::setup::simulator_arguments::SimulatorArguments;
use crate::contract::Secret;
use crate::contract::did_you_mean;
use crate::contract::nearest;
use crate::contract::printable;
use crate::dispatch::Dispatcher;
use crate::files;
use crate::hosts::mcp;
use crate::hosts::mcp::BearerKey;
use crate::hosts::mcp::BearerToken;
use crate::hosts::mcp::HttpAccess;
use crate::hosts::mcp::HttpAddress;
use crate::hosts::mcp::Offer;
use crate::hosts::mcp::TlsIdentity;
use crate::setup::Configuration;
use crate::setup::Lookup;

/// The longest time that an unread log delays the end of the process
const FLUSH_LIMIT: Duration = Duration::from_millis(50);

/// The largest file with a bearer token that is read, in bytes
const MAX_TOKEN_FILE: usize = 4096;

/// The largest file with certificates or a key that is read, in bytes
const MAX_PEM_FILE: usize = 256 << 10;

/// The stores that a bearer token can be read from
const BEARER_STORES: [&str; 2] = ["env", "file"];

/// The arguments of `mcp`
#[derive(Args)]
#[command(after_help = help_of!([
    "# For a client that starts the server, against the simulator",
    "claude mcp add azure-devops -- azdo-bot mcp --simulate",
    "# Two groups of actions, and nothing that changes anything",
    "azdo-bot mcp --read-only --groups repositories,pull-requests",
    "# Over HTTP, for the clients that have the bearer token",
    "azdo-bot mcp --http 8931 --bearer env:AZDO_MCP_BEARER",
], [
    "0  the client closed the connection",
    "2  the command line or the operator's file is wrong, or the port is in use",
]))]
pub(in crate::cli) struct Arguments {
    #[command(flatten)]
    simulator: SimulatorArguments,
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
    /// Serve streamable HTTP on this address, at /mcp, instead of standard input and output; loopback, or any with TLS
    #[arg(long, value_name = "[ADDRESS:]PORT", requires = "bearer")]
    http: Option<String>,
    /// A bearer token that HTTP clients send, as env:NAME or file:PATH; each has its own sessions
    #[arg(long, value_name = "REFERENCE", requires = "http")]
    bearer: Vec<String>,
    /// The certificate of the HTTP server in PEM, followed by its chain; its names are those that clients may use
    #[arg(long, value_name = "FILE", requires_all = ["http", "tls_key"])]
    tls_certificate: Option<PathBuf>,
    /// The key of the certificate in PEM, without a passphrase, in a file that only its owner can read
    #[arg(long, value_name = "FILE", requires = "tls_certificate")]
    tls_key: Option<PathBuf>,
    /// The folder that actions read and write files in, unless the operator's file names folders
    #[arg(long, value_name = "DIR")]
    folder: Option<PathBuf>,
    /// Close a session that no action has used for this time
    #[arg(long, value_name = "DURATION", default_value = "8h", value_parser = at_least_a_second)]
    idle_limit: Duration,
    #[command(flatten)]
    connect: ConnectFlags,
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
        Some(address) => Some(http_access(address, arguments, &lookup)?),
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
            Some(access) => {
                let announce = |url: &str| stderr::report(&format!("azdo-bot: the MCP server is at {url}"));
                mcp::serve_http(dispatcher, offer, access, limit, announce, interrupted).await
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
    if let Some(simulation) = arguments.simulator.start().await? {
        simulation.announce();
        // These tokens keep the simulator running.
        return Ok(configuration.dispatcher(folder, simulation.network_options(), simulation.tokens())?);
    }
    let tokens = Box::new(configuration.credential_resolver()?);
    Ok(configuration.dispatcher(folder, configuration.network_options()?, tokens)?)
}

/// Reads what the HTTP server needs
fn http_access(address: &str, arguments: &Arguments, lookup: &Lookup) -> Result<HttpAccess, Fail> {
    let tls = match (&arguments.tls_certificate, &arguments.tls_key) {
        (Some(certificate), Some(key)) => {
            let certificate =
                pem("--tls-certificate", files::read_trusted(certificate, MAX_PEM_FILE), certificate)?;
            let key = pem("--tls-key", files::read_secret(key, MAX_PEM_FILE), key)?;
            Some(TlsIdentity::parse(certificate.expose().as_bytes(), &key)?)
        }
        _ => None,
    };
    let address = HttpAddress::parse(address, tls.as_ref())?;
    let key = BearerKey::generate()?;
    let token = |reference: &String| -> Result<BearerToken, Fail> {
        Ok(key.token(&bearer_token(reference, lookup)?)?)
    };
    let tokens = arguments.bearer.iter().map(token).collect::<Result<_, _>>()?;
    Ok(HttpAccess { address, tls, key, tokens })
}

/// Returns the text of a file in PEM
fn pem(flag: &str, read: std::io::Result<Option<Vec<u8>>>, path: &Path) -> Result<Secret, Fail> {
    let shown = printable(&path.to_string_lossy(), 512);
    let refused = |reason: &str| Fail::usage(format!("{flag}: {shown} {reason}"));
    let read = read.map_err(|error| refused(&format!("cannot be read: {}", files::reason(&error))))?;
    let text = read.and_then(|read| String::from_utf8(read).ok());
    text.map(Secret::new).ok_or_else(|| refused("is not a file in PEM"))
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
            let read = files::read_secret(Path::new(path), MAX_TOKEN_FILE)
                .map_err(|error| refused(&format!("{shown} cannot be read: {}", files::reason(&error))))?;
            let text = read.and_then(|read| String::from_utf8(read).ok());
            let text = text.ok_or_else(|| refused(&format!("{shown} is not a file with a token")))?;
            Ok(Secret::new(text.trim_ascii().to_owned()))
        }
        // It may be the token itself, so it is not quoted.
        other => {
            let near =
                other.and_then(|(store, _)| nearest(store, BEARER_STORES)).map(|near| format!("{near}:"));
            let hint = did_you_mean(near.as_deref());
            Err(refused(&format!("it is not a reference: write env:NAME or file:PATH{hint}")))
        }
    }
}
