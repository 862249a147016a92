//! The rate limits and idempotency keys that processes share through a broker.

use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;

use azdo_bot::devops::LimitReport;
use azdo_bot::sessions::Broker;
use azdo_bot::sessions::BrokerStore;
use azdo_bot::sessions::IdempotencyStore as _;
use azdo_bot::sessions::KeyPlace;
use azdo_bot::sessions::KeyState;
use azdo_bot::sessions::Settled;
use azdo_simulator::Simulator;
use azdo_simulator::World;
use futures_util::future::join_all;
use tokio::time::Instant;

use crate::sessions::broker::Running;
use crate::sessions::broker::store_in;
use crate::sessions::broker_channel::new_folder;
use crate::sessions::key_rules;
use crate::sessions::key_rules::Keys;
use crate::sessions::limit_rules;
use crate::sessions::limit_rules::Limit;
use crate::sessions::limit_rules::OneToken;
use crate::sessions::limit_rules::USER;

const PLACE: KeyPlace = KeyPlace([7; 16]);

const HOUR: Duration = Duration::from_secs(3600);

fn two(broker: &Running) -> [Arc<BrokerStore>; 2] {
    [broker.store(), broker.store()]
}

#[tokio::test]
async fn fifty_bots_of_five_processes_stay_within_the_limit_of_their_user() {
    let broker = Running::start();
    let limits: Vec<Limit> = (0..5).map(|_| broker.store() as Limit).collect();
    limit_rules::fifty_bots_of_five_processes_stay_within_the_limit_of_their_user(&limits).await;
}

#[tokio::test]
async fn a_pause_that_one_process_is_told_holds_in_all_of_them_and_for_no_other_user() {
    let broker = Running::start();
    let limits = two(&broker).map(|store| store as Limit);
    limit_rules::a_pause_that_one_process_is_told_holds_in_all_of_them_and_for_no_other_user(limits).await;
}

#[tokio::test]
async fn a_rate_is_lowered_once_by_rejections_that_were_sent_together_and_raised_by_accepted_requests() {
    let broker = Running::start();
    let limits = two(&broker).map(|store| store as Limit);
    limit_rules::a_rate_is_lowered_once_by_rejections_that_were_sent_together_and_raised_by_accepted_requests(
        limits,
    )
    .await;
}

#[tokio::test]
async fn a_fast_user_waits_for_a_pause_too() {
    let broker = Running::start();
    let limits = two(&broker).map(|store| store as Limit);
    limit_rules::a_fast_user_waits_for_a_pause_too(limits).await;
}

#[tokio::test]
async fn the_requests_of_connect_draw_from_the_limit_of_their_user() {
    let broker = Running::start();
    let limits = two(&broker).map(|store| store as Limit);
    limit_rules::the_requests_of_connect_draw_from_the_limit_of_their_user(limits).await;
}

#[tokio::test]
async fn without_the_broker_a_process_has_a_small_share() {
    let simulator = Simulator::start(World::hard(), 0).await.expect("a port on loopback is free");
    let tokens = OneToken::of(&simulator);
    let folder = new_folder();
    let limit: Limit = store_in(folder.path());
    let connection = limit_rules::connect(&limit, &simulator, &tokens).await;
    let start = Instant::now();
    for result in join_all((0..6).map(|_| limit_rules::read(&connection, &tokens))).await {
        result.expect("a lost store stops no request");
    }
    assert!(start.elapsed() >= Duration::from_secs(1), "five requests per second: {:?}", start.elapsed());
}

#[tokio::test]
async fn of_fifty_calls_one_reserves_a_key_and_the_others_learn_what_became_of_it() {
    let broker = Running::start();
    let processes: Vec<Keys> = (0..5).map(|_| broker.store() as Keys).collect();
    key_rules::of_fifty_calls_one_reserves_a_key_and_the_others_learn_what_became_of_it(&processes).await;
}

#[tokio::test]
async fn a_reservation_that_is_not_renewed_is_lost_for_good_and_a_free_one_is_free() {
    let broker = Running::start();
    let processes = two(&broker).map(|store| store as Keys);
    key_rules::a_reservation_that_is_not_renewed_is_lost_for_good_and_a_free_one_is_free(processes).await;
}

#[test]
fn idempotency_keys_behave_like_the_reference_model() {
    // The broker of each case is dropped with the runtime; its folder is there for its processes.
    let kept = Mutex::new(Vec::new());
    key_rules::keys_behave_like_the_reference_model(32, async || {
        let running = Running::start();
        let processes = two(&running).map(|store| store as Keys);
        kept.lock().expect("no test panicked").push(running);
        processes.into()
    });
}

#[tokio::test]
async fn the_key_of_a_process_that_has_ended_is_lost_at_once_and_stays_lost() {
    let broker = Running::start();
    let folder = broker.folder().to_owned();
    // The process is a runtime of its own, whose end closes its connection.
    let process = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime starts").block_on(async {
            let owner = store_in(&folder);
            assert_eq!(owner.reserve(PLACE, b"record", HOUR).await, Ok(KeyState::Reserved));
            let other = KeyPlace([8; 16]);
            assert_eq!(owner.reserve(other, b"record", HOUR).await, Ok(KeyState::Reserved));
            owner.settle(other, b"record", Settled::Done(b"made".to_vec())).await.expect("the broker works");
        });
    });
    while !process.is_finished() {
        tokio::task::yield_now().await;
    }
    process.join().expect("no assertion fails");
    let successor = broker.store();
    loop {
        match successor.reserve(PLACE, b"other", HOUR).await.expect("the broker works") {
            KeyState::Pending(_) => {}
            state => break assert_eq!(state, KeyState::Lost(b"record".to_vec())),
        }
    }
    let made = successor.reserve(KeyPlace([8; 16]), b"other", HOUR).await;
    assert_eq!(made, Ok(KeyState::Done(b"made".to_vec())));
}

/// Waits until a broker without connections ends by itself, and returns how long that takes
async fn time_until_it_ends(work: impl AsyncFnOnce(Arc<BrokerStore>)) -> Duration {
    let folder = new_folder();
    let broker = Broker::bind(folder.path()).expect("the socket can be created");
    let mut served = Box::pin(broker.serve(Some(HOUR)));
    let working = async {
        let store = store_in(folder.path());
        work(store).await;
    };
    tokio::select! {
        () = working => {}
        () = &mut served => panic!("an hour has not passed"),
    }
    // From now on, the clock goes on when nothing else happens.
    tokio::time::pause();
    let start = Instant::now();
    served.await;
    let took = start.elapsed();
    tokio::time::resume();
    took
}

#[tokio::test]
async fn a_broker_ends_only_when_it_keeps_no_key_and_no_pause() {
    let used = time_until_it_ends(async |store| {
        limit_rules::draw(&(store as Limit), USER, LimitReport::default()).await;
    });
    assert!((HOUR..2 * HOUR).contains(&used.await), "it was idle");
    let pausing = time_until_it_ends(async |store| {
        let report = LimitReport { pause: 3 * HOUR, ..LimitReport::default() };
        limit_rules::draw(&(store as Limit), USER, report).await;
    });
    assert!((3 * HOUR - Duration::from_secs(60)..4 * HOUR).contains(&pausing.await), "a pause is kept");
    let keeping = time_until_it_ends(async |store| {
        store.reserve(PLACE, b"record", HOUR).await.expect("the broker works");
    });
    assert!((23 * HOUR..25 * HOUR).contains(&keeping.await), "a key is kept for 24 hours");
}
