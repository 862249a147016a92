//! A look-up in a process that shares its run trees, while what the store said is recent, beside one in a process alone.

use std::sync::Arc;
use std::time::Duration;
use std::time::Instant;

use azdo_bot::contract::BotRunId;
use azdo_bot::contract::SessionName;
use azdo_bot::contract::SessionReference;
use azdo_bot::contract::SessionTarget;
use azdo_bot::contract::TextKind as _;
use azdo_bot::sessions::IfSessionExists;
use azdo_bot::sessions::InProcessStore;
use azdo_bot::sessions::Reserved;
use azdo_bot::sessions::SessionLimits;
use azdo_bot::sessions::Sessions;
use azdo_bot::sessions::SharedTrees;

use crate::figures::Figure;
use crate::figures::best;
use crate::runtime;

const LOOK_UPS: u32 = 200_000;

pub(crate) fn measure() -> Figure {
    // So long, the store is not asked.
    let recent = Duration::from_secs(3600);
    let shared = SharedTrees { store: Arc::new(InProcessStore::new()), recent, joined: None };
    best(|| {
        let alone = look_up(&Sessions::new());
        let sharing = look_up(&Sessions::with_store(SessionLimits::default(), Some(shared.clone())));
        let detail = format!("{sharing:.2} us, in a process alone {alone:.2} us");
        Figure::new("cached look-up: what sharing adds", sharing - alone, 1.0, "us", detail)
    })
}

/// The time of a look-up as an action does it, in microseconds
fn look_up(sessions: &Sessions<u32>) -> f64 {
    runtime().block_on(async {
        let root = BotRunId::mint();
        sessions.start(&root, None).expect("a new bot run starts");
        let name = SessionName::parse("Default").expect("it is a name");
        let target = SessionTarget::Global(name.clone());
        match sessions.reserve(&root, &target, IfSessionExists::Error).await {
            Ok(Reserved::New(reservation)) => drop(reservation.complete(1, None).await.expect("it opens")),
            _ => panic!("the name is free"),
        }
        let reference = SessionReference::Name(name);
        let start = Instant::now();
        for _ in 0..LOOK_UPS {
            let elsewhere = sessions.refresh(&root, &reference).await.expect("it is open");
            assert!(elsewhere.is_none() && sessions.find(&root, &reference).is_ok());
        }
        start.elapsed().as_secs_f64() * 1e6 / f64::from(LOOK_UPS)
    })
}
