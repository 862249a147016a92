//! Redis: commands, bytes and memory as the server counts them, and look-ups a second beside plain reads.

use std::io::BufRead as _;
use std::io::BufReader;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;
use std::time::Instant;

use azdo_bot::contract::Secret;
use azdo_bot::devops::LimitReport;
use azdo_bot::devops::SharedRateLimit as _;
use azdo_bot::devops::SlotDraw;
use azdo_bot::devops::UserKey;
use azdo_bot::sessions::FindBy;
use azdo_bot::sessions::IdempotencyStore as _;
use azdo_bot::sessions::KeyPlace;
use azdo_bot::sessions::RedisOptions;
use azdo_bot::sessions::RedisStore;
use azdo_bot::sessions::SessionStore as _;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::bytes;
use crate::figures::Figure;

/// How often an operation is repeated to count its commands and bytes
const TIMES: u32 = 1_000;

/// The sessions of the filled store
const SESSIONS: u32 = 100_000;

/// The clients that look sessions up at the same time, and the calls that each has in flight
const CLIENTS: usize = 4;
const IN_FLIGHT: usize = 16;

/// How long they do
const FOR: Duration = Duration::from_secs(2);

/// A server that keeps nothing on the disk
struct Server {
    child: Child,
    folder: TempDir,
}

impl Server {
    fn start() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut child = Command::new("redis-server")
            .args(["--port", "0", "--save", "", "--appendonly", "no", "--unixsocket"])
            .arg(folder.path().join("redis.sock"))
            .stdout(Stdio::piped())
            .spawn()
            .expect("redis-server is installed: run scripts/test-stores");
        let mut lines =
            BufReader::new(child.stdout.take().expect("it is piped")).lines().map_while(Result::ok);
        assert!(lines.any(|line| line.contains("eady to accept connections")), "redis-server does not start");
        std::thread::spawn(move || lines.for_each(drop));
        Server { child, folder }
    }

    fn url(&self) -> String {
        format!("redis+unix://{}", self.folder.path().join("redis.sock").display())
    }

    fn store(&self) -> Arc<RedisStore> {
        RedisStore::new(RedisOptions::new(Secret::new(self.url()))).expect("the URL is one")
    }

    /// A figure of `INFO`
    fn info(&self, name: &str) -> f64 {
        let client = ::redis::Client::open(self.url()).expect("the URL is one");
        let mut connection = client.get_connection().expect("the server is running");
        let text: String = ::redis::cmd("INFO").arg("everything").query(&mut connection).expect("it has it");
        let value = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).unwrap_or("0");
        let value = value.split(',').next().unwrap_or_default().trim_start_matches("calls=");
        value.parse().unwrap_or_default()
    }

    /// The scripts, the bytes of requests and those of responses so far
    fn counted(&self) -> [f64; 3] {
        ["cmdstat_evalsha", "total_net_input_bytes", "total_net_output_bytes"].map(|name| self.info(name))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) fn measure() -> Vec<Figure> {
    let server = Server::start();
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("the runtime starts");
    let store = server.store();
    let tree = bytes::tree(u32::MAX);
    let counted = |what: &'static str, most: f64, work: &dyn Fn(u32)| {
        // The first use loads the script.
        work(TIMES);
        let idle = [0, 1].map(|_| server.counted());
        let before = server.counted();
        (0..TIMES).for_each(work);
        let after = server.counted();
        // Reading the counts has bytes too.
        let [commands, sent, received] =
            [0, 1, 2].map(|at| (after[at] - before[at] - (idle[1][at] - idle[0][at])) / f64::from(TIMES));
        Figure::new(what, commands, most, "", format!("{sent:.0} bytes to the server, {received:.0} back"))
    };
    let draw = SlotDraw { slots: 10, patience: Duration::from_secs(55), report: LimitReport::default() };
    let mut figures = vec![
        counted("Redis: commands to begin a tree with a session", 3.0, &|number| {
            runtime.block_on(async {
                let tree = bytes::tree(number);
                store.begin(tree);
                store.flush().await.expect("the store works");
            });
            runtime.block_on(bytes::open(&*store, bytes::tree(number), number));
        }),
        counted("Redis: commands for a look-up", 1.0, &|_| {
            let (first, name) = (bytes::tree(0), bytes::name(0));
            runtime.block_on(store.find(first, FindBy::Name(&name), None)).expect("the store works");
        }),
        counted("Redis: commands for a renewal", 1.0, &|_| {
            runtime.block_on(async {
                store.begin(tree);
                store.flush().await.expect("the store works");
            });
        }),
        counted("Redis: commands for a draw of ten slots", 1.0, &|_| {
            runtime.block_on(store.draw(UserKey([7; 16]), draw)).expect("the store works");
        }),
    ];
    drop(server);
    let server = Server::start();
    let store = server.store();
    runtime.block_on(async { store.flush().await.expect("the store works") });
    let before = server.info("used_memory");
    runtime.block_on(bytes::fill(&store, SESSIONS));
    let each = (server.info("used_memory") - before) / f64::from(SESSIONS);
    figures.push(Figure::new(
        "Redis: 100,000 sessions",
        each * 0.1,
        60.0,
        "MB",
        format!("{each:.0} bytes a session"),
    ));
    figures.extend([of_a_key(&runtime), of_a_connection(&server)]);
    let (look_ups, reads) = (look_ups(&server), reads(&server));
    figures.push(Figure::new(
        "Redis: look-ups, 4 clients, us each",
        1e6 / look_ups,
        200.0,
        "us",
        format!("{look_ups:.0} a second; plain reads of such a record {reads:.0}"),
    ));
    figures
}

/// The memory of an idempotency key, of which the store keeps a day's
fn of_a_key(runtime: &Runtime) -> Figure {
    const KEYS: u32 = 10_000;
    let server = Server::start();
    let store = server.store();
    let reserve = |number: u32| {
        let entry = bytes::entry(number);
        // The record of a key has the hashes of five inputs.
        let (place, record) = (KeyPlace(entry.id.0), [entry.sealed, vec![0; 160]].concat());
        runtime.block_on(store.reserve(place, &record, FOR)).expect("the store works");
    };
    reserve(KEYS);
    let before = server.info("used_memory");
    (0..KEYS).for_each(reserve);
    let each = (server.info("used_memory") - before) / f64::from(KEYS);
    Figure::new("Redis: an idempotency key", each, 1_200.0, "B", format!("{KEYS} keys"))
}

/// The memory of a connection that has looked a session up
fn of_a_connection(server: &Server) -> Figure {
    const CONNECTIONS: u32 = 200;
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("the runtime starts");
    let before = server.info("used_memory");
    let stores: Vec<_> = (0..CONNECTIONS)
        .map(|_| {
            let (store, name) = (server.store(), bytes::name(0));
            runtime.block_on(store.find(bytes::tree(0), FindBy::Name(&name), None)).expect("the store works");
            store
        })
        .collect();
    let each = (server.info("used_memory") - before) / f64::from(CONNECTIONS) / 1024.0;
    drop(stores);
    Figure::new("Redis: a connection", each, 64.0, "KiB", format!("{CONNECTIONS} connections"))
}

/// The sum of what each of four threads does in a second
fn in_threads(work: impl Fn(Instant) -> u32 + Send + Clone + 'static) -> f64 {
    let threads: Vec<_> = (0..CLIENTS)
        .map(|_| {
            let work = work.clone();
            std::thread::spawn(move || {
                let start = Instant::now();
                f64::from(work(start + FOR)) / start.elapsed().as_secs_f64()
            })
        })
        .collect();
    threads.into_iter().map(|thread| thread.join().expect("no thread fails")).sum()
}

fn look_ups(server: &Server) -> f64 {
    let url = server.url();
    in_threads(move |until| {
        let store = RedisStore::new(RedisOptions::new(Secret::new(url.clone()))).expect("the URL is one");
        let name = bytes::name(0);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("the runtime starts").block_on(async {
            let mut done = 0;
            while Instant::now() < until {
                let look_ups = (0..IN_FLIGHT).map(|_| store.find(bytes::tree(0), FindBy::Name(&name), None));
                for found in futures_util::future::join_all(look_ups).await {
                    found.expect("the store works");
                    done += 1;
                }
            }
            done
        })
    })
}

/// The same with a command that only reads a text of that length
fn reads(server: &Server) -> f64 {
    let url = server.url();
    in_threads(move |until| {
        let client = ::redis::Client::open(url.as_str()).expect("the URL is one");
        let mut connection = client.get_connection().expect("the server is running");
        ::redis::cmd("SET").arg("plain").arg(bytes::entry(0).sealed).exec(&mut connection).expect("it works");
        let mut done = 0;
        while Instant::now() < until {
            let mut pipeline = ::redis::pipe();
            (0..IN_FLIGHT).for_each(|_| {
                pipeline.cmd("GET").arg("plain");
            });
            let read: Vec<Vec<u8>> = pipeline.query(&mut connection).expect("it works");
            done += u32::try_from(read.len()).expect("it is small");
        }
        done
    })
}
