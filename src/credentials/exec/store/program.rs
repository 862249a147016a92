//! Runs a program with one input and reads its output: without a shell, bounded, and ended with all its children.

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

/// The maximum output of a program in bytes; no token is as long
pub(super) const MAX_BYTES: usize = 64 * 1024;

/// The output of a program and how it ended
pub(super) struct Written {
    /// Its standard output; longer than [`MAX_BYTES`] if it wrote too much and was ended
    pub(super) output: Zeroizing<Vec<u8>>,
    pub(super) status: Option<ExitStatus>,
}

/// The exit code of a starter that could not execute the program
pub(super) const NOT_STARTED: i32 = 125;

/// A program and how to start it
pub(super) struct HelperProgram<'a> {
    pub(super) path: &'a Path,
    pub(super) arguments: &'a [&'a str],
    /// A program that gets this process's id, the path and the arguments, and executes the program so that it ends
    /// with this process in every case
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
        // The program does not depend on the working directory of this process.
        command.args(self.arguments).current_dir(self.path.parent().unwrap_or(self.path));
        command
    }

    /// Runs the program with only this environment, writes `input` to it, and reads its output
    ///
    /// Its standard error is discarded, since it may contain secrets. When this future is dropped, the
    /// program and all its children are ended.
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
    let mut stdout = ChildWrapper::stdout(&mut *running.child).take().expect("it is piped");
    let tell = async {
        if let Some(mut stdin) = stdin.take() {
            // A program may ignore its input; only its output matters.
            let _ = stdin.write_all(input.as_bytes()).await;
        }
    };
    // Full capacity from the start: a reallocation would leave a copy in memory.
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
    // A child with a closed output that it leaves running, such as a cache, keeps running.
    let status = running.child.inner_mut().wait().await?;
    running.over = true;
    Ok(Written { output, status: Some(status) })
}

/// Returns how many more bytes may be read
fn room(output: &[u8]) -> u64 {
    u64::try_from((MAX_BYTES + 1).saturating_sub(output.len())).unwrap_or(0)
}

/// A running program, which is ended on drop
struct Running {
    child: Box<dyn ChildWrapper>,
    over: bool,
}

impl Drop for Running {
    fn drop(&mut self) {
        if !self.over {
            // This ends the whole group, and fails only if it has already ended.
            let _ = self.child.start_kill();
        }
    }
}
