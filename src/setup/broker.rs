//! The broker of the operator's file: its folder, and how a process starts one.

use std::io;
use std::io::BufRead as _;
use std::io::BufReader;
use std::io::Read as _;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;
use std::process::Stdio;
use std::sync::Arc;

use tokio::sync::oneshot;

use crate::contract::printable;
use crate::sessions::StartBroker;
use crate::setup::environment::Lookup;

/// How long a broker that was started on demand waits for another process
const IDLE: &str = "1m";

/// The variables that a broker on Windows needs to find its files; none of them has a secret
const KEPT: [&str; 3] = ["SystemRoot", "ProgramData", "LOCALAPPDATA"];

/// How much of a broker's error is shown, in bytes
const LONGEST_ERROR: u64 = 2 << 10;

/// The folder of a broker if the operator's file names none: one per user, which does not depend on how the process was
/// started, so that all processes of the user find the same broker
pub(super) fn default_folder(lookup: &Lookup) -> Option<PathBuf> {
    #[cfg(unix)]
    {
        let _ = lookup;
        Some(Path::new("/tmp").join(format!("azdo-bot-{}", rustix::process::geteuid().as_raw())))
    }
    #[cfg(not(unix))]
    {
        lookup("LOCALAPPDATA").map(|folder| PathBuf::from(folder).join("azdo-bot").join("broker"))
    }
}

/// Returns what starts a broker with this program and operator's file
pub(super) fn starter(program: PathBuf, operator_file: Option<&Path>, lookup: &Lookup) -> StartBroker {
    let operator_file =
        operator_file.map(|path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned()));
    let lookup = lookup.clone();
    Arc::new(move || {
        let command = command(&program, operator_file.as_deref(), &lookup);
        Box::pin(async move {
            let (started, is_started) = oneshot::channel();
            std::thread::Builder::new().name("broker".to_owned()).spawn(move || run(command, started))?;
            is_started.await.map_err(io::Error::other)?
        })
    })
}

/// The command of a broker that ends by itself, without the environment of this process, which may have tokens
fn command(program: &Path, operator_file: Option<&Path>, lookup: &Lookup) -> Command {
    let mut command = Command::new(program);
    #[cfg(unix)]
    std::os::unix::process::CommandExt::arg0(&mut command, "azdo-bot");
    command.args(["broker", "--json", "--detach", "--idle", IDLE]);
    if let Some(path) = operator_file {
        command.arg("--config").arg(path);
    }
    command.env_clear();
    command.envs(KEPT.iter().filter_map(|name| lookup(name).map(|value| (name, value))));
    #[cfg(unix)]
    command.current_dir("/");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Starts a broker, says when it is ready, and waits for its end
fn run(mut command: Command, started: oneshot::Sender<io::Result<()>>) {
    let mut child = match command.spawn() {
        Ok(child) => child,
        Err(error) => return drop(started.send(Err(error))),
    };
    let (output, errors) = (child.stdout.take(), child.stderr.take());
    let mut line = String::new();
    // It prints one line when it can be reached.
    let read = output.map(|output| BufReader::new(output).read_line(&mut line));
    let result = match read {
        Some(Ok(read)) if read > 0 => Ok(()),
        _ => {
            let mut text = Vec::new();
            let _ = errors.map(|errors| errors.take(LONGEST_ERROR).read_to_end(&mut text));
            let text = String::from_utf8_lossy(&text);
            Err(io::Error::other(printable(text.lines().next().unwrap_or("it ended at once"), 512)))
        }
    };
    let _ = started.send(result);
    let _ = child.wait();
}
