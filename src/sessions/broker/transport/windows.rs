//! The named pipe of a broker. Its name is random and stands in a file of the broker's folder, so that no other user can
//! create a pipe that processes take for it; and other users may not write to it by the access list that Windows gives it.

use std::io;
use std::io::Write as _;
use std::path::Path;

use tokio::net::windows::named_pipe::ClientOptions;
use tokio::net::windows::named_pipe::NamedPipeClient;
use tokio::net::windows::named_pipe::NamedPipeServer;
use tokio::net::windows::named_pipe::ServerOptions;

use crate::sessions::sharing::StoreError;

/// The file with the name of the pipe, which the folder has before the broker starts
const NAME_FILE: &str = "broker.pipe";

/// What Windows says if all instances of a pipe are taken for a moment: `ERROR_PIPE_BUSY`
const BUSY: i32 = 231;

/// Connects to the broker of a folder; nothing if none is running
pub(in crate::sessions::broker) async fn connect(
    folder: &Path,
) -> Result<Option<NamedPipeClient>, StoreError> {
    let failed = |error: io::Error| StoreError(format!("cannot be reached: {}", error.kind()));
    loop {
        let name = match std::fs::read_to_string(folder.join(NAME_FILE)) {
            Ok(name) if !name.is_empty() => name,
            Ok(_) => return Ok(None),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(failed(error)),
        };
        match ClientOptions::new().open(&name) {
            Ok(pipe) => return Ok(Some(pipe)),
            Err(error) if error.raw_os_error() == Some(BUSY) => {
                tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(failed(error)),
        }
    }
}

/// The pipe on which a broker accepts connections
pub(in crate::sessions::broker) struct PipeListener {
    name: String,
    next: NamedPipeServer,
}

impl PipeListener {
    /// Creates the pipe, and writes its name
    pub(in crate::sessions::broker) fn bind(folder: &Path) -> io::Result<Self> {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).map_err(io::Error::other)?;
        let name = format!(r"\\.\pipe\azdo-bot-{:032x}", u128::from_be_bytes(bytes));
        let next =
            ServerOptions::new().first_pipe_instance(true).reject_remote_clients(true).create(&name)?;
        let mut file = std::fs::OpenOptions::new().write(true).open(folder.join(NAME_FILE))?;
        file.set_len(0)?;
        file.write_all(name.as_bytes())?;
        Ok(PipeListener { name, next })
    }

    /// Waits for the next connection
    pub(in crate::sessions::broker) async fn accept(&mut self) -> io::Result<NamedPipeServer> {
        self.next.connect().await?;
        let next = ServerOptions::new().reject_remote_clients(true).create(&self.name)?;
        Ok(std::mem::replace(&mut self.next, next))
    }
}
