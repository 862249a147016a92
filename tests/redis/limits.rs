//! One rate limit of a user for the processes of several machines.

use std::time::Duration;

use azdo_bot::contract::ErrorCode;
use azdo_bot::devops::InProcessLimits;
use azdo_bot::devops::LimitReport;
use azdo_bot::devops::SlotDraw;
use azdo_bot::devops::UserKey;
use azdo_simulator::Simulator;
use azdo_simulator::World;
use futures_util::future::join_all;
use proptest::prelude::*;
use proptest::test_runner::Config;
use proptest::test_runner::TestRunner;
use tokio::time::Instant;

use crate::server::Server;
use crate::sessions::limit_rules;
use crate::sessions::limit_rules::Limit;
use crate::sessions::limit_rules::OneToken;
use crate::sessions::limit_rules::connect;
use crate::sessions::limit_rules::draw;
use crate::sessions::limit_rules::read;

fn limit(server: &Server) -> Limit {
    server.store()
}

fn two(server: &Server) -> [Limit; 2] {
    [limit(server), limit(server)]
}

#[tokio::test]
async fn fifty_bots_of_five_machines_stay_within_the_limit_of_their_user() {
    let server = Server::start();
    let limits: Vec<_> = (0..5).map(|_| limit(&server)).collect();
    limit_rules::fifty_bots_of_five_processes_stay_within_the_limit_of_their_user(&limits).await;
}

#[tokio::test]
async fn a_pause_that_one_machine_is_told_holds_on_all_of_them_and_for_no_other_user() {
    let server = Server::start();
    limit_rules::a_pause_that_one_process_is_told_holds_in_all_of_them_and_for_no_other_user(two(&server))
        .await;
}

#[tokio::test]
async fn a_rate_is_lowered_once_by_rejections_that_were_sent_together_and_raised_by_accepted_requests() {
    let server = Server::start();
    limit_rules::a_rate_is_lowered_once_by_rejections_that_were_sent_together_and_raised_by_accepted_requests(
        two(&server),
    )
    .await;
}

#[tokio::test]
async fn a_fast_user_waits_for_a_pause_too() {
    let server = Server::start();
    limit_rules::a_fast_user_waits_for_a_pause_too(two(&server)).await;
}

#[tokio::test]
async fn the_requests_of_connect_draw_from_the_limit_of_their_user() {
    let server = Server::start();
    limit_rules::the_requests_of_connect_draw_from_the_limit_of_their_user(two(&server)).await;
}

/// What a process reports, with an epoch so far back
fn report() -> impl Strategy<Value = (u64, LimitReport)> {
    let cap = prop::option::weighted(0.2, prop_oneof![Just(0.0), 0.5..2000.0_f64]);
    let pause = prop_oneof![3 => Just(0), 1 => 0..100_u64].prop_map(Duration::from_secs);
    let counts = (0..100_u32, 0..300_u32);
    let epoch = prop_oneof![4 => Just(0), 1 => Just(1_u64)];
    (epoch, counts, any::<bool>(), pause, cap).prop_map(|(back, (accepted, waited), lowered, pause, cap)| {
        (back, LimitReport { epoch: 0, accepted, waited, lowered, pause, cap })
    })
}

#[test]
fn redis_decides_as_the_limits_in_the_memory_of_a_broker_do() {
    let server = Server::start();
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime starts");
    let store = limit(&server);
    let config = Config { cases: 100, failure_persistence: None, ..Config::default() };
    let drawn = (prop::collection::vec(report(), 1..30), any::<[u8; 16]>());
    let outcome = TestRunner::new(config).run(&drawn, |(reports, user)| {
        let memory: Limit = std::sync::Arc::new(InProcessLimits::default());
        // The pause at the start makes what follows independent of the clock.
        let pause = Duration::from_secs(3600);
        let first = LimitReport { lowered: true, pause, ..LimitReport::default() };
        let mut epoch = 0;
        for (back, report) in std::iter::once((0, first)).chain(reports) {
            let report = LimitReport { epoch: epoch - back.min(epoch), ..report };
            let draw = SlotDraw { slots: 10, patience: Duration::from_secs(1 << 24), report };
            let user = UserKey(user);
            let pair = async { (store.draw(user, draw).await, memory.draw(user, draw).await) };
            let (Some(stored), Some(held)) = runtime.block_on(pair) else { panic!("both respond") };
            assert_eq!((stored.slots, stored.epoch), (held.slots, held.epoch), "{report:?}");
            assert!(
                stored.interval.abs_diff(held.interval) < Duration::from_micros(2),
                "{stored:?} {held:?}"
            );
            assert!(stored.first.abs_diff(held.first) < Duration::from_secs(5), "{stored:?} {held:?}");
            epoch = held.epoch;
        }
        Ok(())
    });
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
}

/// The key of the one user; the limit of the token before is there too
async fn key_of_the_user(server: &Server) -> String {
    loop {
        let told = server.command::<Vec<String>>(&["KEYS", "azdo-bot:token:*"]);
        if let [token] = told.as_slice() {
            let user: Vec<u8> = server.command(&["GET", token]);
            return user.iter().fold("azdo-bot:limit:".to_owned(), |key, byte| format!("{key}{byte:02x}"));
        }
        // The task that tells the store is on this thread too.
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn the_key_of_a_limit_names_neither_the_organization_nor_the_user() {
    let server = Server::start();
    let simulator = Simulator::start(World::hard(), 0).await.expect("a port on loopback is free");
    let tokens = OneToken::of(&simulator);
    let connection = connect(&limit(&server), &simulator, &tokens).await;
    read(&connection, &tokens).await.expect("there is no limit");
    let key = key_of_the_user(&server).await;
    let all = server.command::<Vec<String>>(&["KEYS", "*"]);
    let stored = format!("{all:?} {:?}", server.command::<Vec<String>>(&["HGETALL", &key]));
    assert!(key.starts_with("azdo-bot:limit:"), "{key}");
    let user = &connection.identity().id;
    for hidden in ["fabrikam", user, &user.replace('-', ""), &tokens.0] {
        assert!(!stored.to_lowercase().contains(&hidden.to_lowercase()), "{hidden} is seen: {stored}");
    }
}

#[tokio::test]
async fn without_the_store_a_machine_has_a_small_share() {
    let mut server = Server::start();
    let simulator = Simulator::start(World::hard(), 0).await.expect("a port on loopback is free");
    let tokens = OneToken::of(&simulator);
    let connection = connect(&limit(&server), &simulator, &tokens).await;
    server.stop();
    let start = Instant::now();
    for result in join_all((0..6).map(|_| read(&connection, &tokens))).await {
        result.expect("a lost store stops no request");
    }
    assert!(start.elapsed() >= Duration::from_secs(1), "five requests per second: {:?}", start.elapsed());
}

#[tokio::test]
async fn a_request_whose_time_is_too_short_fails_with_the_pause_that_another_machine_was_told() {
    let server = Server::start();
    let simulator = Simulator::start(World::hard(), 0).await.expect("a port on loopback is free");
    let tokens = OneToken::of(&simulator);
    let connection = connect(&limit(&server), &simulator, &tokens).await;
    read(&connection, &tokens).await.expect("there is no limit");
    let key = key_of_the_user(&server).await;
    let user: Vec<u8> = (0..16)
        .map(|at| {
            let digits = &key["azdo-bot:limit:".len()..][2 * at..][..2];
            u8::from_str_radix(digits, 16).expect("the key ends with hexadecimal digits")
        })
        .collect();
    let user = UserKey(user.try_into().expect("16 bytes"));
    let minutes = Duration::from_secs(120);
    let rejected = LimitReport { lowered: true, pause: minutes, ..LimitReport::default() };
    draw(&limit(&server), user, rejected).await;
    let errors = async {
        loop {
            // The slots that it has drawn are used first.
            if let Err(error) = read(&connection, &tokens).await {
                return error;
            }
        }
    };
    let error = errors.await;
    assert_eq!(error.code(), ErrorCode::ServiceRateLimited);
    assert!(error.message().contains("asks to wait for 1"), "{}", error.message());
}
