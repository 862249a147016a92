//! A redis-server for the benches, on a socket in a folder of its own.

use std::io::BufRead as _;
use std::io::BufReader;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use azdo_bot::contract::Secret;
use azdo_bot::sessions::RedisOptions;
use azdo_bot::sessions::RedisStore;
use tempfile::TempDir;

const HOUR: Duration = Duration::from_secs(3600);

/// A server that keeps nothing on the disk
pub(crate) struct Server {
    child: Child,
    folder: TempDir,
}

impl Server {
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut child = Command::new("redis-server")
            .args(["--port", "0", "--save", "", "--appendonly", "no", "--unixsocket"])
            .arg(folder.path().join("redis.sock"))
            .stdout(Stdio::piped())
            .spawn()
            .expect("redis-server is installed: run scripts/test-stores");
        let output = BufReader::new(child.stdout.take().expect("it is piped"));
        let mut lines = output.lines().map_while(Result::ok);
        assert!(lines.any(|line| line.contains("eady to accept connections")), "redis-server does not start");
        std::thread::spawn(move || lines.for_each(drop));
        Server { child, folder }
    }

    pub(crate) fn url(&self) -> String {
        format!("redis+unix://{}", self.folder.path().join("redis.sock").display())
    }

    /// Returns a store that renews nothing meanwhile: a renewal would count as a command of what is measured
    pub(crate) fn store(&self) -> Arc<RedisStore> {
        let mut options = RedisOptions::new(Secret::new(self.url()));
        (options.lease, options.renewal) = (HOUR, HOUR);
        RedisStore::new(options).expect("the URL is one")
    }

    /// A figure of `INFO`
    pub(crate) fn info(&self, name: &str) -> f64 {
        figure(&self.infos(), name)
    }

    /// The calls of some commands, the bytes of requests and those of responses so far
    pub(crate) fn counted(&self, commands: &[&str]) -> [f64; 3] {
        let infos = self.infos();
        let calls = commands.iter().map(|command| figure(&infos, &format!("cmdstat_{command}"))).sum();
        [calls, figure(&infos, "total_net_input_bytes"), figure(&infos, "total_net_output_bytes")]
    }

    fn infos(&self) -> String {
        let client = redis::Client::open(self.url()).expect("the URL is one");
        let mut connection = client.get_connection().expect("the server is running");
        redis::cmd("INFO").arg("everything").query(&mut connection).expect("it has it")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The value of a line `NAME:VALUE`, or of `NAME:calls=VALUE,…`; zero if there is none yet
fn figure(infos: &str, name: &str) -> f64 {
    let value = infos.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).unwrap_or("0");
    let value = value.split(',').next().unwrap_or_default().trim_start_matches("calls=");
    value.parse().unwrap_or_default()
}
