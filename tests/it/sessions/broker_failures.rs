//! Processes that die, a broker that dies and comes back, and what is on the socket.

use std::io::BufRead as _;
use std::io::BufReader;
use std::io::Read as _;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixListener;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::Command;
use std::process::Stdio;
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

use crate::sessions::broker::RECENT;
use crate::sessions::broker::store_in;
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
    let folder = tempfile::tempdir().expect("a temporary folder");
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
    let folder = tempfile::tempdir().expect("a temporary folder");
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
    let folder = tempfile::tempdir().expect("a temporary folder");
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
    let folder = tempfile::tempdir().expect("a temporary folder");
    let _broker = Threaded::start(folder.path());
    let root = Machine::sharing(store_in(folder.path()), Duration::ZERO);
    family(std::slice::from_ref(&root)).await;
    connect(&root, "root", &global("Default"), 1).await.expect("the name is free");
    let endless = "x".repeat(300 << 10);
    let garbage = ["GET / HTTP/1.1\r\n\r\n", "{}\n", "{\"id\":1,\"call\":\"end\"}\n", "\0\n", &endless];
    for text in garbage {
        let mut stream = UnixStream::connect(folder.path().join("broker.sock")).expect("it listens");
        let mut reader = BufReader::new(stream.try_clone().expect("a copy"));
        let mut line = String::new();
        reader.read_line(&mut line).expect("the broker speaks first");
        assert!(line.starts_with(r#"{"hello":{"#), "{line}");
        // The broker may close the connection before it has read everything.
        let _ = stream.write_all(text.as_bytes());
        let mut read = Vec::new();
        let _ = reader.read_to_end(&mut read);
        assert!(read.is_empty(), "{}", String::from_utf8_lossy(&read));
    }
    assert_eq!(look(&root, "root", &by_name("Default")).await, Ok(1));
}

#[tokio::test]
async fn a_root_that_dies_without_reading_its_responses_takes_its_tree_along_too() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let _broker = Threaded::start(folder.path());
    let mut root = UnixStream::connect(folder.path().join("broker.sock")).expect("it listens");
    let begin = b"{\"call\":{\"begin\":{\"tree\":\"BwcHBwcHBwcHBwcHBwcHBw\"}}}\n";
    root.write_all(begin).expect("the broker reads");
    let store = store_in(folder.path());
    let look = || store.find(TreePlace([7; 16]), FindBy::Id(EntryId([0; 16])), None);
    while look().await == Ok(Found::NoTree) {}
    // More than the broker and the system keep for a process.
    root.set_nonblocking(true).expect("it is a socket");
    while root.write_all(&b"{\"id\":1,\"call\":\"flush\"}\n".repeat(100)).is_ok() {}
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
        let folder = tempfile::tempdir().expect("a temporary folder");
        let listener = UnixListener::bind(folder.path().join("broker.sock")).expect("it is new");
        std::thread::spawn(move || {
            while let Ok((mut stream, _)) = listener.accept() {
                let _ = stream.write_all(greeting.as_bytes());
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
    let folder = tempfile::tempdir().expect("a temporary folder");
    // The system accepts connections for it.
    let _listener = UnixListener::bind(folder.path().join("broker.sock")).expect("it is new");
    let machine = Machine::sharing(store_in(folder.path()), RECENT);
    machine.room.start(&run("root"), None).expect("it was never started");
    let error = connect(&machine, "root", &global("Default"), 1).await.expect_err("nothing responds");
    assert_eq!(error.message(), "The session store did not respond in time");
}

/// Runs a Python program as another user; nothing if this test may not do that
fn as_another_user(program: &str, socket: &Path) -> Option<Command> {
    let mut command = Command::new("setpriv");
    command.args(["--reuid=65534", "--regid=65534", "--clear-groups", "python3", "-c", program]);
    // The system's Python: one below the home folder of this user cannot be run by the other one.
    command.arg(socket).env("PATH", "/usr/bin:/bin").stdout(Stdio::piped());
    let is_installed = ["setpriv", "python3"].iter().all(|name| Path::new("/usr/bin").join(name).exists());
    (is_installed && rustix::process::geteuid().is_root()).then_some(command)
}

#[tokio::test]
async fn another_user_is_refused_by_either_side() {
    let mode = |path: &Path, mode| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("it is ours");
    };
    let own = tempfile::tempdir().expect("a temporary folder");
    let _broker = Threaded::start(own.path());
    let socket = own.path().join("broker.sock");
    assert_eq!(std::fs::metadata(&socket).expect("it is there").permissions().mode() & 0o777, 0o600);
    // The modes of folder and socket keep other users out; this is what is behind them.
    mode(own.path(), 0o755);
    mode(&socket, 0o666);
    let program =
        "import socket, sys\ns = socket.socket(socket.AF_UNIX)\ns.connect(sys.argv[1])\nprint(s.recv(100))";
    let Some(mut command) = as_another_user(program, &socket) else { return };
    let output = command.output().expect("it is installed");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "b''", "it is greeted with nothing: {errors}");

    let folder = tempfile::tempdir().expect("a temporary folder");
    mode(folder.path(), 0o777);
    let program = "import socket, sys\ns = socket.socket(socket.AF_UNIX)\ns.bind(sys.argv[1])\ns.listen()\nprint('listens', flush=True)\n\
                   while True: s.accept()[0].send(b'{\"hello\":{\"protocol\":1,\"version\":\"\"}}\\n')";
    let mut command = as_another_user(program, &folder.path().join("broker.sock")).expect("we are root");
    let mut other = command.spawn().expect("it is installed");
    other.stdout.as_mut().expect("it is piped").read_exact(&mut [0; 8]).expect("it says that it listens");
    let machine = Machine::sharing(store_in(folder.path()), RECENT);
    machine.room.start(&run("root"), None).expect("it was never started");
    let error = connect(&machine, "root", &global("Default"), 1).await.expect_err("it is of another user");
    other.kill().and_then(|()| other.wait()).expect("it was started here");
    assert_eq!(error.message(), "The session store is a broker that another user runs");
}

#[tokio::test]
async fn a_broker_is_started_when_it_is_needed() {
    let folder = tempfile::tempdir().expect("a temporary folder");
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
fn relay(mut from: UnixStream, mut to: UnixStream, seen: Arc<Mutex<Vec<u8>>>) {
    std::thread::spawn(move || {
        let mut buffer = [0; 4096];
        while let Ok(read @ 1..) = from.read(&mut buffer) {
            seen.lock().expect("no test panicked").extend(&buffer[..read]);
            if to.write_all(&buffer[..read]).is_err() {
                return;
            }
        }
    });
}

#[tokio::test]
async fn no_message_has_a_record_a_handle_or_the_id_of_a_tree() {
    let [own, folder] = [(), ()].map(|()| tempfile::tempdir().expect("a temporary folder"));
    let _broker = Threaded::start(own.path());
    let listener = UnixListener::bind(folder.path().join("broker.sock")).expect("it is new");
    let seen = Arc::new(Mutex::new(Vec::new()));
    let (kept, broker) = (Arc::clone(&seen), own.path().join("broker.sock"));
    std::thread::spawn(move || {
        while let Ok((process, _)) = listener.accept() {
            let broker = UnixStream::connect(&broker).expect("the broker listens");
            let other = || (process.try_clone().expect("a copy"), broker.try_clone().expect("a copy"));
            let (from, to) = other();
            relay(from, to, Arc::clone(&kept));
            let (to, from) = other();
            relay(from, to, Arc::clone(&kept));
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
