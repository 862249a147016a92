//! The store in Redis beside raw commands on a connection of the same client: one after the other, in the same run.

use std::sync::Arc;
use std::time::Duration;
use std::time::Instant;

use azdo_bot::sessions::EntryId;
use azdo_bot::sessions::FindBy;
use azdo_bot::sessions::RedisStore;
use azdo_bot::sessions::SessionStore as _;
use azdo_bot::sessions::StoredEntry;
use redis::aio::MultiplexedConnection;

use crate::bytes;
use crate::clients;
use crate::clients::IN_FLIGHT;
use crate::figures::Figure;
use crate::figures::best;
use crate::figures::median;
use crate::redis_server::Server;
use crate::runtime;

/// What a client of the bench does that only reads
pub(crate) const READS: &str = "plain reads";

const ROUNDS: u32 = 3_000;
const WARM_UP: usize = 300;

/// How many times as long as the raw commands an operation may take
const MOST: f64 = 1.3;

/// The hash of the raw commands
const RAW: &str = "raw";

pub(crate) fn measure() -> Vec<Figure> {
    vec![
        best(|| beside("Redis: look-up / HGET", in_turns(look_up))),
        best(|| beside("Redis: first look-up / two HGET", in_turns(first_look_up))),
        best(|| beside("Redis: open / SET and HSET", in_turns(open))),
    ]
}

/// Times both sides in each round, with a server of their own
fn in_turns(
    round: impl AsyncFn(&Arc<RedisStore>, &mut MultiplexedConnection, u32) -> [Duration; 2],
) -> [Vec<Duration>; 2] {
    let server = Server::start();
    let (mut ours, mut raw) = (Vec::new(), Vec::new());
    runtime().block_on(async {
        let store = server.store();
        let client = redis::Client::open(server.url()).expect("the URL is one");
        let mut connection = client.get_multiplexed_async_connection().await.expect("the server is running");
        for number in 0..ROUNDS {
            let [our, its] = round(&store, &mut connection, number).await;
            ours.push(our);
            raw.push(its);
        }
    });
    [ours, raw]
}

/// A session that the process knows, and the least that reads as much
async fn look_up(store: &Arc<RedisStore>, raw: &mut MultiplexedConnection, round: u32) -> [Duration; 2] {
    if round == 0 {
        open_first(store, raw).await;
    }
    [find(store, Some(bytes::entry(0).id)).await, get(raw, &["record"]).await]
}

/// A session of which the process knows the name only: what is open under it, and the record of that
async fn first_look_up(
    store: &Arc<RedisStore>,
    raw: &mut MultiplexedConnection,
    round: u32,
) -> [Duration; 2] {
    if round == 0 {
        open_first(store, raw).await;
    }
    [find(store, None).await, get(raw, &["name", "record"]).await]
}

async fn open_first(store: &Arc<RedisStore>, raw: &mut MultiplexedConnection) {
    begin(store, 0).await;
    bytes::open(&**store, bytes::tree(0), 0).await;
    let StoredEntry { id, sealed } = bytes::entry(0);
    set(raw, "name", &id.0).await;
    set(raw, "record", &sealed).await;
}

async fn find(store: &Arc<RedisStore>, known: Option<EntryId>) -> Duration {
    let (tree, name) = (bytes::tree(0), bytes::name(0));
    let start = Instant::now();
    store.find(tree, FindBy::Name(&name), known).await.expect("the store works");
    start.elapsed()
}

/// A name that is reserved with an expiry, and then a record under it
async fn open(store: &Arc<RedisStore>, raw: &mut MultiplexedConnection, round: u32) -> [Duration; 2] {
    begin(store, round).await;
    let (record, key) = (bytes::entry(round).sealed, format!("{RAW}:{round}"));
    let start = Instant::now();
    bytes::open(&**store, bytes::tree(round), round).await;
    let ours = start.elapsed();
    let start = Instant::now();
    let mut reserve = redis::cmd("SET");
    reserve.arg(&key).arg("bot run").arg("NX").arg("PX").arg(30_000);
    reserve.exec_async(raw).await.expect("the server works");
    set(raw, &key, &record).await;
    [ours, start.elapsed()]
}

async fn begin(store: &Arc<RedisStore>, number: u32) {
    store.begin(bytes::tree(number));
    store.flush().await.expect("the store works");
}

/// Reads fields one after the other
async fn get(raw: &mut MultiplexedConnection, fields: &[&str]) -> Duration {
    let start = Instant::now();
    for field in fields {
        let mut get = redis::cmd("HGET");
        let _: Vec<u8> = get.arg(RAW).arg(field).query_async(raw).await.expect("the server works");
    }
    start.elapsed()
}

async fn set(raw: &mut MultiplexedConnection, field: &str, record: &[u8]) {
    redis::cmd("HSET").arg(RAW).arg(field).arg(record).exec_async(raw).await.expect("the server works");
}

fn beside(what: &'static str, [mut ours, mut raw]: [Vec<Duration>; 2]) -> Figure {
    let (ours, raw) = (median(&mut ours[WARM_UP..]), median(&mut raw[WARM_UP..]));
    Figure::new(what, ours / raw, MOST, "x", format!("{ours:.0} / {raw:.0} us"))
}

/// Reads a text as long as a record, as one of four processes
pub(crate) fn read(url: &str) {
    let client = redis::Client::open(url).expect("the URL is one");
    let mut connection = client.get_connection().expect("the server is running");
    redis::cmd("SET").arg("plain").arg(bytes::entry(0).sealed).exec(&mut connection).expect("it works");
    let mut pipeline = redis::pipe();
    (0..IN_FLIGHT).for_each(|_| {
        pipeline.cmd("GET").arg("plain");
    });
    clients::work(|| {
        let read: Vec<Vec<u8>> = pipeline.query(&mut connection).expect("the server works");
        read.len()
    });
}
