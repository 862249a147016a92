//! `azdo-bot broker`: the session store of this machine, until it is stopped or idle.

use std::fs::File;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use tokio::time::Instant;

use crate::cli::output::fail::FAILED;
use crate::cli::output::fail::Fail;
use crate::cli::output::help_text::help_of;
use crate::cli::process::ending::Ending;
use crate::cli::setup::duration::at_least_a_second;
use crate::files;
use crate::files::PrivateFolder;
use crate::sessions::Broker;
use crate::setup::Configuration;
use crate::setup::Lookup;
use crate::setup::Overrides;

/// The file that the one broker of a folder has locked
const LOCK: &str = "broker.lock";

/// How long another broker may take until it can be reached, or has ended
const OTHER: Duration = Duration::from_secs(5);

/// How often the other broker is looked for
const PAUSE: Duration = Duration::from_millis(20);

/// The arguments of `broker`
#[derive(Args)]
#[command(after_help = help_of!([
    "azdo-bot broker",
    "# End when no process has used it for ten minutes",
    "azdo-bot broker --idle 10m",
], [
    "0  it was stopped, was idle, or found a broker that is running already",
    "1  its folder or its socket cannot be used",
    "2  the command line or the operator's file is wrong",
]))]
pub(in crate::cli) struct Arguments {
    /// The operator's file, instead of the system's default
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// End when no process has been connected for this time, such as 10m [default: never]
    #[arg(long, value_name = "DURATION", value_parser = at_least_a_second)]
    idle: Option<Duration>,
    /// Leave the terminal of the process that starts it
    #[arg(long, hide = true)]
    detach: bool,
}

pub(in crate::cli) async fn broker(
    arguments: Arguments,
    json: bool,
    lookup: Lookup,
    ending: Ending,
) -> Result<ExitCode, Fail> {
    let overrides = Overrides { operator_file: arguments.config, ..Overrides::default() };
    let configuration = Configuration::new(overrides, lookup)?;
    let path = configuration.broker_folder()?;
    let setting = configuration.broker_setting();
    let unusable = |error| Fail::new(files::failed("the folder of the broker cannot be used", error), FAILED);
    let folder = PrivateFolder::open(&path).map_err(unusable)?;
    let Some(_lock) = lock(&folder).await.map_err(unusable)? else {
        say(&folder, setting, false, json)?;
        return Ok(ExitCode::SUCCESS);
    };
    #[cfg(windows)]
    folder.create("broker.pipe").map_err(unusable)?;
    if arguments.detach {
        detach();
    }
    raise_descriptors();
    let broker = configuration.bind_broker(folder.path())?.map_err(|error| {
        Fail::new(files::failed("the socket of the broker cannot be created", error), FAILED)
    })?;
    say(&folder, setting, true, json)?;
    tokio::select! {
        () = broker.serve(arguments.idle) => {}
        () = ending.signalled() => {}
    }
    Ok(ExitCode::SUCCESS)
}

/// Locks the folder; nothing if a broker is running there
async fn lock(folder: &PrivateFolder) -> std::io::Result<Option<File>> {
    let until = Instant::now() + OTHER;
    loop {
        if let Some(lock) = folder.lock(LOCK)? {
            return Ok(Some(lock));
        }
        // It may be about to start or to end.
        if Broker::is_running(folder.path()).await {
            return Ok(None);
        }
        if Instant::now() >= until {
            let text = "another broker has locked it, and does not accept connections";
            return Err(std::io::Error::new(std::io::ErrorKind::ResourceBusy, text));
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Leaves the terminal of the process that started it
fn detach() {
    #[cfg(unix)]
    {
        // It fails for the first process of a session, which has left the terminal already.
        let _ = rustix::process::setsid();
    }
}

/// Takes all the file descriptors that the system allows: each connected process needs one
fn raise_descriptors() {
    #[cfg(unix)]
    {
        use rustix::process::Resource;
        use rustix::process::Rlimit;
        let maximum = rustix::process::getrlimit(Resource::Nofile).maximum;
        let _ = rustix::process::setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum });
    }
}

/// Says that the broker can be reached, and with which setting
fn say(folder: &PrivateFolder, setting: &str, is_new: bool, json: bool) -> std::io::Result<()> {
    let mut out = std::io::stdout();
    let path = folder.path().display();
    match (json, is_new) {
        (true, _) => {
            let line = serde_json::json!({ "folder": path.to_string(), "started": is_new });
            writeln!(out, "{line}")?;
        }
        (false, true) => {
            writeln!(
                out,
                "The broker is running in {path}. Processes of this user share run trees through it if"
            )?;
            writeln!(out, "their operator's file has `{setting}` in the table `sessions`.")?;
            writeln!(out, "\nStop it with Ctrl-C.")?;
        }
        (false, false) => writeln!(out, "A broker is already running in {path}.")?,
    }
    out.flush()
}
