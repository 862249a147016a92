//! The socket of a broker. Each side checks the user of the other one.

use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::path::PathBuf;

use tokio::net::UnixListener;
use tokio::net::UnixStream;

use crate::sessions::sharing::StoreError;

/// The name of the socket in the broker's folder
const SOCKET: &str = "broker.sock";

/// Connects to the broker of a folder; nothing if none is running
pub(in crate::sessions::broker) async fn connect(folder: &Path) -> Result<Option<UnixStream>, StoreError> {
    match UnixStream::connect(folder.join(SOCKET)).await {
        Ok(stream) if is_of_same_user(&stream) => Ok(Some(stream)),
        Ok(_) => Err(StoreError("is a broker that another user runs".to_owned())),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused) => {
            Ok(None)
        }
        Err(error) => Err(StoreError(format!("cannot be reached: {}", error.kind()))),
    }
}

/// The socket on which a broker accepts connections; it is removed with it
pub(in crate::sessions::broker) struct SocketListener {
    listener: UnixListener,
    socket: PathBuf,
}

impl SocketListener {
    /// Creates the socket, in place of one that a broker left that was killed
    pub(in crate::sessions::broker) fn bind(folder: &Path) -> io::Result<Self> {
        let socket = folder.join(SOCKET);
        match std::fs::remove_file(&socket) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let listener = UnixListener::bind(&socket)?;
        // The folder keeps other users out until then.
        std::fs::set_permissions(&socket, std::fs::Permissions::from_mode(0o600))?;
        Ok(SocketListener { listener, socket })
    }

    /// Waits for the next connection
    pub(in crate::sessions::broker) async fn accept(&mut self) -> io::Result<UnixStream> {
        self.listener.accept().await.map(|(stream, _)| stream)
    }
}

impl Drop for SocketListener {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.socket);
    }
}

/// Returns the connection of a process of the same user; that of another one is closed
pub(in crate::sessions::broker) async fn admit(arrived: UnixStream) -> Option<UnixStream> {
    is_of_same_user(&arrived).then_some(arrived)
}

fn is_of_same_user(stream: &UnixStream) -> bool {
    stream.peer_cred().is_ok_and(|peer| peer.uid() == rustix::process::geteuid().as_raw())
}
