//! One rate limit of a user for the processes of several machines.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use azdo_bot::contract::Call;
use azdo_bot::contract::ConnectTarget;
use azdo_bot::contract::Credential;
use azdo_bot::contract::Error;
use azdo_bot::contract::ErrorCode;
use azdo_bot::contract::OrganizationUrl;
use azdo_bot::contract::ProjectName;
use azdo_bot::contract::Scheme;
use azdo_bot::contract::Secret;
use azdo_bot::contract::TextKind as _;
use azdo_bot::contract::TokenSource;
use azdo_bot::devops::ConnectRequest;
use azdo_bot::devops::Connection;
use azdo_bot::devops::GrantedSlots;
use azdo_bot::devops::LimitReport;
use azdo_bot::devops::Network;
use azdo_bot::devops::NetworkOptions;
use azdo_bot::devops::Request;
use azdo_bot::devops::SharedRateLimit as _;
use azdo_bot::devops::SlotDraw;
use azdo_bot::devops::UserKey;
use azdo_bot::sessions::RedisStore;
use azdo_simulator::RateLimit;
use azdo_simulator::Simulator;
use azdo_simulator::World;
use futures_util::future::join_all;
use serde::de::IgnoredAny;
use tokio::time::Instant;

use crate::server::Server;

const USER: UserKey = UserKey([7; 16]);

/// The one token of a simulated organization
struct OneToken(String);

impl TokenSource for OneToken {
    fn token<'a>(
        &'a self,
        _credential: &'a Credential,
        _target: ConnectTarget<'a>,
    ) -> Pin<Box<dyn Future<Output = Result<Secret, Error>> + Send + 'a>> {
        Box::pin(std::future::ready(Ok(Secret::new(self.0.clone()))))
    }
}

fn call() -> Call {
    Call::until(Instant::now() + Duration::from_secs(55))
}

/// Connects a machine whose network shares its limits through this store
async fn connect(store: Arc<RedisStore>, simulator: &Simulator, tokens: &OneToken) -> Connection {
    let network = Network::new(NetworkOptions { allow_loopback_http: true, ..NetworkOptions::default() })
        .sharing(store);
    let organization = OrganizationUrl::parse(&simulator.organization_url("fabrikam")).expect("it is one");
    let project = ProjectName::parse("Fabrikam").expect("it is a name");
    let credential = Credential::parse("env:AZDO_PAT").expect("it is a reference");
    let request =
        ConnectRequest { organization: &organization, project: &project, credential, scheme: Scheme::Basic };
    network.connect(request, tokens, &call()).await.expect("it connects")
}

async fn read(connection: &Connection, tokens: &OneToken) -> Result<(), Error> {
    let request = Request::get(&["git", "repositories"]).named("list the repositories").list();
    connection.client(&call(), tokens).send::<IgnoredAny>(request).await.map(drop)
}

#[tokio::test]
async fn fifty_bots_on_five_machines_stay_within_the_limit_of_their_user() {
    let server = Server::start();
    let simulator = Simulator::start(World::hard(), 0).await.expect("a port on loopback is free");
    let tokens = OneToken(simulator.token("fabrikam").expect("every organization has a token"));
    let mut machines = Vec::new();
    for _ in 0..5 {
        machines.push(connect(server.store(), &simulator, &tokens).await);
    }
    simulator.set_rate_limit("fabrikam", Some(RateLimit::per_second(20)));
    simulator.clear_journal();
    let bots = machines.iter().flat_map(|machine| std::iter::repeat_n(machine, 10)).map(|machine| async {
        let mut succeeded = 0;
        for _ in 0..4 {
            succeeded += usize::from(read(machine, &tokens).await.is_ok());
        }
        succeeded
    });
    let succeeded: usize = join_all(bots).await.into_iter().sum();
    let requests = simulator.journal().len();
    assert_eq!(succeeded, 200);
    assert!(requests <= 240, "{requests} requests for 200 calls");
}

/// Draws one slot with this report
async fn draw(store: &RedisStore, user: UserKey, report: LimitReport) -> GrantedSlots {
    draw_within(store, user, report, Duration::from_secs(55)).await
}

async fn draw_within(
    store: &RedisStore,
    user: UserKey,
    report: LimitReport,
    patience: Duration,
) -> GrantedSlots {
    store.draw(user, SlotDraw { slots: 10, patience, report }).await.expect("the store responds")
}

#[tokio::test]
async fn a_pause_that_one_machine_is_told_holds_on_all_of_them_and_for_no_other_user() {
    let server = Server::start();
    let [one, other] = [server.store(), server.store()];
    let quiet = LimitReport::default();
    assert_eq!(draw(&other, USER, quiet).await.first, Duration::ZERO);
    let minute = Duration::from_secs(60);
    let rejected = LimitReport { lowered: true, pause: minute, ..LimitReport::default() };
    let told = draw_within(&one, USER, rejected, Duration::from_secs(90)).await;
    assert!(told.slots > 0 && told.first > Duration::from_secs(50), "{told:?}");
    assert_eq!(told.epoch, 1, "the rate is lowered");
    let hearing = draw(&other, USER, quiet).await;
    assert_eq!(hearing.slots, 0, "its patience ends before the pause: {hearing:?}");
    assert!(hearing.pause > Duration::from_secs(50) && hearing.pause <= minute, "{hearing:?}");
    let rival = draw(&other, UserKey([8; 16]), quiet).await;
    assert_eq!((rival.slots, rival.first, rival.pause), (10, Duration::ZERO, Duration::ZERO));
}

#[tokio::test]
async fn a_rate_is_lowered_once_by_rejections_that_were_sent_together_and_raised_by_accepted_requests() {
    let server = Server::start();
    let [one, other] = [server.store(), server.store()];
    draw(&one, USER, LimitReport::default()).await;
    let rejected = LimitReport { lowered: true, ..LimitReport::default() };
    draw(&one, USER, rejected).await;
    // The first guess is 10 requests per second, lowered once: 7, or one in 143 ms.
    let paced = draw(&other, USER, rejected).await;
    assert_eq!(paced.epoch, 1, "a slot of an earlier epoch says nothing new");
    assert!((142..=143).contains(&paced.interval.as_millis()), "{paced:?}");
    let accepted = LimitReport { epoch: 1, accepted: 50, waited: 50, ..LimitReport::default() };
    let faster = draw(&one, USER, accepted).await;
    assert!((99..=100).contains(&faster.interval.as_millis()), "50 accepted requests restore it: {faster:?}");
    let capped = LimitReport { epoch: 1, cap: Some(2.0), ..LimitReport::default() };
    assert_eq!(draw(&one, USER, capped).await.interval, Duration::from_millis(500));
    let lowered = draw(&other, USER, LimitReport { epoch: 1, ..rejected }).await;
    assert!(lowered.epoch == 2 && lowered.interval > Duration::from_millis(700), "{lowered:?}");
}

#[tokio::test]
async fn the_key_of_a_limit_names_neither_the_organization_nor_the_user() {
    let server = Server::start();
    let simulator = Simulator::start(World::hard(), 0).await.expect("a port on loopback is free");
    let tokens = OneToken(simulator.token("fabrikam").expect("every organization has a token"));
    let connection = connect(server.store(), &simulator, &tokens).await;
    read(&connection, &tokens).await.expect("there is no limit");
    let [key]: [String; 1] = server.command::<Vec<String>>(&["KEYS", "*"]).try_into().expect("one user");
    let stored = format!("{key} {:?}", server.command::<Vec<String>>(&["HGETALL", &key]));
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
    let tokens = OneToken(simulator.token("fabrikam").expect("every organization has a token"));
    let connection = connect(server.store(), &simulator, &tokens).await;
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
    let tokens = OneToken(simulator.token("fabrikam").expect("every organization has a token"));
    let connection = connect(server.store(), &simulator, &tokens).await;
    read(&connection, &tokens).await.expect("there is no limit");
    let [key]: [String; 1] = server.command::<Vec<String>>(&["KEYS", "*"]).try_into().expect("one user");
    let user: Vec<u8> = (0..16)
        .map(|at| {
            let digits = &key["azdo-bot:limit:".len()..][2 * at..][..2];
            u8::from_str_radix(digits, 16).expect("the key ends with hexadecimal digits")
        })
        .collect();
    let user = UserKey(user.try_into().expect("16 bytes"));
    let minutes = Duration::from_secs(120);
    let rejected = LimitReport { lowered: true, pause: minutes, ..LimitReport::default() };
    draw(&server.store(), user, rejected).await;
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
