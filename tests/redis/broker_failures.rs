//! Redis through a broker, when a process, the broker or the server fails: the words are those of Redis alone.

use std::time::Duration;

use azdo_bot::contract::ErrorCode;
use azdo_bot::sessions::BrokerOptions;
use azdo_bot::sessions::BrokerStore;
use azdo_bot::sessions::IdempotencyStore as _;
use azdo_bot::sessions::KeyPlace;
use azdo_bot::sessions::KeyState;
use azdo_bot::sessions::Settled;

use crate::broker::Brokers;
use crate::broker::bind;
use crate::broker::store_in;
use crate::failures::being_full;
use crate::failures::hasty_store;
use crate::failures::look_until_it_is_not;
use crate::failures::losing_its_data;
use crate::failures::not_responding;
use crate::server::RECENT;
use crate::server::Server;
use crate::sessions::broker_thread::Threaded;
use crate::sessions::broker_thread::runtime;
use crate::sessions::machine::Machine;
use crate::sessions::machines::connect;
use crate::sessions::machines::family;
use crate::sessions::machines::look;
use crate::sessions::support::by_name;
use crate::sessions::support::global;
use crate::sessions::support::run;

#[tokio::test]
async fn a_server_that_lost_its_data_has_lost_the_sessions_and_nothing_else() {
    let mut server = Server::start();
    let brokers = Brokers::before(|| hasty_store(&server));
    let machines = [0, 1].map(|machine| Machine::sharing(brokers.store(machine), Duration::ZERO));
    losing_its_data(&mut server, machines).await;
}

#[tokio::test]
async fn a_server_that_does_not_respond_is_unavailable_until_it_does() {
    let server = Server::start();
    let brokers = Brokers::start(&server);
    let machine = |number, recent| Machine::sharing(brokers.store(number), recent);
    not_responding(&server, [machine(0, Duration::ZERO), machine(1, RECENT)]).await;
}

#[tokio::test]
async fn a_full_server_opens_nothing_and_keeps_what_it_has() {
    let server = Server::start();
    let brokers = Brokers::start(&server);
    being_full(&server, Machine::sharing(brokers.store(0), Duration::ZERO)).await;
}

#[tokio::test]
async fn what_may_have_been_missed_is_looked_up_again() {
    let server = Server::start();
    let brokers = Brokers::start(&server);
    let machines = [0, 1].map(|machine| Machine::sharing(brokers.store(machine), RECENT));
    family(&machines).await;
    connect(&machines[0], "root", &global("Default"), 1).await.expect("the name is free");
    assert_eq!(look(&machines[1], "child 1", &by_name("Default")).await, Ok(1));
    // The session is closed while the connections of both machines are cut, so that no message arrives.
    let [key]: [String; 1] = server.command::<Vec<String>>(&["KEYS", "*"]).try_into().expect("one run tree");
    let () = server.command(&["DEL", &key]);
    assert_eq!(look(&machines[1], "child 1", &by_name("Default")).await, Ok(1), "it relies on what it knows");
    let _: i64 = server.command(&["CLIENT", "KILL", "TYPE", "pubsub"]);
    while look(&machines[1], "child 1", &by_name("Default")).await == Ok(1) {
        tokio::task::yield_now().await;
    }
}

#[test]
fn a_root_that_dies_takes_its_tree_along_at_once_also_on_another_machine() {
    let server = Server::start();
    let [here, there] = [(), ()].map(|()| tempfile::tempdir().expect("a temporary folder"));
    let _brokers = [&here, &there].map(|folder| {
        let (folder, redis) = (folder.path().to_owned(), server.store());
        Threaded::serving(move || bind(&folder, redis))
    });
    let (dying, living) = (runtime(), runtime());
    let root = Machine::sharing(store_in(here.path()), RECENT);
    let tree = dying.block_on(async { family(std::slice::from_ref(&root)).await });
    dying.block_on(connect(&root, "root", &global("Default"), 1)).expect("the name is free");
    let members = [&here, &there].map(|folder| Machine::sharing(store_in(folder.path()), RECENT));
    living.block_on(async {
        for member in &members {
            member.room.join(&run("member"), &tree).expect("it was never started");
            member.settle().await;
            assert_eq!(look(member, "member", &by_name("Default")).await, Ok(1));
        }
    });
    let entered = members.each_ref().map(|member| member.room.enter(&run("member")).expect("it is running"));
    // The connection of a process that is killed is closed by the system.
    dying.shutdown_background();
    living.block_on(async {
        for entered in entered {
            entered.ended.cancelled().await;
        }
    });
    let left: Vec<String> = server.command(&["KEYS", "*"]);
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn sessions_stay_open_when_the_broker_is_killed_and_started_again() {
    let server = Server::start();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let start = || {
        let (folder, redis) = (folder.path().to_owned(), server.store());
        Threaded::serving(move || bind(&folder, redis))
    };
    let first = start();
    let machines = [(), ()].map(|()| Machine::sharing(store_in(folder.path()), Duration::ZERO));
    let [root, member] = &machines;
    let processes = runtime();
    processes.block_on(async {
        family(&machines).await;
        connect(root, "root", &global("Default"), 1).await.expect("the name is free");
        assert_eq!(look(member, "child 1", &by_name("Default")).await, Ok(1));
    });
    drop(first);
    processes.block_on(async {
        let refused = connect(member, "child 1", &global("New"), 2).await.expect_err("the broker is gone");
        assert_eq!(refused.code(), ErrorCode::StoreUnavailable);
        assert_eq!(look(member, "child 1", &by_name("Default")).await, Err(ErrorCode::StoreUnavailable));
    });
    let _second = start();
    processes.block_on(async {
        let found =
            look_until_it_is_not(member, "child 1", "Default", Err(ErrorCode::StoreUnavailable)).await;
        assert_eq!(found, Ok(1), "Redis has kept it");
        root.settle().await;
        root.room.end(&run("root")).expect("it was started");
        root.settle().await;
    });
    let left: Vec<String> = server.command(&["KEYS", "*"]);
    assert!(left.is_empty(), "the new broker knows whose tree it is: {left:?}");
}

#[tokio::test]
async fn the_key_of_a_process_that_has_ended_is_lost_at_once_and_what_it_settled_last_is_settled() {
    const HOUR: Duration = Duration::from_secs(3600);
    let server = Server::start();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (place, redis) = (folder.path().to_owned(), server.store());
    let _broker = Threaded::serving(move || bind(&place, redis));
    let [pending, made] = [7, 8].map(|number| KeyPlace([number; 16]));
    let place = folder.path().to_owned();
    let process = std::thread::spawn(move || {
        runtime().block_on(async {
            let owner = store_in(&place);
            for key in [pending, made] {
                assert_eq!(owner.reserve(key, b"record", HOUR).await, Ok(KeyState::Reserved));
            }
            // The process does not wait for this one.
            owner.settle_later(made, b"record", Settled::Done(b"made".to_vec()));
            tokio::task::yield_now().await;
        });
    });
    while !process.is_finished() {
        tokio::task::yield_now().await;
    }
    process.join().expect("no assertion fails");
    let successor = server.store();
    for (key, expected) in
        [(pending, KeyState::Lost(b"record".to_vec())), (made, KeyState::Done(b"made".to_vec()))]
    {
        loop {
            match successor.reserve(key, b"other", HOUR).await.expect("the server works") {
                KeyState::Pending(_) => {}
                state => break assert_eq!(state, expected),
            }
        }
    }
}

#[tokio::test]
async fn a_broker_that_holds_the_sessions_itself_is_refused() {
    let server = Server::start();
    let brokers = Brokers::start(&server);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let broker = azdo_bot::sessions::Broker::bind(folder.path()).expect("the socket can be created");
    tokio::spawn(broker.serve(None));
    let with = |options: BrokerOptions| Machine::sharing(BrokerStore::new(options), RECENT);
    let silently_local = Machine::sharing(store_in(folder.path()), RECENT);
    let elsewhere = with(BrokerOptions::new(brokers.folder(0).to_owned()));
    for machine in [silently_local, elsewhere] {
        machine.room.start(&run("root"), None).expect("it was never started");
        let error = connect(&machine, "root", &global("Default"), 1).await.expect_err("it is another store");
        assert_eq!(error.code(), ErrorCode::StoreUnavailable);
        assert!(error.message().contains("a broker of another `store`"), "{}", error.message());
    }
}
