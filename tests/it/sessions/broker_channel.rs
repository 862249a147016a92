//! The socket of a broker, or its named pipe on Windows, without the code of the package: what tests say on it themselves.

#[cfg(windows)]
pub(crate) use self::pipe::FakeBroker;
#[cfg(windows)]
pub(crate) use self::pipe::connect;
#[cfg(windows)]
pub(crate) use self::pipe::new_folder;
#[cfg(windows)]
pub(crate) use self::pipe::open;
#[cfg(windows)]
pub(crate) use self::pipe::shows_a_broker;
#[cfg(windows)]
pub(crate) use self::pipe::written;
#[cfg(unix)]
pub(crate) use self::socket::FakeBroker;
#[cfg(unix)]
pub(crate) use self::socket::connect;
#[cfg(unix)]
pub(crate) use self::socket::new_folder;
#[cfg(unix)]
pub(crate) use self::socket::shows_a_broker;

#[cfg(unix)]
mod socket {
    use std::path::Path;

    use tempfile::TempDir;
    use tokio::net::UnixListener;
    use tokio::net::UnixStream;

    /// Returns a folder for a broker
    pub(crate) fn new_folder() -> TempDir {
        tempfile::tempdir().expect("a temporary folder")
    }

    /// Returns whether a folder shows processes the way to a broker
    pub(crate) fn shows_a_broker(folder: &Path) -> bool {
        folder.join("broker.sock").exists()
    }

    /// Connects to the broker of a folder
    pub(crate) async fn connect(folder: &Path) -> UnixStream {
        UnixStream::connect(folder.join("broker.sock")).await.expect("the broker listens")
    }

    /// What takes the connections of processes in place of a broker
    pub(crate) struct FakeBroker(UnixListener);

    impl FakeBroker {
        pub(crate) fn bind(folder: &Path) -> Self {
            FakeBroker(UnixListener::bind(folder.join("broker.sock")).expect("it is new"))
        }

        pub(crate) async fn accept(&mut self) -> UnixStream {
            self.0.accept().await.expect("the system accepts it").0
        }
    }
}

#[cfg(windows)]
mod pipe {
    use std::path::Path;

    use tempfile::TempDir;
    use tokio::io::AsyncReadExt as _;
    use tokio::io::AsyncWriteExt as _;
    use tokio::net::windows::named_pipe::ClientOptions;
    use tokio::net::windows::named_pipe::NamedPipeClient;
    use tokio::net::windows::named_pipe::NamedPipeServer;
    use tokio::net::windows::named_pipe::ServerOptions;

    /// What Windows says if all instances of a pipe are taken for a moment: `ERROR_PIPE_BUSY`
    const BUSY: i32 = 231;

    /// Returns a folder for a broker
    pub(crate) fn new_folder() -> TempDir {
        let folder = tempfile::tempdir().expect("a temporary folder");
        std::fs::write(folder.path().join("broker.pipe"), "").expect("the folder can be written");
        folder
    }

    /// Returns whether a folder shows processes the way to a broker
    pub(crate) fn shows_a_broker(folder: &Path) -> bool {
        !read(folder).is_empty()
    }

    fn read(folder: &Path) -> String {
        std::fs::read_to_string(folder.join("broker.pipe")).expect("the folder has it")
    }

    /// Returns the name of a broker's pipe, what a process shows, and what the broker shows
    pub(crate) fn written(folder: &Path) -> [String; 3] {
        let lines: Vec<_> = read(folder).lines().map(str::to_owned).collect();
        lines.try_into().expect("the broker has written three lines")
    }

    /// Opens the pipe, and shows nothing yet
    pub(crate) async fn open(name: &str) -> NamedPipeClient {
        loop {
            match ClientOptions::new().open(name) {
                Ok(pipe) => return pipe,
                Err(error) => assert_eq!(error.raw_os_error(), Some(BUSY), "{error}"),
            }
            tokio::task::yield_now().await;
        }
    }

    /// Connects to the broker of a folder
    pub(crate) async fn connect(folder: &Path) -> NamedPipeClient {
        let [name, of_process, of_broker] = written(folder);
        let mut pipe = open(&name).await;
        pipe.write_all(of_process.as_bytes()).await.expect("the broker reads");
        let mut shown = [0; 32];
        pipe.read_exact(&mut shown).await.expect("the broker shows its number");
        assert_eq!(shown, of_broker.as_bytes());
        pipe
    }

    /// What takes the connections of processes in place of a broker
    pub(crate) struct FakeBroker {
        name: String,
        next: NamedPipeServer,
        shows: [u8; 32],
    }

    impl FakeBroker {
        pub(crate) fn bind(folder: &Path) -> Self {
            Self::showing(folder, [b'b'; 32])
        }

        /// The same with another number than that of the folder's file, perhaps
        pub(crate) fn showing(folder: &Path, shows: [u8; 32]) -> Self {
            let name = format!(r"\\.\pipe\azdo-bot-test-{}", uuid::Uuid::new_v4());
            let text = format!("{name}\n{}\n{}\n", "a".repeat(32), "b".repeat(32));
            std::fs::write(folder.join("broker.pipe"), text).expect("the folder can be written");
            let next = ServerOptions::new().create(&name).expect("it is new");
            FakeBroker { name, next, shows }
        }

        pub(crate) async fn accept(&mut self) -> NamedPipeServer {
            self.next.connect().await.expect("the system accepts it");
            let next = ServerOptions::new().create(&self.name).expect("it is ours");
            let mut pipe = std::mem::replace(&mut self.next, next);
            let mut shown = [0; 32];
            pipe.read_exact(&mut shown).await.expect("the process shows its number");
            assert_eq!(shown, [b'a'; 32]);
            pipe.write_all(&self.shows).await.expect("the process reads");
            pipe
        }
    }
}
