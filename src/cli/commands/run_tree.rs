//! `azdo-bot run-tree`: runs a program whose processes are one run tree.
//!
//! A tool that starts many processes, such as pabot, has no process of its own that could be the root.

use std::ffi::OsString;
use std::io;
use std::path::PathBuf;
use std::process::Child;
use std::process::Command;
use std::process::ExitCode;
use std::process::ExitStatus;

use clap::Args;
use tokio::sync::oneshot;

use crate::cli::output::fail::FAILED;
use crate::cli::output::fail::Fail;
use crate::cli::output::help_text::help_of;
use crate::cli::process::ending::Ending;
use crate::cli::setup::flags::ConnectFlags;
use crate::cli::setup::run_tree_flag::RUN_TREE_VARIABLE;
use crate::contract::BotRunId;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::TextKind as _;
use crate::contract::printable;
use crate::files;
use crate::sessions::Sessions;
use crate::setup::Configuration;
use crate::setup::Lookup;
use crate::setup::Overrides;

/// The arguments of `run-tree`
#[derive(Args)]
#[command(after_help = help_of!([
    "# The processes of a parallel run share global sessions",
    "azdo-bot run-tree -- pabot --processes 4 suites/",
], [
    "N  the exit code of the program, or 128 plus the signal that ended it",
    "1  the session store is unavailable, or the program cannot be started",
    "2  the command line or the operator's file is wrong, or has no session store",
]))]
pub(in crate::cli) struct Arguments {
    /// The operator's file, instead of the system's default
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The program and its arguments
    #[arg(last = true, required = true, value_name = "PROGRAM")]
    program: Vec<OsString>,
}

pub(in crate::cli) async fn run_tree(
    arguments: Arguments,
    lookup: Lookup,
    ending: Ending,
) -> Result<ExitCode, Fail> {
    let flags = ConnectFlags { config: arguments.config, ..ConnectFlags::default() };
    let configuration = Configuration::new(Overrides::from(flags), lookup)?;
    let sessions: Sessions<()> = configuration.sessions()?;
    let root = BotRunId::parse("root").expect("it is an id");
    sessions.start(&root, None)?;
    let Some(id) = sessions.run_tree(&root)? else {
        let message = "a run tree needs a session store, and the operator's file names none";
        let help =
            "Set `store` in the table `sessions` of the operator's file, such as `store = \"broker\"`.";
        return Err(Error::new(ErrorCode::InputInvalid, message).help(help).into());
    };
    // A process that joins before the store has the tree would be refused.
    sessions.flush().await.map_err(|error| Fail::new(error, FAILED))?;
    let [program, rest @ ..] = arguments.program.as_slice() else { return Ok(ExitCode::SUCCESS) };
    let child = Command::new(program).args(rest).env(RUN_TREE_VARIABLE, id.expose()).spawn();
    let shown = printable(&program.to_string_lossy(), 512);
    let failed = |error: io::Error| {
        let missing = error.kind() == io::ErrorKind::NotFound;
        let failed = files::failed(&format!("the program {shown} cannot be run"), error);
        let help = "Correct its name or its path, or install it: it is looked for in the folders of PATH.";
        Fail::new(if missing { failed.help(help) } else { failed }, FAILED)
    };
    let status = wait(child.map_err(failed)?, &ending).await.map_err(failed)?;
    sessions.end(&root)?;
    // The program has ended; the tree ends with the connection of this process too.
    let _ = ending.or_done(sessions.flush()).await;
    Ok(exit_code(status))
}

/// Waits for the end of a program; a signal that this process gets is passed on
async fn wait(mut child: Child, ending: &Ending) -> io::Result<ExitStatus> {
    let (sender, mut ended) = oneshot::channel();
    #[cfg(unix)]
    let process = rustix::process::Pid::from_child(&child);
    std::thread::Builder::new().name("program".to_owned()).spawn(move || {
        let _ = sender.send(child.wait());
    })?;
    tokio::select! {
        status = &mut ended => return status.map_err(io::Error::other)?,
        () = ending.signalled() => {}
    }
    // A terminal sends its signals to the program too, which may be ending.
    #[cfg(unix)]
    let _ = rustix::process::kill_process(process, rustix::process::Signal::TERM);
    ended.await.map_err(io::Error::other)?
}

fn exit_code(status: ExitStatus) -> ExitCode {
    #[cfg(unix)]
    let signal = std::os::unix::process::ExitStatusExt::signal(&status);
    #[cfg(not(unix))]
    let signal: Option<i32> = None;
    let code = status.code().or(signal.map(|signal| 128 + signal));
    ExitCode::from(code.and_then(|code| u8::try_from(code).ok()).unwrap_or(FAILED))
}
