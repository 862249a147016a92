//! Processes that die, a broker that dies and comes back, and what is on the socket.

use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;

use azdo_bot::contract::ErrorCode;
use azdo_bot::contract::SessionTarget;
use azdo_bot::sessions::Broker;
use azdo_bot::sessions::BrokerOptions;
use azdo_bot::sessions::BrokerStore;
use azdo_bot::sessions::EntryId;
use azdo_bot::sessions::FindBy;
use azdo_bot::sessions::Found;
use azdo_bot::sessions::IfSessionExists;
use azdo_bot::sessions::Reserved;
use azdo_bot::sessions::Session;
use azdo_bot::sessions::SessionStore as _;
use azdo_bot::sessions::TreePlace;
use tokio::io::AsyncBufReadExt as _;
use tokio::io::AsyncRead;
use tokio::io::AsyncReadExt as _;
use tokio::io::AsyncWrite;
use tokio::io::AsyncWriteExt as _;
use tokio::io::BufReader;

use crate::sessions::broker::RECENT;
use crate::sessions::broker::store_in;
use crate::sessions::broker_channel as channel;
use crate::sessions::broker_channel::FakeBroker;
use crate::sessions::broker_channel::new_folder;
use crate::sessions::broker_thread::Threaded;
use crate::sessions::broker_thread::runtime;
use crate::sessions::machine::Machine;
use crate::sessions::machines::connect;
use crate::sessions::machines::family;
use crate::sessions::machines::look;
use crate::sessions::support::by_handle;
use crate::sessions::support::by_name;
use crate::sessions::support::global;
use crate::sessions::support::local;
use crate::sessions::support::run;

async fn connect_until_it_works(machine: &Machine, id: &str, target: &SessionTarget) -> Arc<Session<u32>> {
    loop {
        if let Ok(session) = connect(machine, id, target, 1).await {
            return session;
        }
    }
}

#[test]
fn a_root_that_dies_takes_its_tree_along_at_once_and_no_other() {
    let folder = new_folder();
    let _broker = Threaded::start(folder.path());
    let (dying, living) = (runtime(), runtime());
    let root = Machine::sharing(store_in(folder.path()), RECENT);
    let tree = dying.block_on(async { family(std::slice::from_ref(&root)).await });
    dying.block_on(connect(&root, "root", &global("Default"), 1)).expect("the name is free");
    let member = Machine::sharing(store_in(folder.path()), RECENT);
    living.block_on(async {
        member.room.join(&run("member"), &tree).expect("it was never started");
        member.room.start(&run("alone"), None).expect("it was never started");
        connect(&member, "alone", &global("Kept"), 2).await.expect("the name is free");
        assert_eq!(look(&member, "member", &by_name("Default")).await, Ok(1));
    });
    let entered = member.room.enter(&run("member")).expect("it is running");
    // The connection of a process that is killed is closed by the system.
    dying.shutdown_background();
    living.block_on(async {
        entered.ended.cancelled().await;
        assert_eq!(look(&member, "member", &by_name("Default")).await, Err(ErrorCode::BotRunEnded));
        assert_eq!(look(&member, "alone", &by_name("Kept")).await, Ok(2));
    });
}

#[test]
fn a_member_that_dies_leaves_its_sessions_and_gives_back_the_name_that_it_was_connecting() {
    let folder = new_folder();
    let _broker = Threaded::start(folder.path());
    let (dying, living) = (runtime(), runtime());
    let root = Machine::sharing(store_in(folder.path()), RECENT);
    let tree = living.block_on(async { family(std::slice::from_ref(&root)).await });
    dying.block_on(async {
        let member = Machine::sharing(store_in(folder.path()), RECENT);
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

#[test]
fn without_its_broker_a_process_opens_no_global_session_and_it_goes_on_when_the_broker_is_back() {
    let folder = new_folder();
    let first = Threaded::start(folder.path());
    let machines = [Duration::ZERO, Duration::ZERO, RECENT]
        .map(|recent| Machine::sharing(store_in(folder.path()), recent));
    let processes = runtime();
    let [root, member, relying] = &machines;
    processes.block_on(async {
        family(&machines).await;
        connect(root, "root", &global("Default"), 1).await.expect("the name is free");
        connect(root, "root", &local("Own"), 2).await.expect("the name is free");
        assert_eq!(look(member, "child 1", &by_name("Default")).await, Ok(1));
        assert_eq!(look(relying, "child 2", &by_name("Default")).await, Ok(1));
    });
    drop(first);
    processes.block_on(async {
        for (machine, id) in [(root, "root"), (member, "child 1")] {
            assert_eq!(look(machine, id, &by_name("Default")).await, Err(ErrorCode::StoreUnavailable));
            let refused = connect(machine, id, &global("New"), 3).await.expect_err("the broker is gone");
            assert_eq!(refused.code(), ErrorCode::StoreUnavailable, "{refused:?}");
        }
        assert_eq!(look(root, "root", &by_name("Own")).await, Ok(2));
        connect(root, "root", &local("New"), 4).await.expect("a local session needs no broker");
        assert_eq!(look(relying, "child 2", &by_name("Default")).await, Ok(1), "the broker said so lately");
    });
    let _second = Threaded::start(folder.path());
    processes.block_on(async {
        let session = connect_until_it_works(root, "root", &global("New")).await;
        assert_eq!(look(root, "root", &by_name("Default")).await, Err(ErrorCode::SessionClosed));
        while look(member, "child 1", &by_name("New")).await != Ok(*session.connection()) {}
        assert_eq!(look(member, "child 1", &by_name("Default")).await, Err(ErrorCode::SessionClosed));
        while look(relying, "child 2", &by_name("Default")).await == Ok(1) {
            tokio::task::yield_now().await;
        }
    });
}

#[tokio::test]
async fn what_is_no_message_ends_its_connection_and_disturbs_no_other() {
    let folder = new_folder();
    let _broker = Threaded::start(folder.path());
    let root = Machine::sharing(store_in(folder.path()), Duration::ZERO);
    family(std::slice::from_ref(&root)).await;
    connect(&root, "root", &global("Default"), 1).await.expect("the name is free");
    let endless = "x".repeat(300 << 10);
    let garbage = ["GET / HTTP/1.1\r\n\r\n", "{}\n", "{\"id\":1,\"call\":\"end\"}\n", "\0\n", &endless];
    for text in garbage {
        let mut stream = BufReader::new(channel::connect(folder.path()).await);
        let mut line = String::new();
        stream.read_line(&mut line).await.expect("the broker speaks first");
        assert!(line.starts_with(r#"{"hello":{"#), "{line}");
        // The broker may close the connection before it has read everything.
        let _ = stream.write_all(text.as_bytes()).await;
        let mut read = Vec::new();
        let _ = stream.read_to_end(&mut read).await;
        assert!(read.is_empty(), "{}", String::from_utf8_lossy(&read));
    }
    assert_eq!(look(&root, "root", &by_name("Default")).await, Ok(1));
}

/// A connection that takes nothing for this time is full
const FULL: Duration = Duration::from_millis(200);

#[cfg_attr(windows, ignore = "a pipe with an unfinished write is closed by the end of its process only")]
#[tokio::test]
async fn a_root_that_dies_without_reading_its_responses_takes_its_tree_along_too() {
    let folder = new_folder();
    let _broker = Threaded::start(folder.path());
    let mut root = channel::connect(folder.path()).await;
    let begin = b"{\"call\":{\"begin\":{\"tree\":\"BwcHBwcHBwcHBwcHBwcHBw\"}}}\n";
    root.write_all(begin).await.expect("the broker reads");
    let store = store_in(folder.path());
    let look = || store.find(TreePlace([7; 16]), FindBy::Id(EntryId([0; 16])), None);
    while look().await == Ok(Found::NoTree) {}
    // More than the broker and the system keep for a process.
    let calls = b"{\"id\":1,\"call\":\"flush\"}\n".repeat(100);
    while matches!(tokio::time::timeout(FULL, root.write_all(&calls)).await, Ok(Ok(()))) {}
    assert_eq!(look().await, Ok(Found::Missing(None)), "other processes are served");
    drop(root);
    while look().await == Ok(Found::Missing(None)) {}
    assert_eq!(look().await, Ok(Found::NoTree));
}

#[tokio::test]
async fn what_is_no_broker_is_unavailable() {
    let [garbage, other, serving_redis, ending] = [
        "HTTP/1.1 400\r\n\r\n",
        "{\"hello\":{\"protocol\":0,\"version\":\"9.9.9\"}}\n",
        "{\"hello\":{\"protocol\":3,\"version\":\"9.9.9\",\"store\":\"redis://redis.example\"}}\n",
        "",
    ];
    for (greeting, expected) in [
        (garbage, "The session store responded with something that no broker sends"),
        (
            other,
            "The session store is a broker of another version of azdo-bot: end it, and start the one of this version",
        ),
        (
            serving_redis,
            "The session store is a broker of another `store` than the operator's file names: end it, and start one with this file",
        ),
        (ending, "The session store is a broker that is not running: start `azdo-bot broker`"),
    ] {
        let folder = new_folder();
        let mut fake = FakeBroker::bind(folder.path());
        tokio::spawn(async move {
            loop {
                let _ = fake.accept().await.write_all(greeting.as_bytes()).await;
            }
        });
        let machine = Machine::sharing(store_in(folder.path()), RECENT);
        machine.room.start(&run("root"), None).expect("it was never started");
        let error = connect(&machine, "root", &global("Default"), 1).await.expect_err("it is no broker");
        assert_eq!((error.code(), error.message()), (ErrorCode::StoreUnavailable, expected));
    }
}

#[tokio::test(start_paused = true)]
async fn a_broker_that_does_not_respond_is_unavailable() {
    let folder = new_folder();
    // The system accepts connections for it.
    let _fake = FakeBroker::bind(folder.path());
    let machine = Machine::sharing(store_in(folder.path()), RECENT);
    machine.room.start(&run("root"), None).expect("it was never started");
    let error = connect(&machine, "root", &global("Default"), 1).await.expect_err("nothing responds");
    assert_eq!(error.message(), "The session store did not respond in time");
}

#[tokio::test]
async fn a_broker_is_started_when_it_is_needed() {
    let folder = new_folder();
    let place = folder.path().to_owned();
    let starts = Arc::new(Mutex::new(0));
    let counted = Arc::clone(&starts);
    let start: azdo_bot::sessions::StartBroker = Arc::new(move || {
        let (place, counted) = (place.clone(), Arc::clone(&counted));
        Box::pin(async move {
            *counted.lock().expect("no test panicked") += 1;
            tokio::spawn(Broker::bind(&place)?.serve(None));
            Ok(())
        })
    });
    let store = || {
        let options =
            BrokerOptions { start: Some(Arc::clone(&start)), ..BrokerOptions::new(folder.path().to_owned()) };
        BrokerStore::new(options)
    };
    let machines = [Machine::sharing(store(), RECENT), Machine::sharing(store(), RECENT)];
    assert_eq!(*starts.lock().expect("no test panicked"), 0, "nothing has needed it");
    family(&machines).await;
    connect(&machines[0], "root", &global("Default"), 1).await.expect("the name is free");
    assert_eq!(look(&machines[1], "child 1", &by_name("Default")).await, Ok(1));
    assert_eq!(*starts.lock().expect("no test panicked"), 1);
    let refused = BrokerOptions {
        start: Some(Arc::new(|| Box::pin(async { Err(std::io::Error::other("no program")) }))),
        ..BrokerOptions::new(folder.path().join("other"))
    };
    let machine = Machine::sharing(BrokerStore::new(refused), RECENT);
    machine.room.start(&run("root"), None).expect("it was never started");
    let error = connect(&machine, "root", &global("Default"), 1).await.expect_err("there is no broker");
    assert_eq!(error.message(), "The session store is a broker that cannot be started: no program");
}

/// Passes bytes on and keeps them
async fn relay(mut from: impl AsyncRead + Unpin, mut to: impl AsyncWrite + Unpin, seen: Arc<Mutex<Vec<u8>>>) {
    let mut buffer = [0; 4096];
    while let Ok(read @ 1..) = from.read(&mut buffer).await {
        seen.lock().expect("no test panicked").extend(&buffer[..read]);
        if to.write_all(&buffer[..read]).await.is_err() {
            return;
        }
    }
}

#[tokio::test]
async fn no_message_has_a_record_a_handle_or_the_id_of_a_tree() {
    let [own, folder] = [(), ()].map(|()| new_folder());
    let _broker = Threaded::start(own.path());
    let mut fake = FakeBroker::bind(folder.path());
    let seen = Arc::new(Mutex::new(Vec::new()));
    let (kept, behind) = (Arc::clone(&seen), own.path().to_owned());
    tokio::spawn(async move {
        loop {
            let (from_process, to_process) = tokio::io::split(fake.accept().await);
            let (from_broker, to_broker) = tokio::io::split(channel::connect(&behind).await);
            tokio::spawn(relay(from_process, to_broker, Arc::clone(&kept)));
            tokio::spawn(relay(from_broker, to_process, Arc::clone(&kept)));
        }
    });
    let machines = [(), ()].map(|()| Machine::sharing(store_in(folder.path()), RECENT));
    let tree = family(&machines).await;
    let [root, member] = &machines;
    // The number stands for the organization of a connection.
    let named = connect(root, "root", &global("Default"), 987_654_321).await.expect("the name is free");
    assert_eq!(look(member, "child 1", &by_handle(named.handle())).await, Ok(987_654_321));
    member.room.close(&run("child 1"), &by_name("Default")).await.expect("it is open");
    root.room.end(&run("root")).expect("it was started");
    root.settle().await;
    let seen = seen.lock().expect("no test panicked");
    let text = String::from_utf8_lossy(&seen);
    assert!(text.contains("Default") && text.contains(r#""opened""#), "the messages are seen: {text}");
    let handle = named.handle().to_string()["azdo-session:".len()..].to_owned();
    let in_base64 = |bytes: &[u8]| {
        use base64::Engine as _;
        base64::engine::general_purpose::STANDARD_NO_PAD.encode(bytes)
    };
    for hidden in [
        "987654321".to_owned(),
        "env:TOKEN".to_owned(),
        "child 1".to_owned(),
        in_base64(tree.as_bytes()),
        in_base64(named.handle().as_bytes()),
        tree.expose(),
        handle,
    ] {
        assert!(!text.contains(&hidden), "{hidden} is seen");
    }
}
