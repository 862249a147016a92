//! Redis: commands, bytes and memory as the server counts them, and look-ups a second beside plain reads.

use std::time::Duration;

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
use tokio::runtime::Runtime;

use crate::bytes;
use crate::clients;
use crate::closing;
use crate::figures::Figure;
use crate::raw;
use crate::redis_server::Server;
use crate::runtime;

/// What a client of the bench does with a server
pub(crate) const LOOK_UPS: &str = "look-ups in Redis";

/// How often an operation is repeated to count its commands and bytes
const TIMES: u32 = 1_000;

/// What Redis calls a script, whatever it calls
const SCRIPTS: &[&str] = &["evalsha"];

/// The sessions of the filled store
const SESSIONS: u32 = 100_000;

pub(crate) fn measure() -> Vec<Figure> {
    let runtime = runtime();
    let mut figures = counts(&runtime);
    figures.extend(raw::measure());
    let server = Server::start();
    figures.push(closing::measure("Redis: Disconnect seen by another process", || server.store()));
    let store = server.store();
    // The first use has the connection and the worker of the store.
    runtime.block_on(async { store.flush().await.expect("the store works") });
    let before = server.info("used_memory");
    runtime.block_on(bytes::fill(&store, SESSIONS));
    let memory = server.info("used_memory") - before;
    let detail = format!("{:.0} bytes a session", memory / f64::from(SESSIONS));
    let look_ups = clients::together(LOOK_UPS, &server.url());
    let reads = clients::together(raw::READS, &server.url());
    let beside = format!("; plain reads as long as a record: {reads:.0}");
    figures.extend([
        clients::figure("Redis: look-up, four processes at once", look_ups, &beside),
        Figure::new("Redis: 100,000 sessions", memory / 1e6, 60.0, "MB", detail),
        of_a_key(&runtime),
        of_a_connection(&server),
    ]);
    figures
}

/// The commands of each operation, and their bytes
fn counts(runtime: &Runtime) -> Vec<Figure> {
    let server = Server::start();
    let store = server.store();
    let counted = |what: &'static str, commands: &[&str], most: f64, work: &dyn Fn(u32)| {
        // The first use loads the script.
        work(TIMES);
        let idle = [0, 1].map(|_| server.counted(commands));
        let before = server.counted(commands);
        (0..TIMES).for_each(work);
        let after = server.counted(commands);
        // Reading the counts has bytes too.
        let [calls, sent, received] =
            [0, 1, 2].map(|at| (after[at] - before[at] - (idle[1][at] - idle[0][at])) / f64::from(TIMES));
        Figure::new(what, calls, most, "", format!("{sent:.0} bytes to the server, {received:.0} back"))
    };
    let begin = |number| {
        runtime.block_on(async {
            store.begin(bytes::tree(number));
            store.flush().await.expect("the store works");
        });
    };
    let find = |known| {
        let (tree, name) = (bytes::tree(0), bytes::name(0));
        runtime.block_on(store.find(tree, FindBy::Name(&name), known)).expect("the store works");
    };
    let draw = SlotDraw { slots: 10, patience: Duration::from_secs(55), report: LimitReport::default() };
    vec![
        counted("Redis, commands: begin a tree, open a session", SCRIPTS, 3.0, &|number| {
            begin(number);
            runtime.block_on(bytes::open(&*store, bytes::tree(number), number));
        }),
        counted("Redis, commands: first look-up", SCRIPTS, 1.0, &|_| find(None)),
        counted("Redis, commands: look-up", &["hmget", "evalsha"], 1.0, &|_| find(Some(bytes::entry(0).id))),
        counted("Redis, commands: renewal", SCRIPTS, 1.0, &|_| begin(0)),
        counted("Redis, commands: draw of ten slots", SCRIPTS, 1.0, &|_| {
            runtime.block_on(store.draw(UserKey([7; 16]), draw)).expect("the store works");
        }),
    ]
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
        runtime.block_on(store.reserve(place, &record, Duration::from_secs(15))).expect("the store works");
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
    let (runtime, before) = (runtime(), server.info("used_memory"));
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

/// Looks sessions up in a server, as one of four processes
pub(crate) fn look_up(url: String) {
    let store = RedisStore::new(RedisOptions::new(Secret::new(url))).expect("the URL is one");
    clients::look_up(&store);
}
