//! The rules of a shared rate limit that hold for every store.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::Mutex;
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
use azdo_bot::devops::SharedRateLimit;
use azdo_bot::devops::SlotDraw;
use azdo_bot::devops::SlotFuture;
use azdo_bot::devops::UserFuture;
use azdo_bot::devops::UserKey;
use azdo_simulator::RateLimit;
use azdo_simulator::Simulator;
use azdo_simulator::World;
use futures_util::future::join_all;
use serde::de::IgnoredAny;
use tokio::time::Instant;

pub(crate) const USER: UserKey = UserKey([7; 16]);

/// The store as one process sees it
pub(crate) type Limit = Arc<dyn SharedRateLimit>;

/// The one token of a simulated organization
pub(crate) struct OneToken(pub(crate) String);

impl OneToken {
    pub(crate) fn of(simulator: &Simulator) -> Self {
        OneToken(simulator.token("fabrikam").expect("every organization has a token"))
    }
}

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

/// Connects a process whose network shares its limits through this store
pub(crate) async fn connect(limit: &Limit, simulator: &Simulator, tokens: &OneToken) -> Connection {
    try_to_connect(limit, simulator, tokens).await.expect("it connects")
}

async fn try_to_connect(
    limit: &Limit,
    simulator: &Simulator,
    tokens: &OneToken,
) -> Result<Connection, Error> {
    let network = Network::new(NetworkOptions { allow_loopback_http: true, ..NetworkOptions::default() })
        .sharing(Arc::clone(limit));
    let organization = OrganizationUrl::parse(&simulator.organization_url("fabrikam")).expect("it is one");
    let project = ProjectName::parse("Fabrikam").expect("it is a name");
    let credential = Credential::parse("env:AZDO_PAT").expect("it is a reference");
    let request =
        ConnectRequest { organization: &organization, project: &project, credential, scheme: Scheme::Basic };
    network.connect(request, tokens, &call()).await
}

pub(crate) async fn read(connection: &Connection, tokens: &OneToken) -> Result<(), Error> {
    let request = Request::get(&["git", "repositories"]).named("list the repositories").list();
    connection.client(&call(), tokens).send::<IgnoredAny>(request).await.map(drop)
}

/// Draws ten slots with this report
pub(crate) async fn draw(limit: &Limit, user: UserKey, report: LimitReport) -> GrantedSlots {
    draw_within(limit, user, report, Duration::from_secs(55)).await
}

pub(crate) async fn draw_within(
    limit: &Limit,
    user: UserKey,
    report: LimitReport,
    patience: Duration,
) -> GrantedSlots {
    limit.draw(user, SlotDraw { slots: 10, patience, report }).await.expect("the store responds")
}

pub(crate) async fn fifty_bots_of_five_processes_stay_within_the_limit_of_their_user(limits: &[Limit]) {
    let simulator = Simulator::start(World::hard(), 0).await.expect("a port on loopback is free");
    let tokens = OneToken::of(&simulator);
    let mut processes = Vec::new();
    for limit in limits {
        processes.push(connect(limit, &simulator, &tokens).await);
    }
    simulator.set_rate_limit("fabrikam", Some(RateLimit::per_second(20)));
    simulator.clear_journal();
    let bots = processes.iter().flat_map(|process| std::iter::repeat_n(process, 10)).map(|process| async {
        let mut succeeded = 0;
        for _ in 0..4 {
            succeeded += usize::from(read(process, &tokens).await.is_ok());
        }
        succeeded
    });
    let succeeded: usize = join_all(bots).await.into_iter().sum();
    let requests = simulator.journal().len();
    assert_eq!(succeeded, 200);
    assert!(requests <= 240, "{requests} requests for 200 calls");
}

pub(crate) async fn a_pause_that_one_process_is_told_holds_in_all_of_them_and_for_no_other_user(
    [one, other]: [Limit; 2],
) {
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

pub(crate) async fn a_rate_is_lowered_once_by_rejections_that_were_sent_together_and_raised_by_accepted_requests(
    [one, other]: [Limit; 2],
) {
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

pub(crate) async fn a_fast_user_waits_for_a_pause_too([one, other]: [Limit; 2]) {
    let lowered = LimitReport { lowered: true, ..LimitReport::default() };
    draw(&one, USER, lowered).await;
    let pause = Duration::from_secs(600);
    let fast = LimitReport { epoch: 1, accepted: 1, waited: 100_000, pause, ..LimitReport::default() };
    draw(&one, USER, fast).await;
    let hearing = draw(&other, USER, LimitReport::default()).await;
    assert_eq!(hearing.slots, 0, "more than 1000 requests per second: {hearing:?}");
}

/// A store that notes whose slots were drawn, and which token was asked for
struct Noted {
    limit: Limit,
    drawn: Mutex<Vec<UserKey>>,
    asked: Mutex<Vec<UserKey>>,
}

impl Noted {
    fn new(limit: &Limit) -> Arc<Self> {
        Arc::new(Noted { limit: Arc::clone(limit), drawn: Mutex::default(), asked: Mutex::default() })
    }

    fn taken(of: &Mutex<Vec<UserKey>>) -> Vec<UserKey> {
        std::mem::take(&mut of.lock().expect("no test panicked"))
    }
}

impl SharedRateLimit for Noted {
    fn draw(&self, user: UserKey, draw: SlotDraw) -> SlotFuture<'_> {
        self.drawn.lock().expect("no test panicked").push(user);
        self.limit.draw(user, draw)
    }

    fn user_of(&self, token: UserKey) -> UserFuture<'_> {
        self.asked.lock().expect("no test panicked").push(token);
        self.limit.user_of(token)
    }

    fn tell_user(&self, token: UserKey, user: UserKey) {
        self.limit.tell_user(token, user);
    }
}

pub(crate) async fn the_requests_of_connect_draw_from_the_limit_of_their_user([one, other]: [Limit; 2]) {
    let simulator = Simulator::start(World::hard(), 0).await.expect("a port on loopback is free");
    let tokens = OneToken::of(&simulator);
    let first = Noted::new(&one);
    let connection = connect(&(Arc::clone(&first) as Limit), &simulator, &tokens).await;
    let [token] = Noted::taken(&first.asked).try_into().expect("it asks once");
    let drawn = Noted::taken(&first.drawn);
    assert!(!drawn.is_empty() && drawn.iter().all(|of| *of == token), "its user is not known yet: {drawn:?}");
    read(&connection, &tokens).await.expect("there is no limit");
    let [user] = Noted::taken(&first.drawn).try_into().expect("one request");
    assert_ne!(user, token);
    while other.user_of(token).await.expect("the store responds") != Some(user) {
        tokio::task::yield_now().await;
    }
    // Another process with the same token knows the user from the start.
    let second = Noted::new(&other);
    connect(&(Arc::clone(&second) as Limit), &simulator, &tokens).await;
    let drawn = Noted::taken(&second.drawn);
    assert!(!drawn.is_empty() && drawn.iter().all(|of| *of == user), "{drawn:?}");
    // So a pause holds for its first requests too.
    let pause = Duration::from_secs(600);
    draw(&one, user, LimitReport { lowered: true, pause, ..LimitReport::default() }).await;
    simulator.clear_journal();
    let error = try_to_connect(&other, &simulator, &tokens).await.map(drop).expect_err("it has to wait");
    assert_eq!(error.code(), ErrorCode::ServiceRateLimited);
    assert!(simulator.journal().is_empty(), "nothing is sent");
}
