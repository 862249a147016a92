//! A redis-server for one test, on a socket in a folder of its own.

use std::io::BufRead as _;
use std::io::BufReader;
use std::path::Path;
use std::path::PathBuf;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use azdo_bot::contract::Secret;
use azdo_bot::sessions::RedisOptions;
use azdo_bot::sessions::RedisStore;
use rustix::process::Pid;
use rustix::process::Signal;
use tempfile::TempDir;

use crate::sessions::machine::Machine;

/// How long a machine relies on what the store said: longer than any test, so that only messages change it
pub(crate) const RECENT: Duration = Duration::from_secs(600);

/// A running server
pub(crate) struct Server {
    child: Child,
    folder: TempDir,
    settings: Vec<String>,
}

impl Server {
    /// Starts a server that keeps nothing on the disk
    pub(crate) fn start() -> Self {
        Self::with(&[])
    }

    /// Starts a server with more settings
    pub(crate) fn with(settings: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let settings: Vec<_> = settings.iter().map(|&setting| setting.to_owned()).collect();
        Server { child: launch(&folder, &settings), folder, settings }
    }

    pub(crate) fn socket(&self) -> PathBuf {
        self.folder.path().join("redis.sock")
    }

    pub(crate) fn url(&self) -> String {
        format!("redis+unix://{}", self.socket().display())
    }

    /// Returns the contents of the files that it has written
    pub(crate) fn files(&self) -> Vec<Vec<u8>> {
        let folder = |path: &Path| std::fs::read_dir(path).expect("the folder is there").flatten();
        let written = folder(&self.folder.path().join("appendonlydir"));
        let all = folder(self.folder.path()).chain(written).map(|entry| entry.path());
        all.filter(|path| path.is_file()).map(|path| std::fs::read(path).expect("it is a file")).collect()
    }

    /// Stops the server, as a crash would
    pub(crate) fn stop(&mut self) {
        self.child.kill().expect("it is running");
        self.child.wait().expect("it was started here");
    }

    /// Starts it again, at the same place and without what it held
    pub(crate) fn start_again(&mut self) {
        self.child = launch(&self.folder, &self.settings);
    }

    /// Stops the server's work until [`Server::resume`]
    pub(crate) fn pause(&self) {
        self.signal(Signal::STOP);
    }

    pub(crate) fn resume(&self) {
        self.signal(Signal::CONT);
    }

    fn signal(&self, signal: Signal) {
        let id = i32::try_from(self.child.id()).expect("the system's ids fit");
        let process = Pid::from_raw(id).expect("it has an id");
        rustix::process::kill_process(process, signal).expect("it is running");
    }

    /// Returns a store with the default times
    pub(crate) fn store(&self) -> Arc<RedisStore> {
        self.store_with(|_| {})
    }

    /// Returns a store whose options are changed
    pub(crate) fn store_with(&self, change: impl FnOnce(&mut RedisOptions)) -> Arc<RedisStore> {
        let mut options = RedisOptions::new(Secret::new(self.url()));
        change(&mut options);
        RedisStore::new(options).expect("the URL is one")
    }

    /// Two machines, each with its own connection
    pub(crate) fn machines(&self) -> [Machine; 2] {
        [(), ()].map(|()| Machine::sharing(self.store(), RECENT))
    }

    /// Counts the connections, without that of this question
    pub(crate) fn connections(&self) -> usize {
        let all: String = self.command(&["CLIENT", "LIST"]);
        all.lines().filter(|line| !line.contains("cmd=client|list")).count()
    }

    /// Runs a command as the server's operator
    pub(crate) fn command<T: redis::FromRedisValue>(&self, words: &[&str]) -> T {
        let client = redis::Client::open(self.url()).expect("the URL is one");
        let mut connection = client.get_connection().expect("the server is running");
        let mut command = redis::cmd(words[0]);
        words[1..].iter().for_each(|word| {
            command.arg(*word);
        });
        command.query(&mut connection).expect("the server knows the command")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have been stopped by the test.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Starts the program and waits until it says that it is ready
fn launch(folder: &TempDir, settings: &[String]) -> Child {
    let mut child = Command::new("redis-server")
        .args(["--port", "0", "--save", "", "--appendonly", "no", "--unixsocket"])
        .arg(folder.path().join("redis.sock"))
        .arg("--dir")
        .arg(folder.path())
        .args(settings)
        .stdout(Stdio::piped())
        .spawn()
        .expect("redis-server is installed: run scripts/test-stores");
    let output = BufReader::new(child.stdout.take().expect("it is a pipe"));
    let mut lines = output.lines().map_while(Result::ok);
    let ready = lines
        .by_ref()
        .any(|line| line.contains("Ready to accept connections") || line.contains("now ready to accept"));
    assert!(ready, "redis-server does not start");
    // The pipe is read to its end, so that the server never waits for it.
    std::thread::spawn(move || lines.for_each(drop));
    child
}
