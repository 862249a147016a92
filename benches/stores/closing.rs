//! Disconnect: how long until another process has closed the session, while nothing fails.

use std::sync::Arc;
use std::time::Duration;
use std::time::Instant;

use azdo_bot::contract::BotRunId;
use azdo_bot::contract::SessionName;
use azdo_bot::contract::SessionReference;
use azdo_bot::contract::SessionTarget;
use azdo_bot::contract::TextKind as _;
use azdo_bot::sessions::ConnectionReference;
use azdo_bot::sessions::IfSessionExists;
use azdo_bot::sessions::Reserved;
use azdo_bot::sessions::SessionLimits;
use azdo_bot::sessions::SessionStore;
use azdo_bot::sessions::Sessions;
use azdo_bot::sessions::SharedCredential;
use azdo_bot::sessions::SharedTrees;

use crate::figures::Figure;
use crate::runtime;

const ROUNDS: usize = 1_000;

/// Returns the time in which 99 of 100 are closed, with a store of its own for each of two processes
pub(crate) fn measure<S: SessionStore>(what: &'static str, store: impl Fn() -> Arc<S>) -> Figure {
    let mut times = runtime().block_on(times([store(), store()]));
    times.sort_unstable();
    let at = |percent: usize| times[ROUNDS * percent / 100].as_secs_f64() * 1e3;
    let detail = format!("99 of 100; the median {:.2} ms", at(50));
    Figure::new(what, at(99), 1_000.0, "ms", detail)
}

async fn times(stores: [Arc<impl SessionStore>; 2]) -> Vec<Duration> {
    let recent = Duration::from_secs(5);
    let [here, there]: [Sessions<()>; 2] = stores.map(|store| {
        Sessions::with_store(SessionLimits::default(), Some(SharedTrees { store, recent, joined: None }))
    });
    let [root, member] = [(), ()].map(|()| BotRunId::mint());
    here.start(&root, None).expect("a new bot run starts");
    let tree = here.run_tree(&root).expect("it is running").expect("there is a store");
    here.flush().await.expect("the store works");
    there.join(&member, &tree).expect("a new bot run starts");
    there.flush().await.expect("the store works");
    let name = SessionName::parse("Default").expect("it is a name");
    let (target, reference) = (SessionTarget::Global(name.clone()), SessionReference::Name(name));
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        match here.reserve(&root, &target, IfSessionExists::Error).await {
            Ok(Reserved::New(new)) => drop(new.complete((), Some(record())).await.expect("it opens")),
            _ => panic!("the name is free"),
        }
        let shared = there.refresh(&member, &reference).await.expect("the store works");
        let session = there.adopt(shared.expect("it is open"), ()).expect("it is open");
        let start = Instant::now();
        here.close(&root, &reference).await.expect("it is open");
        session.closed().await;
        times.push(start.elapsed());
    }
    times
}

fn record() -> ConnectionReference {
    ConnectionReference {
        organization: "https://dev.azure.com/fabrikam".to_owned(),
        project: "Fabrikam".to_owned(),
        user: "user".to_owned(),
        bearer: false,
        credential: SharedCredential::Reference("env:AZDO_PAT".to_owned()),
    }
}
