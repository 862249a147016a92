//! The named pipe of a broker. Each side checks that the other one can read a file of the broker's folder.
//!
//! The file has the random name of the pipe and two random numbers. The system's access list lets other users see the names
//! of pipes and open one for reading, and the name of a broker that was killed is free for all. So a broker says nothing to
//! a process that does not know the first number, and a process uses no broker that does not know the second one.

use std::fs::File;
use std::io;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use ring::digest;
use tokio::io::AsyncReadExt as _;
use tokio::io::AsyncWriteExt as _;
use tokio::net::windows::named_pipe::ClientOptions;
use tokio::net::windows::named_pipe::NamedPipeClient;
use tokio::net::windows::named_pipe::NamedPipeServer;
use tokio::net::windows::named_pipe::ServerOptions;

use crate::sessions::sharing::StoreError;

/// The file with the name of the pipe and the numbers, which the folder has before the broker starts
const NAME_FILE: &str = "broker.pipe";

/// What Windows says if all instances of a pipe are taken for a moment: `ERROR_PIPE_BUSY`
const BUSY: i32 = 231;

/// How long one side waits for the number of the other one
const PATIENCE: Duration = Duration::from_secs(2);

/// A number that only readers of the file know, in hexadecimal digits
struct Proof([u8; 32]);

impl Proof {
    fn new() -> io::Result<Self> {
        let mut digits = [0; 32];
        digits.copy_from_slice(random()?.as_bytes());
        Ok(Proof(digits))
    }

    fn parse(text: &str) -> Option<Self> {
        text.as_bytes().try_into().ok().map(Proof)
    }

    /// Reads what the other side shows, and returns whether it is this number
    async fn is_shown_by(&self, pipe: &mut (impl tokio::io::AsyncRead + Unpin)) -> bool {
        let mut shown = [0; 32];
        // Digests are compared so that the time says nothing about the number.
        let digest = |digits: &[u8]| digest::digest(&digest::SHA256, digits);
        pipe.read_exact(&mut shown).await.is_ok() && digest(&shown).as_ref() == digest(&self.0).as_ref()
    }
}

/// What each side shows to the other one
struct Proofs {
    of_process: Proof,
    of_broker: Proof,
}

/// Returns 128 random bits in hexadecimal digits
fn random() -> io::Result<String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(io::Error::other)?;
    Ok(format!("{:032x}", u128::from_be_bytes(bytes)))
}

/// Connects to the broker of a folder; nothing if none is running
pub(in crate::sessions::broker) async fn connect(
    folder: &Path,
) -> Result<Option<NamedPipeClient>, StoreError> {
    let connected = tokio::time::timeout(PATIENCE, open(folder)).await;
    connected.map_err(|_| StoreError("did not respond in time".to_owned()))?
}

async fn open(folder: &Path) -> Result<Option<NamedPipeClient>, StoreError> {
    let failed = |error: io::Error| StoreError(format!("cannot be reached: {}", error.kind()));
    loop {
        let text = match std::fs::read_to_string(folder.join(NAME_FILE)) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(failed(error)),
        };
        let Some((name, proofs)) = parsed(&text) else { return Ok(None) };
        match ClientOptions::new().open(name) {
            Ok(mut pipe) => {
                let is_own = pipe.write_all(&proofs.of_process.0).await.is_ok()
                    && proofs.of_broker.is_shown_by(&mut pipe).await;
                // A pipe without the number has the name of a broker that has ended.
                return Ok(is_own.then_some(pipe));
            }
            Err(error) if error.raw_os_error() == Some(BUSY) => {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                let text = "is a broker that another user runs, or one that runs with higher rights";
                return Err(StoreError(text.to_owned()));
            }
            Err(error) => return Err(failed(error)),
        }
    }
}

/// Returns the name and the numbers of a file that a broker has written
fn parsed(text: &str) -> Option<(&str, Proofs)> {
    let mut lines = text.lines();
    let name = lines.next()?;
    let of_process = Proof::parse(lines.next()?)?;
    let of_broker = Proof::parse(lines.next()?)?;
    Some((name, Proofs { of_process, of_broker }))
}

/// The pipe on which a broker accepts connections; its file is emptied with it
pub(in crate::sessions::broker) struct PipeListener {
    name: String,
    proofs: Arc<Proofs>,
    next: NamedPipeServer,
    file: File,
}

impl PipeListener {
    /// Creates the pipe, and writes its name and the numbers
    pub(in crate::sessions::broker) fn bind(folder: &Path) -> io::Result<Self> {
        let name = format!(r"\\.\pipe\azdo-bot-{}", random()?);
        let proofs = Proofs { of_process: Proof::new()?, of_broker: Proof::new()? };
        let next =
            ServerOptions::new().first_pipe_instance(true).reject_remote_clients(true).create(&name)?;
        let mut file = std::fs::OpenOptions::new().write(true).open(folder.join(NAME_FILE))?;
        file.set_len(0)?;
        let mut text = format!("{name}\n").into_bytes();
        for proof in [&proofs.of_process, &proofs.of_broker] {
            text.extend(proof.0);
            text.push(b'\n');
        }
        file.write_all(&text)?;
        Ok(PipeListener { name, proofs: Arc::new(proofs), next, file })
    }

    /// Waits for the next connection
    pub(in crate::sessions::broker) async fn accept(&mut self) -> io::Result<ArrivedProcess> {
        self.next.connect().await?;
        let next = ServerOptions::new().reject_remote_clients(true).create(&self.name)?;
        let pipe = std::mem::replace(&mut self.next, next);
        Ok(ArrivedProcess { pipe, proofs: Arc::clone(&self.proofs) })
    }
}

impl Drop for PipeListener {
    fn drop(&mut self) {
        let _ = self.file.set_len(0);
    }
}

/// A process that has opened the pipe, and has shown nothing yet
pub(in crate::sessions::broker) struct ArrivedProcess {
    pipe: NamedPipeServer,
    proofs: Arc<Proofs>,
}

/// Returns the connection of a process that can read the file; that of another one is closed
pub(in crate::sessions::broker) async fn admit(arrived: ArrivedProcess) -> Option<NamedPipeServer> {
    let ArrivedProcess { mut pipe, proofs } = arrived;
    let is_own = async {
        proofs.of_process.is_shown_by(&mut pipe).await && pipe.write_all(&proofs.of_broker.0).await.is_ok()
    };
    let is_own = tokio::time::timeout(PATIENCE, is_own).await.unwrap_or(false);
    is_own.then_some(pipe)
}
