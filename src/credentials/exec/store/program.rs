//! A program that is started, told one thing, and read: bounded, without a shell, ended with all it started.

use std::ffi::OsString;
use std::io;
use std::path::Path;
use std::process::ExitStatus;
use std::process::Stdio;

use process_wrap::tokio::ChildWrapper;
use process_wrap::tokio::CommandWrap;
#[cfg(windows)]
use process_wrap::tokio::JobObject;
#[cfg(unix)]
use process_wrap::tokio::ProcessGroup;
use secrecy::zeroize::Zeroizing;
use tokio::io::AsyncReadExt as _;
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

/// The most that a program may write, in bytes; no token is as long
pub(super) const MAX_BYTES: usize = 64 * 1024;

/// What a program wrote and how it ended
pub(super) struct Written {
    /// Its standard output; longer than [`MAX_BYTES`] if it wrote too much, and then it was ended
    pub(super) output: Zeroizing<Vec<u8>>,
    pub(super) status: Option<ExitStatus>,
}

/// The exit code of a starter that could not become the program
pub(super) const NOT_STARTED: i32 = 125;

/// A program and how it is started
pub(super) struct HelperProgram<'a> {
    pub(super) path: &'a Path,
    pub(super) arguments: &'a [&'a str],
    /// A program that is told this process's id, the path and the arguments, and becomes the program so that it ends
    /// with this process, however that ends
    pub(super) starter: Option<&'a Path>,
}

impl HelperProgram<'_> {
    fn command(&self) -> Command {
        let mut command = match self.starter {
            None => Command::new(self.path),
            Some(starter) => {
                let mut command = Command::new(starter);
                command.args(["run-helper", &std::process::id().to_string(), "--"]).arg(self.path);
                command
            }
        };
        // Where this process was started is nothing to the program.
        command.args(self.arguments).current_dir(self.path.parent().unwrap_or(self.path));
        command
    }

    /// Starts the program with this environment alone, tells it `input`, and reads what it writes
    ///
    /// Its standard error goes nowhere: it may say what it should not. When this future is dropped, the
    /// program is ended with everything it has started.
    pub(super) async fn run(&self, environment: Vec<(String, OsString)>, input: &str) -> io::Result<Written> {
        let mut command = self.command();
        command.env_clear().envs(environment);
        run(command, input).await
    }
}

async fn run(mut command: Command, input: &str) -> io::Result<Written> {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut command = CommandWrap::from(command);
    #[cfg(unix)]
    command.wrap(ProcessGroup::leader());
    #[cfg(windows)]
    command.wrap(JobObject);
    let mut running = Running { child: command.spawn()?, over: false };

    let mut stdin = running.child.stdin().take();
    let mut stdout = ChildWrapper::stdout(&mut *running.child).take().expect("it was asked to be piped");
    let tell = async {
        if let Some(mut stdin) = stdin.take() {
            // A program that does not read what it is told has its own reasons; its answer decides.
            let _ = stdin.write_all(input.as_bytes()).await;
        }
    };
    // Room for all of it from the start: growing would leave copies behind.
    let mut output = Zeroizing::new(Vec::with_capacity(MAX_BYTES + 1));
    let read = async {
        while output.len() <= MAX_BYTES && (&mut stdout).take(room(&output)).read_buf(&mut *output).await? > 0
        {
        }
        io::Result::Ok(())
    };
    tokio::join!(tell, read).1?;
    if output.len() > MAX_BYTES {
        return Ok(Written { output, status: None });
    }
    // What it leaves running on purpose, with its output closed, as a cache does, may go on.
    let status = running.child.inner_mut().wait().await?;
    running.over = true;
    Ok(Written { output, status: Some(status) })
}

/// How much more is read, in bytes
fn room(output: &[u8]) -> u64 {
    u64::try_from((MAX_BYTES + 1).saturating_sub(output.len())).unwrap_or(0)
}

/// A program that is ended unless it is over
struct Running {
    child: Box<dyn ChildWrapper>,
    over: bool,
}

impl Drop for Running {
    fn drop(&mut self) {
        if !self.over {
            // The whole group; it fails only if all of it is gone already.
            let _ = self.child.start_kill();
        }
    }
}
