//! Measurements without the network: dispatch, the lookup of a session, and the memory of many sessions.

use std::time::Instant;

use azdo_bot::contract::BotRunId;
use azdo_bot::contract::SessionReference;
use azdo_bot::contract::SessionTarget;
use azdo_bot::contract::TextKind as _;
use azdo_bot::sessions::IfSessionExists;
use azdo_bot::sessions::Reserved;
use azdo_bot::sessions::Sessions;

use crate::figures::Figure;
use crate::figures::best;
use crate::house;
use crate::house::Remote;

const MANY: usize = 10_000;
/// The maximum number of sessions in a run tree
const PER_TREE: usize = 1_000;

pub(crate) async fn measure() -> Vec<Figure> {
    let remote = Remote::start();
    let dispatcher = remote.dispatcher();
    // The first connection creates the client and its buffers, which all sessions share.
    let first = house::start(&dispatcher);
    house::connect(&dispatcher, &first).await;

    let before = resident();
    let mut roots: Vec<(BotRunId, Vec<String>)> = Vec::new();
    for _ in 0..MANY / PER_TREE {
        let root = house::start(&dispatcher);
        let mut handles = Vec::with_capacity(PER_TREE);
        for _ in 0..PER_TREE {
            handles.push(house::connect(&dispatcher, &root).await);
        }
        roots.push((root, handles));
    }
    let grown = resident().saturating_sub(before) as f64 / 1e6;

    let started = Instant::now();
    for _ in 0..MANY {
        house::execute(&dispatcher, &first, "getProject", house::session("Nowhere"))
            .await
            .expect_err("it is not there");
    }
    let refused = started.elapsed().as_secs_f64() * 1e6 / MANY as f64;

    let started = Instant::now();
    for (root, handles) in &roots {
        for handle in handles {
            house::execute(&dispatcher, root, "disconnect", house::session(handle)).await.expect("it closes");
        }
    }
    let disconnect = started.elapsed().as_secs_f64() * 1e6 / MANY as f64;

    vec![
        Figure::new("10,000 open sessions, memory", grown, 20.0, "MB", String::new()),
        Figure::new("dispatch of a refused session name", refused, 5.0, "us", String::new()),
        Figure::new("dispatch of Disconnect", disconnect, 5.0, "us", String::new()),
        lookup().await,
    ]
}

/// The lookup of a session by name while 10,000 are open
async fn lookup() -> Figure {
    let sessions: Sessions<u64> = Sessions::new();
    let mut wanted = Vec::new();
    for tree in 0..MANY / PER_TREE {
        let root = BotRunId::mint();
        sessions.start(&root, None).expect("a new bot run starts");
        for at in 0..PER_TREE {
            let name = format!("session {at}");
            let Ok(SessionReference::Name(name)) = SessionReference::parse(&name) else { panic!("a name") };
            let target = SessionTarget::Global(name.clone());
            match sessions.reserve(&root, &target, IfSessionExists::Error).await {
                Ok(Reserved::New(reservation)) => {
                    drop(reservation.complete((tree * PER_TREE + at) as u64, None).await)
                }
                _ => panic!("the name is free"),
            }
            wanted.push((root.clone(), SessionReference::Name(name)));
        }
    }
    best(|| {
        let started = Instant::now();
        let found: usize =
            wanted.iter().filter(|(root, reference)| sessions.find(root, reference).is_ok()).count();
        let each = started.elapsed().as_secs_f64() * 1e6 / MANY as f64;
        assert_eq!(found, MANY);
        Figure::new("session by name, 10,000 open", each, 1.0, "us", String::new())
    })
}

/// Returns the resident memory of this process in bytes
fn resident() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kilobytes| kilobytes.parse::<usize>().ok()).unwrap_or(0) * 1024
}
