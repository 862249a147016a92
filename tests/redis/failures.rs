//! Processes that die, and a server that is lost, paused, full, or is not one.

use std::sync::Arc;
use std::time::Duration;

use azdo_bot::contract::Error;
use azdo_bot::contract::ErrorCode;
use azdo_bot::contract::Secret;
use azdo_bot::contract::SessionTarget;
use azdo_bot::sessions::IfSessionExists;
use azdo_bot::sessions::RedisOptions;
use azdo_bot::sessions::RedisStore;
use azdo_bot::sessions::Reserved;
use azdo_bot::sessions::Session;
use tokio::io::AsyncReadExt as _;
use tokio::io::AsyncWriteExt as _;

use crate::server::RECENT;
use crate::server::Server;
use crate::sessions::machine::Machine;
use crate::sessions::machines::connect;
use crate::sessions::machines::family;
use crate::sessions::machines::look;
use crate::sessions::support::by_handle;
use crate::sessions::support::by_name;
use crate::sessions::support::global;
use crate::sessions::support::local;
use crate::sessions::support::run;

/// A store whose leases are short
pub(crate) fn hasty_store(server: &Server) -> Arc<RedisStore> {
    server.store_with(|options| {
        options.lease = Duration::from_secs(3);
        options.renewal = Duration::from_millis(300);
    })
}

/// A machine with such a store, which asks it each time
fn hasty(server: &Server) -> Machine {
    Machine::sharing(hasty_store(server), Duration::ZERO)
}

pub(crate) async fn connect_until_it_works(
    machine: &Machine,
    id: &str,
    target: &SessionTarget,
) -> Arc<Session<u32>> {
    loop {
        if let Ok(session) = connect(machine, id, target, 1).await {
            return session;
        }
    }
}

/// Looks until the result is another one
pub(crate) async fn look_until_it_is_not(
    machine: &Machine,
    id: &str,
    name: &str,
    old: Result<u32, ErrorCode>,
) -> Result<u32, ErrorCode> {
    loop {
        let now = look(machine, id, &by_name(name)).await;
        if now != old {
            return now;
        }
    }
}

#[tokio::test]
async fn the_sessions_of_a_root_that_died_are_gone_with_its_lease_and_those_of_others_stay() {
    let server = Server::start();
    let [dying, living] = [(), ()].map(|()| hasty(&server));
    living.room.start(&run("alive"), None).expect("it was never started");
    connect(&living, "alive", &global("Kept"), 1).await.expect("the name is free");
    let machines = [dying, living];
    family(&machines).await;
    let [dying, living] = machines;
    connect(&dying, "root", &global("Default"), 2).await.expect("the name is free");
    assert_eq!(look(&living, "child 1", &by_name("Default")).await, Ok(2));
    drop(dying);
    let gone = look_until_it_is_not(&living, "child 1", "Default", Ok(2)).await;
    assert_eq!(gone, Err(ErrorCode::SessionClosed));
    // More than the time of a lease has passed.
    assert_eq!(look(&living, "alive", &by_name("Kept")).await, Ok(1));
    let refused = connect(&living, "child 1", &global("New"), 3).await.expect_err("its tree is gone");
    assert_eq!(refused.code(), ErrorCode::BotRunEnded);
}

#[test]
fn a_member_that_died_leaves_its_sessions_and_gives_back_the_name_that_it_was_connecting() {
    let server = Server::start();
    let runtime =
        || tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime starts");
    let (living, dying) = (runtime(), runtime());
    let root = hasty(&server);
    let tree = living.block_on(async { family(std::slice::from_ref(&root)).await });
    dying.block_on(async {
        let member = hasty(&server);
        member.room.join(&run("member"), &tree).expect("it was never started");
        connect(&member, "member", &global("Open"), 1).await.expect("the name is free");
        let reserved =
            member.room.reserve(&run("member"), &global("Connecting"), IfSessionExists::Error).await;
        let Ok(Reserved::New(reservation)) = reserved else { panic!("{reserved:?}") };
        // A process that is killed releases nothing.
        std::mem::forget(reservation);
    });
    living.block_on(async {
        let refused = connect(&root, "root", &global("Connecting"), 2).await.expect_err("it is connecting");
        assert_eq!(refused.code(), ErrorCode::SessionNameInUse);
    });
    dying.shutdown_background();
    living.block_on(async {
        connect_until_it_works(&root, "root", &global("Connecting")).await;
        assert_eq!(look(&root, "root", &by_name("Open")).await, Ok(1));
    });
}

#[tokio::test]
async fn a_server_that_lost_its_data_has_lost_the_sessions_and_nothing_else() {
    let mut server = Server::start();
    let machines = [(), ()].map(|()| hasty(&server));
    losing_its_data(&mut server, machines).await;
}

/// The server loses its data while two machines use it, of which each asks the store each time
pub(crate) async fn losing_its_data(server: &mut Server, machines: [Machine; 2]) {
    family(&machines).await;
    let [root, member] = &machines;
    connect(root, "root", &global("Default"), 1).await.expect("the name is free");
    connect(root, "root", &local("Own"), 2).await.expect("the name is free");
    assert_eq!(look(member, "child 1", &by_name("Default")).await, Ok(1));
    server.stop();
    for (machine, id) in [(root, "root"), (member, "child 1")] {
        assert_eq!(look(machine, id, &by_name("Default")).await, Err(ErrorCode::StoreUnavailable));
        let refused = connect(machine, id, &global("New"), 3).await.expect_err("the store is gone");
        assert_eq!(refused.code(), ErrorCode::StoreUnavailable, "{refused:?}");
    }
    assert_eq!(look(root, "root", &by_name("Own")).await, Ok(2));
    server.start_again();
    let session = connect_until_it_works(root, "root", &global("New")).await;
    assert_eq!(look(root, "root", &by_name("Default")).await, Err(ErrorCode::SessionClosed));
    let found = look_until_it_is_not(member, "child 1", "New", Err(ErrorCode::StoreUnavailable)).await;
    assert_eq!(found, Ok(*session.connection()));
    assert_eq!(look(member, "child 1", &by_name("Default")).await, Err(ErrorCode::SessionClosed));
}

#[tokio::test]
async fn a_server_that_is_started_again_with_its_data_has_the_sessions() {
    let mut server = Server::with(&["--appendonly", "yes", "--appendfsync", "always"]);
    let machines = [(), ()].map(|()| Machine::sharing(server.store(), Duration::ZERO));
    family(&machines).await;
    connect(&machines[0], "root", &global("Default"), 1).await.expect("the name is free");
    assert_eq!(look(&machines[1], "child 1", &by_name("Default")).await, Ok(1));
    server.stop();
    let gone = Err(ErrorCode::StoreUnavailable);
    assert_eq!(look(&machines[1], "child 1", &by_name("Default")).await, gone);
    server.start_again();
    assert_eq!(look_until_it_is_not(&machines[1], "child 1", "Default", gone).await, Ok(1));
    let taken = connect(&machines[1], "child 1", &global("Default"), 2).await.expect_err("it is open");
    assert_eq!(taken.code(), ErrorCode::SessionNameInUse);
}

#[tokio::test]
async fn a_server_that_is_slow_is_waited_for() {
    let server = Server::start();
    let machines = server.machines();
    family(&machines).await;
    // Less than the 2 s that a response may take
    let slow = || server.command::<()>(&["CLIENT", "PAUSE", "700", "ALL"]);
    slow();
    connect(&machines[0], "root", &global("Default"), 1).await.expect("it responds in time");
    slow();
    assert_eq!(look(&machines[1], "child 1", &by_name("Default")).await, Ok(1));
}

#[tokio::test]
async fn a_close_that_a_server_lost_in_a_failover_is_repeated() {
    let server = Server::start();
    let machines = [(), ()].map(|()| hasty(&server));
    family(&machines).await;
    let [root, member] = &machines;
    connect(root, "root", &global("Default"), 1).await.expect("the name is free");
    let [key]: [String; 1] = server.command::<Vec<String>>(&["KEYS", "*"]).try_into().expect("one run tree");
    let before: Vec<u8> = server.command(&["DUMP", &key]);
    member.room.close(&run("child 1"), &by_name("Default")).await.expect("it is open");
    assert_eq!(look(member, "child 1", &by_name("Default")).await, Err(ErrorCode::SessionClosed));
    // A replica that never heard of the close takes over.
    let client = redis::Client::open(server.url()).expect("the URL is one");
    let mut connection = client.get_connection().expect("the server is running");
    let mut restore = redis::cmd("RESTORE");
    restore.arg(&key).arg(3000).arg(before).arg("REPLACE");
    let () = restore.query(&mut connection).expect("it was dumped there");
    assert_eq!(look_until_it_is_not(root, "root", "Default", Ok(1)).await, Err(ErrorCode::SessionClosed));
}

#[tokio::test]
async fn a_server_that_does_not_respond_is_unavailable_until_it_does() {
    let server = Server::start();
    let machines = [hasty(&server), Machine::sharing(server.store(), RECENT)];
    not_responding(&server, machines).await;
}

/// The server does not respond while two machines use it, of which the second one relies on what it said
pub(crate) async fn not_responding(server: &Server, machines: [Machine; 2]) {
    family(&machines).await;
    connect(&machines[0], "root", &global("Default"), 1).await.expect("the name is free");
    assert_eq!(look(&machines[1], "child 1", &by_name("Default")).await, Ok(1));
    server.pause();
    let refused = connect(&machines[0], "root", &global("New"), 2).await.expect_err("nothing responds");
    assert_eq!(refused.code(), ErrorCode::StoreUnavailable);
    assert_eq!(refused.message(), "The session store did not respond in time");
    assert_eq!(look(&machines[1], "child 1", &by_name("Default")).await, Ok(1), "the store said so lately");
    server.resume();
    connect_until_it_works(&machines[0], "root", &global("New")).await;
}

/// Returns the error of a Connect to a global session with the store at this address
async fn refusal(store: Result<Arc<RedisStore>, azdo_bot::sessions::StoreError>) -> Error {
    let machine = Machine::sharing(store.expect("the URL is one"), RECENT);
    machine.room.start(&run("root"), None).expect("it was never started");
    connect(&machine, "root", &global("Default"), 1).await.expect_err("the store is not usable")
}

#[tokio::test]
async fn a_full_server_opens_nothing_and_keeps_what_it_has() {
    let server = Server::start();
    being_full(&server, Machine::sharing(server.store(), Duration::ZERO)).await;
}

/// The server is full while a machine uses it
pub(crate) async fn being_full(server: &Server, machine: Machine) {
    machine.room.start(&run("root"), None).expect("it was never started");
    let session = connect(&machine, "root", &global("Default"), 1).await.expect("the name is free");
    let () = server.command(&["CONFIG", "SET", "maxmemory", "1"]);
    let refused = connect(&machine, "root", &global("New"), 2).await.expect_err("there is no room");
    assert_eq!(
        (refused.code(), refused.message()),
        (ErrorCode::StoreUnavailable, "The session store is full")
    );
    let () = server.command(&["CONFIG", "SET", "maxmemory", "0"]);
    assert_eq!(look(&machine, "root", &by_handle(session.handle())).await, Ok(1));
}

#[tokio::test]
async fn a_server_that_may_drop_sessions_is_refused() {
    let server = Server::with(&["--maxmemory-policy", "allkeys-lru"]);
    let error = refusal(RedisStore::new(RedisOptions::new(Secret::new(server.url())))).await;
    assert_eq!(error.code(), ErrorCode::StoreUnavailable);
    let expected = "The session store may drop sessions when its memory is full: set `maxmemory-policy` to noeviction \
                    instead of allkeys-lru";
    assert_eq!(error.message(), expected);
}

#[tokio::test]
async fn what_is_not_a_redis_server_is_unavailable() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port on loopback is free");
    let address = listener.local_addr().expect("it is bound");
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = [0; 64];
            let _ = stream.read(&mut request).await;
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        }
    });
    let error = refusal(RedisStore::new(RedisOptions::new(Secret::new(format!("redis://{address}"))))).await;
    assert_eq!(error.code(), ErrorCode::StoreUnavailable);
    let error =
        refusal(RedisStore::new(RedisOptions::new(Secret::new("redis://127.0.0.1:1".to_owned())))).await;
    assert_eq!(error.message(), "The session store refuses the connection");
}

#[test]
fn a_url_that_is_none_is_told_without_its_password() {
    for url in ["http://me:hidden@redis.example", "redis://me:hidden@", "redis://me:hidden@host:port"] {
        let error = RedisStore::new(RedisOptions::new(Secret::new(url.to_owned()))).err().expect(url);
        assert!(
            error.0.starts_with("has a URL that cannot be used") && !error.0.contains("hidden"),
            "{}",
            error.0
        );
    }
}
